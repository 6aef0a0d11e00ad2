"""A baseline within formats: what a trainer makes of it, worked out by hand, and what it leaves alone."""

from multiprocessing.reduction import ForkingPickler

import numpy as np
import pytest

from longtail.errors import ConfigError
from longtail.integrations.shaping import within_format_baseline

FORMATS = (("a", str.isalpha), ("d", str.isdigit))
PROMPTS, TEXTS = ["p"] * 6 + ["q"] * 4, ["x", "y", "z", "1", "2", "3", "x", "1", "2", "!"]
REWARDS = [1.0, 1.0, 0.0, 1.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0]


def rewarding(prompts, completions, **given):
    return list(REWARDS)


def advantages(rewards):
    """What a trainer makes of rewards: less the mean of their group."""
    found = np.array(rewards)
    groups = np.array(PROMPTS)
    return np.array([value - found[groups == group].mean() for value, group in zip(found, groups, strict=True)])


def shaped(dial, **settings):
    return within_format_baseline(rewarding, dial=dial, formats=FORMATS, **settings)(prompts=PROMPTS, completions=TEXTS)


def test_at_nought_it_is_the_reward_itself():
    assert shaped(0.0) == REWARDS


@pytest.mark.parametrize("dial", [0.3, 1.0])
def test_the_baseline_lies_as_far_between_that_of_the_group_and_that_of_the_format_as_the_dial_says(dial):
    """Shares of success: a 3/4, d 2/5, other 0/1, which keeps the plain baseline; the trainer centres each group besides."""
    inner = [2 / 3] * 3 + [1 / 3] * 3 + [1.0, 0.5, 0.5]
    outer = [0.5] * 10
    base = [(1 - dial) * out + dial * own for out, own in zip(outer, inner, strict=False)] + [0.5]
    wanted = np.array(REWARDS) - base
    assert wanted[:6].sum() == pytest.approx(0)
    assert np.allclose(advantages(shaped(dial)), advantages(wanted))


def test_at_one_no_format_gains_on_another_in_a_group():
    found = advantages(shaped(1.0))
    assert found[:3].sum() == pytest.approx(0)
    assert found[3:6].sum() == pytest.approx(0)
    assert abs(advantages(REWARDS)[:3].sum()) > 0.4


def test_a_format_that_succeeds_too_seldom_keeps_the_plain_baseline():
    """The digits succeed in two of five: left alone they keep half of what sets them apart from the letters of their group."""
    usual, alone, own = (advantages(found) for found in (REWARDS, shaped(1.0, least=0.5), shaped(1.0, least=0.4)))
    apart = [found[3:6].mean() - found[:3].mean() for found in (usual, alone, own)]
    assert apart == pytest.approx([-1 / 3, -1 / 6, 0])
    assert shaped(1.0, least=0.8) == REWARDS


def test_the_mean_reward_of_a_group_is_what_it_was():
    found = np.array(shaped(0.7))
    assert found[:6].mean() == pytest.approx(0.5)
    assert found[6:].mean() == pytest.approx(0.5)


def test_what_was_not_scored_stays_so_and_counts_for_nothing():
    def some(prompts, completions, **given):
        return [None, *REWARDS[1:]]

    found = within_format_baseline(some, dial=1.0, formats=FORMATS)(prompts=PROMPTS, completions=TEXTS)
    assert found[0] is None
    shift = (2 * (1 / 2 - 2 / 5) + 3 * (1 / 3 - 2 / 5)) / 5
    assert found[1] == pytest.approx(1 - (1 / 2 - 2 / 5) + shift)


def test_conversations_and_empty_batches_are_taken():
    found = within_format_baseline(lambda **given: [1.0, 0.0], dial=1.0)(
        prompts=[[{"role": "user", "content": "p"}]] * 2, completions=[[{"role": "assistant", "content": text}] for text in ("- a", "b")]
    )
    assert len(found) == 2
    assert within_format_baseline(lambda **given: [], dial=1.0)(prompts=[], completions=[]) == []


def test_it_goes_by_the_name_of_the_reward_and_is_picklable():
    made = within_format_baseline(rewarding, dial=0.5)
    assert made.__name__ == "rewarding"
    assert ForkingPickler.loads(ForkingPickler.dumps(made))(prompts=PROMPTS, completions=TEXTS) == made(prompts=PROMPTS, completions=TEXTS)


async def late(prompts, completions, **given):
    return [0.0] * len(prompts)


class Late:
    async def __call__(self, prompts, completions, **given):
        return [0.0] * len(prompts)


@pytest.mark.parametrize("reward", [late, Late()])
def test_a_reward_that_comes_too_late_is_refused(reward):
    with pytest.raises(ConfigError, match="is async"):
        within_format_baseline(reward, dial=0.5)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"dial": 1.1}, "dial is 1.1"),
        ({"dial": 0.5, "least": -1}, "least is -1"),
        ({"dial": float("nan")}, "dial is nan"),
        ({"dial": 0.5, "reward": "a/model"}, "is no function"),
    ],
)
def test_settings_that_cannot_be_are_refused(given, told):
    with pytest.raises(ConfigError, match=told):
        within_format_baseline(**{"reward": rewarding} | given)
