"""Compiled loops of near duplicates: keys of bands, groups of linked documents, and who is kept in each."""

import numpy as np
import numpy.typing as npt

from longtail._jit import njit
from longtail.summaries._minhash_kernels import agreeing
from longtail.views._kernels import mix

U8 = npt.NDArray[np.uint8]
U32 = npt.NDArray[np.uint32]
U64 = npt.NDArray[np.uint64]
I32 = npt.NDArray[np.int32]
I64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]

WHOLE = -1  # the band that is the whole signature
_WIDE = 64
_NEAR = 128  # documents whose signatures stay in the first cache
_GRAM = np.uint64(0x9E3779B97F4A7C15)
_LOW = np.uint64(0xFFFFFFFF)
_S32 = np.uint64(32)


@njit
def key_of(words: U32, row: int, band: int, width: int) -> np.uint64:
    """Return the 32-bit key of a band: its bits, those of a wider one folded, a hash for the whole signature."""
    if band != WHOLE:
        key = words[row, band * width]
        for at in range(1, width):
            key ^= words[row, band * width + at]
        return np.uint64(key)
    value = _GRAM
    for at in range(0, words.shape[1], 2):
        value = (value ^ (np.uint64(words[row, at]) << _S32 | np.uint64(words[row, at + 1]))) * _GRAM
        value ^= value >> _S32
    return mix(value) >> _S32


@njit
def tally(words: U32, rows: I32, ranks: I32, band: int, width: int, shift: int, counts: I64) -> None:
    """Count the documents by the upper bits of their key."""
    for rank in ranks:
        counts[key_of(words, rows[rank], band, width) >> np.uint64(shift)] += 1


@njit
def gather(words: U32, rows: I32, ranks: I32, first: int, width: int, packed: U64) -> None:
    """Write keys (upper 32 bits) with ranks (lower) of documents, for some bands.

    Args:
        words: Signatures as 32-bit words, shape (stored, 32).
        rows: Row of each rank in `words`.
        ranks: The documents.
        first: Band of the first line of `packed`; the others follow.
        width: Words of a band.
        packed: Receives them, shape (bands, ranks).
    """
    for start in range(0, ranks.shape[0], _NEAR):
        stop = min(start + _NEAR, ranks.shape[0])
        for line in range(packed.shape[0]):
            for at in range(start, stop):
                rank = ranks[at]
                packed[line, at] = key_of(words, rows[rank], first + line, width) << _S32 | np.uint64(rank)


@njit
def gather_range(words: U32, rows: I32, ranks: I32, band: int, width: int, low: int, high: int, packed: U64) -> None:
    """Write keys with ranks of the documents whose key is in [low, high), shape (those,), for one band."""
    fill = 0
    for rank in ranks:
        key = key_of(words, rows[rank], band, width)
        if np.uint64(low) <= key < np.uint64(high):
            packed[fill] = key << _S32 | np.uint64(rank)
            fill += 1


@njit
def rank_at(packed: U64, at: int) -> int:
    """Return the rank that stands beside a key."""
    return int(np.int64(packed[at] & _LOW))


@njit
def run_end(packed: U64, start: int) -> int:
    """Return where the run of equal keys that begins at `start` ends."""
    stop = start + 1
    while stop < packed.shape[0] and packed[stop] >> _S32 == packed[start] >> _S32:
        stop += 1
    return stop


@njit
def same(words: U32, left: int, right: int) -> bool:
    """Tell whether two signatures are equal."""
    unlike = 0
    for at in range(words.shape[1]):
        unlike += words[left, at] != words[right, at]
    return unlike == 0


@njit
def collapse(packed: U64, words: U32, rows: I32, firsts: I32) -> None:
    """Point each document at the first by rank that has the same signature.

    Args:
        packed: Hashes of whole signatures with ranks, ascending.
        words: Signatures.
        rows: Row of each rank.
        firsts: Receives the first of each rank, itself on entry.
    """
    start = 0
    while start < packed.shape[0]:
        stop = run_end(packed, start)
        for at in range(start + 1, stop):
            rank = rank_at(packed, at)
            for before in range(start, at):
                other = rank_at(packed, before)
                if firsts[other] == other and same(words, rows[other], rows[rank]):
                    firsts[rank] = other
                    break
        start = stop


@njit
def root(parents: I32, rank: int) -> int:
    """Return the representative of a group, halving the path to it."""
    while parents[rank] != rank:
        parents[rank] = parents[parents[rank]]
        rank = int(parents[rank])
    return rank


@njit
def unite(parents: I32, left: int, right: int) -> None:
    """Make two groups one, under the lower representative."""
    low, high = min(left, right), max(left, right)
    parents[high] = low


@njit
def link_run(packed: U64, start: int, stop: int, values: U8, rows: I32, least: int, parents: I32) -> None:
    """Link the documents of one key: pairs that agree enough, or all of them where they are many."""
    for at in range(start + 1, stop):
        rank = rank_at(packed, at)
        for before in range(start, at if stop - start <= _WIDE else start + 1):
            other = rank_at(packed, before)
            mine, theirs = root(parents, rank), root(parents, other)
            if mine != theirs and (stop - start > _WIDE or agreeing(values[rows[rank]], values[rows[other]]) >= least):
                unite(parents, mine, theirs)


@njit
def link(packed: U64, values: U8, rows: I32, least: int, parents: I32) -> None:
    """Link documents that share a key and agree in `least` places; a key of more than 64 links all that have it.

    What is linked too much costs time later and changes nothing.
    """
    start = 0
    while start < packed.shape[0]:
        stop = run_end(packed, start)
        if stop - start > 1:
            link_run(packed, start, stop, values, rows, least, parents)
        start = stop


@njit
def flatten(parents: I32) -> None:
    """Point every document at the representative of its group."""
    for rank in range(parents.shape[0]):
        parents[rank] = parents[parents[rank]]  # a parent is always lower, so it is flat already


@njit
def number(packed: U64, groups: I32, numbers: I32, first: int) -> int:
    """Number the buckets of one band: members of one group that share a key; return the first number that is free.

    Args:
        packed: Keys with members, ascending; members of a group follow each other.
        groups: Group of each member.
        numbers: Receives the bucket of each member, -1 where it is alone in it.
        first: First number.
    """
    start = 0
    while start < packed.shape[0]:
        group = groups[packed[start] & _LOW]
        stop = start + 1
        while stop < packed.shape[0] and packed[stop] >> _S32 == packed[start] >> _S32 and groups[packed[stop] & _LOW] == group:
            stop += 1
        for at in range(start, stop):
            numbers[packed[at] & _LOW] = first if stop - start > 1 else -1
        first += stop - start > 1
        start = stop
    return first


@njit
def nearest_kept(values: U8, rows: I32, member: int, buckets: I32, heads: I32, following: I32, seen: I32, least: int) -> tuple[int, int]:
    """Return the kept member of its buckets that agrees most with a member, the earliest of equals, or -1; and the places."""
    best, most = -1, least - 1
    for band in range(buckets.shape[1]):
        other = heads[buckets[member, band]] if buckets[member, band] >= 0 else -1
        while other >= 0:
            if seen[other] != member:
                seen[other] = member
                count = agreeing(values[rows[member]], values[rows[other]])
                if count > most or (count == most and best >= 0 and other < best):
                    best, most = other, count
            other = following[other, band]
    return best, most


@njit
def settle(
    values: U8, rows: I32, fixed: Bool, buckets: I32, heads: I32, following: I32, room: int, least: int, partners: I32, places: U8
) -> int:
    """Decide in order who is kept: a member is removed if it agrees in `least` places with one that is kept and shares a bucket.

    Args:
        values: Signatures.
        rows: Row of each member, in the order of priority.
        fixed: Whether it is kept whatever it is like, shape (members,).
        buckets: Bucket of each band, or -1, shape (members, bands).
        heads: Last kept member of each bucket, -1 on entry.
        following: The kept member before it in each bucket, shape (members, bands).
        room: Kept members that a bucket holds.
        least: Places that must agree.
        partners: Receives the kept member that is most like it, or -1 where a member is kept.
        places: Receives in how many places they agree.

    Returns:
        How often a kept member found a bucket full.
    """
    seen = np.full(rows.shape[0], -1, dtype=np.int32)
    held = np.zeros(heads.shape[0], dtype=np.int32)
    full = 0
    for member in range(rows.shape[0]):
        best, most = -1, 0
        if not fixed[member]:
            best, most = nearest_kept(values, rows, member, buckets, heads, following, seen, least)
        partners[member] = best
        if best >= 0:
            places[member] = most
            continue
        for band in range(buckets.shape[1]):
            bucket = buckets[member, band]
            if bucket >= 0 and held[bucket] < room:
                following[member, band] = heads[bucket]
                heads[bucket] = member
                held[bucket] += 1
            elif bucket >= 0:
                full += 1
    return full
