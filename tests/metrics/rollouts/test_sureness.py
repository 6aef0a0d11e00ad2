"""How sure a policy is along its own text: entropies where they were logged, else surprisal."""

import pytest

from longtail.metrics.rollouts.sureness import sureness
from longtail.metrics.rollouts.windows import Window
from longtail.readers.rollouts.records import Rollout

BASE, HERE = (0.8, 0.6, 0.7, 0.9), (0.2, 0.4, 0.3, 0.1)


def window(values, **of):
    """Groups of one completion each; `of` makes a field of a value."""
    made = [{name: make(value) for name, make in of.items()} for value in values]
    return Window(0, 0, tuple(Rollout(run="r", step=0, prompt_id=f"{at}", prompt="p", completion="c", group=f"{at}", **each)
                              for at, each in enumerate(made)))  # fmt: skip


def entropy(value):
    return value


def surprise(value):
    return -value


def test_entropy_is_taken_where_it_was_logged_and_surprisal_is_not_looked_at():
    found, by = sureness(window(BASE, mean_entropy=entropy, mean_logp=lambda _: -9.0), window(HERE, mean_entropy=entropy))
    assert by == "entropy"
    assert (found.base, found.here) == pytest.approx((sum(BASE) / 4, sum(HERE) / 4))


def test_surprisal_stands_in_where_one_window_has_no_entropies_and_is_the_same_number_with_its_sign_turned():
    for begin in (window(BASE, mean_logp=surprise), window(BASE, mean_logp=surprise, mean_entropy=lambda _: None)):
        found, by = sureness(begin, window(HERE, mean_logp=surprise, mean_entropy=entropy))
        assert by == "surprisal"
        assert found[:5] == pytest.approx(sureness(window(BASE, mean_entropy=entropy), window(HERE, mean_entropy=entropy))[0][:5])


def test_a_higher_level_gives_a_wider_interval_around_the_same_ratio():
    begin, here = window(BASE, mean_entropy=entropy), window(HERE, mean_entropy=entropy)
    (narrow, _), (wide, _) = sureness(begin, here, 0.8), sureness(begin, here, 0.99)
    assert narrow.ratio == wide.ratio and wide.low < narrow.low < narrow.ratio < narrow.high < wide.high


def test_where_neither_was_logged_there_is_nothing():
    assert sureness(window(BASE), window(HERE)) == (None, "")
