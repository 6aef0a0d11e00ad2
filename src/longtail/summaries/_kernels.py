"""Compiled loops over sorted runs of counted keys."""

import numpy as np
import numpy.typing as npt

from longtail._jit import njit

U64 = npt.NDArray[np.uint64]
U32 = npt.NDArray[np.uint32]

_ZERO, _ONE = np.uint64(0), np.uint64(1)


@njit
def distinct_keys(keys: U64) -> int:
    """Return the number of distinct keys of a sorted array."""
    count = int(keys.shape[0] > 0)
    for i in range(1, keys.shape[0]):
        count += int(keys[i] != keys[i - 1])
    return count


@njit
def distinct_types(keys: U64, shift: int) -> int:
    """Return the number of distinct types of a sorted array of keys."""
    count = int(keys.shape[0] > 0)
    for i in range(1, keys.shape[0]):
        count += int((keys[i] ^ keys[i - 1]) >> np.uint64(shift) != 0)
    return count


@njit
def write_types(keys: U64, shift: int, types: U64) -> None:
    """Write the types of a sorted array of keys, each once; `types` has one element for each."""
    at = 0
    for i in range(keys.shape[0]):
        if i == 0 or (keys[i] ^ keys[i - 1]) >> np.uint64(shift) != 0:
            types[at] = keys[i] >> np.uint64(shift)
            at += 1


@njit
def count_sorted(first: U64, again: U64, keys: U64, tokens: U32, documents: U32) -> None:
    """Count equal neighbours of two sorted arrays into one run, as long as there are distinct keys.

    Every key of `again` also stands in `first`. `documents` counts occurrences in `first`, `tokens` in both.
    """
    at = 0
    for i in range(first.shape[0]):  # the end of each key in `first`, in place of its count
        keys[at] = first[i]
        documents[at] = np.uint32(i + 1)
        at += int(i + 1 < first.shape[0] and first[i] != first[i + 1])
    for i in range(keys.shape[0]):
        tokens[i] = documents[i] - (documents[i - 1] if i > 0 else np.uint32(0))
    for i in range(keys.shape[0]):
        documents[i] = tokens[i]
    at = 0
    for i in range(again.shape[0]):
        while keys[at] < again[i]:
            at += 1
        tokens[at] += np.uint32(1)


@njit
def merge_behind(keys: U64, tokens: U32, documents: U32, size: int, right: U64, right_tokens: U32, right_documents: U32) -> int:
    """Merge a run into the front part of another's arrays, from the end on, adding the counts of equal keys.

    Args:
        keys: Ascending, shape (size + rows of `right`,), of which the first `size` are filled; `tokens` and `documents` likewise.
        size: Rows of the run that lies there.
        right: Keys of the other run.

    Returns:
        Where the merged run begins, which ends with the arrays.
    """
    i, j, at = size - 1, right.shape[0] - 1, keys.shape[0] - 1
    while i >= 0 and j >= 0:
        is_left, is_right = keys[i] >= right[j], right[j] >= keys[i]
        here, there = np.uint32(is_left), np.uint32(is_right)
        key = max(keys[i], right[j])
        tokens[at] = here * tokens[i] + there * right_tokens[j]
        documents[at] = here * documents[i] + there * right_documents[j]
        keys[at] = key
        i -= int(is_left)
        j -= int(is_right)
        at -= 1
    while j >= 0:
        keys[at], tokens[at], documents[at] = right[j], right_tokens[j], right_documents[j]
        j -= 1
        at -= 1
    while i >= 0 and at > i:
        keys[at], tokens[at], documents[at] = keys[i], tokens[i], documents[i]
        i -= 1
        at -= 1
    return int(at - i)


@njit
def merge_keys(keys: U64, size: int, right: U64) -> None:
    """Merge sorted keys into the front part of an array that is as long as both together, from the end on.

    Args:
        keys: Of which the first `size` are filled, ascending.
        right: The other keys, ascending.
    """
    i, at = np.uint64(size), np.uint64(size + right.shape[0])
    j = at - i
    while i > _ZERO and j > _ZERO:
        held, other = keys[i - _ONE], right[j - _ONE]
        is_other = np.uint64(other >= held)
        at -= _ONE
        keys[at] = max(held, other)
        j -= is_other
        i -= _ONE - is_other
    for k in range(j):
        keys[k] = right[k]


@njit
def nth_type(keys: U64, shift: int, capacity: int) -> int:
    """Return how many leading keys of a sorted run belong to its first `capacity` types; its length if all do."""
    types = 0
    for i in range(keys.shape[0]):
        types += i == 0 or keys[i] >> np.uint64(shift) != keys[i - 1] >> np.uint64(shift)
        if types > capacity:
            return i
    return len(keys)


@njit
def type_of_union(left: U64, right: U64, shift: int, place: int) -> np.int64:
    """Return the type that so many others of two sorted runs come before; one more than any can be where there is none."""
    i, j, types, last = 0, 0, 0, np.uint64(0)
    while i < left.shape[0] or j < right.shape[0]:
        is_left = j == right.shape[0] or (i < left.shape[0] and left[i] < right[j])
        kind = (left[i] if is_left else right[j]) >> np.uint64(shift)
        types += int(types == 0 or kind != last)
        if types > place:
            return np.int64(kind)
        last = kind
        i, j = i + int(is_left), j + int(not is_left)
    return np.int64(1 << (64 - shift))


@njit
def below(keys: U64, limit: np.uint64, kept: U64) -> int:
    """Write the keys below a limit, in their order; return how many there are.

    Args:
        kept: Receives the keys, and others behind them; as long as `keys`, which it may be.
    """
    size = np.uint64(0)
    for i in range(keys.shape[0]):
        key = keys[i]
        kept[size] = key
        size += np.uint64(key < limit)
    return int(size)
