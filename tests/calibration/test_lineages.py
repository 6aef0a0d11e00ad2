"""Error rates of trend and onset on lineages of a known law: small versions by default, the real ones with `-m slow`.

Bands are wide where a test runs by default: a true rate leaves them less than once in 10,000 changes of the random numbers.
"""

from concurrent.futures import ProcessPoolExecutor
from functools import partial

import pytest

from bench import lineages
from bench.audits import Plan

SURE = 0.9999


def outside(rows):
    return [row for row in rows if row["holds"] is False]


def found(rows):
    return {row["what"]: row["found"] for row in rows}


def test_unchanged_lineages_have_small_and_large_p_values_about_as_often_as_they_say():
    assert outside(lineages.null(Plan(20, confidence=SURE), lengths=(3,), documents=200)) == []


def test_a_steady_loss_is_called_a_trend():
    assert outside(lineages.steady(Plan(3, confidence=SURE), kept=0.93, documents=110)) == []


def test_an_onset_is_seldom_stated_too_early():
    assert outside(lineages.onset(Plan(3, confidence=SURE), begins=(3,), generations=4, documents=200)) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("measurement", "repetitions"), [(lineages.null, 200), (lineages.onset, 60), (lineages.neutral, 20)], ids=["null", "onset", "neutral"]
)
def test_lineages_are_judged_as_they_should_be(measurement, repetitions):
    with ProcessPoolExecutor(2) as pool:
        assert outside(measurement(Plan(repetitions, partial(pool.map, chunksize=5), SURE))) == []


@pytest.mark.slow
def test_ranks_call_the_random_walk_of_copies_a_trend_more_often_than_their_level_says():
    with ProcessPoolExecutor(2) as pool:
        rates = found(lineages.walk(Plan(150, partial(pool.map, chunksize=5), SURE), lengths=(8,)))
    assert rates["tail_mass_retained: Mann-Kendall p ≤ 0.05"] > 0.1
    assert rates["tail_mass_retained: contrast p ≤ 0.05 and the last shrunk"] <= 0.05
