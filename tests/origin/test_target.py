"""Which documents of unknown origin depend on each other."""

import numpy as np
import pytest

from longtail.origin.target import Target, clusters_of, key_of


def parts(clusters):
    """Return the sets of places that have one number."""
    return {frozenset(np.flatnonzero(clusters == each).tolist()) for each in clusters.tolist()}


def reached(texts, names):
    """Return the same by walking from each place to all that share a text or a name with it."""
    found = set()
    for start in range(len(texts)):
        known, left = {start}, [start]
        while left:
            at = left.pop()
            new = {to for to in range(len(texts)) if texts[to] == texts[at] or names[to] == names[at]} - known
            known |= new
            left += new
        found.add(frozenset(known))
    return found


@pytest.mark.parametrize("text", ["a b", " a b", "a\n\tb ", "a\u00a0b", "a \u2003 b"])
def test_copies_differ_in_space_alone(text):
    assert key_of(text) == key_of("a b")


@pytest.mark.parametrize("text", ["A b", "ab", "b a", "a b."])
def test_other_words_are_no_copy(text):
    assert key_of(text) != key_of("a b")


def test_texts_without_a_word_are_copies_of_each_other():
    assert key_of("") == key_of(" \n") == ""


def test_each_text_is_alone_where_nothing_is_given():
    assert parts(clusters_of(Target(("a", "b", "c")), np.arange(3))) == {frozenset({0}), frozenset({1}), frozenset({2})}


def test_copies_are_together_where_nothing_is_given():
    assert parts(clusters_of(Target(("a b", "c", "a  b\n")), np.arange(3))) == {frozenset({0, 2}), frozenset({1})}


@pytest.mark.parametrize("seed", range(30))
def test_clusters_are_those_of_a_walk_over_copies_and_names(seed):
    rng = np.random.default_rng(seed)
    texts, names = rng.integers(0, 20, 25).astype(str).tolist(), rng.integers(0, 15, 25).tolist()
    found = clusters_of(Target(tuple(texts), clusters=names), np.arange(25))
    assert parts(found) == reached(texts, names)
    assert 1 < len(parts(found)) < min(len(set(texts)), len(set(names)))


def test_a_text_that_is_left_out_joins_no_others():
    target = Target(("a", "b", "a", "c"), clusters=["x", "y", "y", "z"])
    assert parts(clusters_of(target, np.arange(4))) == {frozenset({0, 1, 2}), frozenset({3})}
    assert parts(clusters_of(target, np.array([0, 1, 3]))) == {frozenset({0}), frozenset({1}), frozenset({2})}


def test_clusters_stand_in_the_order_of_the_texts_kept():
    target = Target(("a", "b", "c", "d"), clusters=["x", "y", "x", "z"])
    assert parts(clusters_of(target, np.array([3, 2, 0]))) == {frozenset({0}), frozenset({1, 2})}


def test_names_of_any_kind_are_compared_by_value():
    by_text = clusters_of(Target(("a", "b", "c"), clusters=["7", "7", "8"]), np.arange(3))
    by_array = clusters_of(Target(("a", "b", "c"), clusters=np.array([7, 7, 8])), np.arange(3))
    by_pair = clusters_of(Target(("a", "b", "c"), clusters=[("s", 1), ("s", 1), ("s", 2)]), np.arange(3))
    assert parts(by_text) == parts(by_array) == parts(by_pair) == {frozenset({0, 1}), frozenset({2})}
