"""Who is near whom, and who is kept: from signatures in temporary files to a partner for each document that is removed.

Bands are looked at one after another, each sorted by key, and in ranges of keys where a band does not fit. Documents that share
a key and are near are linked; what is linked, directly or through others, is a group, and only within a group can one
document be the reason to remove another. So groups are settled one after another, each in the order of priority.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from longtail.gates.duplicates import _kernels as kernels
from longtail.gates.duplicates.judge import I32, Flags, Found
from longtail.gates.duplicates.room import Room
from longtail.summaries.minhash import SIZE, estimate

Values = npt.NDArray[np.uint8]
U64 = npt.NDArray[np.uint64]

LEADERS = 256
"""Kept documents that a bucket holds, the first ones."""

_ENTRY = 8  # bytes of a key with its rank
_BINS = 12  # bits that ranges of keys are made of
_WORD = 4


class Signed(NamedTuple):
    """Signatures in the order of priority.

    Attributes:
        values: Shape (stored, 128).
        words: The same as numbers of 32 bits, shape (stored, 32).
        rows: Row of each rank.
        width: Words of a band.
    """

    values: Values
    words: npt.NDArray[np.uint32]
    rows: I32
    width: int

    @property
    def bands(self) -> int:
        """Return the number of bands."""
        return SIZE // _WORD // self.width


def resolved(values: Values, order: I32, fixed: Flags, least: int, rows: int, room: Room) -> Found:
    """Return which documents are removed, and because of whom.

    Args:
        values: Signatures, shape (stored, 128).
        order: Row of each rank, in the order of priority.
        fixed: Which are never removed, shape (ranks,).
        least: Places in which near documents agree.
        rows: Rows of a band, 4 or 8.
        room: Where large tables lie; its limit is what is sorted at once.
    """
    partners, places = np.full(len(order), -1, np.int32), np.full(len(order), SIZE, np.uint8)
    if not len(order):
        return Found(partners, np.zeros(0), fixed, {})
    signed = Signed(values, values.view(np.uint32), order, rows // _WORD)
    firsts = collapsed(signed, room)
    own = np.flatnonzero(firsts == np.arange(len(order))).astype(np.int32)
    full = 0
    for members, groups in blocks(linked(signed, own, least, room), own, room, signed.bands):
        full += settled(signed, members, groups, fixed, least, room, partners, places)
    copies = np.flatnonzero((firsts != np.arange(len(order))) & ~fixed)
    leaders = firsts[copies]
    removed = partners[leaders] >= 0
    partners[copies] = np.where(removed, partners[leaders], leaders)
    places[copies] = np.where(removed, places[leaders], SIZE)
    return Found(partners, estimate(places.astype(np.int64)), fixed, {"full buckets": full})


def collapsed(signed: Signed, room: Room) -> I32:
    """Return, for each rank, the first that has the same signature."""
    firsts = np.arange(len(signed.rows), dtype=np.int32)
    for packed in sorted_keys(signed, firsts.copy(), range(kernels.WHOLE, kernels.WHOLE + 1), room):
        kernels.collapse(packed, signed.words, signed.rows, firsts)
    return firsts


def linked(signed: Signed, own: I32, least: int, room: Room) -> I32:
    """Return, for each rank, the first of its group."""
    parents = np.arange(len(signed.rows), dtype=np.int32)
    for packed in sorted_keys(signed, own, range(signed.bands), room):
        kernels.link(packed, signed.values, signed.rows, least, parents)
    kernels.flatten(parents)
    return parents


def sorted_keys(signed: Signed, ranks: I32, bands: range, room: Room) -> Iterator[U64]:
    """Yield the keys of bands with their ranks, ascending: whole bands, or ranges of keys where a band is over the limit."""
    if not len(ranks):
        return
    at_once = min(room.limit // (_ENTRY * len(ranks)), len(bands))
    if at_once < 1:
        for band in bands:
            yield from _in_ranges(signed, ranks, band, room.limit // _ENTRY)
        return
    packed = np.empty((at_once, len(ranks)), np.uint64)
    for first in bands[::at_once]:
        lines = packed[: bands.stop - first]
        kernels.gather(signed.words, signed.rows, ranks, first, signed.width, lines)
        for line in lines:
            line.sort()
            yield line


def _in_ranges(signed: Signed, ranks: I32, band: int, most: int) -> Iterator[U64]:
    """Yield the keys of one band in ranges of at most so many documents; a 4096th part of all keys is not divided."""
    counts = np.zeros(2**_BINS, np.int64)
    kernels.tally(signed.words, signed.rows, ranks, band, signed.width, 32 - _BINS, counts)
    start, held = 0, 0
    for stop, count in enumerate([*counts.tolist(), most]):
        if held and held + count > most:
            packed = np.empty(held, np.uint64)
            keys = (start << (32 - _BINS), stop << (32 - _BINS))
            kernels.gather_range(signed.words, signed.rows, ranks, band, signed.width, *keys, packed)
            packed.sort()
            yield packed
            start, held = stop, 0
        held += count


def blocks(parents: I32, own: I32, room: Room, bands: int) -> Iterator[tuple[I32, I32]]:
    """Yield the members of groups of two or more, group after group, and the group of each; as many at once as fit."""
    sizes = np.bincount(parents[own], minlength=1)
    members = own[sizes[parents[own]] > 1]
    members = members[np.argsort(parents[members], kind="stable")]
    groups = parents[members]
    starts = np.append(np.flatnonzero(np.diff(groups, prepend=-1)), len(groups))
    most, begin = max(room.limit // (3 * _WORD * bands), 1), 0
    for start, stop in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True):
        if stop - begin > most and start > begin:
            yield members[begin:start], groups[begin:start]
            begin = start
    if len(members):
        yield members[begin:], groups[begin:]


def settled(signed: Signed, members: I32, groups: I32, fixed: Flags, least: int, room: Room, partners: I32, places: Values) -> int:
    """Decide who of some groups is kept; write partners and places, and return how often a bucket was full."""
    many, rows = len(members), signed.rows[members]
    buckets = room.empty((many, signed.bands), np.int32)
    following = room.empty((many, signed.bands), np.int32)
    free, alone = 0, np.arange(many, dtype=np.int32)
    for band in range(signed.bands):
        packed, numbers = np.empty((1, many), np.uint64), np.empty(many, np.int32)
        kernels.gather(signed.words, rows, alone, band, signed.width, packed)
        packed.sort()
        free = kernels.number(packed[0], groups, numbers, free)
        buckets[:, band] = numbers
    heads = np.full(free, -1, np.int32)
    found, agreed = np.empty(many, np.int32), np.zeros(many, np.uint8)
    full = kernels.settle(signed.values, rows, fixed[members], buckets, heads, following, LEADERS, least, found, agreed)
    removed = found >= 0
    partners[members[removed]] = members[found[removed]]
    places[members[removed]] = agreed[removed]
    return int(full)
