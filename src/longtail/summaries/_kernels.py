"""Compiled loops over sorted runs of counted keys."""

import numpy as np
import numpy.typing as npt

from longtail._jit import njit

U64 = npt.NDArray[np.uint64]
U32 = npt.NDArray[np.uint32]


@njit
def count_sorted(first: U64, again: U64, keys: U64, tokens: U32, documents: U32) -> int:
    """Count equal neighbours of two sorted arrays into one run; return its length.

    Every key of `again` also stands in `first`. `documents` counts occurrences in `first`, `tokens` in both.
    """
    size, at = 0, 0
    for i in range(first.shape[0]):
        if size == 0 or first[i] != keys[size - 1]:
            keys[size] = first[i]
            documents[size] = 1
            tokens[size] = 1
            size += 1
            while at < again.shape[0] and again[at] == first[i]:
                tokens[size - 1] += np.uint32(1)
                at += 1
        else:
            documents[size - 1] += np.uint32(1)
            tokens[size - 1] += np.uint32(1)
    return size


@njit
def merge_sorted(
    left: U64,
    left_tokens: U32,
    left_documents: U32,
    right: U64,
    right_tokens: U32,
    right_documents: U32,
    keys: U64,
    tokens: U32,
    documents: U32,
) -> int:
    """Merge two runs, adding the counts of equal keys; return the length of the result."""
    i, j, size = 0, 0, 0
    while i < left.shape[0] and j < right.shape[0]:
        if left[i] < right[j]:
            keys[size], tokens[size], documents[size] = left[i], left_tokens[i], left_documents[i]
            i += 1
        elif right[j] < left[i]:
            keys[size], tokens[size], documents[size] = right[j], right_tokens[j], right_documents[j]
            j += 1
        else:
            keys[size] = left[i]
            tokens[size] = left_tokens[i] + right_tokens[j]
            documents[size] = left_documents[i] + right_documents[j]
            i += 1
            j += 1
        size += 1
    while i < left.shape[0]:
        keys[size], tokens[size], documents[size] = left[i], left_tokens[i], left_documents[i]
        i += 1
        size += 1
    while j < right.shape[0]:
        keys[size], tokens[size], documents[size] = right[j], right_tokens[j], right_documents[j]
        j += 1
        size += 1
    return size


@njit
def nth_type(keys: U64, shift: int, capacity: int) -> int:
    """Return how many leading keys of a sorted run belong to its first `capacity` types; its length if all do."""
    types, last = 0, np.uint64(0)
    for i in range(keys.shape[0]):
        kind = keys[i] >> np.uint64(shift)
        if i == 0 or kind != last:
            if types == capacity:
                return i
            types += 1
            last = kind
    return len(keys)


@njit
def add_equal(keys: U64, tokens: U32, documents: U32) -> int:
    """Add the counts of equal neighbours of a sorted run, in place; return its new length."""
    size = 0
    for i in range(keys.shape[0]):
        if size and keys[size - 1] == keys[i]:
            tokens[size - 1] += tokens[i]
            documents[size - 1] += documents[i]
        else:
            keys[size], tokens[size], documents[size] = keys[i], tokens[i], documents[i]
            size += 1
    return size
