from collections import Counter

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from longtail.errors import ConfigError
from longtail.lab.learners.categorical import Categorical, Law, law_of
from longtail.lab.learners.documents import Documents
from longtail.lab.learners.text import NGramText
from longtail.lab.loop import check, trajectory, written
from longtail.lab.run import prepared
from longtail.lab.script import script
from longtail.lab.settings import Change, Settings

corpora = st.lists(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=6).map(" ".join), min_size=1, max_size=12)


class Spy:
    """A model of documents that keeps what it was fitted on and writes documents of its own."""

    def __init__(self):
        self.seen = []

    def fit(self, documents, rng):
        self.seen.append(list(documents))
        return len(self.seen)

    def sample(self, fitted, n, rng):
        return [f"generation {fitted} document {k} {rng.integers(2**32)}" for k in range(n)]


def told(policy, count, samples, **given):
    return script(Settings(family="ngram", policy=policy, generations=count, samples=samples, **given))


def outputs(model, documents, policy, count, seed=0, **given):
    """Return what each of `count` generations writes."""
    steps = told(policy, count + 1, len(documents), **given)
    return [output for (output,) in written(Documents(model, documents, documents), steps, 1, seed)]


@given(corpora, st.integers(1, 3), st.sampled_from([0.8, 1.0]), st.integers(0, 3))
@settings(deadline=None)
def test_types_never_come_back_under_replacement(documents, order, temperature, seed):
    types = set(" ".join(documents).split())
    for output in outputs(NGramText(order, temperature, {}), documents, "replace", 4, seed):
        now = set(" ".join(output).split())
        assert now <= types
        types = now


@given(st.integers(2, 40), st.integers(1, 60), st.floats(0.5, 1.5), st.integers(0, 2**32))
@settings(max_examples=1000, deadline=None)
def test_the_support_of_a_law_never_grows_under_replacement(types, samples, temperature, seed):
    learner = Categorical(Law(law_of("zipf:1", types), temperature=temperature))
    before = None
    for generation in trajectory(learner, told("replace", 6, samples), 3, seed):
        now = generation.model > 0
        assert before is None or not numpy.any(now & ~before)
        before = now


def test_replacement_trains_on_real_data_once_and_then_on_the_newest_output_alone():
    spy = Spy()
    wrote = outputs(spy, ["x", "y"], "replace", 3)
    assert spy.seen == [["x", "y"], *wrote[:2]]


@given(corpora, st.integers(1, 4))
@settings(deadline=None, max_examples=20)
def test_accumulation_keeps_every_real_document_and_every_output_in_training(documents, count):
    spy = Spy()
    wrote = outputs(spy, documents, "accumulate", count)
    for k, seen in enumerate(spy.seen):
        assert Counter(seen) == Counter(documents) + Counter(d for output in wrote[:k] for d in output)


def test_a_dropped_generation_is_not_trained_on_again():
    spy = Spy()
    wrote = outputs(spy, ["x", "y"], "accumulate", 4, changes=(Change(generation=4, drop=(1, 2)),))
    assert Counter(spy.seen[3]) == Counter(["x", "y"]) + Counter(wrote[2])


def test_a_reset_lets_the_checkpoint_write():
    spy = Spy()
    wrote = outputs(spy, ["x", "y"], "replace", 4, changes=(Change(generation=4, reset=1),))
    assert [{document.split()[1] for document in output} for output in wrote] == [{"1"}, {"2"}, {"1"}, {"4"}]


def test_new_real_documents_are_never_the_old_ones():
    spy = Spy()
    documents = [f"real{k}" for k in range(12)]
    steps = told("fresh:0.5", 5, 4)
    list(trajectory(Documents(spy, documents, documents), steps, 1, 0))
    real = [document for seen in spy.seen for document in seen if document.startswith("real")]
    assert sorted(real) == sorted(documents)


def test_policies_share_generation_one_and_what_it_writes_and_the_seed_decides_the_rest():
    train = [f"{a} {b}" for a in "abcdef" for b in "uvwxyz"]
    model = NGramText(2, 1.0, {})
    replaced = outputs(model, train, "replace", 2, 5)
    accumulated = outputs(model, train, "accumulate", 2, 5)
    assert replaced[0] == accumulated[0]
    assert replaced[1] != accumulated[1]
    assert outputs(model, train, "replace", 2, 5) == replaced
    assert outputs(model, train, "replace", 2, 6) != replaced


def test_a_generation_is_computed_only_when_it_is_asked_for():
    spy = Spy()
    lazy = trajectory(Documents(spy, ["x"], ["x"]), told("replace", 3, 1), 1, 0)
    assert not spy.seen
    next(lazy)
    assert len(spy.seen) == 1


def test_each_generation_has_chance_of_its_own():
    numbers = [output[0].split()[-1] for output in outputs(Spy(), ["x"], "replace", 4)]
    assert len(set(numbers)) == 4


@pytest.mark.parametrize(
    ("family", "policy", "gate", "draws"),
    [
        ("categorical", "replace", "ball:1", "exact"),
        ("gaussian", "replace", "oracle:1,0", "exact"),
        ("gaussian", "fixed_budget", "detector:0.9,0.1", "exact"),
        ("categorical", "accumulate", "none", "random"),
    ],
)
def test_what_a_family_cannot_do_is_refused_before_anything_is_simulated(family, policy, gate, draws):
    chosen = Settings(family=family, policy=policy, gate=gate, draws=draws)
    with pytest.raises(ConfigError):
        prepared(chosen, script(chosen))


def test_a_detector_thins_real_rows_and_output_by_its_two_rates():
    chosen = Settings(family="categorical", policy="fresh:0.5", gate="detector:0.8,0.2", samples=1000, generations=2)
    steps = script(chosen)
    learner = prepared(chosen, steps)
    check(learner, steps, "exact")
    rows = [generation for generation in trajectory(learner, steps, 400, 0)][-1].model
    assert numpy.allclose(rows.sum(axis=1), 1)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"gate": "top:0.5"}, "does not judge"),
        ({"gate": "detector:0.9,0.1"}, "does not judge"),
        (
            {"policy": "fresh:0.5", "gate": "detector:0.9,0.1", "changes": (Change(generation=3, policy="edit:0.4", gate="none"),)},
            "whole rows",
        ),
        ({"policy": "weighted:0.7", "changes": (Change(generation=3, policy="edit:0.4"),)}, "whole rows"),
    ],
)
def test_rows_that_cannot_be_edited_in_place_are_refused(given, reason):
    family = "gaussian" if given.get("gate") == "top:0.5" else "bernoulli"
    chosen = Settings(**{"family": family, "policy": "edit:0.4", "samples": 20, "generations": 4, **given})
    with pytest.raises(ConfigError, match=reason):
        prepared(chosen, script(chosen))
