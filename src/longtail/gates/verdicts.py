"""What a gate says of documents: keep, review or reject, with a score, a reason and the document that it matched."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from longtail.errors import UsageError
from longtail.records import Status

KEEP, REVIEW, REJECT = np.uint8(0), np.uint8(1), np.uint8(2)
DECISIONS = ("keep", "review", "reject")
STATUSES: tuple[Status, ...] = ("pass", "warn", "fail")
"""The status of each decision, as a ledger keeps it."""

SCHEMA = pa.schema(
    [("decision", pa.uint8()), ("score", pa.float64()), ("reason", pa.dictionary(pa.int32(), pa.string())), ("matched_id", pa.string())]
)

Decisions = npt.NDArray[np.uint8]
Scores = npt.NDArray[np.float64]


class Judgement(NamedTuple):
    """What a gate says of one document.

    Attributes:
        decision: "keep", "review" or "reject".
        reason: Why; empty only where it is kept.
        score: What the decision was made on, finite, or None.
        matched_id: Id of the document that it was compared with, or None.
    """

    decision: str = "keep"
    reason: str = ""
    score: float | None = None
    matched_id: str | None = None


KEPT = Judgement()


@dataclass(frozen=True)
class Verdicts:
    """What a gate says of the documents of a batch, each (documents,).

    Attributes:
        decisions: `KEEP`, `REVIEW` or `REJECT`.
        scores: What each decision was made on; NaN where there is no number.
        reasons: Why; empty only where a document is kept.
        matched: Ids of the documents that were compared with, None elsewhere.
    """

    decisions: Decisions
    scores: Scores
    reasons: Sequence[str]
    matched: Sequence[str | None]

    @classmethod
    def keep(cls, documents: int) -> Self:
        """Return verdicts that keep every document."""
        return cls(np.zeros(documents, np.uint8), np.full(documents, np.nan), [""] * documents, [None] * documents)

    @classmethod
    def of(cls, judgements: Iterable[Judgement]) -> Self:
        """Return the verdicts of judgements, one for each document.

        Raises:
            UsageError: A decision is none, or a document is not kept and no reason is given.
        """
        found = list(judgements)
        for each in found:
            if each.decision not in DECISIONS:
                raise UsageError(f"a gate decided {each.decision!r}; decide keep, review or reject")
            if each.decision != "keep" and not each.reason:
                raise UsageError(f"a gate decided {each.decision!r} without a reason; say why")
        decisions = np.array([DECISIONS.index(each.decision) for each in found], np.uint8)
        scores = np.array([np.nan if each.score is None else each.score for each in found], np.float64)
        return cls(decisions, scores, [each.reason for each in found], [each.matched_id for each in found])

    @classmethod
    def where(
        cls,
        found: npt.NDArray[np.bool_],
        reason: str | Sequence[str],
        *,
        scores: Scores | None = None,
        matched: Sequence[str | None] | None = None,
        decision: np.uint8 = REJECT,
    ) -> Self:
        """Return verdicts of one decision where something was found, and keep the rest.

        Args:
            found: Shape (documents,).
            reason: Why, for all that were found or for each document.
            scores: What it was decided on, shape (documents,).
            matched: Ids of the documents compared with, shape (documents,).
            decision: Of what was found.
        """
        many = len(found)
        told = [reason] * many if isinstance(reason, str) else reason
        return cls(
            np.where(found, decision, KEEP).astype(np.uint8),
            np.full(many, np.nan) if scores is None else np.asarray(scores, np.float64),
            [each if is_found else "" for each, is_found in zip(told, found, strict=True)],
            [None] * many if matched is None else matched,
        )

    def __len__(self) -> int:
        """Return the number of documents."""
        return len(self.decisions)

    def at(self, index: int) -> Judgement:
        """Return what is said of one document."""
        score = float(self.scores[index])
        return Judgement(DECISIONS[self.decisions[index]], self.reasons[index], None if math.isnan(score) else score, self.matched[index])

    def to_arrow(self) -> pa.RecordBatch:
        """Return the verdicts as columns of `SCHEMA`."""
        columns: list[Any] = [
            pa.array(self.decisions, pa.uint8()),
            pa.array(self.scores, pa.float64(), mask=np.isnan(self.scores)),
            pa.array(self.reasons, pa.string()).dictionary_encode(),
            pa.array(self.matched, pa.string()),
        ]
        return pa.RecordBatch.from_arrays(columns, schema=SCHEMA)

    @classmethod
    def from_arrow(cls, batch: pa.RecordBatch | pa.Table) -> Self:
        """Return the verdicts of columns of `SCHEMA`."""
        return cls(
            batch.column("decision").to_numpy().astype(np.uint8),
            batch.column("score").to_numpy(**({} if isinstance(batch, pa.Table) else {"zero_copy_only": False})).astype(np.float64),
            batch.column("reason").to_pylist(),
            batch.column("matched_id").to_pylist(),
        )
