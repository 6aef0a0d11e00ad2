"""A candidate's features beside a baseline's: who covers whom, and how far apart the two lie."""

from collections.abc import Callable

import msgspec
import numpy as np
import numpy.typing as npt

from longtail.metrics.catalogue import RATIOS
from longtail.metrics.features.neighbouring import Surroundings, neighbour_ratios
from longtail.metrics.features.units import MORE, Placed, Values, interval, placed_pair, spread_of, without_each
from longtail.records import Baseline, Estimate, NotMeasured, Outcome
from longtail.stats.features.distances import Sides, energy_of, mmd2_of
from longtail.stats.features.frechet import frechet as frechet_of
from longtail.stats.features.frechet import frechet_distance, moments, root_of
from longtail.stats.features.kernels import Sums, distance, gaussian, median_distance, unit_sums
from longtail.stats.jackknife import Spread
from longtail.stats.permutation import labels, p_upper
from longtail.summaries.units import FEWEST_DOCUMENTS
from longtail.summaries.vectors import Vectors

Number = Callable[[Sums, Sides], Values]
"""A distance of two sides of units, by column."""

METRICS = ("coverage_corrected", "tail_coverage", "precision", "recall", "density", "mmd2", "energy_distance", "frechet")

_WIDEST = 512
_FRECHET_GROUPS = 8
_FRECHET_RELABELLINGS = 10


class Apart:
    """Candidate and baseline in units, with kernels summed over pairs of units.

    Args:
        candidate: The sample judged.
        measured: The half that measures.
        chooser: Rows of the half that chooses, which give centre and bandwidth, shape (n, d).
        name: What the baseline is called in estimates.
        view: What the vectors are called in estimates.
        permutations: Random relabellings of the units.
        seed: Seed of the relabellings.
    """

    def __init__(
        self, candidate: Placed, measured: Placed, chooser: npt.NDArray[np.float32], name: Baseline, view: str, permutations: int, seed: int
    ) -> None:
        self.candidate, self.measured, self.name, self.view = candidate, measured, name, view
        centre = chooser.mean(axis=0, dtype=np.float64)
        self.rows: Values = np.concatenate([candidate.rows - centre, measured.rows - centre])
        self.unit = np.concatenate([candidate.unit, measured.unit + candidate.count])
        self.bandwidth = median_distance(chooser)
        self.table = labels((candidate.count, measured.count), permutations, seed)
        count = candidate.count + measured.count
        self.kernel, self.distances = unit_sums(self.rows, self.unit, count, [gaussian(self.bandwidth), distance])

    def sides(self, table: npt.NDArray[np.uint8]) -> Sides:
        """Return which units are on either side, each of shape (units, B + 1)."""
        return (table == 0).astype(float), (table == 1).astype(float)

    def estimate(self, metric: str, statistics: Values, spread: Spread, method: str, floor: float = -np.inf) -> Estimate:
        """Return a distance with its permutation p-value, and its mean over the relabellings as what it comes to under no change."""
        value = float(statistics[0])
        low, high = interval(value, spread, floor)
        return Estimate(
            metric=metric, view=self.view, value=value, low=low, high=high, n=len(self.candidate.rows), unit="distance",
            resampling_unit="document", method=method, baseline=self.name,
            p=p_upper(statistics) if len(statistics) > 1 else None,
            expected=float(statistics[1:].mean()) if len(statistics) > 1 else None,
        )  # fmt: skip

    def of_sums(self, sums: Sums, number: Number) -> tuple[Values, Spread]:
        """Return a distance by relabelling, and its jackknife error over the units of both sides."""
        here, there = self.sides(self.table[:, :1])
        spread = spread_of(
            without_each(lambda side: number(sums, (side, np.repeat(there, side.shape[1], axis=1))), here[:, 0]),
            without_each(lambda side: number(sums, (np.repeat(here, side.shape[1], axis=1), side)), there[:, 0]),
        )
        return number(sums, self.sides(self.table)), spread


@RATIOS.add(unit="distance", worse="higher", source="Gretton et al. 2012, unbiased; test: brute force, torch-fidelity 0.4.0")
def mmd2(apart: Apart, /) -> Outcome:
    """Squared maximum mean discrepancy with a Gaussian kernel: a shift, which need not be a loss.

    Formula: E k(X, X') + E k(Y, Y') - 2 E k(X, Y), where E is the mean over pairs, X and X' are different rows of the candidate, Y and Y'
    of the baseline, and k(x, y) = exp(-|x - y|^2 / (2 h^2)) of rows x and y with the bandwidth h.

    Minimum: 96 documents with a vector on each side.

    False positives: a shift that is wanted; another bandwidth, whose numbers do not compare.
    """
    statistics, spread = apart.of_sums(apart.kernel, mmd2_of)
    method = f"unbiased, Gaussian kernel, bandwidth {apart.bandwidth:.4g} from the half that chooses; group permutation, unit jackknife"
    return apart.estimate("mmd2", statistics, spread, method)


@RATIOS.add(unit="distance", worse="higher", source="Székely & Rizzo 2013, V-statistic without root; test: dcor 0.7")
def energy_distance(apart: Apart, /) -> Outcome:
    """Energy distance, no root taken: a shift, which need not be a loss.

    Formula: 2 E|X - Y| - E|X - X'| - E|Y - Y'|, where E is the mean over pairs, X and X' are rows of the candidate and Y and Y' of the
    baseline.

    Minimum: 96 documents with a vector on each side.

    False positives: a shift that is wanted; packages that take the root give other numbers.
    """
    statistics, spread = apart.of_sums(apart.distances, energy_of)
    return apart.estimate("energy_distance", statistics, spread, "V-statistic, no root; group permutation, unit jackknife", 0.0)


@RATIOS.add(unit="distance", worse="higher", source="Heusel et al. 2017; test: scipy sqrtm, closed form")
def frechet(apart: Apart, /) -> Outcome:
    """Fréchet distance of Gaussians with both samples' moments; it moves with n, so see what it comes to where nothing changed.

    Formula: |a - b|^2 + trace(A + B - 2 (A B)^(1/2)), where a and b are the means and A and B the covariances of both samples.

    Minimum: 96 documents with a vector on each side. Vectors of at most 512 numbers.

    False positives: small samples, which raise it where nothing changed: read it beside `expected`.

    Akin: LT307
    """
    width = apart.rows.shape[1]
    if width > _WIDEST:
        reason = f"vectors of {width:,} numbers; relabellings are made up to {_WIDEST}"
        return NotMeasured(reason=reason, enable="longtail.stats.features.frechet", metric="frechet", view=apart.view)
    columns = apart.table[:, : _FRECHET_RELABELLINGS + 1].T[:, apart.unit]
    statistics = np.array([frechet_distance(apart.rows[column == 0], apart.rows[column == 1]) for column in columns])
    replicates = _frechet_without(apart, columns[0])
    found = apart.estimate("frechet", statistics, spread_of(*replicates), "moments with n - 1, no root; delete-a-group jackknife", 0.0)
    return msgspec.structs.replace(found, p=None)


def feature_ratios(
    candidate: Vectors, measured: Vectors, chooser: Vectors, name: Baseline, view: str, permutations: int, seed: int
) -> tuple[Outcome, ...]:
    """Return all comparisons of a candidate's vectors with a baseline's; none of them decides.

    Args:
        candidate: The sample judged.
        measured: The half that measures, or another data set.
        chooser: The half that chooses: rows far out, centre and bandwidth.
        name: What the baseline is called in estimates.
        view: What the vectors are called in estimates.
        permutations: Random relabellings of the units.
        seed: Seed of the relabellings.
    """
    placed = placed_pair(candidate, measured)
    if not isinstance(placed, NotMeasured) and len(chooser) < FEWEST_DOCUMENTS:
        placed = NotMeasured(reason=f"{len(chooser)} documents of the half that chooses have a vector", enable=MORE)
    if isinstance(placed, NotMeasured):
        return tuple(msgspec.structs.replace(placed, metric=metric, view=view) for metric in METRICS)
    around = Surroundings(*placed, chooser.values, name, view)
    apart = Apart(*placed, chooser.values, name, view, permutations, seed)
    return (*neighbour_ratios(around), mmd2(apart), energy_distance(apart), frechet(apart))


def _frechet_without(apart: Apart, side: npt.NDArray[np.uint8]) -> list[Values]:
    """Return the Fréchet distance with each of some groups of units of one side left out, for both sides."""
    whole = [moments(apart.rows[side == label]) for label in (0, 1)]
    root, found = root_of(whole[0][1]), []
    for label in (0, 1):
        count = (apart.candidate, apart.measured)[label].count
        group = (apart.unit - label * apart.candidate.count) * _FRECHET_GROUPS // count
        left = [moments(apart.rows[(side == label) & (group != one)]) for one in np.unique(group[side == label])]
        found.append(np.array([frechet_of(*whole[0], *one, root) if label else frechet_of(*one, *whole[1]) for one in left]))
    return found
