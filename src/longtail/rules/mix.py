"""How real and model-made documents are mixed in a training set, by number and by weight."""

from collections.abc import Iterable
from dataclasses import dataclass

from longtail.ledger.manifest import Manifest
from longtail.records import Origin
from longtail.summaries.composition import Composition
from longtail.summaries.stated import UNTAGGED

REAL = frozenset({Origin.HUMAN.value})
UNKNOWN = frozenset({Origin.UNKNOWN.value, UNTAGGED})
MODEL_MADE = frozenset(Origin) - REAL - UNKNOWN
"""Origins of documents that a model had a hand in."""


@dataclass(frozen=True)
class Part:
    """Documents of one kind and the sum of their weights; a document that states none counts 1."""

    documents: int
    weight: float

    @property
    def mean(self) -> float:
        """Return the mean weight of a document; 1 where there is none."""
        return self.weight / self.documents if self.documents else 1.0


@dataclass(frozen=True)
class Mix:
    """Documents by kind.

    Attributes:
        real: What people wrote.
        model: What a model had a hand in.
        unknown: What does not say.
        is_weighted: Whether any document states a weight.
        named: What the mix is of, in words.
    """

    real: Part
    model: Part
    unknown: Part
    is_weighted: bool
    named: str = "the candidate"

    @property
    def documents(self) -> int:
        """Return the number of documents."""
        return self.real.documents + self.model.documents + self.unknown.documents

    @property
    def is_mixed(self) -> bool:
        """Whether real and model-made documents stand side by side."""
        return self.real.documents > 0 and self.model.documents > 0

    @property
    def influence(self) -> float:
        """Return the part of all weight that one model-made document has, on average."""
        return self.model.mean / (self.real.weight + self.model.weight + self.unknown.weight)


def mix_of(composition: Composition, manifests: tuple[Manifest, ...]) -> Mix | None:
    """Return the mix of the data set where any document is tagged, else of the newest training set, else None."""
    if composition.tagged:
        real, model, unknown = (_part(composition, origins) for origins in (REAL, MODEL_MADE, UNKNOWN))
        return Mix(real, model, unknown, is_weighted=bool(composition.weighted))
    return mix_of_manifest(manifests[-1]) if manifests else None


def mix_of_manifest(manifest: Manifest) -> Mix:
    """Return the mix of a training set."""
    real, model, unknown = (_drawn(manifest, origins) for origins in (REAL, MODEL_MADE, frozenset({Origin.UNKNOWN.value})))
    return Mix(real, model, unknown, is_weighted=bool(manifest.weights), named=f"the training set of generation {manifest.generation}")


def _part(composition: Composition, origins: Iterable[str]) -> Part:
    counts, documents, weight = composition.origins, 0, 0.0
    for origin in sorted(origins):
        stated = composition.weighted[origin]
        documents += counts.get(origin, 0)
        weight += (composition.weight_of(origin) or 0.0) * stated + counts.get(origin, 0) - stated
    return Part(documents, weight)


def _drawn(manifest: Manifest, origins: Iterable[str]) -> Part:
    counts = {origin: manifest.count(Origin(origin)) for origin in sorted(origins)}
    return Part(sum(counts.values()), sum(count * manifest.weights.get(origin, 1.0) for origin, count in counts.items()))
