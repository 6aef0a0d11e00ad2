"""Spread and distance of all vectors of a data set, from exact moments: what a sample of documents is too small to tell apart."""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from longtail.metrics.catalogue import RATIOS
from longtail.metrics.features.units import MORE, Values, interval, spread_of
from longtail.records import Baseline, Estimate, NotMeasured, Outcome
from longtail.stats.features.frechet import frechet, root_of
from longtail.stats.features.spectra import effective_rank
from longtail.stats.jackknife import quantile
from longtail.summaries.moments import STEPS, Moments
from longtail.summaries.units import FEWEST_DOCUMENTS

_JACKKNIFE = "exact moments of all documents, in the scale of the reference's half A; delete-a-group jackknife"


class Side(NamedTuple):
    """Moments of one side of a comparison: the whole of it first, then without each of its groups.

    Attributes:
        rows: Documents, shape (1 + groups,).
        variances: Variance of each column, shape (1 + groups, d).
        means: Mean along each direction, shape (1 + groups, r).
        covariances: Of the coordinates along the directions, shape (1 + groups, r, r).
    """

    rows: Values
    variances: Values
    means: Values
    covariances: Values


@RATIOS.add(unit="ratio", worse="lower", source="trace of the covariance, exact; test: numpy")
def total_variance_of_all(candidate: Side, measured: Side, /, *, name: Baseline, view: str) -> Outcome:
    """Sum of the variances of all columns, relative to the baseline's.

    How measured: over exact moments of the feature vectors of all documents, kept in the profile

    Formula: ratio = sum over columns of the variance of the candidate / the same sum of the baseline, columns in the scale of the
    reference's half A.

    Minimum: 96 documents with a vector on each side.

    False positives: columns that were cut or rounded on one side.

    Akin: LT302
    """
    sides = [side.variances.sum(axis=1) for side in (candidate, measured)]
    return _ratio("total_variance_of_all", sides, int(candidate.rows[0]), name, view)


@RATIOS.add(unit="ratio", worse="lower", source="Roy & Vetterli 2007, exact moments; test: numpy")
def effective_rank_of_all(candidate: Side, measured: Side, /, *, name: Baseline, view: str) -> Outcome:
    """Effective number of the reference's leading directions, relative to the baseline's.

    How measured: over exact moments of the feature vectors of all documents, kept in the profile

    Formula: ratio of exp(-sum of p ln p), where p is an eigenvalue of the covariance along the reference's leading directions over the sum
    of all.

    Minimum: 96 documents with a vector on each side.

    False positives: a loss in directions that are not among the leading ones does not show.

    Akin: LT302
    """
    sides = [np.array([_rank(covariance) for covariance in side.covariances]) for side in (candidate, measured)]
    return _ratio("effective_rank_of_all", sides, int(candidate.rows[0]), name, view)


@RATIOS.add(unit="distance", worse="higher", source="Dowson & Landau 1982 on exact moments; test: numpy")
def frechet_of_all(candidate: Side, measured: Side, /, *, name: Baseline, view: str) -> Outcome:
    """Fréchet distance along the reference's leading directions; biased upwards by about 1/n, which is little here.

    How measured: over exact moments of the feature vectors of all documents, kept in the profile

    Formula: |a - b|^2 + trace(A + B - 2 (A B)^(1/2)), where a and b are the means and A and B the covariances of all documents along the
    reference's leading directions.

    Minimum: 96 documents with a vector on each side.

    False positives: a shift that is wanted; a difference in other directions does not show.

    Akin: LT307
    """
    ours, theirs = (list(zip(side.means, side.covariances, strict=True)) for side in (candidate, measured))
    root = root_of(candidate.covariances[0])
    value, *without = (frechet(*ours[0], *one, root) for one in theirs)
    spread = spread_of(np.array([frechet(*one, *theirs[0]) for one in ours[1:]]), np.array(without))
    low, high = interval(value, spread, 0.0)
    return Estimate(
        metric="frechet_of_all", view=view, value=value, low=low, high=high, n=int(candidate.rows[0]), unit="distance",
        resampling_unit="document", method=f"along the leading directions; {_JACKKNIFE}", baseline=name,
    )  # fmt: skip


def whole_ratios(candidate: Moments, measured: Moments, half: int | None, name: Baseline, view: str) -> tuple[Outcome, ...]:
    """Return all comparisons of exact moments; none of them decides.

    Args:
        candidate: Moments of the candidate, both halves taken together.
        measured: Moments of the baseline.
        half: The half of the baseline that measures; None for all of it.
        name: What the baseline is called in estimates.
        view: What the vectors are called in estimates.

    Raises:
        IncompatibleSummaries: The moments are of another column, standard or seed.
    """
    candidate.require_alike(measured)
    metrics = (total_variance_of_all, effective_rank_of_all, frechet_of_all)
    counts = [int(candidate.rows.sum()), int(measured.rows.sum() if half is None else measured.rows[half].sum())]
    if min(counts) < FEWEST_DOCUMENTS:
        reason = f"{min(counts)} documents of one side have a vector, fewer than the {FEWEST_DOCUMENTS} that an interval needs"
        return tuple(NotMeasured(reason=reason, enable=MORE, metric=metric.__name__, view=view) for metric in metrics)
    sides = side_of(candidate, None), side_of(measured, half)
    return tuple(metric(*sides, name=name, view=view) for metric in metrics)


def side_of(moments: Moments, half: int | None) -> Side:
    """Return the moments of one half of a data set, or of both, whole and without each group of documents."""
    rows, sums, squares, coordinates, products = (
        _and_without_each(part.sum(axis=0) if half is None else part[half])
        for part in (moments.rows, moments.sums, moments.squares, moments.coordinates, moments.products)
    )
    n = np.maximum(rows, 2)
    variances = (squares - sums**2 / n[:, None]) / (n[:, None] - 1) / float(1 << STEPS) ** 2
    means = coordinates / n[:, None]
    crossed = means[:, :, None] * means[:, None, :] * n[:, None, None]
    return Side(rows, variances, means * moments.unit, (products - crossed) / (n[:, None, None] - 1) * moments.unit**2)


def _and_without_each(by_group: npt.NDArray[np.int64]) -> Values:
    """Return the sum over groups, then without each of them, shape (1 + groups, …)."""
    total = by_group.sum(axis=0)
    return np.concatenate([total[None], total[None] - by_group]).astype(np.float64)


def _rank(covariance: Values) -> float:
    return effective_rank(np.maximum(np.linalg.eigvalsh(covariance), 0.0))


def _ratio(metric: str, sides: list[Values], n: int, name: Baseline, view: str) -> Outcome:
    if min(float(side.min()) for side in sides) <= 0:
        return NotMeasured(reason="the vectors do not vary on one side", enable="vectors that differ", metric=metric, view=view)
    log = float(np.log(sides[0][0] / sides[1][0]))
    spread = spread_of(*(np.log(side[1:]) for side in sides))
    half = quantile(0.975, spread.freedom) * spread.error
    return Estimate(
        metric=metric, view=view, value=math.exp(log), low=math.exp(log - half), high=math.exp(log + half), n=n, unit="ratio",
        resampling_unit="document", method=_JACKKNIFE, kind="ratio", baseline=name, baseline_value=float(sides[1][0]),
    )  # fmt: skip
