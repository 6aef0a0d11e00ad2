"""Sorting of keys by their bits, against Python's own sort."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from longtail.summaries import _sorting_kernels as kernels
from longtail.summaries import sorting
from longtail.views.keys import CELLS

from .keyed import KEYS, as_keys


def of_types(types, size, seed=0):
    rng = np.random.default_rng(seed)
    return rng.choice(types, size) << np.uint64(12) | rng.integers(0, CELLS, size, dtype=np.uint64)


HASHES = np.random.default_rng(1).integers(0, 1 << 52, 5000, dtype=np.uint64)


@pytest.mark.parametrize("size", [1, 2049, 5000, 200_000])
@pytest.mark.parametrize(
    "types",
    [HASHES, HASHES[:1], HASHES[:20], HASHES >> np.uint64(40), np.arange(100, dtype=np.uint64), HASHES // np.uint64(3)],
    ids=["many", "one", "few", "of twelve bits", "numbers", "below a third"],
)
def test_keys_are_sorted_whatever_their_types(types, size):
    keys = of_types(types, size)
    expected = sorted(keys.tolist())
    sorting.sort(keys)
    assert keys.tolist() == expected


@given(KEYS)
def test_few_keys_of_any_bits_are_sorted(values):
    keys = as_keys(values)
    sorting.sort(keys)
    assert keys.tolist() == sorted(values)


@given(KEYS.filter(len), st.integers(0, 3000))
def test_keys_that_their_highest_bits_leave_in_disorder_are_sorted_too(values, copies):
    """Two types that differ in low bits alone, among others that differ in high ones: many keys would have to move."""
    close = as_keys([1 << 12, 2 << 12] * copies)
    keys = np.concatenate([as_keys(values), close, close << np.uint64(1), as_keys([1 << 63] * 2049)])
    expected = sorted(keys.tolist())
    sorting.sort(keys)
    assert keys.tolist() == expected


@pytest.mark.parametrize("wanted", [0, 1, 40, 3000, 10_000])
@pytest.mark.parametrize("size", [30, 100_000])
def test_the_keys_of_the_types_of_smallest_hash_are_sorted_to_the_front(size, wanted):
    keys = of_types(HASHES, size)
    expected = np.sort(keys)
    sorted_ones = sorting.sort_smallest(keys, wanted)
    front = expected[:sorted_ones]
    assert keys[:sorted_ones].tolist() == front.tolist()
    assert sorted_ones == size or len(set((front >> np.uint64(12)).tolist())) > wanted


def test_groups_of_several_parts_are_placed_one_after_another_in_each_group():
    parts = [as_keys([1, 2, 30, 40]), as_keys([3, 50])]
    starts = [np.array([0, 2, 2, 4], np.uint32), np.array([0, 1, 1, 2], np.uint32)]
    places, out = np.array([0, 3, 3], np.uint32), np.zeros(6, np.uint64)
    for part, begins in zip(parts, starts, strict=True):
        kernels.place(part, begins, places, out)
    assert out.tolist() == [1, 2, 3, 30, 40, 50] and places.tolist() == [3, 3, 6]


def test_mending_gives_up_where_too_many_keys_have_to_move():
    assert kernels.mended(as_keys([1, 3, 2, 4]))
    assert not kernels.mended(as_keys(range(100, 0, -1)))


@given(KEYS)
def test_keys_are_sorted_by_every_digit(values):
    keys = as_keys(values)
    kernels.sort_digits(keys, np.empty(1 << 11, np.uint32), np.empty_like(keys))
    assert keys.tolist() == sorted(values)


@given(KEYS.filter(len), st.sampled_from([0, 12, 30, 54]))
def test_groups_hold_the_keys_of_their_bits_in_the_order_they_came_in(values, shift):
    out = np.empty(len(values), np.uint64)
    starts = sorting.group(as_keys(values), out, shift)
    of = [value >> shift & 1023 for value in values]
    assert out.tolist() == [value for _, value in sorted(zip(of, values, strict=True), key=lambda pair: pair[0])]
    assert starts.tolist() == [sum(other < group for other in of) for group in range(1025)]


@given(KEYS.filter(len))
def test_the_top_bit_is_one_more_than_the_highest_that_differs(values):
    different = 0
    for value in values:
        different |= value ^ values[0]
    assert kernels.top_bit(as_keys(values)) == different.bit_length()
