"""Versions that no record tells of and that others say were there: skipped numbers, and training sets before that no file has."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from longtail.diagnosis.past.joining import Slot
from longtail.diagnosis.past.labels import Label
from longtail.diagnosis.past.told import Told
from longtail.diagnosis.records import Contradiction

MOST_SKIPPED = 50
"""Numbers that may be skipped in one go; beyond, names do not count versions one by one."""


def with_holes(slots: Sequence[Slot]) -> tuple[list[Slot], list[Contradiction]]:
    """Return the versions with those that are missing, and hashes of a training set before that stand against others.

    Args:
        slots: Versions that are told of.
    """
    found = [*slots, *_skipped_names(slots)]
    found += _skipped_generations(found)
    return _with_previous(found)


def _counted(slot: Slot) -> tuple[Label, int] | None:
    label = slot.label
    return None if label is None or label.count is None else (label, label.count)


def _skipped_names(slots: Sequence[Slot]) -> list[Slot]:
    """Return a hole for each number that names skip: those between two, and those from 1 to the first."""
    families: defaultdict[str, dict[int, Slot]] = defaultdict(dict)
    for slot in slots:
        if (counted := _counted(slot)) is not None:
            families[counted[0].family].setdefault(counted[1], slot)
    return [hole for numbers in families.values() for hole in _between(numbers)]


def _between(numbers: dict[int, Slot]) -> Iterator[Slot]:
    offsets = {slot.number - number for number, slot in numbers.items() if slot.number is not None}
    offset = offsets.pop() if len(offsets) == 1 else None
    for before, after in pairwise([0, *sorted(numbers)]):
        label = numbers[after].label
        beside = f"between {numbers[before].name} and {numbers[after].name}" if before in numbers else f"before {numbers[after].name}"
        for number in range(before + 1, after) if after - before <= MOST_SKIPPED else ():
            name, stated = f"{label.prefix if label else 'v'}{number}", None if offset is None else number + offset
            yield Slot([Told("holes", f"its number is missing {beside}", name=name, number=stated, is_gone=True)])


def _skipped_generations(slots: Sequence[Slot]) -> list[Slot]:
    """Return a hole for each generation that manifests skip; generations count from 1."""
    known = {slot.number for slot in slots if slot.number is not None}
    free = Counter(slot.label.count for slot in slots if slot.number is None and slot.label)
    last = max(known, default=0)
    missing = [number for number in range(1, last) if number not in known and not free[number]] if last - len(known) <= MOST_SKIPPED else []
    return [Slot([Told("holes", f"generation {number} is missing in manifests", number=number, is_gone=True)]) for number in missing]


def _with_previous(slots: list[Slot]) -> tuple[list[Slot], list[Contradiction]]:
    against: list[Contradiction] = []
    made: list[Slot] = []
    pairs = [(slot, each) for slot in slots for each in slot.told if each.previous is not None]
    for slot, each in pairs:
        known = {told.sha256 for other in [*slots, *made] for told in other.told}
        before = _at(slots, (slot.number or 0) - 1)
        if each.previous in known:
            continue
        if before is None:
            made.append(_unseen(slot, each))
        elif before.sha256 is None:
            before.told.append(Told("holes", f"{each.source}: hash of the training set before", sha256=each.previous, is_gone=True))
        else:
            against.append(_other_hash(before, each, before.sha256))
    return [*slots, *made], against


def _at(slots: Sequence[Slot], number: int) -> Slot | None:
    return next((slot for slot in slots if number >= 1 and slot.number == number), None)


def _unseen(slot: Slot, told: Told) -> Slot:
    source = f"{told.source}: the training set before, which no file has"
    number = slot.number - 1 if slot.number is not None and slot.number > 1 else None
    name = "" if number is not None else f"before {slot.name}"
    return Slot([Told("holes", source, name=name, number=number, sha256=told.previous, is_gone=True)])


def _other_hash(before: Slot, told: Told, sha256: str) -> Contradiction:
    return Contradiction(
        version=before.name,
        about="sha256",
        said=(f"{before.told[0].source}: {sha256[:12]}", f"{told.source}: the training set before was {str(told.previous)[:12]}"),
        taken=f"{sha256[:12]}: what a version's own record says stands above what the next one says of it",
    )
