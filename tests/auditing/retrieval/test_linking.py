"""Planted echoes and own answers are found, and what people wrote is left alone."""

import random

import msgspec
import numpy as np
import pytest

from longtail.auditing.retrieval.linking import Echo, echoes, made
from longtail.auditing.retrieval.timeline import timeline_of
from longtail.metrics.rag.chains import chains_of
from longtail.readers.stores import Item, Query
from longtail.records import Origin

from .worlds import paragraphs, planted


def found_in(world, *, with_log=True):
    timeline = timeline_of(tuple(world.items), tuple(world.queries) if with_log else ())
    who = made(timeline)
    return timeline, who, {(timeline.items[echo.child].id, timeline.items[echo.parent].id) for echo in echoes(timeline, who)}


def rates(pairs):
    """Precision and recall over worlds of pairs that were found and pairs that were planted."""
    hits, found, planted_ = (sum(column) for column in zip(*((len(a & b), len(a), len(b)) for a, b in pairs), strict=True))
    return hits / found, hits / planted_


@pytest.fixture(scope="module")
def worlds():
    return [planted(seed) for seed in range(4)]


def test_with_a_log_planted_echoes_are_found_with_their_parents(worlds):
    precision, recall = rates([(found_in(world)[2], set(world.echoes.items())) for world in worlds])
    assert precision >= 0.95 and recall >= 0.95


def test_without_a_log_the_documents_that_echo_are_found(worlds):
    found = [({child for child, _ in found_in(world, with_log=False)[2]}, set(world.echoes)) for world in worlds]
    precision, recall = rates(found)
    assert precision >= 0.95 and recall >= 0.95


def test_a_chain_begins_where_it_was_planted():
    world = planted(0, tagged=True)
    timeline = timeline_of(tuple(world.items), tuple(world.queries))
    chains = chains_of(len(timeline.items), ((echo.child, echo.parent) for echo in echoes(timeline, made(timeline))))
    for child in world.echoes:
        root = child
        while root in world.echoes:
            root = world.echoes[root]
        assert timeline.items[chains.root[timeline.places[child]]].id == root


def test_untagged_answers_that_were_stored_are_told_from_what_was_there_before(worlds):
    for world in worlds:
        timeline, who, _ = found_in(world)
        own = {timeline.items[at].id for at in np.flatnonzero(who.by_model)}
        assert own == {item.id for item in world.items if item.id.startswith("m")}
        assert who.unknown.sum() == sum(item.id.startswith("p") for item in world.items)


@pytest.mark.parametrize("seed", range(3))
def test_prose_that_people_wrote_has_no_chain_where_it_says_so_and_few_where_it_does_not(seed):
    texts = paragraphs(random.Random(100 + seed), 300, least=30)
    untagged = tuple(Item(id=str(at), text=text, time=float(at)) for at, text in enumerate(texts))
    tagged = tuple(msgspec.structs.replace(item, origin=Origin.HUMAN) for item in untagged)
    assert not echoes(timeline_of(tagged, ()), made(timeline_of(tagged, ())))
    assert len(echoes(timeline_of(untagged, ()), made(timeline_of(untagged, ())))) <= 0.03 * len(texts)


ANSWER = "The harbour of Whitby was rebuilt in the spring of 1912 by Dutch engineers."


def items(*rows):
    return tuple(Item(id=name, text=text, time=time, **more) for name, text, time, more in rows)


def told(stored, queries=()):
    timeline = timeline_of(stored, tuple(queries))
    who = made(timeline)
    return who, [(timeline.items[e.child].id, timeline.items[e.parent].id, e.sign) for e in echoes(timeline, who)]


def test_a_document_that_was_there_before_the_answer_is_not_taken_for_it():
    query = Query(question="Who?", answer=ANSWER, retrieved=("a",), time=5.0)
    who, _ = told(items(("a", ANSWER, 1.0, {}), ("b", ANSWER, 6.0, {})), [query])
    assert who.by_model.tolist() == [False, True] and who.answer.tolist() == [-1, 0]


def test_a_document_that_the_answer_was_shown_is_its_source_whatever_its_time():
    query = Query(question="Who?", answer=ANSWER, retrieved=("a",), time=5.0)
    assert not told(items(("a", ANSWER, 9.0, {})), [query])[0].by_model.any()


def test_without_times_only_what_the_log_names_is_an_own_answer():
    queries = [Query(question="Who?", answer=ANSWER, answer_id="b"), Query(question="When?", answer=ANSWER)]
    who, _ = told(items(("a", ANSWER, None, {}), ("b", ANSWER, None, {})), queries)
    assert who.by_model.tolist() == [False, True] and who.unknown.tolist() == [True, False]


def test_a_stated_origin_outweighs_the_wording():
    query = Query(question="Who?", answer=ANSWER, time=1.0)
    who, _ = told(items(("a", ANSWER, 2.0, {"origin": Origin.HUMAN}), ("b", "Else.", 2.0, {"origin": Origin.SYNTHETIC})), [query])
    assert who.by_model.tolist() == [False, True] and not who.unknown.any()


def test_recorded_parents_outweigh_the_wording_and_those_that_people_wrote_make_no_echo():
    stored = items(
        ("h", ANSWER, 1.0, {"origin": Origin.HUMAN}), ("a", ANSWER, 2.0, {"origin": Origin.SYNTHETIC, "parents": ("h",)}),
        ("b", "Something else entirely.", 3.0, {"origin": Origin.SYNTHETIC, "parents": ("a", "lost")}),
    )  # fmt: skip
    assert told(stored)[1] == [("b", "a", "recorded")]


def test_of_what_an_answer_was_shown_the_one_that_it_restates_is_its_parent():
    other = "A quite different memory about the weather in Reykjavik last winter."
    stored = items(("a", ANSWER, 1.0, {}), ("b", other, 2.0, {}), ("c", ANSWER, 3.0, {}), ("d", f"As said, {ANSWER}", 9.0, {}))
    query = Query(question="Who?", answer=f"As said, {ANSWER}", retrieved=("b", "a", "gone"), time=8.0)
    assert ("d", "a", "logged") in told(stored, [query])[1]


def test_circles_of_recorded_parents_lead_nowhere():
    stored = items(*((name, ANSWER, None, {"origin": Origin.SYNTHETIC, "parents": (of,)}) for name, of in ("ab", "bc", "ca")))
    links = [Echo(*each) for each in ((0, 1, "recorded"), (1, 2, "recorded"), (2, 0, "recorded"))]
    timeline = timeline_of(stored, ())
    assert echoes(timeline, made(timeline)) == links
    assert chains_of(3, ((echo.child, echo.parent) for echo in links)).cyclic == 3
