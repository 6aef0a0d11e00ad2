"""Compiled loops over relabellings of units: what counts across documents, recounted on both sides each time."""

import math

import numpy as np
import numpy.typing as npt

from longtail._jit import njit

I64 = npt.NDArray[np.int64]
U8 = npt.NDArray[np.uint8]
F64 = npt.NDArray[np.float64]


@njit
def _presence(total: int, drawn: int, out: F64) -> None:
    """Write the chance that a type with k of `total` tokens is among `drawn` of them, for k = 0, 1, …."""
    absent = 1.0
    out[0] = 0.0
    for k in range(1, len(out)):
        absent *= max(total - k + 1 - drawn, 0) / max(total - k + 1, 1)
        out[k] = 1.0 - absent


@njit
def rarefied(starts: I64, unit: I64, counts: I64, times: I64, labels: U8, totals: I64, drawn: int) -> F64:
    """Return the expected types among `drawn` tokens of each side, by relabelling, shape (2, relabellings).

    Args:
        starts: Where each type's rows begin, shape (types + 1,).
        unit: Unit of each row, shape (rows,).
        counts: Tokens of each row, shape (rows,).
        times: How many types have the same rows as this one, shape (types,).
        labels: Side of each unit, 0 or 1, by relabelling, shape (relabellings, units).
        totals: Tokens of each unit, shape (units,).
        drawn: Tokens drawn, at most those of either side.
    """
    highest = 0
    for i in range(len(starts) - 1):
        highest = max(highest, counts[starts[i] : starts[i + 1]].sum())
    out, tables, weight = np.zeros((2, len(labels))), np.empty((2, highest + 1)), np.empty(labels.shape[1], np.int64)
    for b in range(len(labels)):
        for u in range(len(weight)):
            weight[u] = labels[b, u]
        there = int((totals * weight).sum())
        _presence(int(totals.sum()) - there, drawn, tables[0])
        _presence(there, drawn, tables[1])
        for i in range(len(starts) - 1):
            found, right = 0, 0
            for row in range(starts[i], starts[i + 1]):
                found += counts[row]
                right += counts[row] * weight[unit[row]]
            out[0, b] += times[i] * tables[0, found - right]
            out[1, b] += times[i] * tables[1, right]
    return out


@njit
def _count_sides(kind: I64, starts: I64, side: U8, held: I64) -> None:
    """Count the documents of either side that hold each n-gram."""
    held[:] = 0
    for d in range(len(starts) - 1):
        for row in range(starts[d], starts[d + 1]):
            held[side[d], kind[row]] += 1


@njit
def repeated(kind: I64, starts: I64, types: int, unit: I64, labels: U8) -> F64:
    """Return the sum of log(1 + holders of a document's n-grams among the others of its side), shape (2, relabellings).

    Args:
        kind: N-grams by the documents that hold them, shape (rows,).
        starts: Bounds of the documents, shape (documents + 1,).
        unit: Unit of each document.
        labels: Side of each unit by relabelling, shape (relabellings, units).
    """
    out, held = np.zeros((2, len(labels))), np.empty((2, types), np.int64)
    for b in range(len(labels)):
        side = labels[b][unit]
        _count_sides(kind, starts, side, held)
        for d in range(len(starts) - 1):
            others = 0
            for row in range(starts[d], starts[d + 1]):
                others += held[side[d], kind[row]] - 1
            out[side[d], b] += math.log1p(others)
    return out


@njit
def templated(kind: I64, starts: I64, types: int, unit: I64, labels: U8, least: int) -> F64:
    """Return the documents of each side that hold an n-gram of at least `least` of its documents, shape (2, relabellings)."""
    out, held = np.zeros((2, len(labels))), np.empty((2, types), np.int64)
    for b in range(len(labels)):
        side = labels[b][unit]
        _count_sides(kind, starts, side, held)
        for d in range(len(starts) - 1):
            for row in range(starts[d], starts[d + 1]):
                if held[side[d], kind[row]] >= least:
                    out[side[d], b] += 1
                    break
    return out
