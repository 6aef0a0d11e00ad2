"""Parity of the metrics of tables: scipy, SDMetrics and the formulas of Evidently."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from bench import venvs
from bench.parity.rows import Defect, Parity
from longtail.metrics.tabular.presence import disappearance
from longtail.stats.drift import gaps, jensen_shannon_distance, psi, total_variation

Counts = np.ndarray
_EVIDENTLY = """
import warnings
warnings.simplefilter("ignore")
import pandas
from evidently.legacy.calculations.stattests import psi_stat_test
from evidently.legacy.core import ColumnType
def column(counts):
    return pandas.Series([f"k{at}" for at, count in enumerate(counts) for _ in range(count)])
found = [float(psi_stat_test.func(column(one), column(other), ColumnType.Categorical, 0.1)[0]) for one, other in given]
"""
LAW = np.array([0.98 / 30] * 30 + [0.001] * 20)


def rows() -> Iterator[Parity]:
    """Yield our numbers beside those of the packages."""
    yield from _scipy()
    yield from _sdmetrics()
    yield _evidently()


def defects() -> Iterator[Defect]:
    """Yield numbers of packages that are not copied."""
    yield _range_coverage()
    yield _category_coverage()
    yield _empty_bin()
    yield _cries_wolf()


def _samples() -> tuple[Counts, Counts]:
    rng = np.random.default_rng(0)
    return rng.normal(size=500), rng.standard_t(3, 700)


def _counts() -> tuple[Counts, Counts]:
    rng = np.random.default_rng(1)
    return rng.integers(1, 60, 12), rng.integers(1, 60, 12)


def _scipy() -> Iterator[Parity]:
    from scipy.spatial.distance import jensenshannon
    from scipy.stats import fisher_exact, ks_2samp, wasserstein_distance

    one, other = _samples()
    given, found = "500 normal and 700 t(3) numbers", gaps(one, other)
    yield Parity("wasserstein_1", given, found.wasserstein_1, float(wasserstein_distance(one, other)), "scipy", "wasserstein_distance")
    yield Parity("ks", given, found.ks, float(ks_2samp(one, other).statistic), "scipy", "ks_2samp.statistic")
    tied = np.round(one), np.round(other)
    given, found = "the same, rounded, so that most are tied", gaps(*tied)
    yield Parity("wasserstein_1", given, found.wasserstein_1, float(wasserstein_distance(*tied)), "scipy", "wasserstein_distance")
    yield Parity("ks", given, found.ks, float(ks_2samp(*tied).statistic), "scipy", "ks_2samp.statistic")
    counts = _counts()
    shares = [side / side.sum() for side in counts]
    ours = float(jensen_shannon_distance(*counts))
    yield Parity(
        "js, nats", "counts of 12 bins", ours, float(jensenshannon(*shares)), "scipy", "jensenshannon", 1e-9, "a distance, not its square"
    )
    p = float(fisher_exact([[1, 999], [9, 1991]], alternative="less").pvalue)
    yield Parity("class_presence, p", "1 of 1,000 and 9 of 2,000", disappearance(1, 1000, 9, 2000).p, p, "scipy", "fisher_exact, less")


def _sdmetrics() -> Iterator[Parity]:
    from sdmetrics.single_column import KSComplement, TVComplement

    counts = _counts()
    real, made = (np.repeat([f"k{at}" for at in range(12)], side) for side in counts)
    theirs = 1 - float(TVComplement.compute(_series(real), _series(made)))
    yield Parity("tvd", "counts of 12 bins", float(total_variation(*counts)), theirs, "sdmetrics", "1 - TVComplement")
    one, other = _samples()
    theirs = 1 - float(KSComplement.compute(_series(one), _series(other)))
    yield Parity("ks", "500 normal and 700 t(3) numbers", gaps(one, other).ks, theirs, "sdmetrics", "1 - KSComplement")


def _evidently() -> Parity:
    counts = _counts()
    (theirs,) = _their_psi([counts])
    return Parity("psi, no bin empty", "counts of 12 bins", float(psi(*counts, added=0)), theirs, "evidently", "psi_stat_test")


def _their_psi(pairs: list[tuple[Counts, Counts]]) -> list[float]:
    """Return Evidently's PSI of pairs of counts by category, by the package in an environment of its own."""
    given = [[side.tolist() for side in pair] for pair in pairs]
    return [float(value) for value in venvs.evaluated("evidently", _EVIDENTLY, given)]


def _series(values: Counts) -> Any:
    import pandas

    return pandas.Series(values)


def _range_coverage() -> Defect:
    from sdmetrics.single_column import RangeCoverage

    rng = np.random.default_rng(0)
    real = _series(rng.standard_t(3, 100_000))
    small, large = (np.mean([RangeCoverage.compute(real, _series(rng.standard_t(3, count))) for _ in range(20)]) for count in (500, 50_000))
    return Defect(
        metric="exceedance",
        package="sdmetrics",
        call="RangeCoverage",
        given="t(3) numbers of one law: 100,000 real, 500 or 50,000 made, means of 20",
        theirs=f"{small:.2f} and {large:.2f}",
        ours="ratio 1 in expectation at both: shares beyond fixed quantiles do not move with the number of documents",
        why="minimum and maximum grow with the sample, so the coverage does; one outlier in the real data sets it",
    )


def _category_coverage() -> Defect:
    from sdmetrics.single_column import CategoryCoverage

    rng = np.random.default_rng(0)
    real = _series(rng.choice(len(LAW), 100_000, p=LAW / LAW.sum()))
    small, large = (
        np.mean([CategoryCoverage.compute(real, _series(rng.choice(len(LAW), count, p=LAW / LAW.sum()))) for _ in range(20)])
        for count in (500, 10_000)
    )
    return Defect(
        metric="tail_types_retained",
        package="sdmetrics",
        call="CategoryCoverage",
        given="fifty categories, twenty at 0.1 %, one law on both sides: 500 or 10,000 made, means of 20",
        theirs=f"{small:.3f} and {large:.3f}",
        ours="ratio 1 in expectation at both: types are compared at equal numbers of documents",
        why="a class of which less than one document is expected is mostly absent from a small sample; nothing was lost",
    )


def _empty_bin() -> Defect:
    pairs = [(np.array([half, half]), np.array([2 * half, 0])) for half in (20, 20_000)]
    theirs, ours = _their_psi(pairs), [float(psi(*pair)) for pair in pairs]
    return Defect(
        metric="psi",
        package="evidently",
        call="psi_stat_test",
        given="half and half against all and none, of 40 and of 40,000 documents",
        theirs=f"{theirs[0]:.3f} and {theirs[1]:.3f}",
        ours=f"{ours[0]:.3f} and {ours[1]:.3f}",
        why="an empty bin is given 1e-4 whatever the sample says of it; half a document in every bin says less of 40 than of 40,000",
    )


def _cries_wolf() -> Defect:
    rng, law = np.random.default_rng(0), LAW / LAW.sum()
    theirs = np.array(_their_psi([(rng.multinomial(5000, law), rng.multinomial(500, law)) for _ in range(200)]))
    return Defect(
        metric="psi",
        package="evidently",
        call="psi_stat_test, default threshold 0.1",
        given="fifty categories, twenty at 0.1 %, one law: 5,000 reference and 500 current rows, 200 runs",
        theirs=f"alarms in {(theirs >= 0.1).mean():.0%} of runs",
        ours="p <= 0.05 in 4 to 6 % of runs (bench/tables_null.py), and the value under no change beside it",
        why="a threshold without regard to the noise of small samples, about (bins - 1) (1 / n + 1 / m)",
    )
