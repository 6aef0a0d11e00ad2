"""A store and its log in the order of time."""

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from longtail.auditing.retrieval.timeline import BY_MODEL, timeline_of
from longtail.readers.stores import Item, Query
from longtail.records import Origin

TIMES = st.lists(st.integers(0, 4), min_size=1, max_size=8)


def item(at, **more):
    return Item(id=f"i{at}", text=f"item {at}", **more)


@given(TIMES)
def test_items_are_ranked_by_time_and_those_of_one_time_as_they_lie(times):
    found = timeline_of(tuple(item(at, time=float(time)) for at, time in enumerate(times)), ())
    ordered = sorted(range(len(times)), key=lambda at: times[at])
    assert np.argsort(found.rank).tolist() == ordered
    assert found.is_timed == (True, True)


@given(TIMES, st.integers(0, 7))
def test_where_one_has_no_time_the_order_is_that_of_the_store(times, missing):
    items = tuple(item(at, time=None if at == missing % len(times) else float(time)) for at, time in enumerate(times))
    found = timeline_of(items, ())
    assert found.rank.tolist() == list(range(len(times)))
    assert not found.is_timed[0]
    assert np.isnan(found.times()).tolist() == [each.time is None for each in items]


@given(TIMES)
def test_queries_are_sorted_by_time_only_where_each_has_one(times):
    queries = tuple(Query(question=f"q{at}", time=float(time)) for at, time in enumerate(times))
    found = timeline_of((item(0),), queries)
    assert [each.time for each in found.queries] == sorted(map(float, times))
    assert all(int(a.question[1:]) < int(b.question[1:]) for a, b in itertools.pairwise(found.queries) if a.time == b.time)
    holed = (*queries, Query(question="untimed"))
    assert timeline_of((item(0),), holed).queries == holed


def test_the_wording_numbers_items_then_answers_then_questions():
    queries = (Query(question="where is it", answer="far away"), Query(question="who was there"))
    found = timeline_of((item(0), item(1)), queries)
    sizes = found.wording.sizes
    assert len(sizes) == 2 + 2 + 2
    assert sizes[3] == 0 and found.answers.tolist() == [0]
    assert sizes[4] > 0 and sizes[5] > 0


def test_the_first_of_several_items_with_one_id_is_the_one_that_the_id_means():
    found = timeline_of((item(0), item(1), Item(id="i0", text="again")), ())
    assert found.places == {"i0": 0, "i1": 1}


def test_what_is_set_aside_is_not_served_and_origins_are_told_apart():
    items = tuple(item(at, origin=origin, quarantined=at == 1) for at, origin in enumerate(Origin))
    found = timeline_of(items, ())
    assert np.flatnonzero(~found.served).tolist() == [1]
    assert {items[at].origin for at in np.flatnonzero(found.of_origins(BY_MODEL))} == BY_MODEL
    assert BY_MODEL.isdisjoint({Origin.HUMAN, Origin.UNKNOWN, Origin.MODEL_EDITED})


def test_when_a_question_was_asked_is_told_and_absent_where_it_is_not():
    asked = timeline_of((item(0),), (Query(question="a", time=3.0), Query(question="b"))).asked()
    assert asked[0] == 3.0 and np.isnan(asked[1])
