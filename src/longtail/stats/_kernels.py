"""Compiled loops of the permutation tests: every statistic for every relabelling of the units."""

import numpy as np
import numpy.typing as npt

from longtail._jit import njit

I64 = npt.NDArray[np.int64]
U16 = npt.NDArray[np.uint16]
U32 = npt.NDArray[np.uint32]
U8 = npt.NDArray[np.uint8]
F64 = npt.NDArray[np.float64]

CHUNK = 2048
"""Relabellings taken at once, so that their counters stay in the nearest cache."""


@njit
def presence(starts: I64, unit: U16, labels: U8, left: F64, right: F64) -> tuple[F64, F64]:
    """Return the expected types present on each side, by relabelling.

    Args:
        starts: Where each type's rows begin, shape (types + 1,).
        unit: Unit of each row, each unit once per type, shape (rows,).
        labels: Side of each unit (0 left, 1 right) by relabelling, shape (units, relabellings).
        left: Expected presence of a type found in k left units, shape (units + 1,).
        right: The same for the right side.

    Returns:
        Two arrays of shape (relabellings,).
    """
    runs = labels.shape[1]
    here, there = np.zeros(runs), np.zeros(runs)
    count = np.empty(min(runs, CHUNK), dtype=np.uint16)
    for first in range(0, runs, CHUNK):
        width = min(CHUNK, runs - first)
        for i in range(starts.shape[0] - 1):
            count[:] = 0
            for row in range(starts[i], starts[i + 1]):
                side = labels[unit[row], first : first + width]
                for b in range(width):
                    count[b] += side[b]
            size = starts[i + 1] - starts[i]
            for b in range(width):
                here[first + b] += left[size - count[b]]
                there[first + b] += right[count[b]]
    return here, there


@njit
def presence_of_each(starts: I64, unit: U16, labels: U8, tables: F64) -> F64:
    """Return the expected types present in each of several samples, by relabelling.

    Args:
        starts, unit: Rows by type, as above.
        labels: Sample of each unit by relabelling, shape (units, relabellings).
        tables: Expected presence of a type found in k units of each sample, shape (samples, units + 1).

    Returns:
        Array of shape (samples, relabellings).
    """
    samples, runs = tables.shape[0], labels.shape[1]
    present = np.zeros((samples, runs))
    count = np.empty((samples, min(runs, CHUNK)), dtype=np.uint16)
    for first in range(0, runs, CHUNK):
        width = min(CHUNK, runs - first)
        for i in range(starts.shape[0] - 1):
            count[:] = 0
            for row in range(starts[i], starts[i + 1]):
                sample = labels[unit[row], first : first + width]
                for b in range(width):
                    count[sample[b], b] += 1
            for s in range(samples):
                for b in range(width):
                    present[s, first + b] += tables[s, count[s, b]]
    return present


@njit
def incidences(starts: I64, unit: U16, documents: U32, labels: U8) -> I64:
    """Return what richness and coverage need, by side and relabelling.

    Args:
        documents: Documents of each row, shape (rows,).
        labels: Side of each unit (0 or 1; 2 or more takes no part) by relabelling, shape (units, relabellings).

    Returns:
        Types seen, in one document, in two documents: shape (2 sides, 3, relabellings).
    """
    runs = labels.shape[1]
    counts = np.zeros((2, 3, runs), dtype=np.int64)
    held = np.empty((2, min(runs, CHUNK)), dtype=np.uint32)
    for first in range(0, runs, CHUNK):
        width = min(CHUNK, runs - first)
        here, there = held[0], held[1]
        for i in range(starts.shape[0] - 1):
            held[:] = 0
            for row in range(starts[i], starts[i + 1]):
                side = labels[unit[row], first : first + width]
                d = documents[row]
                for b in range(width):
                    here[b] += d * (side[b] == 0)
                    there[b] += d * (side[b] == 1)
            for s in range(2):
                x, seen = held[s], counts[s, 0, first : first + width]
                for b in range(width):
                    seen[b] += x[b] > 0
                _count_equal(x, counts[s, 1, first : first + width], 1)
                _count_equal(x, counts[s, 2, first : first + width], 2)
    return counts


@njit
def _cutoff(mass: F64, total: float, tau: float) -> int:
    """Return the smallest count whose cumulative mass reaches tau; the last count looked at if none does."""
    reached = 0.0
    for count in range(1, mass.shape[0]):
        reached += mass[count]
        if reached >= tau * total:
            return count
    return len(mass) - 1


@njit
def cross_fit(starts: I64, unit: U16, tokens: U32, labels: U8, unit_tokens: I64, tables: F64, tau: float, highest: int) -> tuple[F64, F64]:
    """Return tail mass and tail types when the tail is chosen anew, on each half, in every relabelling.

    Args:
        starts, unit, tokens: Rows by type, of the types that can be in a tail.
        labels: Sample of each unit (0 candidate, 1 half A, 2 half B) by relabelling, shape (units, relabellings).
        unit_tokens: Tokens of each unit, shape (units,).
        tables: Expected presence of a type found in k units of each sample, shape (3, units + 1).
        tau: Share of mass called the tail.
        highest: Largest count looked at when the tail is chosen.

    Returns:
        Tail tokens and expected tail types, each of shape (2 folds, 2: candidate and measuring half, relabellings).
    """
    runs, types = labels.shape[1], starts.shape[0] - 1
    mass, present = np.zeros((2, 2, runs)), np.zeros((2, 2, runs))
    toks, found = np.zeros((types, 3), dtype=np.int64), np.zeros((types, 3), dtype=np.int64)
    totals, weight = np.zeros(3, dtype=np.int64), np.zeros((3, highest + 1))
    side = np.empty(labels.shape[0], dtype=np.uint8)
    for b in range(runs):
        totals[:] = 0
        weight[:] = 0.0
        for u in range(labels.shape[0]):
            side[u] = labels[u, b]
            totals[side[u]] += unit_tokens[u]
        for i in range(types):
            toks[i] = 0
            found[i] = 0
            for row in range(starts[i], starts[i + 1]):
                s = side[unit[row]]
                toks[i, s] += tokens[row]
                found[i, s] += 1
            for s in range(1, 3):
                if toks[i, s] <= highest:
                    weight[s, toks[i, s]] += toks[i, s]
        for fold in range(2):
            chooser, measurer = 1 + fold, 2 - fold
            cut = _cutoff(weight[chooser], float(totals[chooser]), tau)
            for i in range(types):
                if 0 < toks[i, chooser] <= cut:
                    mass[fold, 0, b] += toks[i, 0]
                    mass[fold, 1, b] += toks[i, measurer]
                    present[fold, 0, b] += tables[0, found[i, 0]]
                    present[fold, 1, b] += tables[measurer, found[i, measurer]]
    return mass, present


@njit
def digamma_sums(starts: I64, unit: U16, tokens: U32, labels: U8, weighted: F64) -> tuple[I64, F64]:
    """Return what the Hill number of order 1 needs, by side and relabelling.

    Args:
        starts, unit, tokens, labels: As above; labels of 2 or more take no part.
        weighted: x digamma(x) at x = 0, 1, …; beyond its end the asymptotic series stands in, shape (n,).

    Returns:
        Types with one token and with two, shape (2 sides, 2, relabellings); and the sum over types of x digamma(x), x
        being tokens, shape (2, relabellings).
    """
    runs, known = labels.shape[1], weighted.shape[0]
    counts, sums = np.zeros((2, 2, runs), dtype=np.int64), np.zeros((2, runs))
    held = np.empty((2, min(runs, CHUNK)), dtype=np.uint32)
    for first in range(0, runs, CHUNK):
        width = min(CHUNK, runs - first)
        here, there = held[0], held[1]
        for i in range(starts.shape[0] - 1):
            held[:] = 0
            total = np.int64(0)
            for row in range(starts[i], starts[i + 1]):
                side = labels[unit[row], first : first + width]
                t = tokens[row]
                total += t
                for b in range(width):
                    here[b] += t * (side[b] == 0)
                    there[b] += t * (side[b] == 1)
            for s in range(2):
                x, weights = held[s], sums[s, first : first + width]
                _count_equal(x, counts[s, 0, first : first + width], 1)
                _count_equal(x, counts[s, 1, first : first + width], 2)
                for b in range(width):
                    weights[b] += weighted[x[b]] if total < known or x[b] < known else _digamma_series(float(x[b]))
    return counts, sums


@njit
def _count_equal(values: U32, count: I64, wanted: int) -> None:
    """Add one to the count of every relabelling in which the value is `wanted`; a loop of its own, so that it is vectorised."""
    for b in range(count.shape[0]):
        count[b] += values[b] == wanted


@njit
def _digamma_series(x: float) -> float:
    """Return x digamma(x) for a large x."""
    return float(x * np.log(x) - 0.5 - 1 / (12 * x))
