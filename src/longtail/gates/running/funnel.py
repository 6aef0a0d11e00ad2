"""What went through the stages of a run, counted."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from longtail.gates.gate import Stage
from longtail.gates.running.journal import Told
from longtail.gates.running.result import Link, StageCount
from longtail.gates.verdicts import REJECT, REVIEW
from longtail.metrics.retention import Retention

Flags = npt.NDArray[np.bool_]

_REASONS = 20
_NUMBER = re.compile(r"\d[\d.,]*\d|\d")


def passing(stages: Sequence[Stage], rows: pa.Table, judged: Flags) -> list[Flags]:
    """Return which of the judged documents reach each stage, and last which pass them all, each (documents,).

    Args:
        stages: The stages.
        rows: What they said, as columns of `ROWS`.
        judged: Which documents are judged, shape (documents,).
    """
    documents, stage = rows.column("document").to_numpy(), rows.column("stage").to_numpy()
    out = rows.column("decision").to_numpy() == REJECT
    reached = [judged]
    for number in range(len(stages)):
        left = reached[-1].copy()
        left[documents[out & (stage == number)]] = False
        reached.append(left)
    return reached


def counted(stages: Sequence[Stage], rows: pa.Table, reached: Sequence[Flags], left: Sequence[Retention]) -> tuple[StageCount, ...]:
    """Return what each stage did, and what it left of the tail."""
    made = []
    for number, stage in enumerate(stages):
        said = rows.filter(pc.equal(rows.column("stage"), number))
        decisions = said.column("decision").to_numpy()
        review, rejected = int((decisions == REVIEW).sum()), int((decisions == REJECT).sum())
        seen = int(reached[number].sum())
        made.append(
            StageCount(
                name=stage.name,
                seen=seen,
                kept=seen - review - rejected,
                review=review,
                rejected=rejected,
                reasons=_reasons(said.filter(pc.greater(said.column("decision"), 0))),
                rare_kept=left[number].rare,
                common_kept=left[number].common,
            )
        )
    return tuple(made)


def with_told(counts: Sequence[StageCount], told: Mapping[int, Told]) -> tuple[StageCount, ...]:
    """Return what each stage did, with what it told of all documents."""
    made = [msgspec.structs.replace(count, **msgspec.structs.asdict(told.get(number, Told()))) for number, count in enumerate(counts)]
    return tuple(made)


def _reasons(said: pa.Table) -> dict[str, int]:
    """Return documents by reason, numbers aside."""
    found: Counter[str] = Counter()
    for each in pc.value_counts(said.column("reason")).to_pylist():
        found[_NUMBER.sub("#", str(each["values"]))] += each["counts"]
    return dict(found.most_common(_REASONS))


def flow(counts: Sequence[StageCount], spared: int, kept: int, review: int) -> tuple[Link, ...]:
    """Return documents from place to place.

    Args:
        counts: What each stage did.
        spared: Documents that are not judged.
        kept: Judged documents that pass all stages and that no stage marks.
        review: Judged documents that pass all stages and that some stage marks.
    """
    links = [Link(source="documents", target=counts[0].name, documents=counts[0].seen), *_some("documents", "spared", spared)]
    for number, count in enumerate(counts):
        links += _some(count.name, "rejected", count.rejected)
        if number + 1 < len(counts):
            links += _some(count.name, counts[number + 1].name, count.seen - count.rejected)
    last = counts[-1].name
    return (*links, *_some(last, "review", review), *_some(last, "kept", kept))


def _some(source: str, target: str, documents: int) -> list[Link]:
    return [Link(source=source, target=target, documents=documents)] if documents else []
