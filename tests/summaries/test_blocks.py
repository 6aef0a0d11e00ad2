"""Uncounted keys in memory and on disk; what is counted at once and what waits; the buffer before them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from longtail.summaries import _kernels
from longtail.summaries.blocks import MOST_RANGES, Block, gathered, packed_keys, sorted_keys, spilled
from longtail.summaries.buffers import Buffer
from longtail.summaries.runs import Run, Spool, counted, merged
from longtail.views.keys import CELL_BITS

KEYS = st.lists(st.integers(0, (1 << 64) - 1) | st.integers(0, 9), max_size=60)
RANGE = (1 << 64) // MOST_RANGES


def as_keys(values):
    return np.array(values, np.uint64)


def waiting(keys):
    buffer = Buffer()
    buffer.extend(keys)
    return buffer


def stood(keys):
    return packed_keys(keys) or sorted_keys(keys)


@given(st.lists(st.tuples(KEYS, KEYS), max_size=4), st.integers(0, MOST_RANGES - 1), st.integers(1, MOST_RANGES))
def test_a_range_holds_its_keys_and_no_others_in_memory_and_on_disk(tmp_path_factory, lists, low, width):
    high = min(MOST_RANGES, low + width)
    blocks = [Block(*(stood(np.sort(as_keys(keys))) for keys in pair)) for pair in lists]
    there = spilled(blocks, tmp_path_factory.mktemp("blocks") / "keys")
    for kind in (0, 1):
        expected = sorted(key for pair in lists for key in pair[kind] if low * RANGE <= key < high * RANGE)
        assert sorted(gathered(blocks, low, high)[kind].tolist()) == expected
        assert sorted(gathered(there, low, high)[kind].tolist()) == expected
    assert [(len(block.first), len(block.again)) for block in there] == [(len(first), len(again)) for first, again in lists]
    assert [block.bytes for block in there] == [block.bytes for block in blocks]


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


@given(st.lists(KEYS, max_size=6))
def test_a_buffer_gives_what_was_put_in_and_can_be_used_again(lists):
    buffer, kept = Buffer(), []
    for keys in lists * 2:
        buffer.extend(as_keys(keys))
        kept += keys
        assert buffer.keys.tolist() == kept
        assert len(buffer) == len(kept)
        if len(kept) > 70:
            taken = buffer.taken()
            buffer.extend(as_keys([1, 2]))
            assert taken.tolist() == kept
            kept = [1, 2]
    buffer.clear()
    assert len(buffer.keys) == 0


@given(KEYS, KEYS)
def test_merging_adds_the_counts_of_equal_keys(left, right):
    run = merged(counted(as_keys(left), as_keys([])), counted(as_keys(right), as_keys([])))
    both = sorted({*left, *right})
    assert run.keys.tolist() == both
    assert run.documents.tolist() == run.tokens.tolist() == [(left + right).count(key) for key in both]


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, (1 << CELL_BITS) - 1)), min_size=200, max_size=400), st.integers(0, MOST_RANGES)
)
def test_keys_of_few_types_are_packed_into_less_than_half_the_room(pairs, low):
    keys = np.sort(as_keys([kind << 61 | cell for kind, cell in pairs]))
    packed = packed_keys(keys)
    assert packed is not None
    assert packed.bytes <= 2 * len(keys) + 6 * 12
    assert packed.between(0, MOST_RANGES).tolist() == keys.tolist()
    assert packed.between(low, MOST_RANGES).tolist() == [key for key in keys.tolist() if key >= low * RANGE]


def test_keys_of_many_types_are_not_packed():
    assert packed_keys(as_keys(range(1000)) << np.uint64(CELL_BITS)) is None


@given(st.lists(st.integers(0, 30), max_size=40), st.integers(1, 12))
def test_the_first_types_of_a_run_end_where_the_next_begins(values, capacity):
    keys = np.sort(as_keys(values))
    types = sorted({value >> 2 for value in values})
    stop = _kernels.nth_type(keys, 2, capacity)
    assert keys[:stop].tolist() == [key for key in sorted(values) if key >> 2 in types[:capacity]]
    assert _kernels.distinct_keys(keys) == len(set(values))
    assert _kernels.distinct_types(keys, 2) == len(types)


@given(KEYS, st.integers(0, (1 << 64) - 1) | st.integers(0, 9))
def test_keys_below_a_limit_are_moved_to_the_front_in_their_order(values, limit):
    keys = as_keys(values)
    size = _kernels.below(keys, np.uint64(limit))
    assert keys[:size].tolist() == [value for value in values if value < limit]


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
