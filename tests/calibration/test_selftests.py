"""The statistical self-tests on synthetic data of a known law: small versions by default, larger ones with `-m slow`.

Bands are wide: a true rate leaves them less than once in 10,000 changes of the random numbers, or 1,000 for powers.
"""

from concurrent.futures import ProcessPoolExecutor
from functools import partial

import pytest

from bench import selftests
from bench.audits import USUAL, Case, Plan

SURE = 0.9999
LABELLED = Case(1500, 3000, classes=5)
SMALL = Case(1200, 2400)


def outside(rows):
    return [row for row in rows if row["holds"] is False]


def test_nothing_lost_is_found_about_as_often_as_the_level_says():
    assert outside(selftests.null(Plan(20, confidence=SURE), (LABELLED,), (0.05,))) == []


def test_a_loss_of_exactly_the_margin_is_seldom_called_shrunk_and_seldom_kept():
    assert outside(selftests.margin(Plan(8, confidence=SURE), (USUAL,), (500,))) == []


def test_a_loss_of_three_tenths_is_found_at_the_documents_asked_for():
    assert outside(selftests.power(Plan(8, confidence=0.999), (USUAL,), (2000,))) == []


def test_losses_are_found_at_the_documents_printed():
    assert outside(selftests.printed(Plan(3, confidence=0.999), ((1200, 0, 1),), (0.3, 0.5))) == []


def test_a_swap_of_half_of_the_types_is_found():
    assert outside(selftests.shift(Plan(1), (USUAL,))) == []


def test_audits_of_one_reference_raise_few_false_alarms_and_find_a_late_loss():
    assert outside(selftests.series(Plan(2, confidence=SURE), SMALL, audits=3)) == []


def test_half_of_the_candidate_moves_no_estimate_by_its_error_on_average():
    rows = list(selftests.sizes(Plan(12), ratios=(1.0,)))
    assert [row for row in rows if abs(row["mean move, signed"]) >= 1] == []


def test_the_tail_first_contrast_has_the_right_sign_in_every_scenario():
    assert outside(selftests.contrast(Plan(2, confidence=SURE))) == []


def test_order_sharding_seeds_and_names_change_no_decision():
    assert outside(selftests.invariance(Plan(2, confidence=SURE))) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("selftest", "repetitions"),
    [
        (selftests.null, 60),
        (selftests.margin, 50),
        (selftests.power, 50),
        (selftests.printed, 10),
        (selftests.shift, 20),
        (selftests.sizes, 60),
        (selftests.contrast, 50),
        (selftests.invariance, 20),
    ],
    ids=lambda given: getattr(given, "__name__", str(given)),
)
def test_self_tests_hold(selftest, repetitions):
    with ProcessPoolExecutor(2) as pool:
        assert outside(selftest(Plan(repetitions, partial(pool.map, chunksize=2), SURE))) == []


@pytest.mark.slow
def test_twelve_audits_of_one_reference_raise_few_false_alarms_and_find_a_late_loss():
    with ProcessPoolExecutor(2) as pool:
        assert outside(selftests.series(Plan(16, pool.map, SURE), audits=12)) == []
