import math
from itertools import product

import numpy
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from longtail.errors import ConfigError
from longtail.lab.theory import choice, selection

CHOICE = {"law": (0.4, 0.3, 0.1, 0.2), "rewards": (0, 1, 2, 0.5)}


def test_a_verifier_breaks_where_printed():
    for right, wrong, point in ((1, 1, 0.5), (0.9, 0.3, 0.75), (0.7, 0.05, 0.9333)):
        assert selection.verifier_break_point(keep_right=right, keep_wrong=wrong) == pytest.approx(point, abs=5e-5)
        at = selection.verifier_break_point(keep_right=right, keep_wrong=wrong)
        assert selection.verifier_wrong_share(p=at, keep_right=right, keep_wrong=wrong) == pytest.approx(0.5)
    assert selection.verifier_wrong_share(p=0.6, keep_right=0.9, keep_wrong=0.3) == pytest.approx(0.18 / 0.54)


def test_a_verifier_pulls_to_its_own_centre_as_printed():
    for radius, first in ((0.5, 0.4599), (1, 0.3563), (2, 0.1208)):
        assert selection.truncated_mean_step(mean=0, centre=0.5, radius=radius) == pytest.approx(first, abs=5e-5)
        path = selection.truncated_mean([1, 300], start=0, centre=0.5, radius=radius)
        assert path == pytest.approx([first, 0.5], abs=5e-5)


def test_the_truncated_mean_is_that_of_quadrature():
    low, high = -1.2, 1.8
    mass = quad(lambda x: norm.pdf(x - 0.7), low, high)[0]
    mean = quad(lambda x: x * norm.pdf(x - 0.7), low, high)[0] / mass
    assert selection.truncated_mean_step(mean=0.7, centre=0.3, radius=1.5) == pytest.approx(mean)
    assert -0.5 < selection.truncated_mean_step(mean=-60, centre=0.5, radius=1.0) < -0.48


def test_selection_leaves_the_printed_variance():
    for alpha, ratio in ((0.05, 0.00131), (0.1, 0.00525), (0.25, 0.03339), (0.5, 0.14265), (0.9, 0.62302)):
        assert selection.selection_ratio(alpha=alpha) == pytest.approx(ratio, abs=5e-6)
        width = norm.ppf((1 + alpha) / 2)
        assert selection.selection_ratio(alpha=alpha) == pytest.approx(quad(lambda x: x * x * norm.pdf(x), -width, width)[0] / alpha)
    for width, ratio in ((1, 0.29113), (1.645, 0.62309), (2, 0.77374), (3, 0.97334)):
        assert selection.selection_ratio(alpha=2 * norm.cdf(width) - 1) == pytest.approx(ratio, abs=5e-6)


def test_keeping_everything_does_not_save_a_selected_loop():
    kept = selection.selection_accumulate_variance([1, 10, 100], alpha=0.5)
    assert kept == pytest.approx([0.1427, 0.0210, 0.0029], abs=5.1e-5)
    ratio = selection.selection_ratio(alpha=0.5)
    assert selection.selection_replace_variance([1, 4], alpha=0.5) == pytest.approx([ratio, ratio**4])
    for alpha, slope in ((0.5, -0.8573), (0.9, -0.3770)):
        late = selection.selection_accumulate_variance([10_000, 100_000], alpha=alpha)
        assert math.log10(late[1] / late[0]) == pytest.approx(slope, abs=1e-4)


def test_a_detector_is_worth_the_printed_number_of_rows():
    settings = {"samples": 4000, "share": 0.2}
    for (right, wrong), worth in {(0.5, 0.5): 160, (0.8, 0.2): 329.4, (0.95, 0.05): 628.3, (0.99, 0.001): 788.8, (1, 0): 800}.items():
        assert selection.effective_real_samples(**settings, true_positive=right, false_positive=wrong) == pytest.approx(worth, abs=0.05)
    finer = selection.effective_real_samples_by_law(**settings, real_law=[0.5, 0.3, 0.2, 0], synthetic_law=[0.1, 0.1, 0.2, 0.6])
    assert finer > selection.effective_real_samples(**settings, true_positive=0.8, false_positive=0.2)


def enumerated(law, rewards, choices):
    """The law of what is kept, by going through all draws of K answers."""
    kept, odds = numpy.zeros(len(law)), numpy.exp(rewards)
    for drawn in product(range(len(law)), repeat=choices):
        chance = math.prod(law[i] for i in drawn)
        for i in drawn:
            kept[i] += chance * odds[i] / sum(odds[j] for j in drawn)
    return kept


@pytest.mark.parametrize("choices", [1, 2, 3, 5])
def test_the_law_of_what_is_kept_is_that_of_all_draws(choices):
    expected = enumerated(CHOICE["law"], CHOICE["rewards"], choices)
    assert choice.choose_best_law(**CHOICE, choices=choices) == pytest.approx(expected, rel=1e-9)


def test_the_best_of_k_has_the_measured_laws():
    for choices, measured in (
        (2, (0.2946, 0.3553, 0.1571, 0.1930)),
        (4, (0.2331, 0.3756, 0.2164, 0.1748)),
        (32, (0.182, 0.362, 0.3075, 0.1484)),
    ):
        assert choice.choose_best_law(**CHOICE, choices=choices) == pytest.approx(measured, abs=0.002)
    assert choice.choose_best_law(**CHOICE, choices=math.inf) == pytest.approx((0.1751, 0.3570, 0.3235, 0.1444), abs=5.1e-5)
    assert choice.choose_best_law(**CHOICE, choices=10**6) == pytest.approx(choice.choose_best_law(**CHOICE, choices=math.inf), abs=1e-5)


def test_the_mean_reward_rises_as_printed_and_by_no_less_than_its_bound():
    before = float(numpy.dot(CHOICE["law"], numpy.exp(CHOICE["rewards"])))
    assert before == pytest.approx(2.284, abs=5e-4)
    for choices, after in ((2, 2.740), (4, 3.140), (32, 3.684)):
        found = choice.choose_best_reward([1, 2], **CHOICE, choices=choices)
        assert found[0] == pytest.approx(after, abs=1.1e-3)
        assert found[0] - before >= choice.choose_best_rise_lower(**CHOICE, choices=choices)
        assert found[1] > found[0]
    assert choice.choose_best_reward([500], **CHOICE, choices=math.inf) == pytest.approx(math.exp(2))


def test_mass_goes_to_the_best_level_in_proportion_to_where_it_began():
    law = numpy.array([0.5, 0.3, 0.2])
    for _ in range(400):
        law = choice.choose_best_law(law=law, rewards=[0, 1, 1], choices=2)
    assert law == pytest.approx([0, 0.6, 0.4], abs=1e-6)


def test_a_reference_share_settles_at_the_printed_law():
    settled = choice.choose_best_fixed_point(**CHOICE, choices=math.inf, share=0.5)
    assert settled == pytest.approx((0.22713, 0.22213, 0.42621, 0.12453), abs=5e-6)
    settled = choice.choose_best_fixed_point(**CHOICE, choices=3, share=0.2)
    again = choice.choose_best_law(law=settled, rewards=CHOICE["rewards"], choices=3)
    assert 0.2 * numpy.array(CHOICE["law"]) + 0.8 * again == pytest.approx(settled)
    assert choice.choose_best_fixed_point(**CHOICE, choices=3, share=1.0) == pytest.approx(CHOICE["law"])


def test_the_stability_bound_is_one_sided():
    assert choice.stability_rate_bound(ratio=0.3) == pytest.approx(0.4286, abs=5e-5)
    assert choice.gaussian_mean_contraction(ratio=0.3) == pytest.approx(0.2308, abs=5e-5)
    assert choice.gaussian_mean_contraction(ratio=2) == pytest.approx(0.6667, abs=5e-5)
    for ratio in numpy.linspace(0, 0.49, 20):
        assert choice.gaussian_mean_contraction(ratio=ratio) <= choice.stability_rate_bound(ratio=ratio) < 1
    limit = choice.stability_ratio_bound(curvature=2.0, lipschitz=3.0, error=0.5)
    assert limit == pytest.approx(0.5 / 1.75)
    assert choice.stability_rate_bound(ratio=limit - 1e-9, curvature=2.0, lipschitz=3.0, error=0.5) == pytest.approx(1)


@pytest.mark.parametrize(
    "refused",
    [
        lambda: selection.verifier_break_point(keep_right=0, keep_wrong=0.5),
        lambda: selection.verifier_wrong_share(p=1.1, keep_right=1, keep_wrong=0.5),
        lambda: selection.verifier_wrong_share(p=1, keep_right=1, keep_wrong=0),
        lambda: selection.truncated_mean_step(mean=0, centre=0, radius=0),
        lambda: selection.truncated_mean([0], start=0, centre=0, radius=1),
        lambda: selection.selection_ratio(alpha=1),
        lambda: selection.selection_replace_variance([1], alpha=0),
        lambda: selection.selection_accumulate_variance([0], alpha=0.5),
        lambda: selection.effective_real_samples(samples=10, share=0, true_positive=1, false_positive=0),
        lambda: selection.effective_real_samples(samples=10, share=0.1, true_positive=1.1, false_positive=0),
        lambda: selection.effective_real_samples_by_law(samples=10, share=0.1, real_law=[0.5, 0.5], synthetic_law=[0.2, 0.2, 0.6]),
        lambda: choice.choose_best_law(law=[0.5, 0.5], rewards=[1], choices=2),
        lambda: choice.choose_best_law(law=[0.5, 0.5], rewards=[1, 2], choices=1.5),
        lambda: choice.choose_best_reward([1], law=[0.5, 0.5], rewards=[1, math.inf], choices=2),
        lambda: choice.choose_best_rise_lower(law=[0.5, 0.5], rewards=[1, 2], choices=0),
        lambda: choice.choose_best_fixed_point(**CHOICE, choices=2, share=0),
        lambda: choice.stability_rate_bound(ratio=0.5),
        lambda: choice.stability_ratio_bound(curvature=0),
        lambda: choice.stability_ratio_bound(error=-1),
        lambda: choice.gaussian_mean_contraction(ratio=-1),
    ],
)
def test_settings_out_of_range_are_refused(refused):
    with pytest.raises(ConfigError, match="does not apply outside that range|the first fit is generation 1"):
        refused()
