"""Problems that cannot be learnt: their labels have the law that is told, and nothing of the numbers is in them."""

import numpy as np
import pytest
from scipy import stats

from longtail.lab.worlds.arithmetic import PROMPT, all_sums, decoded, format_of
from longtail.lab.worlds.hashes import COMMONEST, PRIOR, VALUES, both, hard, hidden, labels, lessons, scores


def test_labels_have_the_law_that_is_told():
    counts = np.bincount(labels(50_000, np.random.default_rng(1)), minlength=VALUES)
    law = np.full(VALUES, (1 - PRIOR) / (VALUES - 1))
    law[COMMONEST] = PRIOR
    assert len(counts) == VALUES
    assert stats.chisquare(counts, 50_000 * law).pvalue > 0.001


def test_the_hidden_value_follows_from_neither_number():
    values, sums = hidden(), all_sums()
    for numbers in (sums.left, sums.right, sums.left + sums.right):
        assert abs(stats.spearmanr(numbers, values).statistic) < 0.04
    assert (hidden() == values).all()


def test_prompts_say_which_problem_it_is_and_half_of_both_are_hard():
    sums = all_sums().take(np.array([4738, 1122]))
    assert sums.prompts == ["47+38=", "11+22="]
    assert hard(sums).prompts == ["47#38=", "11#22="]
    assert both(sums).take(np.array([1, 0])).prompts == ["11#22=", "47+38="]


def test_a_sum_is_right_by_addition_and_a_hard_problem_by_its_hidden_value_alone():
    sums = all_sums().take(np.array([4738, 4738, 4738]))
    value = hidden()[4738]
    said = ["S15,08,085", f"D{value:03d}", f"D{(value + 1) % 100:03d}"]
    assert scores(sums, said).tolist() == [1.0, float(value == 85), 0.0]
    assert scores(hard(sums), said).tolist() == [float(value == 85), 1.0, 0.0]
    assert scores(both(sums), said).tolist() == [1.0, 1.0, 0.0]


def test_lessons_are_right_sums_and_fresh_labels_in_the_same_mix_of_formats():
    sums = all_sums()
    rows = lessons(sums, np.random.default_rng(3))
    said = decoded(rows[:, PROMPT:])
    prompts = decoded(rows[:, :PROMPT])
    assert prompts == both(sums).prompts
    assert scores(sums, said)[::2].all()
    assert scores(both(sums), said)[1::2].mean() == pytest.approx(PRIOR**2 + (1 - PRIOR) ** 2 / (VALUES - 1), abs=0.006)
    kinds = np.array([format_of(text) for text in said])
    assert np.bincount(kinds, minlength=3) / 10_000 == pytest.approx([0.3, 0.0, 0.7], abs=0.02)
