"""The checks themselves: each catches the summary that breaks its law, under its own name."""

import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from longtail.errors import MissingExtra
from longtail.testing import LAWS, Arrangement, LawBroken, arrangements, check_summary
from longtail.testing import laws as checks
from longtail.testing.difference import difference

from .broken import (
    CountsTheEmpty,
    CountsTheLargestShard,
    ForgetsWhatWasMerged,
    KeepsTheLast,
    LosesItsBatches,
    MergesAnything,
    Total,
)

BATCHES = [3, 1, 4, 15, 9]
BROKEN = {
    checks.NEUTRAL: CountsTheEmpty,
    checks.ORDER: KeepsTheLast,
    checks.GROUPING: ForgetsWhatWasMerged,
    checks.SHARDING: CountsTheLargestShard,
    checks.SAVING: LosesItsBatches,
    checks.UNLIKE: MergesAnything,
}


def broken_laws(make, batches, arrangement):
    """Every law that the summary breaks, each check run on its own."""
    found = set()
    runs = [lambda check=check: check(make, batches, arrangement) for check in (checks.check_order, checks.check_grouping)]
    runs += [lambda check=check: check(make, batches, arrangement) for check in (checks.check_sharding, checks.check_saving)]
    runs += [lambda: checks.check_neutral(make, batches), lambda: checks.check_unlike(make, batches, [lambda: make(seed=1)])]
    for run in runs:
        try:
            run()
        except LawBroken as broken:
            found.add(broken.law)
    return found


def test_every_law_has_a_summary_that_breaks_it():
    assert set(BROKEN) == set(LAWS)
    assert len(LAWS) == 6


@pytest.mark.parametrize("law", LAWS)
def test_a_broken_summary_is_caught_by_its_own_law(law):
    with pytest.raises(LawBroken, match=f"^law broken: {law}: ") as caught:
        check_summary(BROKEN[law], BATCHES, unlike=[lambda: BROKEN[law](seed=1)])
    assert caught.value.law == law
    assert caught.value.difference


@pytest.mark.parametrize("law", LAWS)
def test_a_broken_summary_breaks_no_other_law(law):
    assert broken_laws(BROKEN[law], BATCHES, Arrangement((4, 2, 0, 1, 3), (1, 3, 4))) == {law}


@given(st.lists(st.integers(1, 9), min_size=1, max_size=6).flatmap(lambda found: st.tuples(st.just(found), arrangements(len(found)))))
def test_a_sound_summary_keeps_all_laws_in_any_arrangement(case):
    batches, arrangement = case
    assert broken_laws(Total, batches, arrangement) == set()
    check_summary(Total, batches, unlike=[lambda: Total(seed=1)], arrangement=arrangement)


def test_a_broken_law_is_an_assertion_error_that_says_what_differs():
    with pytest.raises(AssertionError, match=r"CountsTheLargestShard .* state\.batches is 5 and 1"):
        check_summary(CountsTheLargestShard, BATCHES)


def test_a_merge_that_changes_the_other_is_caught():
    class Moves(Total):
        def merge(self, other):
            super().merge(other)
            other.total = 0

    with pytest.raises(LawBroken, match="after it was merged into another"):
        checks.check_grouping(Moves, BATCHES, Arrangement((0, 1, 2, 3, 4), (2,)))


def test_a_refusal_that_leaves_a_trace_is_caught():
    class Half(Total):
        def merge(self, other):
            self.batches += 1
            super().merge(other)
            self.batches -= 1

    with pytest.raises(LawBroken, match="after a refused merge"):
        check_summary(Half, BATCHES, unlike=[lambda: Half(seed=1)])


def test_arrangements_hold_every_batch_once_and_no_empty_shard():
    @given(st.integers(1, 7).flatmap(lambda count: st.tuples(st.just(count), arrangements(count))))
    def holds(case):
        count, arrangement = case
        batches = [str(index) for index in range(count)]
        assert sorted(arrangement.ordered(batches)) == batches
        assert sum(arrangement.shards(batches), []) == batches
        assert all(arrangement.shards(batches))

    holds()


def test_without_hypothesis_only_the_strategy_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "hypothesis", None)
    check_summary(Total, BATCHES)
    with pytest.raises(MissingExtra, match=r"pip install 'longtail\[dev\]'"):
        arrangements(3)


@pytest.mark.parametrize(
    ("left", "right", "says"),
    [
        ({"a": 1}, {"a": 2}, "state.a is 1 and 2"),
        ({"a": 1}, {"b": 1}, "state has ['a'] on one side only and ['b'] on the other"),
        ({"a": 1}, {"a": 1.0}, "state.a is 1 and 1.0"),
        ([1, 2], [1], "state has 2 and 1 entries"),
        ({"a": [1, {"b": "x"}]}, {"a": [1, {"b": "y"}]}, "state.a[1].b is 'x' and 'y'"),
        (np.array([1, 2, 3]), np.array([1, 5, 4]), "state[1] is np.int64(2) and np.int64(5) (2 of 3 differ)"),
        (np.zeros(2, np.int64), np.zeros(2, np.uint32), "state is int64 of shape (2,) and uint32 of shape (2,)"),
        (np.zeros(2), [0.0, 0.0], "state is float64 of shape (2,) and list"),
    ],
)
def test_a_difference_names_its_place(left, right, says):
    assert difference(left, right) == says


@pytest.mark.parametrize("state", [{"a": [1, "x", None]}, np.array([1.5, np.nan]), float("nan"), [], {}, np.zeros((0, 2))])
def test_equal_states_have_no_difference(state):
    assert difference(state, state) == ""
