"""Judging a data set stage by stage: one pass for each stage that compares documents, the others ride along."""

import time
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from longtail.gates.batch import Batch
from longtail.gates.gate import Gate, Stage
from longtail.gates.judging import Judge, guarded
from longtail.gates.running.documents import Documents
from longtail.gates.running.journal import ROWS, Journal, Told
from longtail.gates.verdicts import REJECT
from longtail.records import OnProgress, Progress

Flags = npt.NDArray[np.bool_]

FEWEST, MOST = 16, 4096
QUICK, SLOW = 0.5, 2.0
"""Documents that a gate is handed at once: more while they take less than `QUICK` seconds, fewer when they take more than `SLOW`."""


class Leg(NamedTuple):
    """Stages of one pass; only the first may compare documents.

    Attributes:
        first: Number of its first stage.
        stages: The stages.
    """

    first: int
    stages: tuple[Stage, ...]


def legs_of(stages: Sequence[Stage]) -> list[Leg]:
    """Return the passes that stages need."""
    legs: list[Leg] = []
    for number, stage in enumerate(stages):
        if stage.compares or not legs:
            legs.append(Leg(number, (stage,)))
        else:
            legs[-1] = Leg(legs[-1].first, (*legs[-1].stages, stage))
    return legs


def through(
    gate: Gate, documents: Documents, judged: Flags, work: Path, on_progress: OnProgress | None
) -> tuple[pa.Table, dict[int, Told]]:
    """Return all that the stages said, as columns of `ROWS`, and what each told beside, by stage.

    What an earlier run wrote down is not judged again.

    Args:
        gate: The stages.
        documents: The data set.
        judged: Which of its documents are judged, shape (documents,); the others are seen by gates that compare.
        work: Folder for what is written down on the way.
        on_progress: Called after each batch.
    """
    alive = np.ones(documents.count, np.bool_)
    tables: list[pa.Table] = []
    told: dict[int, Told] = {}
    for number, leg in enumerate(legs_of(gate.stages), 1):
        journal = Journal(work / f"leg-{number:02d}")
        if not journal.is_done:
            _walk(leg, documents, alive, judged, journal, on_progress)
        told |= dict(enumerate(journal.told(), leg.first))
        for table in journal.tables():
            out = table.column("document").to_numpy()[table.column("decision").to_numpy() == REJECT]
            alive[out] = False
            tables.append(table)
    return (pa.concat_tables(tables).unify_dictionaries() if tables else ROWS.empty_table()), told


def _walk(leg: Leg, documents: Documents, alive: Flags, judged: Flags, journal: Journal, on_progress: OnProgress | None) -> None:
    name = leg.stages[0].name
    if leg.stages[0].compares and on_progress is not None:
        on_progress(Progress(stage=f"{name}: comparing", done=0, total=documents.count))
    judges: list[Judge] = [leg.stages[0].over(partial(_seen, documents, alive, judged)), *[stage.over(list) for stage in leg.stages[1:]]]
    wanted = alive & judged
    for batch in _pieces(documents.batches(journal.end)):
        _judge(batch.take(np.flatnonzero(wanted[batch.positions])), leg, judges, journal)
        end = int(batch.positions[-1]) + 1
        journal.reached(end)
        if on_progress is not None:
            on_progress(Progress(stage=name, done=end, total=documents.count))
    journal.finish(documents.count, [_told(stage, judge) for stage, judge in zip(leg.stages, judges, strict=True)])


def _told(stage: Stage, judge: Judge) -> Told:
    """Return what a gate tells of itself, and of all documents where it compares them."""
    sources = (judge,) if judge is stage.gate else (stage.gate, judge)
    says = [words for source in sources for words in getattr(source, "says", ())]
    return Told(facts=dict(getattr(judge, "facts", {})), says=tuple(says))


def _judge(batch: Batch, leg: Leg, judges: Sequence[Judge], journal: Journal) -> None:
    for number, judge in enumerate(judges, leg.first):
        verdicts = guarded(judge, batch)
        journal.add(number, batch.positions, verdicts)
        batch = batch.take(np.flatnonzero(verdicts.decisions < REJECT))


def _seen(documents: Documents, alive: Flags, judged: Flags) -> Iterator[Batch]:
    """Yield the documents that no stage rejected, those that are not judged among them."""
    for batch in documents.batches():
        yield batch.judging(judged[batch.positions]).take(np.flatnonzero(alive[batch.positions]))


def _pieces(batches: Iterable[Batch]) -> Iterator[Batch]:
    """Yield documents in pieces that take about a second each, by how long the piece before took."""
    size = FEWEST
    for batch in batches:
        start = 0
        while start < len(batch):
            begun = time.monotonic()
            yield batch.take(np.arange(start, min(start + size, len(batch))))
            start += size
            took = time.monotonic() - begun
            size = min(2 * size, MOST) if took < QUICK else max(size // 2, 1) if took > SLOW else size
