from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from longtail.errors import UnknownName, UsageError
from longtail.lab.learners.ngram import NGram
from longtail.lab.loop import POLICIES, generations

corpora = st.lists(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=6).map(" ".join), min_size=1, max_size=12)


class Spy:
    """A learner that keeps what it was fitted on and writes its own name for each document."""

    def __init__(self):
        self.seen = []

    def fit(self, documents):
        self.seen.append(list(documents))
        return self

    def sample(self, n, rng):
        return [f"generation {len(self.seen)} document {k} {rng.integers(2**32)}" for k in range(n)]


@given(corpora, st.integers(1, 3), st.sampled_from([0.8, 1.0]), st.integers(0, 3))
@settings(deadline=None)
def test_types_never_come_back_under_replacement(documents, order, temperature, seed):
    types = set(" ".join(documents).split())
    for output in generations(documents, NGram(order, temperature), "replace", 4, seed):
        now = set(" ".join(output).split())
        assert now <= types
        types = now


def test_replacement_trains_on_real_data_once_and_then_on_the_newest_output_alone():
    spy = Spy()
    outputs = list(generations(["x", "y"], spy, "replace", 3, 0))
    assert spy.seen == [["x", "y"], outputs[0], outputs[1]]


@given(corpora, st.integers(1, 4))
@settings(deadline=None, max_examples=20)
def test_accumulation_keeps_every_real_document_and_every_output_in_training(documents, count):
    spy = Spy()
    outputs = list(generations(documents, spy, "accumulate", count, 0))
    for k, seen in enumerate(spy.seen):
        assert Counter(seen) == Counter(documents) + Counter(d for output in outputs[:k] for d in output)


@pytest.mark.parametrize("policy", sorted(POLICIES))
def test_each_generation_is_as_large_as_the_training_part_unless_a_size_is_given(policy):
    train = ["a b", "b c", "c a"]
    assert [len(output) for output in generations(train, NGram(2), policy, 3, 0)] == [3, 3, 3]
    assert [len(output) for output in generations(train, NGram(2), policy, 2, 0, documents=7)] == [7, 7]


def test_policies_share_generation_one_and_the_seed_decides_the_rest():
    train = [f"{a} {b}" for a in "abcdef" for b in "uvwxyz"]
    replaced = list(generations(train, NGram(2), "replace", 2, 5))
    accumulated = list(generations(train, NGram(2), "accumulate", 2, 5))
    assert replaced[0] == accumulated[0]
    assert replaced[1] != accumulated[1]
    assert list(generations(train, NGram(2), "replace", 2, 5)) == replaced
    assert list(generations(train, NGram(2), "replace", 2, 6)) != replaced


def test_a_generation_is_computed_only_when_it_is_asked_for_and_progress_is_reported():
    spy, heard = Spy(), []
    lazy = generations(["x"], spy, "replace", 3, 0, on_progress=heard.append)
    assert not spy.seen
    next(lazy)
    assert len(spy.seen) == 1
    list(lazy)
    assert [(progress.done, progress.total) for progress in heard] == [(1, 3), (2, 3), (3, 3)]


def test_a_caller_that_changes_what_it_was_given_does_not_change_the_next_generation():
    spy = Spy()
    lazy = generations(["x"], spy, "replace", 2, 0)
    next(lazy).clear()
    next(lazy)
    assert len(spy.seen[1]) == 1


def test_an_unknown_policy_is_refused_at_once_with_the_nearest_name():
    with pytest.raises(UnknownName, match="did you mean 'replace'"):
        generations(["x"], NGram(), "replcae", 1, 0)


@pytest.mark.parametrize(
    ("train", "count", "seed", "documents", "named"),
    [([], 1, 0, None, "train"), (["x"], 0, 0, None, "count"), (["x"], 1, -1, None, "seed"), (["x"], 1, 0, 0, "documents")],
)
def test_numbers_out_of_range_are_refused_at_once(train, count, seed, documents, named):
    with pytest.raises(UsageError, match=named):
        generations(train, NGram(), "replace", count, seed, documents)


def test_each_generation_has_chance_of_its_own():
    numbers = [output[0].split()[-1] for output in generations(["x"], Spy(), "replace", 4, 0)]
    assert len(set(numbers)) == 4
