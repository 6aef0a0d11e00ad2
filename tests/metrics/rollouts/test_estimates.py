"""The numbers of a run as an audit tells them."""

import pytest
from scipy.stats import beta

from longtail.metrics.rollouts.estimates import estimates
from longtail.metrics.rollouts.windows import Window
from longtail.readers.rollouts.records import Rollout


def row(group, completion="c", **more):
    return Rollout(run="r", step=0, prompt_id=group, prompt="p", completion=completion, group=group, **more)


def window(*rows):
    return Window(0, 0, rows)


def test_the_numbers_of_a_run_are_those_of_its_windows_by_hand():
    base = window(*(row(f"b{at}", "a b c d", mean_entropy=0.7, reward=float(at % 2)) for at in range(4)))
    here = window(
        *(row(f"h{at // 2}", "a b", mean_entropy=0.2, mean_logp=-0.5, ref_mean_logp=-0.6, reward=float(at % 2)) for at in range(4))
    )
    found = {each.metric: each for each in estimates(base, here, 0.5)}
    assert found["policy_entropy"].value == pytest.approx(0.2 / 0.7)
    assert (found["completion_length"].value, found["completion_length"].baseline_value) == (0.5, 4.0)
    assert (found["lone_success_share"].value, found["lone_success_share"].n) == (1.0, 2)
    assert found["policy_kl"].value == pytest.approx(0.1)
    assert found["effective_formats"].value == 1.0
    assert {each.baseline for each in found.values()} == {"begin", None}
    assert {each.view for each in found.values()} == {"rollouts"}


def test_lone_successes_have_the_exact_bounds_of_clopper_and_pearson_over_the_groups_that_teach():
    rewards = {"none": (0, 0, 0), "all": (1, 1, 1), "lone 1": (1, 0, 0), "lone 2": (0, 1, 0), "two": (1, 1, 0)}
    here = window(*(row(group, f"{group} {at}", reward=float(reward)) for group, each in rewards.items() for at, reward in enumerate(each)))
    (found,) = [each for each in estimates(here, here, 0.5) if each.metric == "lone_success_share"]
    assert (found.value, found.n) == (pytest.approx(2 / 3), 3)
    assert (found.low, found.high) == pytest.approx((beta.ppf(0.025, 2, 2), beta.ppf(0.975, 3, 1)))


def test_what_was_not_logged_has_no_number():
    base = window(*(row(f"b{at}", "a b c d") for at in range(4)))
    assert {each.metric for each in estimates(base, base, 0.5)}.isdisjoint({"policy_entropy", "policy_kl", "lone_success_share"})
    taught = window(*(row(f"b{at}", "a b c d", reward=1.0) for at in range(4)))
    assert "lone_success_share" not in {each.metric for each in estimates(base, taught, 0.5)}


def test_every_interval_holds_its_value():
    base = window(*(row(f"b{at}", "a b c d e f " * (1 + at), mean_entropy=0.5 + at / 10, reward=float(at % 2)) for at in range(6)))
    here = window(*(row(f"h{at}", "a b " * (1 + at), mean_entropy=0.1 + at / 10, reward=float(at % 3 == 0)) for at in range(6)))
    found = estimates(base, here, 0.5)
    assert len(found) > 4 and all(each.low <= each.value <= each.high for each in found)
