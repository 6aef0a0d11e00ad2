"""Counts by type and cell against brute force; type samples; spilling."""

import gc
import tempfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from longtail.errors import IncompatibleSummaries
from longtail.summaries import frequencies as module
from longtail.summaries import runs
from longtail.summaries.frequencies import ALL_TYPES, Frequencies
from longtail.summaries.rows import type_counts
from longtail.summaries.runs import Spool, distinct
from longtail.views.keys import CELLS, half_of

from .made import batch_of, documents, rows_of, table
from .made import counted as counts_of

KEYS = st.lists(st.integers(0, (1 << 64) - 1) | st.integers(0, 20), max_size=40)
TEXTS = st.lists(st.lists(st.sampled_from("abcdefg"), max_size=9).map(" ".join), max_size=8)


def as_keys(values):
    return np.array(values, np.uint64)


def whole(spool):
    run = spool.whole()
    return list(zip(run.keys.tolist(), run.tokens.tolist(), run.documents.tolist(), strict=True))


@given(TEXTS, st.integers(1, 4), st.integers(1, 3))
@settings(max_examples=60)
def test_counts_by_type_and_cell_are_those_of_brute_force(found, parts, order):
    assert rows_of(counts_of(found, parts=parts, order=order).run()) == table(found, order)


def test_a_full_buffer_is_counted_on_the_way(monkeypatch):
    found = documents(200)
    expected = rows_of(counts_of(found).run())
    monkeypatch.setattr(module, "_BUFFER_KEYS", 10)
    assert rows_of(counts_of(found, parts=40).run()) == expected


@given(TEXTS, st.integers(1, 8), st.integers(1, 4), st.randoms(use_true_random=False))
@settings(max_examples=80)
def test_a_type_sample_is_the_types_of_smallest_hash_with_exact_counts_however_sharded(found, capacity, shards, random):
    everything = table(found)
    types = sorted({kind for kind, _ in everything})
    random.shuffle(found)
    parts = [counts_of(found[shard::shards], capacity) for shard in range(shards)]
    first, *others = parts
    for part in others:
        first.merge(part)
    assert rows_of(first.run()) == {place: row for place, row in everything.items() if place[0] in types[:capacity]}
    assert first.theta == (types[capacity] if len(types) > capacity else ALL_TYPES)
    assert first.is_exact == (len(types) <= capacity)
    assert first.sampling_share == first.theta / ALL_TYPES


@pytest.mark.parametrize("capacity", [3, 20, 1000])
def test_a_sample_thinned_and_counted_many_times_on_the_way_is_the_one_made_at_once(monkeypatch, capacity):
    found = documents(300)
    everything = table(found)
    types = sorted({kind for kind, _ in everything})
    monkeypatch.setattr(module, "_SAMPLE_KEYS", 30)
    made = counts_of(found, capacity, parts=100)
    assert made._spool._runs
    assert rows_of(made.run()) == {place: row for place, row in everything.items() if place[0] in types[:capacity]}
    assert made.theta == (types[capacity] if len(types) > capacity else ALL_TYPES)


def test_the_threshold_counts_what_was_added_without_being_asked_to():
    made = counts_of(documents(100), capacity=5)
    assert made.theta < ALL_TYPES
    assert not made.is_exact


@given(TEXTS)
@settings(max_examples=30)
def test_a_batch_scanned_below_the_threshold_adds_as_a_whole_one(found):
    there, here = counts_of(documents(50), capacity=4), counts_of(documents(50), capacity=4)
    there.add(batch_of(found))
    here.add(batch_of(found, theta=here.theta))
    assert rows_of(there.run()) == rows_of(here.run())


def test_types_of_one_half_are_those_of_its_cells():
    found = documents(150)
    everything = table(found)
    for half in (None, 0, 1):
        types, tokens, held = type_counts(counts_of(found), half, ALL_TYPES)
        expected = {}
        for (kind, cell), row in everything.items():
            if half is None or half_of(np.uint16(cell)) == half:
                expected[kind] = np.add(expected.get(kind, [0, 0]), row)
        assert types.tolist() == sorted(expected)
        assert tokens.tolist() == [expected[kind][0] for kind in sorted(expected)]
        assert held.tolist() == [expected[kind][1] for kind in sorted(expected)]


def test_distinct_types_of_sorted_keys_are_listed_once():
    assert distinct(as_keys([])).tolist() == []
    assert distinct(as_keys([1, 2, CELLS, CELLS + 5, 3 * CELLS])).tolist() == [0, 1, 3]


@pytest.mark.parametrize("other", [("words_2", "v", 0, None), ("words_1", "w", 0, None), ("words_1", "v", 1, None), ("words_1", "v", 0, 9)])
def test_unlike_settings_are_named_when_they_refuse_to_merge(other):
    with pytest.raises(IncompatibleSummaries, match="frequencies differ in ") as caught:
        Frequencies("words_1", "v", 0).merge(Frequencies(*other))
    named = dict(zip(("view", "version", "seed", "capacity"), zip(("words_1", "v", 0, None), other, strict=True), strict=True))
    differing = [f"{name} ({here} and {there})" for name, (here, there) in named.items() if here != there]
    assert ", ".join(differing) in str(caught.value)


@pytest.mark.parametrize("kind", [3, 400])
def test_the_types_are_those_that_were_counted_wherever_they_lie(kind, tmp_path, monkeypatch):
    """Types of few cells are packed or counted, those of many are kept as they are; in memory, in files, and after they were read."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(module, "_BUFFER_KEYS", 500)
    monkeypatch.setattr(runs, "CHUNK_ROWS", 64)
    for rows in (20, 1 << 20):
        monkeypatch.setattr(module, "Spool", lambda _, rows=rows: Spool(memory_rows=rows))
        found = documents(900, vocabulary=kind)
        made = counts_of(found, parts=60)
        assert made.types().tolist() == sorted({place[0] for place in table(found)})
        assert rows_of(made.run()) == table(found)
        assert made.types().tolist() == sorted({place[0] for place in table(found)})


def test_a_spilled_summary_gives_the_result_of_one_in_memory_and_cleans_up(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(module, "Spool", lambda _: Spool(memory_rows=20))
    monkeypatch.setattr(module, "_BUFFER_KEYS", 10)
    monkeypatch.setattr(runs, "CHUNK_ROWS", 16)
    found = documents(300)
    made = counts_of(found, parts=60)
    assert rows_of(made.run()) == table(found)
    assert made.spilled_bytes > 0
    assert len(list(tmp_path.iterdir())) == 1
    del made
    gc.collect()
    assert list(tmp_path.iterdir()) == []
