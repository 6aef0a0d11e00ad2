"""The documents that a gate has seen, in the order of priority: what is never removed, what is human, and the others."""

from collections.abc import Callable, Iterable

import numpy as np
import numpy.typing as npt

from longtail.gates.batch import Batch
from longtail.gates.duplicates.judge import I32, I64, DuplicateJudge, Flags, Found, refuse_implausible
from longtail.gates.duplicates.options import Options, reference
from longtail.gates.duplicates.room import Names, Room
from longtail.records import Origin

FIXED, HUMAN, OTHER = np.uint8(0), np.uint8(1), np.uint8(2)
"""Priority of a document: never removed, before others, after them."""


class Seen:
    """The documents that a gate has seen, in the order in which it saw them: those of `against`, then those to judge.

    Args:
        room: Where their ids lie.
    """

    def __init__(self, room: Room) -> None:
        self._names = Names(room)
        self._positions: list[I64] = []
        self._classes: list[npt.NDArray[np.uint8]] = []
        self._fit: list[Flags] = []
        self.reference = 0

    def add(self, batch: Batch, fit: Flags, judged: bool = True) -> None:
        """Take in documents.

        Args:
            batch: The documents.
            fit: Which of them can be compared, shape (documents,).
            judged: Whether they may lose a document: such as the batch says are judged.
        """
        self._names.add(batch.ids)
        self._fit.append(fit)
        if not judged:
            self.reference += len(batch)
            self._classes.append(np.full(len(batch), FIXED))
            return
        human = np.array([origin == Origin.HUMAN for origin in batch.values("lt_origin")], np.bool_)
        classes = np.where(human, HUMAN, OTHER)
        self._classes.append(np.where(batch.judged, classes, FIXED).astype(np.uint8))
        self._positions.append(np.asarray(batch.positions, np.int64))

    def ranked(self) -> tuple[I32, Flags]:
        """Return the rows that can be compared in the order of priority, and which of them are never removed."""
        if not self._fit:
            return np.zeros(0, np.int32), np.zeros(0, np.bool_)
        classes, fit = np.concatenate(self._classes), np.concatenate(self._fit)
        rows = np.flatnonzero(fit)
        order = rows[np.argsort(classes[rows], kind="stable")].astype(np.int32)
        return order, classes[order] == FIXED

    def judge(self, found: Found, order: I32, settings: Options, unfit: str) -> "DuplicateJudge":
        """Return what judges the documents that were seen.

        Args:
            found: What was found, by rank.
            order: Row of each rank.
            settings: Of the gate.
            unfit: Why a document that cannot be compared is rejected.

        Raises:
            ConfigError: An implausible share of the documents would be removed.
        """
        count = sum(map(len, self._fit))
        partners, scores = np.full(count, -1, np.int32), np.full(count, np.nan, np.float32)
        is_found = found.partners >= 0
        rows, kept = order[is_found], order[found.partners[is_found]]
        names, places = np.unique(kept, return_inverse=True)
        partners[rows], scores[rows] = places.astype(np.int32), found.scores[is_found]
        fit = np.concatenate(self._fit) if self._fit else np.zeros(0, np.bool_)
        sizes = np.bincount(places, minlength=1)
        facts = {
            "documents": count - self.reference,
            "compared with": self.reference,
            "unfit": int((~fit).sum()),
            "removed": int(is_found.sum()),
            "clusters": len(names),
            "largest cluster": int(sizes.max()) + 1 if len(names) else 0,
            **found.facts,
        }
        judged = int((~found.fixed).sum())
        refuse_implausible(settings, int(is_found.sum()), judged)
        positions = np.concatenate(self._positions) if self._positions else np.zeros(0, np.int64)
        own = slice(self.reference, None)
        return DuplicateJudge(
            settings.name,
            unfit,
            positions,
            fit[own],
            partners[own],
            scores[own],
            self._names.take(names.astype(np.int64)),
            names < self.reference,
            facts,
        )


def all_seen(batches: Callable[[], Iterable[Batch]], settings: Options, take: Callable[[Batch], Flags], seen: Seen, *columns: str) -> None:
    """Show a gate all documents, those of `against` first.

    Args:
        batches: Returns the documents to judge.
        settings: Of the gate.
        take: Takes in what a gate compares; returns which documents can be compared.
        seen: Takes in the rest.
        columns: What is read of `against` besides texts.
    """
    for batch in reference(settings.against, settings.text_column, *columns):
        seen.add(batch, take(batch), judged=False)
    for batch in batches():
        seen.add(batch, take(batch))
