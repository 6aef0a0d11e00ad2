"""The order of versions, from records that each know a part of it; where they disagree the more trusted is followed and it is told."""

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import groupby, pairwise
from typing import Any, NamedTuple

from longtail.diagnosis.past.joining import Slot
from longtail.diagnosis.past.labels import natural
from longtail.diagnosis.records import Contradiction
from longtail.readers.moments import moment

Place = Callable[[Slot], Any]


class _Chain(NamedTuple):
    """An order of some versions: what it is by, the key of a version or None, and whether it is worth a word where it is not followed."""

    by: str
    place: Place
    is_told: bool = True


def in_order(slots: Sequence[Slot]) -> tuple[list[Slot], list[Contradiction]]:
    """Return versions in order, and where records of the order disagree.

    Followed are, the first above the next: generations that manifests and ledgers state; what a version says it was made from;
    numbers and dates in names; the order of commits and lineages; recorded times; dates of files.

    Args:
        slots: Versions.
    """
    order = _Order(slots)
    against: list[Contradiction] = []
    first, *others = _chains(slots)
    made = _Chain("what versions were made from", lambda _: None)
    for chain in (first, made, *others):
        for before, after in _origins(slots) if chain is made else _pairs(slots, chain.place):
            if not order.add(before, after) and chain.is_told:
                against.append(_told(slots[before], slots[after], chain))
    return [slots[at] for at in order.sorted()], against


def _chains(slots: Sequence[Slot]) -> list[_Chain]:
    families = sorted({slot.label.family for slot in slots if slot.label})
    return [
        _Chain("generations that records state", lambda slot: slot.number),
        *(_Chain("numbers in names", _by_label(family)) for family in families),
        *(_Chain(f"the order of {kind}", _by_rank(kind)) for kind in ("git", "ledger", "lineage")),
        _Chain("recorded times", lambda slot: _time(slot, is_weak=False)),
        _Chain("dates of files", lambda slot: _time(slot, is_weak=True), is_told=False),
    ]


def _by_label(family: str) -> Place:
    return lambda slot: slot.label.numbers if slot.label and slot.label.family == family else None


def _by_rank(kind: str) -> Place:
    return lambda slot: next((each.rank for each in slot.told if each.kind == kind and each.rank is not None), None)


def _time(slot: Slot, *, is_weak: bool) -> Any:
    return next((moment(each.time) for each in slot.told if each.time and each.is_weak == is_weak and moment(each.time)), None)


def _pairs(slots: Sequence[Slot], place: Place) -> Iterable[tuple[int, int]]:
    """Return which versions stand next to each other in an order, by their numbers; those that share a place are in none."""
    placed = sorted((value, at) for at, slot in enumerate(slots) if (value := place(slot)) is not None)
    groups = [[at for _, at in group] for _, group in groupby(placed, key=lambda pair: pair[0])]
    return [(before, after) for one, other in pairwise(groups) for before in one for after in other]


def _origins(slots: Sequence[Slot]) -> Iterable[tuple[int, int]]:
    """Return which versions others say they were made from, by name or by the hash of the training set before."""
    names = {slot.name: at for at, slot in enumerate(slots)}
    hashes = {each.sha256: at for at, slot in enumerate(slots) for each in slot.told if each.sha256}
    for at, slot in enumerate(slots):
        before = [names.get(name) for each in slot.told for name in each.parents] + [
            hashes.get(each.previous) for each in slot.told if each.previous
        ]
        yield from ((parent, at) for parent in before if parent is not None and parent != at)


def _told(before: Slot, after: Slot, chain: _Chain) -> Contradiction:
    said = tuple(f"{chain.by}: {_shown(slot, chain)} ({slot.told[0].source})" for slot in (before, after))
    return Contradiction(
        version=after.name, about="order", said=said, taken=f"{after.name} before {before.name}: more trusted records of the order say so"
    )


def _shown(slot: Slot, chain: _Chain) -> str:
    value = chain.place(slot)
    if isinstance(value, datetime):
        value = value.isoformat()
    said = ".".join(map(str, value)) if isinstance(value, tuple) else "" if value is None else str(value)
    return f"{slot.name} {said}".strip()


class _Order:
    """A partial order that refuses what would turn it round."""

    def __init__(self, slots: Sequence[Slot]) -> None:
        self.slots = slots
        self.after: defaultdict[int, set[int]] = defaultdict(set)

    def add(self, before: int, after: int) -> bool:
        if self._reaches(after, before):
            return False
        self.after[before].add(after)
        return True

    def _reaches(self, start: int, goal: int) -> bool:
        seen, waiting = {start}, [start]
        while waiting:
            at = waiting.pop()
            if at == goal:
                return True
            fresh = self.after[at] - seen
            seen |= fresh
            waiting += fresh
        return False

    def sorted(self) -> list[int]:
        """Return all, those that nothing puts in order by name."""
        incoming = [0] * len(self.slots)
        for followers in self.after.values():
            for at in followers:
                incoming[at] += 1
        keys = [(natural(slot.name), at) for at, slot in enumerate(self.slots)]
        ready = [keys[at] for at, count in enumerate(incoming) if not count]
        heapq.heapify(ready)
        found = []
        while ready:
            _, at = heapq.heappop(ready)
            found.append(at)
            for follower in self.after[at]:
                incoming[follower] -= 1
                if not incoming[follower]:
                    heapq.heappush(ready, keys[follower])
        return found
