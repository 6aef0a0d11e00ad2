"""The cost of filtering, as records."""

from types import SimpleNamespace

import numpy as np
import pytest

from longtail.origin.estimating.costs import SHOWN, Removal, Rows, cost, machine_against_human, shown

NONE = Rows(value=0.0, low=0.0, high=0.0)


def removal(threshold, fpr):
    return Removal(threshold=threshold, tpr=1.0, fpr=fpr, fpr_high=fpr, human_lost=NONE, machine_removed=NONE)


def estimated(share, low, high):
    """400 human texts of log ratio -2 of which 4 are at 3, and 100 machine texts at 3 of which 10 are at -2."""
    ratios = np.array([-2.0] * 396 + [3.0] * 94 + [-2.0] * 10)
    labels = np.array([0] * 400 + [1] * 100)
    ratios = np.concatenate([ratios[:396], [3.0] * 4, ratios[400:490], ratios[490:]])
    whole = SimpleNamespace(machine=SimpleNamespace(share=share, low=low, high=high))
    told = SimpleNamespace(whole=whole, settings=SimpleNamespace(level=0.95))
    instrument = SimpleNamespace(log_ratios=ratios[:, None], reference=SimpleNamespace(labels=labels))
    return SimpleNamespace(told=told, instrument=instrument)


def test_the_rows_lost_and_removed_are_the_rates_times_the_rows_there_are():
    found = cost(estimated(0.25, 0.2, 0.3), 1000, whole_curve=True)
    assert [found.human.value, found.human.low, found.human.high] == pytest.approx([750, 700, 800])
    at = next(each for each in found.curve if each.threshold == 3)
    assert (at.fpr, at.tpr) == (0.01, 0.9)
    assert at.human_lost.value == pytest.approx(7.5) and at.machine_removed.value == pytest.approx(225)
    assert at.human_lost.high == pytest.approx(800 * at.fpr_high)
    assert all(each.low <= each.value <= each.high for row in found.curve for each in (row.human_lost, row.machine_removed))


def test_what_is_shown_is_some_of_the_whole_curve():
    whole, some = (cost(estimated(0.25, 0.2, 0.3), 1000, whole_curve=each) for each in (True, False))
    assert some.curve == shown(whole.curve) and some.chosen == whole.chosen and some.human == whole.human
    assert {each.threshold for each in whole.curve} >= {-2.0, 3.0} and [each.threshold for each in some.curve] == [3.0]


@pytest.mark.parametrize("share", [(None, None, None), (0.2, None, 0.3), (0.2, 0.1, None)])
def test_a_refused_share_has_no_cost(share):
    assert cost(estimated(*share), 1000) is None


def test_of_one_machine_origin_the_ratio_is_its_own_and_of_several_that_of_their_even_mixture():
    one = np.array([[-1.5], [0.0], [800.0]])
    assert machine_against_human(one).tolist() == one[:, 0].tolist()
    ratios = np.log([[2.0, 6.0], [1.0, 1.0]])
    np.testing.assert_allclose(np.exp(machine_against_human(ratios)), [4.0, 1.0])


def test_the_lowest_threshold_within_each_loss_is_shown_once_and_again_of_what_was_shown():
    curve = [removal(float(at), fpr) for at, fpr in enumerate([1.0, 0.2, 0.1, 0.04, 0.03, 0.0])]
    assert SHOWN == (0.10, 0.05, 0.01)
    assert [each.threshold for each in shown(curve)] == [2, 3, 5]
    assert shown(shown(curve)) == shown(curve)
    assert [each.threshold for each in shown([removal(0.0, 1.0), removal(1.0, 0.0)])] == [1]
    assert shown([removal(0.0, 0.5)]) == () == shown([])
