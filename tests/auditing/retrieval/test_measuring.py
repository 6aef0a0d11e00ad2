"""What is measured of a store and its log, on cases whose numbers are counted by hand."""

import itertools
import random

import numpy as np
import pytest

from longtail.auditing.retrieval import retrieval_of
from longtail.readers.stores import Item, Log, Query, Store
from longtail.records import Estimate, NotMeasured, Origin
from longtail.rules.lt6_retrieval import deceptively_healthy

from .worlds import planted

MADE = {"h": Origin.HUMAN, "s": Origin.SYNTHETIC, "u": Origin.UNKNOWN}


def store_of(origins, **more):
    """A store with a document of its own words for each letter: h for people, s for a model, u for unknown."""
    words = (f"{a}{b}{c}" for a, b, c in itertools.product("bdfgklmnprst", "aeiou", "bdfgklmnprst"))
    made = tuple(
        Item(id=f"{letter}{at}", text=" ".join(itertools.islice(words, 8)), origin=MADE[letter], **more)
        for at, letter in enumerate(origins)
    )
    return Store(path="store", kind="json", items=made)


def measured(origins, *queries):
    return retrieval_of(store_of(origins), Log(path="log", queries=queries) if queries else None).record


def test_pool_exposure_and_citation_are_counted_and_what_is_unknown_is_told_apart():
    found = measured(
        "hhss" + "u",
        Query(question="1", retrieved=("h0", "s2"), cited=("s2",)), Query(question="2", retrieved=("h0", "h1", "s2", "gone"), cited=()),
        Query(question="3"),
    )  # fmt: skip
    assert (found.pool.share.value, found.pool.unknown) == pytest.approx((2 / 5, 1 / 5))
    assert (found.exposure.share.value, found.exposure.unknown) == pytest.approx(((1 / 2 + 1 / 4) / 2, (0 + 1 / 4) / 2))
    assert (found.citation.share.value, found.citation.share.n, found.citation.unknown) == (1.0, 1, 0.0)


def test_without_tags_and_without_a_log_nothing_is_told_of_the_pool():
    found = measured("uuu")
    assert isinstance(found.pool.share, NotMeasured) and found.pool.unknown == 1.0
    assert "no document states its origin" in found.pool.share.reason and "--queries LOG.jsonl" in found.pool.share.enable
    assert isinstance(found.echoes, Estimate) and found.echoes.value == 0.0


def test_one_document_and_none():
    assert isinstance(measured("h").echoes, NotMeasured)
    none = measured("")
    assert none.items == 0 and not any(isinstance(outcome, Estimate) for outcome in none.outcomes)


def test_what_is_set_aside_is_not_in_the_pool():
    store = Store(
        path="s", kind="json", items=(*store_of("hh").items, Item(id="q", text="Aside.", origin=Origin.SYNTHETIC, quarantined=True))
    )
    found = retrieval_of(store).record
    assert (found.items, found.aside, found.pool.share.value) == (2, 1, 0.0)


def drifting(rise, right, many=400, seed=0):
    """A log in which what a model made is retrieved more and more, while the share of right answers moves from one to another."""
    rng = np.random.default_rng(seed)
    for at in range(many):
        part = at / many
        shown = ["s2" if rng.random() < rise[0] + (rise[1] - rise[0]) * part else "h0" for _ in range(5)]
        is_right = rng.random() < right[0] + (right[1] - right[0]) * part
        yield Query(question=str(at), retrieved=tuple(f"{name}" for name in shown), correct=float(is_right), time=float(at))


@pytest.mark.parametrize(("rise", "right", "is_deceptive"), [
    ((0.1, 0.9), (0.99, 0.99), True), ((0.1, 0.9), (0.95, 0.4), False), ((0.5, 0.5), (0.99, 0.99), False),
])  # fmt: skip
def test_deceptively_healthy_is_exposure_that_rises_while_accuracy_is_flat(rise, right, is_deceptive):
    found = measured("hhs", *drifting(rise, right, seed=1))
    assert deceptively_healthy(found) is is_deceptive
    assert len(found.course) == 8
    assert found.course[-1].exposure - found.course[0].exposure == pytest.approx(7 / 8 * (rise[1] - rise[0]), abs=0.15)


def test_accuracy_that_is_open_is_not_flat():
    assert not deceptively_healthy(measured("hhs", *drifting((0.1, 0.9), (0.5, 0.5), many=80)))


@pytest.mark.parametrize("share", [0.3])
def test_a_planted_share_of_own_inputs_is_found(share):
    world, rng = planted(0, recalls=0.0), random.Random(1)
    queries = list(world.queries)
    for at in rng.sample(range(1, len(queries)), round(share * len(queries))):
        queries[at] = Query(question=rng.choice(queries[:at]).answer, answer=queries[at].answer, time=queries[at].time)
    found = retrieval_of(world.store, Log(path="log", queries=tuple(queries))).record.own_inputs
    assert found.value == pytest.approx(share, abs=0.02) and found.low <= share <= found.high


def test_statements_that_contradict_are_paired_and_the_later_one_is_named():
    store = Store(path="s", kind="json", items=(
        Item(id="a", text="The bridge in Mostar was opened in 1566.", time=1.0), Item(id="b", text="Mira likes green tea.", time=2.0),
        Item(id="c", text="The bridge in Mostar was opened in 1666.", time=3.0),
    ))  # fmt: skip
    found = retrieval_of(store)
    assert [(pair.first, pair.second) for pair in found.record.contradictions] == [("a", "c")]
    assert ("c", ("echoes a (wording), 1 step from a", "contradicts a")) in found.reasons or ("c", ("contradicts a",)) in found.reasons


def test_what_people_wrote_is_on_no_list_and_each_reason_is_told():
    world = planted(3, people=60, rounds=60, tagged=True)
    found = retrieval_of(world.store, world.log)
    listed = dict(found.reasons)
    assert not any(name.startswith("p") for name in listed)
    assert set(world.echoes) <= {name for name, why in listed.items() if any(each.startswith("echoes ") for each in why)}
    assert all(any("question" in each for each in listed[item.id]) for item in world.items if item.id.startswith("m"))


def test_notes_say_what_times_and_ids_could_not_tell():
    items = tuple(Item(id="same", text=f"Document number {at} of this store.") for at in range(3))
    notes = retrieval_of(Store(path="s", kind="json", items=items), Log(path="l", queries=(Query(question="q", answer="a"),))).record.notes
    assert [note.split()[0] for note in notes] == ["3", "without", "2"]
