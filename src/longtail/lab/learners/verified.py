"""Models of documents whose output a verifier is shown, whether or not it gates what comes back in."""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy

from longtail.errors import ConfigError
from longtail.gates import Bound
from longtail.lab.learners.documents import Documents, TextModel, first_words
from longtail.lab.passing import batch_of
from longtail.lab.recipes import bound


class Verified(Documents):
    """Documents with two more series.

    `passing` is the share of what a model writes that a verifier lets pass; `rare_words` how many distinct words that are rare in
    held-out text it uses, in an equal number of words.

    Args:
        model: The model of each generation.
        train: Real documents, in the order in which they are collected.
        held_out: Real documents that nothing learns from.
        verifier: A gate of documents.
    """

    series: ClassVar[tuple[str, ...]] = (*Documents.series, "passing", "rare_words")

    def __init__(self, model: TextModel, train: Sequence[str], held_out: Sequence[str], verifier: Bound) -> None:
        super().__init__(model, train, held_out)
        self.verifier = verifier

    def told(self, fitted: Any, written: Sequence[str], wanted: frozenset[str], rng: numpy.random.Generator) -> dict[str, float]:
        """Return the series that what a model wrote tells."""
        found = super().told(fitted, written, wanted, rng)
        words = first_words(written, self.tokens)
        found["rare_words"] = float(len(self.rare & set(words))) if self.tokens and len(words) == self.tokens else numpy.nan
        if "passing" in wanted:
            batch = batch_of(written, self.measures, f"{int(rng.integers(2**63)):016x}")
            found["passing"] = float(numpy.mean(self.verifier.call(batch)))
        return found


def documents(model: TextModel, texts: tuple[Sequence[str], Sequence[str]], verifier: str | None) -> Documents:
    """Return the family of a model of documents, with a verifier if one is named.

    Raises:
        ConfigError: The verifier judges no documents.
        UnknownName: There is no gate of that name.
        ReadError: It is a recipe that cannot be read.
    """
    gate = bound(verifier or "none")
    if gate is None:
        return Documents(model, *texts)
    if gate.judges != "documents":
        raise ConfigError(
            f"verifier {verifier!r} judges rows by their {gate.judges}; take a gate of documents, such as quality, or a recipe"
        )
    return Verified(model, *texts, gate)
