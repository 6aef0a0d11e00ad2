"""Ratios of exact moments against numpy over all documents."""

import numpy as np
import pytest

from longtail.errors import IncompatibleSummaries
from longtail.metrics.catalogue import RATIOS
from longtail.metrics.features import whole_ratios
from longtail.metrics.features.whole import side_of
from longtail.records import NotMeasured
from longtail.stats.features.frechet import frechet, moments
from longtail.stats.features.spectra import effective_rank
from longtail.summaries.moments import Moments, fit_standard
from longtail.views.keys import half_of

from .featured import mixture, texts

STANDARD = fit_standard(mixture(2000, 9), 8)
METRICS = ("total_variance_of_all", "effective_rank_of_all", "frechet_of_all")


def summed(values, prefix, standard=STANDARD):
    made = Moments("emb", standard, 0)
    made.add(values, texts(len(values), prefix))
    return made


def ratios(candidate, measured, half=None):
    return dict(zip(METRICS, whole_ratios(candidate, measured, half, "reference", "vector:emb"), strict=True))


def test_ratios_are_numpy_s_over_all_documents_of_the_half_that_measures():
    here, there = mixture(3000, 1, spread=0.8), mixture(4000, 2)
    there_b = there[half_of(texts(4000, "b").cells.astype(np.uint16)) == 1]
    found = ratios(summed(here, "a"), summed(there, "b"), 1)
    scaled = [STANDARD.scaled(rows) for rows in (here, there_b)]
    along = [rows @ STANDARD.directions.T.astype(float) for rows in scaled]
    variances = [rows.var(axis=0, ddof=1).sum() for rows in scaled]
    assert found["total_variance_of_all"].value == pytest.approx(variances[0] / variances[1], rel=1e-4)
    assert found["total_variance_of_all"].baseline_value == pytest.approx(variances[1], rel=1e-4)
    ranks = [effective_rank(np.linalg.eigvalsh(np.cov(rows.T))) for rows in along]
    assert found["effective_rank_of_all"].value == pytest.approx(ranks[0] / ranks[1], rel=1e-3)
    assert found["frechet_of_all"].value == pytest.approx(frechet(*moments(along[0]), *moments(along[1])), rel=1e-2)
    assert all(each.low < each.value < each.high and each.n == 3000 for each in found.values())
    assert found["total_variance_of_all"].high < 0.70  # the truth is .64


def test_leaving_a_group_out_is_leaving_its_documents_out():
    values = mixture(500, 3)
    group = (texts(500, "a").cells.astype(int) % 2048) // 64
    side = side_of(summed(values, "a"), None)
    kept = STANDARD.scaled(values[group != 5])
    assert side.rows[0] == 500 and side.rows[6] == (group != 5).sum()
    assert side.variances[6] == pytest.approx(kept.var(axis=0, ddof=1), rel=1e-3)


def test_the_interval_of_no_change_covers_1():
    held = []
    for run in range(40):
        found = ratios(summed(mixture(600, 50 + run), f"a{run} "), summed(mixture(900, 150 + run), f"b{run} "))
        held.append(found["total_variance_of_all"].low <= 1 <= found["total_variance_of_all"].high)
    assert sum(held) >= 34


def test_what_has_no_ratio_says_why():
    few = ratios(summed(mixture(95, 1), "a"), summed(mixture(400, 2), "b"))
    assert all("95 documents of one side" in each.reason for each in few.values()) and [each.metric for each in few.values()] == list(
        METRICS
    )
    constant = ratios(summed(np.ones((300, 16), np.float32), "a"), summed(mixture(400, 2), "b"))
    assert isinstance(constant["total_variance_of_all"], NotMeasured) and isinstance(constant["effective_rank_of_all"], NotMeasured)
    assert constant["frechet_of_all"].value > 0
    with pytest.raises(IncompatibleSummaries, match="standard"):
        ratios(summed(mixture(400, 1), "a"), summed(mixture(400, 1), "b", fit_standard(mixture(50, 1), 8)))


def test_every_ratio_is_in_the_catalogue():
    assert set(METRICS) <= {entry.name for entry in RATIOS}
