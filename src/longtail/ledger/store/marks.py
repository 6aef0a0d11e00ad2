"""States of a ledger that can be returned to: one version for each table, under a number or a name."""

import re
from typing import Any

import msgspec

from longtail.errors import LedgerError, UnknownName, UsageError
from longtail.ledger.store.place import Place
from longtail.ledger.store.table import Table
from longtail.ledger.store.tables import SIDES
from longtail.records import Record

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")


class Mark(Record, frozen=True):
    """A named state: the version of each table, when it was set, and what for."""

    name: str
    versions: dict[str, int]
    time: str
    facts: dict[str, Any] = {}


def mark(place: Place, found: Mark) -> None:
    """Store a mark; one name is one state for good.

    Raises:
        UsageError: The name is none, or is taken by another state.
        LedgerError: It cannot be written.
    """
    if not _NAME.fullmatch(found.name) or found.name.isdigit():
        raise UsageError(f"{found.name!r} is no name for a state; take letters, digits, dots and dashes, not digits alone")
    place.write_once(f"marks/{found.name}.json", msgspec.json.encode(found))
    stored = read_mark(place, found.name)
    if stored.versions != found.versions:
        raise UsageError(f"the name {found.name!r} is taken by the state of {stored.time}; take another")


def marks(place: Place) -> list[Mark]:
    """Return all marks in order of their names."""
    return [read_mark(place, name.removesuffix(".json")) for name in place.names("marks")]


def read_mark(place: Place, name: str) -> Mark:
    """Return a mark.

    Raises:
        UnknownName: There is none of that name.
        LedgerError: It cannot be read.
    """
    if not _NAME.fullmatch(name) or not place.exists(f"marks/{name}.json"):
        raise UnknownName("state", name, [each.removesuffix(".json") for each in place.names("marks")])
    try:
        return msgspec.json.decode(place.read(f"marks/{name}.json"), type=Mark)
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise LedgerError(f"{place.uri(f'marks/{name}.json')} is damaged ({error}); restore it from a copy") from None


def versions_at(place: Place, at: int | str) -> dict[str, int]:
    """Return the version of each table in a state: a mark, or the number of a commit of facts with what its writer saw beside it.

    Raises:
        UnknownName: No mark has that name.
        UsageError: There is no commit of that number.
    """
    if isinstance(at, str) and not (at.isascii() and at.isdigit()):
        return read_mark(place, at).versions
    wanted = int(at)
    rows = Table(place, "rows")
    if not 0 <= wanted <= rows.version:
        raise UsageError(f"there is no state {wanted}; states go from 0 to {rows.version} (longtail ledger log {place.address})")
    sides = dict.fromkeys(SIDES, 0)
    for commit in rows.commits():
        if commit.version <= wanted:
            sides = {side: max(version, commit.note.get("sides", {}).get(side, 0)) for side, version in sides.items()}
    return {"rows": wanted, **sides}
