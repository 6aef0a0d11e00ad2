"""Texts of known origin, that scorers are fitted on and shares are measured by."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from longtail.errors import UsageError

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

OPENING = 5
"""Words at the start of a text that make it a likely twin of another that begins alike."""
_TWINS = 0.05


@dataclass(frozen=True)
class Reference:
    """Human texts, and texts of one or more machine origins.

    Attributes:
        texts: Shape (documents,).
        labels: 0 for human, k for the k-th machine origin, shape (documents,).
        groups: Documents of one group were made from one another (a pair, a prompt) and are never parted by a split, shape
            (documents,).
        origins: Names of the machine origins, in the order of their labels.
    """

    texts: tuple[str, ...]
    labels: Ints
    groups: Ints
    origins: tuple[str, ...]

    @classmethod
    def of(
        cls,
        human: Sequence[str],
        synthetic: Sequence[str] | Mapping[str, Sequence[str]],
        groups: Sequence[Sequence[object]] | None = None,
    ) -> "Reference":
        """Return a reference of human and machine texts.

        Args:
            human: Texts that people wrote.
            synthetic: Texts that a model wrote; of several models by name.
            groups: For human texts and then for each machine origin, what each document was made from, such as its prompt. Left
                out where no document was made from another one.

        Raises:
            UsageError: There are no texts of an origin, the groups do not fit the texts, or the texts look paired (human and
                machine texts share their openings or occur in both) and no groups are given.
        """
        made = synthetic if isinstance(synthetic, Mapping) else {"synthetic": synthetic}
        parts = [list(human), *(list(texts) for texts in made.values())]
        for name, part in zip(["human", *made], parts, strict=True):
            if not part:
                raise UsageError(f"the reference has no {name} texts; give some of each origin")
        texts = tuple(text for part in parts for text in part)
        labels = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
        if groups is None:
            _check_unpaired(parts)
            numbers = _numbered(" ".join(text.split()) for text in texts)
        else:
            numbers = _numbered(_flat(groups, parts))
        return cls(texts, labels, numbers, tuple(made))

    def __len__(self) -> int:
        """Return the number of texts."""
        return len(self.texts)

    def counts(self) -> Ints:
        """Return the number of texts of each origin, human first, shape (K + 1,)."""
        return np.bincount(self.labels, minlength=len(self.origins) + 1)

    def take(self, at: npt.NDArray[np.integer] | npt.NDArray[np.bool_]) -> "Reference":
        """Return some of the texts, with the same origins."""
        chosen = np.flatnonzero(at) if at.dtype == np.bool_ else at
        return Reference(tuple(self.texts[each] for each in chosen), self.labels[chosen], self.groups[chosen], self.origins)


def _flat(groups: Sequence[Sequence[object]], parts: Sequence[Sequence[str]]) -> Iterable[object]:
    sizes, wanted = [len(part) for part in groups], [len(part) for part in parts]
    if sizes != wanted:
        raise UsageError(f"groups has parts of {sizes} documents, and the texts are {wanted}; give one group for each text")
    return (name for part in groups for name in part)


def _numbered(names: Iterable[object]) -> Ints:
    known: dict[object, int] = {}
    return np.array([known.setdefault(name, len(known)) for name in names], dtype=np.int64)


def paired(human: Sequence[str], synthetic: Sequence[str]) -> float:
    """Return the share of machine texts whose first words are those of exactly one human text.

    Openings that many human texts share (a greeting, a headline) are no sign of a pair.
    """
    openings = Counter(_opening(text) for text in human)
    twins = sum(openings.get(_opening(text), 0) == 1 for text in synthetic if len(text.split()) >= OPENING)
    return twins / max(len(synthetic), 1)


def _opening(text: str) -> str:
    return " ".join(text.split()[:OPENING]).casefold()


def _check_unpaired(parts: Sequence[Sequence[str]]) -> None:
    for part in parts[1:]:
        share = paired(parts[0], part)
        if share > _TWINS:
            raise UsageError(
                f"{share:.0%} of the machine texts begin like one human text: they look paired, and twins on both sides of a split "
                "make every number wrong; say which belong together with groups= (--group-column NAME)"
            )
