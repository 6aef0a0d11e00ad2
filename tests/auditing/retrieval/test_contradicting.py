"""Items of a store that cannot both be right: pairs written by hand, and the bound on how many are looked at."""

import numpy as np
import pytest

from longtail.auditing.retrieval import contradicting as module
from longtail.auditing.retrieval.contradicting import MOST_WORDS, contradicting
from longtail.auditing.retrieval.timeline import timeline_of
from longtail.readers.stores import Item


def found(*texts, among=None, times=None):
    items = tuple(Item(id=str(at), text=text, time=float(at if times is None else times[at])) for at, text in enumerate(texts))
    return contradicting(timeline_of(items, ()), np.ones(len(items), np.bool_) if among is None else np.array(among))


BRIDGE = "The bridge in Mostar was opened in 1566."


@pytest.mark.parametrize("later", ["The bridge in Mostar was opened in 1666.", "The bridge in Mostar was not opened in 1566."])
def test_another_number_or_a_denial_contradicts(later):
    assert found(BRIDGE, "Mira likes green tea.", later).pairs == [(0, 2)]


@pytest.mark.parametrize("later", [BRIDGE, "Mira likes green tea.", "The bridge in Mostar is made of pale stone."])
def test_the_same_again_and_what_speaks_of_something_else_contradicts_nothing(later):
    assert found(BRIDGE, later).pairs == []


def test_the_earlier_one_comes_first_whatever_the_order_of_the_store():
    pair = (BRIDGE, "The bridge in Mostar was opened in 1666.")
    assert found(*pair, times=(5, 3)).pairs == [(1, 0)]


def test_what_is_not_among_those_looked_at_is_in_no_pair():
    pair = (BRIDGE, "The bridge in Mostar was opened in 1666.")
    assert found(*pair, among=[True, False]).pairs == []


def test_a_long_item_is_no_statement():
    more = " ".join(f"word{at}" for at in range(MOST_WORDS + 1))
    assert found(BRIDGE, f"The bridge in Mostar was opened in 1666, {more}.").compared == 0


def test_no_more_pairs_are_compared_than_are_allowed_and_the_nearest_are_taken(monkeypatch):
    texts = [f"The bridge in Town{chr(97 + at)} was opened in {1500 + offset}." for at in range(6) for offset in (0, 100)]
    assert len(found(*texts).pairs) == 6
    monkeypatch.setattr(module, "MOST_PAIRS", 2)
    few = found(*texts)
    assert few.compared == 2 and len(few.pairs) == 2
