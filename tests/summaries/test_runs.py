"""Runs of counted keys and the spool that merges and spills them, against counting by hand."""

import gc
import tempfile
from functools import reduce
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from longtail.summaries import runs
from longtail.summaries.buffers import Buffer
from longtail.summaries.runs import Run, Spool, counted, empty_run, joined, merged, merged_all
from longtail.views.keys import CELL_BITS

from .keyed import KEYS, as_keys, waiting


def whole(spool):
    run = spool.whole()
    return list(zip(run.keys.tolist(), run.tokens.tolist(), run.documents.tolist(), strict=True))


@given(KEYS, st.data())
def test_sorted_counting_is_a_counter(first, data):
    again = data.draw(st.lists(st.sampled_from(first), max_size=30)) if first else []
    run = counted(as_keys(first), as_keys(again))
    assert run.keys.tolist() == sorted(set(first))
    assert run.documents.tolist() == [first.count(key) for key in sorted(set(first))]
    assert run.tokens.tolist() == [first.count(key) + again.count(key) for key in sorted(set(first))]


@given(st.lists(KEYS, max_size=4))
def test_merging_adds_the_counts_of_equal_keys(lists):
    parts, everything = [counted(as_keys(keys), as_keys(keys[:2])) for keys in lists], [key for keys in lists for key in keys]
    again = [key for keys in lists for key in keys[:2]]
    for run in (merged_all(parts), reduce(merged, parts, empty_run())):
        assert run.keys.tolist() == sorted({*everything})
        assert run.documents.tolist() == [everything.count(key) for key in sorted({*everything})]
        assert run.tokens.tolist() == [(everything + again).count(key) for key in sorted({*everything})]


def test_rows_between_bounds_are_half_open_and_reach_the_last_key():
    run = Run(as_keys([0, 5, (1 << 64) - 1]), np.array([3, 4, 5], np.uint32), np.array([1, 2, 3], np.uint32))
    assert run.between(0, 5).keys.tolist() == [0]
    assert run.between(5, 1 << 64).keys.tolist() == [5, (1 << 64) - 1]
    assert run.between(6, 7).keys.tolist() == [] and run.between(0, 0).keys.tolist() == []
    assert run.rows(1, 3).tokens.tolist() == [4, 5] and run.rows(1, 3).documents.tolist() == [2, 3]
    assert run.head(2).keys.tolist() == [0, 5] and run.head(2).documents.tolist() == [1, 2]


def test_few_first_rows_do_not_hold_the_arrays_of_all():
    run = counted(as_keys(range(100)), as_keys([]))
    assert run.head(10).keys.base is None and run.head(90).keys.base is not None


def test_runs_that_follow_one_another_are_joined_in_their_order():
    parts = [counted(as_keys(keys), as_keys(keys[:1])) for keys in ([1, 1, 2], [7], [9, 9])]
    whole = joined(parts)
    assert whole.keys.tolist() == [1, 2, 7, 9]
    assert whole.documents.tolist() == [2, 1, 1, 2] and whole.tokens.tolist() == [3, 1, 2, 3]
    assert len(joined([])) == len(merged_all([])) == len(empty_run()) == 0
    assert joined(parts[:1]) is parts[0] is merged(parts[0], empty_run()) is merged(empty_run(), parts[0])


@given(st.lists(KEYS, max_size=6), st.integers(0, 60))
@settings(max_examples=60)
def test_a_spool_that_spills_holds_what_one_in_memory_holds(lists, memory_rows):
    with tempfile.TemporaryDirectory() as folder:
        spool, memory = Spool(memory_rows=memory_rows, directory=Path(folder)), Spool()
        for keys in lists:
            spool.push(counted(as_keys(keys), as_keys([])))
            memory.push(counted(as_keys(keys), as_keys([])))
        assert whole(spool) == whole(memory)
        assert (spool.spilled_bytes > 0) == any(Path(folder).iterdir())
        spool.replace(empty_run())
        assert list(Path(folder).iterdir()) == []


@given(st.lists(KEYS, max_size=5), st.integers(0, 40))
def test_what_is_collected_is_counted_in_any_mixture_of_blocks_runs_and_files(lists, memory_rows):
    spool, everything = Spool(memory_rows=memory_rows), sorted(key for keys in lists for key in keys)
    for keys in lists:
        spool.collect(waiting(as_keys(keys)), waiting(as_keys(keys[:1])))
    for _ in range(2):
        run = spool.whole()
        assert run.keys.tolist() == sorted(set(everything))
        assert run.documents.tolist() == [everything.count(key) for key in sorted(set(everything))]
        assert int(run.tokens.sum()) == len(everything) + sum(1 for keys in lists if keys)


def test_keys_that_repeat_are_kept_as_counts_and_others_as_they_are():
    spool, types = Spool(memory_rows=2000), as_keys(range(5000))
    for _ in range(50):
        spool.collect(waiting(np.repeat(as_keys(range(10)), 100)), Buffer())
    assert spool.spilled_bytes == 0
    assert spool.whole().documents.tolist() == [5000] * 10
    spool.collect(waiting(types << np.uint64(CELL_BITS)), Buffer())
    assert spool.spilled_bytes == 8 * 5000


def test_a_run_that_stands_alone_is_given_as_it_is():
    spool, run = Spool(), Run(as_keys([1, 5]), np.ones(2, np.uint32), np.ones(2, np.uint32))
    spool.push(run)
    assert list(spool.chunks()) == [run]


def test_a_run_that_was_asked_for_stays_counted_and_takes_in_what_comes_after():
    rng = np.random.default_rng(0)
    spool, whole = Spool(memory_rows=50), []
    for _ in range(3):
        keys = rng.integers(0, 1 << 60, 400).astype(np.uint64)
        whole.append(keys)
        spool.collect(waiting(keys), waiting(as_keys([])))
        expected = np.sort(np.concatenate(whole))
        for _ in range(2):
            run = spool.whole()
            assert (run.keys == expected).all() and run.tokens.sum() == run.documents.sum() == len(expected)
        assert np.concatenate([chunk.keys for chunk in spool.chunks()]).tolist() == expected.tolist()


def test_chunks_ascend_and_do_not_overlap(monkeypatch):
    monkeypatch.setattr(runs, "CHUNK_ROWS", 50)
    rng = np.random.default_rng(0)
    spool = Spool(memory_rows=100)
    for _ in range(7):
        spool.push(counted(rng.integers(0, 1 << 63, 90, dtype=np.uint64) * np.uint64(2), as_keys([])))
    chunks = list(spool.chunks())
    assert len(chunks) > 5
    assert (np.diff(np.concatenate([chunk.keys for chunk in chunks]).astype(object)) > 0).all()


def test_a_spool_that_is_forgotten_leaves_no_files(tmp_path):
    spool = Spool(memory_rows=4, directory=tmp_path)
    spool.push(empty_run())
    assert list(spool.chunks()) == [] == list(tmp_path.iterdir())
    spool.push(counted(as_keys(range(9)), as_keys([])))
    assert spool.spilled_bytes == 16 * 9 and [folder.name[:14] for folder in tmp_path.iterdir()] == ["longtail-runs-"]
    assert whole(spool) == [(key, 1, 1) for key in range(9)]
    del spool
    gc.collect()
    assert list(tmp_path.iterdir()) == []
