"""Keys that wait in a buffer: what was put in, in its order, and whose array it is."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from longtail.summaries.buffers import Buffer, copied, scratch

from .keyed import KEYS, as_keys, waiting


@given(st.lists(KEYS, max_size=6))
def test_a_buffer_gives_what_was_put_in_and_can_be_used_again(lists):
    buffer, kept = Buffer(), []
    for keys in lists * 2:
        buffer.extend(as_keys(keys))
        kept += keys
        assert buffer.keys.tolist() == kept
        assert len(buffer) == len(kept)
    buffer.clear()
    assert len(buffer.keys) == 0


def test_an_empty_buffer_has_no_keys_and_gives_none():
    buffer = Buffer()
    buffer.extend(as_keys([]))
    assert len(buffer) == len(buffer.keys) == len(buffer.keep(0)) == 0
    assert buffer.keys.dtype == np.uint64


def test_keys_are_copied_in_and_shown_in_place():
    given_keys = as_keys([5, 3])
    buffer = waiting(given_keys)
    given_keys[0] = 9
    assert buffer.keys.tolist() == [5, 3]
    buffer.keys.sort()
    assert buffer.keys.tolist() == [3, 5]


def test_only_the_first_keys_are_kept_and_further_ones_follow_them():
    buffer = waiting(as_keys([4, 5, 6, 7]))
    assert buffer.keep(2).tolist() == [4, 5] and len(buffer) == 2
    buffer.extend(as_keys([8]))
    assert buffer.keys.tolist() == [4, 5, 8]


def test_room_is_kept_when_keys_are_forgotten_and_doubled_when_it_is_too_small():
    buffer = waiting(as_keys(range(8)))
    buffer.clear()
    buffer.extend(as_keys(range(8)))
    room = buffer.keys.base
    buffer.clear()
    buffer.extend(as_keys(range(3)))
    assert buffer.keys.base is room
    buffer.extend(as_keys(range(6)))
    assert len(buffer.keys.base) == 16 and buffer.keys.tolist() == [0, 1, 2, 0, 1, 2, 3, 4, 5]


def test_scratch_is_used_again_by_its_purpose_and_may_be_of_no_keys():
    assert len(scratch("nothing", 0)) == 0
    first = scratch("something", 8)
    assert scratch("something", 4).base is first.base and scratch("another", 4).base is not first.base
    assert copied("something", as_keys([7, 8])).tolist() == [7, 8] and first[:2].tolist() == [7, 8]


def test_a_thread_that_was_lent_no_room_yet_is_lent_none_where_it_asks_for_none():
    with ThreadPoolExecutor(1) as pool:
        assert [len(pool.submit(scratch, "room", size).result()) for size in (0, 3, 0, 5)] == [0, 3, 0, 5]
