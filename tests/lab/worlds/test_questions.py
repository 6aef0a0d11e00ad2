"""The world in words: an index held against BM25 by its formula, and what each arm's gate lets in."""

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from longtail.gates.writeback.quota import Quota
from longtail.lab.worlds.questions import K1, TEXT_ARMS, B, Library, Words
from longtail.lab.worlds.retrieval import World

from .test_retrieval import PROSE, asked

TEXTS = st.lists(st.lists(st.sampled_from("abcd"), min_size=1, max_size=6).map(" ".join), min_size=1, max_size=6)


def library(arm="open", **world):
    return Library(World(**{"entities": 24} | world), arm, Quota(1.0), np.random.default_rng(0), PROSE)


def test_words_are_ranked_by_bm25_as_worked_out_by_hand():
    index = Words()
    for text in ("rain rain city", "rain", "city walls", "walls"):
        index.add(text)
    assert index.best("rain city") == [0, 1, 2]
    assert index.best("nothing") == []


def test_the_gate_in_words_lets_in_facts_that_arrive_and_no_inventions():
    store, _ = asked("gated", kind=Library, arriving=0.5, miscited=1.0)
    assert store.wrong == 0 and store.learnt > 5
    assert asked("open", kind=Library, arriving=0.5, miscited=1.0)[0].wrong > 20


@given(TEXTS, st.sampled_from(["a", "a b", "c d a", "z", ""]))
def test_the_ranking_is_that_of_robertson_and_zaragoza_whatever_the_texts(texts, question):
    split = [text.split() for text in texts]
    mean = sum(map(len, split)) / len(split)

    def score(words):
        total = 0.0
        for word in dict.fromkeys(question.split()):
            holders, count = sum(word in each for each in split), words.count(word)
            weight = math.log(1 + (len(split) - holders + 0.5) / (holders + 0.5))
            total += weight * count * (K1 + 1) / (count + K1 * (1 - B + B * len(words) / mean))
        return total

    index = Words()
    for text in texts:
        index.add(text)
    found = index.best(question)
    assert sorted(found) == [at for at, words in enumerate(split) if set(words) & set(question.split())]
    scores = [score(split[at]) for at in found]
    assert all(better >= worse - 1e-9 for better, worse in zip(scores, scores[1:], strict=False))


def test_names_are_different_and_a_world_begins_with_true_facts_on_the_documented_share():
    found = library(documented=0.5)
    names = found._names + found._people
    assert len(set(names)) == len(names) and all(re.fullmatch("[A-Z][a-z]{5,8}", name) for name in names)
    assert (found.covered(), found.covered_right(), found.wrong_share()) == (0.5, 0.5, 0.0)
    assert (found.added, found.learnt) == (0, 0)


@pytest.mark.parametrize("arm", TEXT_ARMS)
def test_what_is_stored_is_counted_and_only_an_arm_that_writes_adds(arm):
    store, _ = asked(arm, kind=Library, questions=60, arriving=0.3)
    told = [text for text in store._texts if text.entity is not None]
    assert store.added == sum(not text.human for text in told)
    assert (store.added == 0) == (arm == "static")
    assert store.wrong == sum(text.value != store.truth[text.entity] for text in told)


def test_a_copy_without_slips_is_the_value_and_with_a_slip_is_any_other():
    assert library(slips=0.0)._copied(0, "1700") == "1700"
    assert all(library(slips=1.0)._copied(at, library().truth[at]) != library().truth[at] for at in range(8))
