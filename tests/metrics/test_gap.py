"""The gap between tail and average: by hand, by marks and by choice, and where both move alike."""

import numpy as np
import pytest

from longtail.errors import IncompatibleSummaries
from longtail.metrics.gap import marked, tail_gap
from longtail.metrics.likelihood import GROUPS
from longtail.records import NotMeasured

from .test_losses import scored

B = 199


def answered(shares, documents=2000, tail=100, seed=0):
    """Two models' answers: (average, tail) shares of right answers of candidate and baseline; the first documents are the tail."""
    rng = np.random.default_rng(seed)
    is_tail = (np.arange(documents) < tail).astype(int)
    losses, luck = rng.gamma(4, 0.5, documents), rng.random(documents)
    made = []
    for average, rare in shares:
        common = (average * documents - rare * tail) / (documents - tail)
        made.append(scored(losses, correct=(luck < np.where(is_tail, rare, common)).astype(int), tail=is_tail))
    return made


def test_an_average_that_holds_over_a_tail_that_falls_is_a_gap():
    """The plan's case: average .91 to .90, tail .60 to .35."""
    candidate, baseline = answered([(0.90, 0.35), (0.91, 0.60)], documents=4000, tail=400)
    moved, gap = tail_gap(candidate, baseline, B, 0)
    assert (moved.metric, gap.metric) == ("tail_accuracy", "tail_gap")
    assert moved.baseline_value == pytest.approx(0.60, abs=0.06)
    assert moved.value == pytest.approx(-0.25, abs=0.06)
    assert gap.value == pytest.approx(-0.24, abs=0.06)
    assert gap.high < -0.15
    assert gap.p <= 0.01
    assert "400 documents marked in the column tail" in moved.method


def test_values_are_those_worked_out_by_hand():
    candidate, baseline = answered([(0.8, 0.5), (0.85, 0.6)], documents=320, tail=64, seed=2)
    moved, gap = tail_gap(candidate, baseline, B, 0)
    marks = candidate.tail == 1
    change = candidate.correct - baseline.correct
    assert moved.value == pytest.approx(change[marks].mean())
    assert gap.value == pytest.approx(change[marks].mean() - change.mean())
    group = np.arange(320) * GROUPS // 320
    without = np.array([change[marks & (group != g)].mean() - change[group != g].mean() for g in range(GROUPS)])
    error = np.sqrt((GROUPS - 1) / GROUPS * ((without - without.mean()) ** 2).sum())
    assert gap.high - gap.value == pytest.approx(1.959963984540054 * error)


def test_where_both_move_alike_there_is_no_gap():
    held = 0
    for seed in range(60):
        _, gap = tail_gap(*answered([(0.7, 0.7), (0.85, 0.85)], documents=800, tail=200, seed=seed), 19, 0)
        held += gap.low <= 0 <= gap.high
    assert held >= 52


def test_without_answers_the_gap_is_one_of_losses_on_the_worst_predicted():
    rng = np.random.default_rng(5)
    losses = rng.gamma(4, 0.5, 1000)
    hardest = losses >= np.quantile(losses, 0.95)
    (gap,) = tail_gap(scored(losses + 0.01 + np.where(hardest, 0.5, 0) + rng.normal(0, 0.001, 1000)), scored(losses), B, 0)
    assert gap.value == pytest.approx(0.5 - 0.5 * hardest.mean(), abs=0.01)
    assert gap.unit == "nats/token"
    assert "greatest mean loss" in gap.method
    (alike,) = tail_gap(scored(losses + 0.3 + rng.normal(0, 0.01, 1000)), scored(losses), B, 0)
    assert alike.low <= 0 <= alike.high
    assert abs(alike.value) < 0.01


def test_models_that_are_one_have_no_variation_to_judge_by():
    same, _ = answered([(0.8, 0.5), (0.8, 0.5)])
    assert [type(each) for each in tail_gap(same, same, B, 0)] == [NotMeasured, NotMeasured]


def test_a_tail_of_few_documents_is_not_measured():
    moved, gap = tail_gap(*answered([(0.9, 0.4), (0.9, 0.6)], tail=10), B, 0)
    assert isinstance(moved, NotMeasured)
    assert isinstance(gap, NotMeasured)
    assert (moved.metric, gap.metric) == ("tail_accuracy", "tail_gap")
    assert tail_gap(scored(np.ones(20)), scored(np.ones(20)), B, 0)[0].metric == "tail_gap"


def test_marks_of_one_file_stand_for_both_and_contradictions_are_refused():
    candidate, baseline = answered([(0.9, 0.4), (0.9, 0.6)])
    bare = scored(baseline.nll, correct=baseline.correct.astype(int))
    assert np.array_equal(marked(candidate, baseline), candidate.tail)
    assert marked(bare, bare) is None
    assert marked(bare, candidate).sum() == 100
    with pytest.raises(IncompatibleSummaries, match="mark 2000 of 2000 documents unlike"):
        marked(candidate, baseline.__class__(**{**vars(baseline), "tail": 1 - baseline.tail}))
