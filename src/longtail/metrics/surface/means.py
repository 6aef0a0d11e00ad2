"""Means over documents as estimates, with errors that hold where documents of one prompt are alike."""

import math

import numpy as np
import numpy.typing as npt

from longtail.metrics.surface.excerpts import Excerpts
from longtail.records import Estimate, NotMeasured, Outcome
from longtail.stats.jackknife import delete_a_group, quantile
from longtail.views.keys import Cells, bin_of

Values = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]

_UNBOUNDED = ("words", "10^-4", "log(1 + repeats)", "bytes per byte")

PARTS = 32
"""Parts of a sample that are left out in turn."""

FEWEST = 30
"""Documents below which a mean has no interval that could be trusted."""


def cluster_error(values: Values, cells: Cells) -> tuple[float, int]:
    """Return the standard error of a mean over documents, those of one cell taken together, and the number of cells.

    Source:
        Liang & Zeger 1986; with a cell for each document it is the usual one.
    """
    _, owner = np.unique(cells, return_inverse=True)
    sums = np.bincount(owner, weights=values - values.mean())
    groups = len(sums)
    if groups < 2:
        return math.inf, groups
    return math.sqrt(groups / (groups - 1) * float(sums @ sums)) / len(values), groups


def parts_of(cells: Cells, parts: int) -> I64:
    """Return the part of each document, shape (documents,): runs of bins with equally many documents, whole prompts together."""
    bins = bin_of(cells)
    return np.asarray(np.searchsorted(np.sort(bins), bins) * parts // max(1, len(cells)))


def jackknife_half(without: Values) -> float:
    """Return the half-width of a 95 % interval from leave-one-part-out values, shape (parts,)."""
    spread = delete_a_group(without)
    return quantile(0.975, spread.freedom) * spread.error


def mean_of(values: Values, excerpts: Excerpts, metric: str, view: str, unit: str, method: str, needs: str) -> Outcome:
    """Return the mean over the documents that have a value (NaN: none), the others counted in the method.

    Args:
        needs: What a document must have for a value, such as "at least 42 words".
    """
    has_one = np.isfinite(values)
    kept, found = values[has_one], int(has_one.sum())
    error, groups = cluster_error(kept, excerpts.cells[has_one]) if found else (math.inf, 0)
    if found < FEWEST:
        return too_few(found, metric, view, needs)
    if not math.isfinite(error):
        return too_few_prompts(metric, view)
    left_out = f"; {len(values) - found:,} of {len(values):,} documents left out, which have not {needs}" if found < len(values) else ""
    half = quantile(0.975, groups - 1) * error
    return estimate(metric, view, unit, (float(kept.mean()), half), found, f"{method}; mean over documents, standard error{left_out}")


def estimate(metric: str, view: str, unit: str, centre: tuple[float, float], n: int, method: str) -> Estimate:
    """Return the estimate of one sample from its value and the half-width of its interval, cut to the values there can be."""
    value, half = centre
    low, high = max(0.0, value - half), value + half if unit in _UNBOUNDED else min(1.0, value + half)
    return Estimate(
        metric=metric,
        view=view,
        value=value,
        low=min(low, value),
        high=max(high, value),
        n=n,
        unit=unit,
        resampling_unit="document",
        method=method,
    )


def too_few(found: int, metric: str, view: str, needs: str, fewest: int = FEWEST) -> NotMeasured:
    """Return that too few documents have a value."""
    told = f" with {needs}" if needs else ""
    reason = f"{found:,} distinct documents{told}, fewer than {fewest}"
    return NotMeasured(reason=reason, enable="more or longer documents", metric=metric, view=view)


def too_few_prompts(metric: str, view: str) -> NotMeasured:
    """Return that documents answer too few prompts for an interval, as those of one prompt are taken together."""
    return NotMeasured(reason="too few prompts", enable="documents of more prompts", metric=metric, view=view)
