"""Outputs and records of one past, brought together: which outputs are of which version, and in which order."""

import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from msgspec.structs import replace as with_fields

from longtail.diagnosis.outputs.archived import Archived
from longtail.diagnosis.outputs.given import BY_NAME
from longtail.diagnosis.records import Contradiction, Look, Past, Version

UNKNOWN = ("training set", "origin", "rows", "time", "parents")

_NUMBER = re.compile(r"\d+(?:\.\d+)*")


def joined(past: Past, found: Sequence[Archived]) -> tuple[Past, tuple[Archived, ...]]:
    """Return the past with a version for each of the outputs, and the outputs under the names of their versions, in order.

    Outputs belong to the version whose files they are, else to that of the same name, else to the only one whose name ends in the same
    number, else, where there are as many and none was found, to that of the same place. Outputs that were sorted by name take the
    order of the records; those given in order keep it. Where the two disagree it is told.

    Args:
        past: As records tell it.
        found: Outputs, in their order.
    """
    matches, how = _matched(past.versions, found)
    outputs = [replace(each, name=match.name) if match else each for each, match in zip(found, matches, strict=True)]
    outputs, disorder = _ordered(past.versions, outputs)
    if not outputs:
        return past, ()
    looks = (*past.looks, Look(source="outputs", versions=sum(not each.unread for each in outputs), reason=how))
    fields = {"versions": _with_outputs(past.versions, outputs), "contradictions": (*past.contradictions, *disorder), "looks": looks}
    statement = past.statement if past.versions else _alone(len(outputs))
    return with_fields(past, statement=statement, **fields), tuple(outputs)


def _ordered(versions: Sequence[Version], outputs: list[Archived]) -> tuple[list[Archived], list[Contradiction]]:
    """Return outputs in the order of the records, unless they were given in one of their own, and where the two disagree."""
    places = {version.name: version.place for version in versions}
    told = [each for each in outputs if each.name in places]
    by_place = sorted(told, key=lambda each: places[each.name])
    if by_place == told:
        return outputs, []
    is_given = any(each.order != BY_NAME for each in told)
    queue = iter(told if is_given else by_place)
    return [next(queue) if each.name in places else each for each in outputs], [_disorder(told, by_place, is_given)]


def _alone(count: int) -> str:
    many = f"the {count} versions are known by their outputs alone" if count > 1 else "one version is known, by its outputs alone"
    return f"no records of the past were found; {many}"


def _matched(versions: Sequence[Version], found: Sequence[Archived]) -> tuple[list[Version | None], str]:
    """Return the version of each of the outputs, and how they were told: by the surest key that any two share, each version once."""
    matches: list[Version | None] = [None] * len(found)
    used = []
    for how, key, keys in _KEYS:
        owners = _owners([version for version in versions if version not in matches], keys)
        here = _found(owners, [key(each) if match is None else "" for each, match in zip(found, matches, strict=True)])
        used += [how] if any(here) else []
        matches = [match or new for match, new in zip(matches, here, strict=True)]
    return (matches, f"matched to the records {' and '.join(used)}") if used else _by_place(versions, len(found))


def _by_place(versions: Sequence[Version], count: int) -> tuple[list[Version | None], str]:
    if versions and len(versions) == count:
        return list(versions), "matched to the records by place alone, for no name agrees"
    return [None] * count, "no record tells of these versions" if count else ""


def _found(owners: Mapping[str, Version], keys: Sequence[str]) -> list[Version | None]:
    return [owners.get(key) if keys.count(key) == 1 else None for key in keys]


def _owners(versions: Sequence[Version], keys: Callable[[Version], Sequence[str]]) -> dict[str, Version]:
    """Return versions by key; a key that two of them have is nobody's."""
    owners: dict[str, Version] = {}
    doubled: set[str] = set()
    for version in versions:
        for key in filter(None, keys(version)):
            doubled |= {key} & owners.keys()
            owners[key] = version
    return {key: version for key, version in owners.items() if key not in doubled}


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).casefold()


def _ending(name: str) -> str:
    numbers = _NUMBER.findall(name)
    return str(numbers[-1]) if numbers else ""


def _real(path: str) -> str:
    return os.path.realpath(path) if path else ""


_KEYS: tuple[tuple[str, Callable[[Archived], str], Callable[[Version], Sequence[str]]], ...] = (
    ("by their files", lambda each: _real(each.path), lambda version: [_real(path) for path in version.files]),
    ("by name", lambda each: _plain(each.name), lambda version: [_plain(version.name)]),
    ("by the number in their names", lambda each: _ending(each.name), lambda version: [_ending(version.name)]),
)


def _disorder(told: Sequence[Archived], by_place: Sequence[Archived], is_given: bool) -> Contradiction:
    first = next(each.name for each, other in zip(told, by_place, strict=True) if each.name != other.name)
    said = tuple(f"{source}: {', '.join(each.name for each in order)}" for source, order in (("outputs", told), ("records", by_place)))
    taken = "the order in which the outputs were given" if is_given else "the order of the records, which is told by more than names"
    return Contradiction(version=first, about="order", said=said, taken=taken)


def _with_outputs(versions: Sequence[Version], outputs: Sequence[Archived]) -> tuple[Version, ...]:
    """Return the versions of records, and after the one before it each version that is known by its outputs alone."""
    made = [_of_outputs(version, outputs) for version in versions]
    before = -1
    for each in outputs:
        at = next((place for place, version in enumerate(made) if version.name == each.name), None)
        if at is None:
            at = before + 1 if before >= 0 or not versions else _first(versions, outputs)
            made.insert(at, Version(name=each.name, place=1, told_by=(_teller(each),), unknown=UNKNOWN))
        before = at
    return tuple(with_fields(version, place=place) for place, version in enumerate(made, start=1))


def _first(versions: Sequence[Version], outputs: Sequence[Archived]) -> int:
    """Return where outputs go that come before all that records tell of: before the first of those that have outputs."""
    names = {each.name for each in outputs}
    return next((place for place, version in enumerate(versions) if version.name in names), len(versions))


def _of_outputs(version: Version, outputs: Sequence[Archived]) -> Version:
    found = next((each for each in outputs if each.name == version.name), None)
    if found is None or _real(found.path) in map(_real, version.files):
        return version
    return with_fields(version, told_by=(*version.told_by, _teller(found)))


def _teller(found: Archived) -> str:
    return f"outputs {Path(found.path).name}" if found.path else "outputs"
