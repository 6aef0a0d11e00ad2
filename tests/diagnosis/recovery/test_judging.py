"""What a course is said to retain, with its interval and its odds."""

import numpy as np
import pytest

from longtail.diagnosis.recovery.course import Course, Source
from longtail.diagnosis.recovery.judging import Measure, best_of, with_share

HELD = np.array([0, 1, 2, 5, 9] * 40)


def measure(**given):
    return Measure(Source("b", 100, np.maximum(HELD, 1)), 100, **({"deff": 1.0, "generations": 3} | given))


def course(share=0.5, policy="drop", real=HELD, start=HELD):
    return Course(100, share, policy, Source("r", 100, real), Source("o", 100, start))


def test_the_interval_is_that_of_brute_force():
    rng = np.random.default_rng(4)
    found = measure(replicates=2000).ceilings(course(), 0.5)[-1].types
    real, totals = np.where(HELD, HELD, 0), []
    for _ in range(1500):
        pool, other = [], rng.hypergeometric(HELD, 100 - HELD, 50)
        for _ in range(3):
            pool.append(rng.hypergeometric(real, 100 - real, 50) + other)
            other = rng.poisson(0.5 * np.mean(pool, axis=0))
        totals.append((rng.poisson(np.mean(pool, axis=0)) > 0).sum() / 200)
    assert found.value == pytest.approx(np.mean(totals), abs=0.01)
    assert found.high - found.low == pytest.approx(3.92 * np.std(totals), rel=0.15)


def test_documents_that_hold_several_types_widen_it():
    one, four = (measure(deff=deff).ceilings(course(), 0.5)[-1].types for deff in (1.0, 4.0))
    assert four.high - four.low == pytest.approx(2 * (one.high - one.low), rel=0.02)
    assert four.value == pytest.approx(one.value, abs=0.01)


def test_an_unsure_gap_widens_it():
    sure, unsure = (measure(gap_error=error).ceilings(course(), 0.5)[-1] for error in (0.0, 0.2))
    assert unsure.types.high - unsure.types.low > sure.types.high - sure.types.low
    assert unsure.mass.high - unsure.mass.low > 1.5 * (sure.mass.high - sure.mass.low)


def test_odds_fall_as_the_target_rises():
    odds = [measure().ceilings(course(), target)[-1].odds for target in (0.1, 0.7, 1.5)]
    assert odds[0] == 1.0 and odds[0] >= odds[1] >= odds[2] == 0.0


def test_types_that_no_source_holds_never_come_back():
    lost = np.where(HELD > 1, HELD, 0)
    found = measure()
    assert found.at_best((course(real=lost).reservoir, course(start=lost).start)).value == pytest.approx(0.6)
    long_run = found.long_run(course(real=lost, start=lost)).types.value
    assert long_run <= 0.6
    assert long_run == pytest.approx(0.6, abs=0.05)  # what the reservoir holds comes back


def test_generations_until_a_target_are_counted():
    found = measure()
    runs = found.until(course(share=0.1, start=np.zeros_like(HELD)), 0.5)
    values = [found.ceilings(course(share=0.1, start=np.zeros_like(HELD)), 0.5)[at].types.value for at in range(3)]
    assert (runs is None or runs > 3) == (max(values) < 0.5)
    assert found.until(course(real=np.zeros_like(HELD), start=np.zeros_like(HELD)), 0.5) is None


def test_the_best_course_has_most_types():
    ceilings = [measure().ceilings(with_share(course(), share, "drop"), 0.5)[-1] for share in (0.1, 0.9)]
    assert best_of(ceilings) is max(ceilings, key=lambda each: each.types.value)


def test_as_many_documents_of_the_baseline_retain_it_whole():
    found = measure()
    assert found.now(found.baseline).value == 1.0
    assert found.now(found.baseline).low < 1.0
