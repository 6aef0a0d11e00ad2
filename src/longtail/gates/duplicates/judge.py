"""What was found of all documents, and what says it of those of a batch."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from longtail.errors import ConfigError, UsageError
from longtail.gates.batch import Batch
from longtail.gates.duplicates.options import Options
from longtail.gates.verdicts import KEEP, REJECT, Verdicts

I32 = npt.NDArray[np.int32]
I64 = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

FEWEST = 100
"""Documents from which on a removal rate can be implausible."""


@dataclass(frozen=True)
class Found:
    """What was found of documents in the order of priority.

    Attributes:
        partners: The kept document that each removed one is like, -1 where it is kept, shape (ranks,).
        scores: How like it is, shape (ranks,).
        fixed: Which are never removed, shape (ranks,).
        facts: What else is worth telling.
    """

    partners: I32
    scores: npt.NDArray[np.floating[Any]]
    fixed: Flags
    facts: dict[str, int]


@dataclass(frozen=True)
class DuplicateJudge:
    """Judges documents that were seen, by their positions.

    Attributes:
        name: Of the gate.
        unfit: Why a document that cannot be compared is rejected.
        positions: Shape (documents,), ascending.
        fit: Which can be compared, shape (documents,).
        partners: Index into `names` of the kept document that each is like, or -1, shape (documents,).
        scores: How like it is, shape (documents,).
        names: Ids of the kept documents that others are like.
        is_reference: Which of them belong to `against`.
        facts: Documents, those removed, clusters (kept documents that others were like), the largest, and what else was counted.
    """

    name: str
    unfit: str
    positions: I64
    fit: Flags
    partners: I32
    scores: npt.NDArray[np.float32]
    names: pa.Array
    is_reference: Flags
    facts: dict[str, int]

    def __call__(self, batch: Batch) -> Verdicts:
        """Judge documents.

        Raises:
            UsageError: One was not seen.
        """
        if not len(batch):
            return Verdicts.keep(0)
        at = np.searchsorted(self.positions, batch.positions).clip(0, max(len(self.positions) - 1, 0))
        if not len(self.positions) or (self.positions[at] != batch.positions).any():
            raise UsageError(f"{self.name} was handed a document that it had not seen; hand over the data set that it was set up with")
        fit, partners = self.fit[at], self.partners[at]
        told = self.name.replace("_", " ").removesuffix("s")
        reasons = np.array(["", told, f"{told} of a document in against", self.unfit], dtype=object)
        places = np.flatnonzero(partners >= 0)
        kinds = np.where(fit, 0, 3)
        kinds[places] = 1 + self.is_reference[partners[places]]
        matched: list[str | None] = [None] * len(batch)
        for place, name in zip(places.tolist(), self.names.take(pa.array(partners[places])).to_pylist(), strict=True):
            matched[place] = name
        decisions = np.where(kinds > 0, REJECT, KEEP).astype(np.uint8)
        return Verdicts(decisions, self.scores[at].astype(np.float64), reasons[kinds].tolist(), matched)


def refuse_implausible(settings: Options, removed: int, judged: int) -> None:
    """Refuse to remove more than the share that is allowed, of 100 documents or more.

    Raises:
        ConfigError: It is more.
    """
    if judged >= FEWEST and removed > settings.most_removed * judged:
        raise ConfigError(
            f"{settings.name} would remove {removed / judged:.1%} of {judged} documents, more than most_removed = "
            f"{settings.most_removed:g}; likely the wrong column is taken as text, or all documents share boilerplate: check "
            f"text_column, or raise most_removed if they do repeat each other"
        )
