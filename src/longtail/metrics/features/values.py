"""How widely the feature vectors of one sample spread: modes, directions and variance."""

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from longtail.metrics.catalogue import VALUES
from longtail.metrics.features.units import MORE
from longtail.records import Estimate, NotMeasured, Outcome
from longtail.stats.features.distances import mean_kernel_of
from longtail.stats.features.kernels import gaussian, median_distance, squared_kernel, unit_sums
from longtail.stats.features.spectra import effective_rank as rank_of
from longtail.stats.features.spectra import spectrum
from longtail.stats.features.spectra import total_variance as variance_of
from longtail.stats.features.spectra import vendi as vendi_of
from longtail.stats.jackknife import delete_a_group, quantile
from longtail.summaries.units import FEWEST_DOCUMENTS, MOST_UNITS
from longtail.summaries.vectors import Vectors
from longtail.views.keys import BINS

Values = npt.NDArray[np.float64]

VENDI_ROWS = (512, 256, 128, 64)
"""Rows that a Vendi score is taken of, the greatest number that there is: it grows with them."""

_WIDEST = 1024


@VALUES.add(unit="modes", worse="lower", source="Jalali et al. 2023, unbiased pairs; test: closed form of Gaussian data")
def rke(sample: Vectors, view: str, /, *, bandwidth: float | None = None) -> Outcome:
    """Effective number of modes, 1 / E[k(X, X')^2] with a Gaussian kernel; the bandwidth is in the method.

    Formula: modes = 1 / mean over pairs of k(x, y)^2, where x and y are two different rows and k(x, y) = exp(-|x - y|^2 / (2 h^2)) with the
    bandwidth h.

    Minimum: 96 documents with a vector.

    False positives: another bandwidth or encoder, whose numbers do not compare.

    Silence: no rule reads it, so that it fails nothing by itself; it decides between phases, by --margin tail=….

    Akin: LT302
    """
    groups = _groups(sample)
    if groups is None:
        return _absent(sample, view, "rke")
    width = bandwidth or median_distance(sample.values)
    centred = sample.values - sample.values.mean(axis=0, dtype=np.float64)
    sums = unit_sums(centred, groups, MOST_UNITS, [squared_kernel(gaussian(width))])[0]
    whole = np.ones((MOST_UNITS, 1))
    mean = mean_kernel_of(sums, np.hstack([whole, np.where(np.eye(MOST_UNITS) > 0, 0.0, whole)]))
    if mean.min() <= 0:
        return NotMeasured(reason="no two rows are alike at this bandwidth", enable="a wider bandwidth", metric="rke", view=view)
    of = "given" if bandwidth else "median distance of the sample"
    method = f"unbiased pairs, Gaussian kernel, bandwidth {width:.4g} ({of}); delete-a-group jackknife"
    return _estimate(sample, view, "rke", "modes", 1 / mean, method)


@VALUES.add(unit="rows", worse="lower", source="Friedman & Dieng 2023; test: vendi-score 0.0.3")
def vendi(sample: Vectors, view: str, /, *, order: float = 1.0) -> Outcome:
    """Vendi score with the cosine kernel at a fixed number of rows, which is in the method.

    Formula: score = exp(-sum of v ln v), where v is an eigenvalue of the matrix of cosines of n rows, divided by n, and n is 512, 256, 128
    or 64.

    Minimum: 96 documents with a vector.

    False positives: another number of rows: it grows with them, so that numbers at unlike n do not compare.

    Akin: LT302
    """
    size = next((fixed for fixed in VENDI_ROWS if fixed <= len(sample)), None)
    groups = _groups(sample)
    if size is None or groups is None:
        return _absent(sample, view, "vendi")
    rows, groups = sample.values[:size], groups[:size]
    values = _with_each_left_out(lambda some: vendi_of(some, order), rows, groups)
    method = f"cosine kernel, order {order:g}, of {size} rows; delete-a-group jackknife"
    return _estimate(sample, view, "vendi", "rows", values, method)


@VALUES.add(unit="directions", worse="lower", source="Roy & Vetterli 2007; test: numpy")
def effective_rank(sample: Vectors, view: str, /) -> Outcome:
    """Effective number of directions: the exponential of the entropy of the covariance's eigenvalues.

    Formula: rank = exp(-sum of p ln p), where p is an eigenvalue of the covariance over the sum of all.

    Minimum: 96 documents with a vector, of at most 1,024 numbers where there are more documents than that.

    False positives: few rows, which make directions look unlike; columns in unlike scales.
    """
    groups = _groups(sample)
    if groups is None:
        return _absent(sample, view, "effective_rank")
    if min(sample.values.shape) > _WIDEST:
        reason = f"vectors of {sample.values.shape[1]:,} numbers; intervals are made up to {_WIDEST:,}"
        return NotMeasured(reason=reason, enable="fewer numbers for each document", metric="effective_rank", view=view)
    values = _with_each_left_out(lambda some: rank_of(spectrum(some)), sample.values, groups)
    return _estimate(sample, view, "effective_rank", "directions", values, f"of {len(sample)} rows; delete-a-group jackknife")


@VALUES.add(unit="squared units", worse="lower", source="trace of the covariance; test: numpy")
def total_variance(sample: Vectors, view: str, /) -> Outcome:
    """Sum of the variances of all columns.

    Formula: V = sum over columns of the variance of the column.

    Minimum: 96 documents with a vector.

    False positives: columns in unlike scales, of which the widest decides.
    """
    groups = _groups(sample)
    if groups is None:
        return _absent(sample, view, "total_variance")
    values = _with_each_left_out(variance_of, sample.values, groups)
    return _estimate(sample, view, "total_variance", "squared units", values, f"of {len(sample)} rows; delete-a-group jackknife")


def feature_values(sample: Vectors, view: str, bandwidth: float | None = None) -> tuple[Outcome, ...]:
    """Return all numbers of one sample of vectors: `rke`, `vendi`, `effective_rank` and `total_variance`.

    Args:
        sample: Vectors of distinct documents.
        view: What they are called in estimates.
        bandwidth: Bandwidth of the kernel of `rke`; the sample's own median distance by default.
    """
    return rke(sample, view, bandwidth=bandwidth), vendi(sample, view), effective_rank(sample, view), total_variance(sample, view)


def _groups(sample: Vectors) -> npt.NDArray[np.int64] | None:
    """Return the group of each row, or None where there are too few rows."""
    return sample.bins * MOST_UNITS // BINS if len(sample) >= FEWEST_DOCUMENTS else None


def _absent(sample: Vectors, view: str, metric: str) -> NotMeasured:
    reason = f"{len(sample)} documents have a vector, fewer than the {FEWEST_DOCUMENTS} that an interval needs"
    return NotMeasured(reason=reason, enable=MORE, metric=metric, view=view)


def _with_each_left_out(number: Callable[[Values], float], rows: npt.NDArray[np.float32], groups: npt.NDArray[np.int64]) -> Values:
    """Return a number of all rows, then with each group left out."""
    given = rows.astype(np.float64)
    return np.array([number(given), *(number(given[groups != group]) for group in np.unique(groups))])


def _estimate(sample: Vectors, view: str, metric: str, unit: str, values: Values, method: str) -> Outcome:
    """Return the estimate from its value and its values with each group left out, on a log scale where they are above 0."""
    value, without = float(values[0]), values[1:]
    if without.min() > 0:
        spread = delete_a_group(np.log(without))
        half = quantile(0.975, spread.freedom) * spread.error
        low, high = value * math.exp(-half), value * math.exp(half)
    else:
        low = high = value
    return Estimate(metric=metric, view=view, value=value, low=low, high=high, n=len(sample), unit=unit, resampling_unit="document",
                    method=method)  # fmt: skip
