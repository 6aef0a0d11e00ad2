"""Uncounted keys in memory and on disk, packed or as they are."""

from io import FileIO

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from longtail.summaries import _kernels
from longtail.summaries.blocks import MOST_RANGES, Block, Grouped, gathered, grouped_keys, packed_keys, spilled
from longtail.views.keys import CELL_BITS

from .keyed import KEYS, as_keys

RANGE = (1 << 64) // MOST_RANGES


def block_of(first, again):
    if (packed := packed_keys(first, len(first))) is None:
        return Block(grouped_keys(first), grouped_keys(again))
    return Block(packed, packed_keys(again, len(again)) or grouped_keys(again))


@given(st.lists(st.tuples(KEYS, KEYS), max_size=4), st.integers(0, MOST_RANGES - 1), st.integers(1, MOST_RANGES))
def test_a_range_holds_its_keys_and_no_others_in_memory_and_on_disk(tmp_path_factory, lists, low, width):
    high = min(MOST_RANGES, low + width)
    blocks = [block_of(*map(as_keys, pair)) for pair in lists]
    with FileIO(tmp_path_factory.mktemp("blocks") / "keys", "w+") as file:
        check(blocks, spilled(blocks, file), lists, low, high)


def check(blocks, there, lists, low, high):
    for kind in (0, 1):
        expected = sorted(key for pair in lists for key in pair[kind] if low * RANGE <= key < high * RANGE)
        assert gathered(blocks, low, high)[kind].tolist() == expected
        assert gathered(there, low, high)[kind].tolist() == expected
    for side in ("first", "again"):
        assert sum(len(getattr(block, side)) for block in there) == sum(len(getattr(block, side)) for block in blocks)
    assert sum(isinstance(block.first, Grouped) for block in there) <= 1
    assert sum(block.bytes for block in there) == sum(block.bytes for block in blocks)


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, (1 << CELL_BITS) - 1)), min_size=200, max_size=400), st.integers(0, MOST_RANGES)
)
def test_keys_of_few_types_are_packed_into_less_than_half_the_room(pairs, low):
    keys = as_keys([kind << 61 | cell for kind, cell in pairs])
    packed = packed_keys(keys, 6)
    assert packed is not None
    assert packed.bytes <= 2 * len(keys) + 6 * 12
    block = Block(packed, grouped_keys(as_keys([])))
    assert gathered([block], 0, MOST_RANGES)[0].tolist() == sorted(keys.tolist())
    assert gathered([block], low, MOST_RANGES)[0].tolist() == [key for key in sorted(keys.tolist()) if key >= low * RANGE]


@given(KEYS)
def test_grouped_keys_can_be_sorted(values):
    keys = as_keys(values)
    grouped_keys(as_keys(values)).sort_into(keys)
    assert keys.tolist() == sorted(values)


def test_keys_of_many_types_or_of_more_than_foreseen_are_not_packed():
    many, few = as_keys(range(1000)) << np.uint64(CELL_BITS), np.repeat(as_keys(range(64)) << np.uint64(CELL_BITS), 100)
    assert packed_keys(many, 1000) is None
    assert packed_keys(few, 8) is None
    assert packed_keys(few, 64) is not None


@given(st.lists(st.integers(0, 30), max_size=40), st.integers(1, 12))
def test_the_first_types_of_a_run_end_where_the_next_begins(values, capacity):
    keys = np.sort(as_keys(values))
    types = sorted({value >> 2 for value in values})
    stop = _kernels.nth_type(keys, 2, capacity)
    assert keys[:stop].tolist() == [key for key in sorted(values) if key >> 2 in types[:capacity]]
    assert _kernels.distinct_keys(keys) == len(set(values))
    assert _kernels.distinct_types(keys, 2) == len(types)


@given(KEYS, KEYS)
def test_sorted_keys_are_merged_into_the_front_of_an_array(left, right):
    keys = as_keys(sorted(left) + right)
    _kernels.merge_keys(keys, len(left), np.sort(as_keys(right)))
    assert keys.tolist() == sorted(left + right)


@given(KEYS, KEYS, st.integers(0, 12))
def test_the_type_at_a_place_of_two_runs_is_that_of_their_union(left, right, place):
    types = sorted({key >> 12 for key in left + right})
    found = _kernels.type_of_union(np.sort(as_keys(left)), np.sort(as_keys(right)), 12, place)
    assert found == (types[place] if len(types) > place else 1 << 52)


@given(KEYS, st.integers(0, (1 << 64) - 1) | st.integers(0, 9))
def test_keys_below_a_limit_are_moved_to_the_front_in_their_order(values, limit):
    keys = as_keys(values)
    for kept in (np.empty_like(keys), keys):
        size = _kernels.below(keys, np.uint64(limit), kept)
        assert kept[:size].tolist() == [value for value in values if value < limit]
