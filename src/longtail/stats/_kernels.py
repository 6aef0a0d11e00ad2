"""Compiled loops of the permutation tests: every statistic for every relabelling of the units."""

import numpy as np
import numpy.typing as npt

from longtail._jit import njit

I64 = npt.NDArray[np.int64]
U16 = npt.NDArray[np.uint16]
U32 = npt.NDArray[np.uint32]
U8 = npt.NDArray[np.uint8]
F64 = npt.NDArray[np.float64]


@njit
def presence(starts: I64, unit: U16, stratum: U8, labels: U8, left: F64, right: F64, strata: int) -> tuple[F64, F64]:
    """Return the expected types present on each side, by stratum and relabelling.

    Args:
        starts: Where each type's rows begin, shape (types + 1,).
        unit: Unit of each row, each unit once per type, shape (rows,).
        stratum: Stratum of each type, shape (types,).
        labels: Side of each unit (0 left, 1 right) by relabelling, shape (units, relabellings).
        left: Expected presence of a type found in k left units, shape (units + 1,).
        right: The same for the right side.
        strata: Number of strata.

    Returns:
        Two arrays of shape (strata, relabellings).
    """
    runs = labels.shape[1]
    here, there = np.zeros((strata, runs)), np.zeros((strata, runs))
    count = np.empty(runs, dtype=np.uint16)
    for i in range(stratum.shape[0]):
        count[:] = 0
        for row in range(starts[i], starts[i + 1]):
            side = labels[unit[row]]
            for b in range(runs):
                count[b] += side[b]
        size = starts[i + 1] - starts[i]
        s = stratum[i]
        for b in range(runs):
            here[s, b] += left[size - count[b]]
            there[s, b] += right[count[b]]
    return here, there


@njit
def moments(starts: I64, unit: U16, tokens: U32, documents: U32, labels: U8, use: U8) -> tuple[I64, F64]:
    """Return what richness, coverage and the Hill number of order 2 need, by side and relabelling.

    Args:
        tokens: Tokens of each row, shape (rows,).
        documents: Documents of each row, shape (rows,).
        use: 1 for units that take part, shape (units,).

    Returns:
        Types seen, in one document, in two documents: shape (2, 3, relabellings); and the sum over types of
        x (x - 1), x being tokens: shape (2, relabellings).
    """
    runs = labels.shape[1]
    counts = np.zeros((2, 3, runs), dtype=np.int64)
    pairs = np.zeros((2, runs))
    docs, toks = np.empty(runs, dtype=np.int64), np.empty(runs, dtype=np.int64)
    for i in range(starts.shape[0] - 1):
        docs[:] = 0
        toks[:] = 0
        all_docs, all_toks = np.int64(0), np.int64(0)
        for row in range(starts[i], starts[i + 1]):
            if use[unit[row]] == 0:
                continue
            side = labels[unit[row]]
            d, t = np.int64(documents[row]), np.int64(tokens[row])
            all_docs += d
            all_toks += t
            for b in range(runs):
                docs[b] += d * side[b]
                toks[b] += t * side[b]
        for b in range(runs):
            for s in range(2):
                here = docs[b] if s else all_docs - docs[b]
                x = float(toks[b] if s else all_toks - toks[b])
                counts[s, 0, b] += here > 0
                counts[s, 1, b] += here == 1
                counts[s, 2, b] += here == 2
                pairs[s, b] += x * (x - 1)
    return counts, pairs


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
