"""Compiled loops over token numbers: numbering, matches of n-grams, common subsequences."""

import numpy as np
import numpy.typing as npt

from longtail._jit import njit

I32 = npt.NDArray[np.int32]
I64 = npt.NDArray[np.int64]
U64 = npt.NDArray[np.uint64]
U8 = npt.NDArray[np.uint8]
F64 = npt.NDArray[np.float64]

_FEW = 1 << 12  # slots of a table that begins to be filled: as small as it may be, so that it stays in a cache
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_HALF = np.uint64(32)
_ONE, _FULL, _TOP = np.uint64(1), np.uint64(0xFFFFFFFFFFFFFFFF), np.uint64(63)


@njit
def slot_of(key: np.uint64, known: U64, slots: I32) -> np.uint64:
    """Return the slot in which the number of a key stands, or the free one in which it belongs.

    Args:
        known: Key of each number.
        slots: Numbers, -1 where there is none, shape (power of two,), half of them free at least.
    """
    mask, mixed = np.uint64(len(slots) - 1), key * _SPREAD
    slot = (mixed ^ (mixed >> _HALF)) & mask
    while slots[slot] >= 0 and known[slots[slot]] != key:
        slot = (slot + _ONE) & mask
    return slot


@njit
def number(keys: U64, ids: I64) -> int:
    """Write the number of each key in the order of first sight; return how many different ones there are.

    Args:
        keys: Any values, compared exactly, shape (keys,).
        ids: Receives the numbers, shape (keys,).
    """
    slots, known, count = np.full(_FEW, -1, np.int32), np.empty(len(keys), np.uint64), 0
    for i in range(len(keys)):
        slot = slot_of(keys[i], known, slots)
        if slots[slot] < 0:
            slots[slot] = count
            known[count] = keys[i]
            count += 1
        ids[i] = slots[slot]
        if 2 * count > len(slots):
            slots = np.full(4 * len(slots), -1, np.int32)
            for each in range(count):
                slots[slot_of(known[each], known, slots)] = each
    return count


@njit
def largest(ids: I64, starts: I64, types: int) -> tuple[I32, I32, I32]:
    """Return the largest and the second largest count of each type in one document, and whose the largest is.

    Args:
        ids: Types by document, shape (n,).
        starts: Bounds of the documents, shape (documents + 1,).

    Returns:
        Three arrays of shape (types,).
    """
    top, second, owner = np.zeros(types, np.int32), np.zeros(types, np.int32), np.zeros(types, np.int32)
    counts = np.zeros(types, np.int32)
    for d in range(len(starts) - 1):
        for i in range(starts[d], starts[d + 1]):
            counts[ids[i]] += 1
        for i in range(starts[d], starts[d + 1]):
            kind = ids[i]
            count = counts[kind]
            counts[kind] = 0
            if count > top[kind]:
                second[kind], top[kind], owner[kind] = top[kind], count, d
            elif count > second[kind]:
                second[kind] = count
    return top, second, owner


@njit
def matches(ids: I64, starts: I64, top: I32, second: I32, owner: I32) -> I64:
    """Return the n-grams of each document that the others hold, clipped at the largest count in one of them, shape (documents,)."""
    counts, found = np.zeros(len(top), np.int32), np.zeros(len(starts) - 1, np.int64)
    for d in range(len(starts) - 1):
        for i in range(starts[d], starts[d + 1]):
            counts[ids[i]] += 1
        for i in range(starts[d], starts[d + 1]):
            kind = ids[i]
            found[d] += min(counts[kind], second[kind] if owner[kind] == d else top[kind])
            counts[kind] = 0
    return found


@njit
def _raise_best(ids: I64, own: I32, seen: I32, best: I32) -> None:
    """Raise the best count of the types that `own` holds to their count in one further document."""
    for kind in ids:
        if own[kind] > 0:
            seen[kind] += 1
            best[kind] = max(best[kind], seen[kind])
    for kind in ids:
        seen[kind] = 0


@njit
def matches_of(ids: I64, starts: I64, types: int, references: I64) -> I64:
    """Return the n-grams of each document that its references hold, clipped at the largest count in one of them.

    Args:
        references: Numbers of the documents that each is held against, shape (documents, references).
    """
    own, seen, best = np.zeros(types, np.int32), np.zeros(types, np.int32), np.zeros(types, np.int32)
    found = np.zeros(len(starts) - 1, np.int64)
    for d in range(len(starts) - 1):
        for i in range(starts[d], starts[d + 1]):
            own[ids[i]] += 1
        for other in references[d]:
            _raise_best(ids[starts[other] : starts[other + 1]], own, seen, best)
        for i in range(starts[d], starts[d + 1]):
            kind = ids[i]
            found[d] += min(own[kind], best[kind])
            own[kind] = 0
            best[kind] = 0
    return found


@njit
def closest(lengths: I64, references: I64) -> I64:
    """Return the length of the reference that is closest to each document's own, the shorter of two, shape (documents,)."""
    out = np.empty(len(lengths), np.int64)
    for d in range(len(lengths)):
        best = lengths[references[d, 0]]
        for other in references[d]:
            gap, least = abs(lengths[other] - lengths[d]), abs(best - lengths[d])
            if gap < least or (gap == least and lengths[other] < best):
                best = lengths[other]
        out[d] = best
    return out


@njit
def elsewhere(ids: I64, starts: I64, types: int) -> I64:
    """Return, for each document, the sum over its different n-grams of the other documents that hold them, shape (documents,)."""
    holders, last = np.zeros(types, np.int64), np.full(types, -1, np.int64)
    for d in range(len(starts) - 1):
        for i in range(starts[d], starts[d + 1]):
            if last[ids[i]] != d:
                last[ids[i]] = d
                holders[ids[i]] += 1
    found = np.zeros(len(starts) - 1, np.int64)
    last[:] = -1
    for d in range(len(starts) - 1):
        for i in range(starts[d], starts[d + 1]):
            if last[ids[i]] != d:
                last[ids[i]] = d
                found[d] += holders[ids[i]] - 1
    return found


@njit
def _masks(left: I64, row: I64, masks: U64) -> int:
    """Note at which places of `left` each token stands, a row of bits for each; return how many rows are in use."""
    used = 0
    for at in range(len(left)):
        if row[left[at]] < 0:
            row[left[at]] = used
            masks[used] = 0
            used += 1
        masks[row[left[at]], at // 64] |= _ONE << np.uint64(at % 64)
    return used


@njit
def _advance(state: U64, mask: U64) -> None:
    """Take one token of the right-hand text in: the bit-vector step of Hyyrö 2004, with a carry from word to word."""
    carry = np.uint64(0)
    for w in range(len(state)):
        hit = state[w] & mask[w]
        added = state[w] + hit
        over = np.uint64(added < hit)
        total = added + carry
        over |= np.uint64(total < added)
        state[w] = total | (state[w] & ~mask[w])
        carry = over


@njit
def _zeros(state: U64, length: int) -> int:
    found = 0
    for at in range(length):
        found += 1 - int((state[at // 64] >> np.uint64(at % 64)) & _ONE)
    return found


@njit
def common_subsequences(tokens: I64, starts: I64, types: int, pairs: I64) -> I64:
    """Return the length of the longest common subsequence of each pair of documents, shape (pairs,).

    Args:
        pairs: Numbers of two documents each, shape (pairs, 2).
    """
    longest = 0
    for d in range(len(starts) - 1):
        longest = max(longest, starts[d + 1] - starts[d])
    row, masks = np.full(types, -1, np.int64), np.zeros((longest, longest // 64 + 1), np.uint64)
    out = np.zeros(len(pairs), np.int64)
    for p in range(len(pairs)):
        left = tokens[starts[pairs[p, 0]] : starts[pairs[p, 0] + 1]]
        words = len(left) // 64 + 1
        _masks(left, row, masks[:, :words])
        state = np.full(words, _FULL, np.uint64)
        for i in range(starts[pairs[p, 1]], starts[pairs[p, 1] + 1]):
            if row[tokens[i]] >= 0:
                _advance(state, masks[row[tokens[i]], :words])
        out[p] = _zeros(state, len(left))
        for token in left:
            row[token] = -1
    return out
