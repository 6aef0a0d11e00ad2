"""Documents that a model writes until enough of them pass a gate, and what that costs."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy
import pyarrow as pa

from longtail.gates import Batch, Bound, Gate
from longtail.lab.learner import Flags, Floats
from longtail.lab.rows import TRIES
from longtail.records import Origin

COLUMNS = ("text", "lt_origin", "words", "distance", "right")
"""What a gate can look at in a document of the lab; `Measures` are the last three."""
GROWTH = 4
"""How many times as much as before is written at most in one go."""

Measures = Mapping[str, Callable[[Sequence[str]], Sequence[float]]]
"""Columns that are computed from the texts when a gate asks for them."""


class Passed(list[list[str]]):
    """Documents that passed a gate, a list for each replicate.

    Args:
        documents: The documents.
        tries: How many were written for each that passed, (replicates,); NaN where none did.
    """

    def __init__(self, documents: Sequence[list[str]], tries: Floats) -> None:
        super().__init__(documents)
        self.tries = tries


class _Asked(NamedTuple):
    """A gate, what its documents show beside their text, and what their ids begin with."""

    gate: Bound
    measures: Measures
    name: str

    def kept(self, documents: Sequence[str], first: int) -> list[str]:
        """Return the documents that pass, the first of all being number `first`."""
        kept = self.gate.call(batch_of(documents, self.measures, self.name, first))
        return [document for document, is_kept in zip(documents, kept.tolist(), strict=True) if is_kept]


def passing(batch: Batch, *, gate: Gate) -> Flags:
    """Return which documents of a data set pass a gate: (documents,)."""
    return numpy.asarray(gate.passes(gate.over(lambda: [batch])(batch)))


def batch_of(documents: Sequence[str], measures: Measures, name: str, first: int = 0) -> Batch:
    """Return documents of a model as a gate sees them.

    Args:
        documents: Their texts.
        measures: Columns that are computed from the texts.
        name: What the ids begin with, so that no two documents of a run share one.
        first: Number of the first document.
    """

    def values(column: str) -> Sequence[Any]:
        if column == "lt_origin":
            return [Origin.SYNTHETIC.value] * len(documents)
        if column == "text":
            return documents
        return measures[column](documents) if column in measures else [None] * len(documents)

    ids = [f"{name}-{number}" for number in range(first, first + len(documents))]
    return Batch(pa.array(ids, pa.string()), pa.array(documents, pa.string()), values)


def passed(
    write: Callable[[int], list[str]], rows: int, gate: Bound, measures: Measures, rng: numpy.random.Generator
) -> tuple[list[str], float]:
    """Return `rows` documents that a gate let pass, in the order in which they were written, and how many were written for each.

    A gate that judges each document alone is shown the new ones; one that compares is shown all that were written, so that a
    document may pass now and not pass once more are there. Where fewer pass in `TRIES` · `rows` tries, those that did are
    repeated in turn; where none does, every place holds the first document that was written.

    Args:
        write: Writes a number of documents.
        rows: Documents wanted.
        gate: A gate of documents.
        measures: Columns that are computed from the texts.
        rng: Source of chance, for the names of the documents.
    """
    asked = _Asked(gate, measures, f"{int(rng.integers(2**63)):016x}")
    compares = any(stage.compares for stage in gate.call.keywords["gate"].stages)
    documents = write(rows)
    found, written, first = asked.kept(documents, 0), len(documents), documents[0]
    while len(found) < rows and written < TRIES * rows:
        new = write(_further(rows, len(found), written))
        documents = documents + new if compares else new
        found = asked.kept(documents, 0) if compares else found + asked.kept(new, written)
        written += len(new)
    if not found:
        return [first] * rows, math.nan
    return [found[at % len(found)] for at in range(rows)], written / len(found)


def _further(rows: int, found: int, written: int) -> int:
    """Return how many documents to write next: as many as the rate so far asks for, within bounds."""
    wanted = math.ceil((rows - found) * (written + 1) / (found + 1))
    return max(1, min(wanted, GROWTH * written, TRIES * rows - written))
