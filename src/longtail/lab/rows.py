"""Rows of many replicates side by side: letting a gate judge them, drawing and rewriting some."""

from collections.abc import Callable

import numpy

from longtail.gates import Bound
from longtail.lab.learner import Floats

TRIES = 200
"""Rows written for each place that a gate leaves empty, before a replicate is given up."""


def passed(write: Callable[[int], Floats], rows: int, gate: Bound | None, rng: numpy.random.Generator) -> Floats:
    """Return `rows` rows for each replicate that a gate let pass: (replicates, rows, dim).

    A gate that judges row by row lets the model write until enough have passed; one that compares the rows of a batch
    is handed a batch of rows/alpha. Where fewer pass in `TRIES` · `rows` tries, those that did are repeated in turn; where
    none does, every place holds the same row, so that the replicate has lost all variety.

    Args:
        write: Writes a number of rows for each replicate, (replicates, number, dim).
        rows: Rows wanted.
        gate: A gate that judges positions, or None.
        rng: Source of chance.
    """
    if gate is None:
        return write(rows)
    if gate.candidates > 1 or gate.name == "top":
        return _nearest(write, rows, gate)
    batch = write(rows)
    found = numpy.repeat(batch[:, :1], rows, axis=1)
    filled = numpy.zeros(len(batch), dtype=numpy.int64)
    for _ in range(TRIES):
        keep = rng.random(batch.shape[:2]) < gate.call(batch)
        _fill(found, filled, batch, keep)
        if filled.min() >= rows:
            return found
        batch = write(rows)
    return _repeated(found, filled)


def drawn(data: Floats, rows: int, rng: numpy.random.Generator) -> Floats:
    """Return `rows` of the rows of each replicate, without replacement: (replicates, rows, …)."""
    order = rng.random(data.shape[:2]).argpartition(rows - 1, axis=1)[:, :rows]
    return numpy.take_along_axis(data, order.reshape(*order.shape, *[1] * (data.ndim - 2)), axis=1)


def rewritten(data: Floats, new: Floats, rng: numpy.random.Generator) -> Floats:
    """Return data with as many rows, at random, replaced as `new` holds."""
    kept = drawn(data, data.shape[1] - new.shape[1], rng) if new.shape[1] < data.shape[1] else data[:, :0]
    return numpy.concatenate([kept, new], axis=1)


def _nearest(write: Callable[[int], Floats], rows: int, gate: Bound) -> Floats:
    batch = write(max(rows, round(rows * gate.candidates)))
    keep = gate.call(batch)
    order = numpy.argsort(~keep, axis=1, kind="stable")[:, :rows]
    return numpy.take_along_axis(batch, order[:, :, None], axis=1)


def _fill(found: Floats, filled: numpy.ndarray, batch: Floats, keep: numpy.ndarray) -> None:
    """Put the rows that are kept into the places that are still empty."""
    rows = found.shape[1]
    place = filled[:, None] + numpy.cumsum(keep, axis=1) - 1
    keep = keep & (place < rows)
    replicate, row = numpy.nonzero(keep)
    found[replicate, place[replicate, row]] = batch[replicate, row]
    filled += keep.sum(axis=1)


def _repeated(found: Floats, filled: numpy.ndarray) -> Floats:
    rows = found.shape[1]
    source = numpy.where(filled[:, None] > 0, numpy.arange(rows) % numpy.maximum(filled, 1)[:, None], numpy.arange(rows))
    return numpy.take_along_axis(found, source[:, :, None], axis=1)
