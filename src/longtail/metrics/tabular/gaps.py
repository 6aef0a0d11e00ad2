"""Distances between the distribution functions of both sides' sampled numbers, in every relabelling."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from longtail.metrics.tabular.columns import Grouped, Read, jackknifed, without_each
from longtail.stats.permutation import Labels

_AT_ONCE = 256

Values = npt.NDArray[np.float64]
Reached = npt.NDArray[np.float32]
Measure = Callable[[Values, Values, Values], Values]


def greatest(here: Values, there: Values, steps: Values) -> Values:
    """Return the greatest gap between two distribution functions (Kolmogorov-Smirnov), shape (…,).

    Args:
        here: Documents at or below each distinct number, shape (numbers, …).
        there: The same of the other side.
        steps: Differences of neighbouring numbers, shape (numbers - 1,).
    """
    return np.asarray(_gap(here, there).max(axis=0))


def area(here: Values, there: Values, steps: Values) -> Values:
    """Return the area between two distribution functions (Wasserstein of order 1), shape (…,); see `greatest`."""
    return np.asarray(steps @ _gap(here, there)[:-1])


def sampled(found: Grouped, measure: Measure, relabellings: int, scale: float = 1.0) -> Read:
    """Return a distance between the numbers of both sides, told in `scale`; it is not finite where that overflows.

    Args:
        found: The numbers by unit.
        measure: `greatest` or `area`.
        relabellings: How many relabellings are looked at, the observed one among them.
        scale: What the distance is told in.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        reached, steps = _reached(found, scale)
        statistics = _over_labels(reached, steps, found.labels[:, :relabellings], measure)
        sides = [part.astype(np.float64) for part in (reached[:, : found.sizes[0]], reached[:, found.sizes[0] :])]
        totals = [side.sum(axis=1, keepdims=True) for side in sides]
        error = jackknifed(measure(without_each(sides[0]), totals[1], steps), measure(totals[0], without_each(sides[1]), steps))
    return Read(statistics, error, f"{len(found.values)} sampled numbers")


def _reached(found: Grouped, scale: float) -> tuple[Reached, Values]:
    """Return how many documents of each unit lie at or below each distinct number, shape (numbers, units), and the steps between."""
    distinct, owner = np.unique(found.values / scale, return_inverse=True)
    units = sum(found.sizes)
    counts = np.bincount(owner * units + found.unit, weights=found.copies, minlength=len(distinct) * units)
    return np.cumsum(counts.reshape(len(distinct), units), axis=0).astype(np.float32), np.diff(distinct)


def _over_labels(reached: Reached, steps: Values, labels: Labels, measure: Measure) -> Values:
    """Return the distance by relabelling, shape (B + 1,)."""
    whole, found = reached.sum(axis=1, keepdims=True, dtype=np.float64), []
    for first in range(0, labels.shape[1], _AT_ONCE):
        there = (reached @ (labels[:, first : first + _AT_ONCE] != 0).astype(np.float32)).astype(np.float64)
        found.append(measure(whole - there, there, steps))
    return np.concatenate(found)


def _gap(here: Values, there: Values) -> Values:
    return np.asarray(np.abs(here / np.maximum(here[-1], 1) - there / np.maximum(there[-1], 1)))
