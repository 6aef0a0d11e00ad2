"""The check of a ledger against its seal: every commit in the chain, every row in its append."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping

import duckdb

from longtail.errors import LedgerError
from longtail.ledger.store.leaves import roots, unlike
from longtail.ledger.store.marks import Mark, marks
from longtail.ledger.store.place import Place
from longtail.ledger.store.reading import READING_FAILED, connect, relation
from longtail.ledger.store.seal import Chain, Link, leaves_name
from longtail.ledger.store.table import Table
from longtail.ledger.store.tables import TABLES
from longtail.records import OnProgress, Progress, Record

_NAMED = 1000


class Fault(Record, frozen=True):
    """Something that is not as it was sealed.

    Args:
        table: Table of the ledger.
        what: "commit", "file", "altered", "missing" or "surplus".
        because: What was found, in words.
        ids: Keys of the rows, the first thousand.
        rows: How many there are.
    """

    table: str
    what: str
    because: str
    ids: tuple[str, ...] = ()
    rows: int = 0


class Verification(Record, frozen=True):
    """What a check found.

    Args:
        address: The ledger.
        rows: Rows by table, as sealed.
        origins: Sealed rows of facts by origin.
        heads: Last link of each table.
        versions: Last commit of each table.
        faults: What is not as it was sealed; none if all is well.
    """

    address: str
    rows: dict[str, int]
    origins: dict[str, int]
    heads: dict[str, str]
    versions: dict[str, int]
    faults: tuple[Fault, ...]


def verify(place: Place, on_progress: OnProgress | None = None) -> Verification:
    """Check all tables of a ledger; nothing is written.

    Raises:
        LedgerError: A table's log or a link cannot be read at all.
    """
    faults: list[Fault] = []
    links: dict[str, list[Link]] = {}
    tables: dict[str, Table] = {}
    named = marks(place)
    with connect() as connection:
        for number, name in enumerate(TABLES):
            if on_progress is not None:
                on_progress(Progress(stage=f"verify {name}", done=number, total=len(TABLES), unit="tables"))
            table = tables[name] = Table(place, name)
            links[name], broken = Chain(place, name).check(table)
            faults += [Fault(table=name, what="commit", because=said) for said in broken]
            faults += _rows(connection, place, table, links[name])
    faults += _rolled_back(tables, named)
    origins: Counter[str] = Counter()
    for link in links["rows"]:
        origins.update(link.origins)
    return Verification(
        address=place.address,
        rows={name: sum(link.rows for link in found) for name, found in links.items()},
        origins=dict(sorted(origins.items())),
        heads={name: found[-1].link for name, found in links.items()},
        versions={name: found[-1].version for name, found in links.items()},
        faults=tuple(faults),
    )


def _rolled_back(tables: Mapping[str, Table], named: Iterable[Mark]) -> list[Fault]:
    """Return a fault for each table of which a mark, or a commit of facts, knows a later commit than the last that is there."""
    known = dict.fromkeys(tables, -1)
    for said in (*(mark.versions for mark in named), *(commit.note.get("sides", {}) for commit in tables["rows"].commits())):
        known = {name: max(version, said.get(name, -1)) for name, version in known.items()}
    return [
        Fault(table=name, what="commit", because=f"commit {known[name]} is missing: the last that is there is {table.version}")
        for name, table in tables.items()
        if known[name] > table.version
    ]


def _rows(connection: duckdb.DuckDBPyConnection, place: Place, table: Table, links: Iterable[Link]) -> list[Fault]:
    """Return what of the rows is not as it was sealed."""
    files, faults = _readable(connection, place, table)
    held = relation(connection, place, table.name, files)
    found = {root.batch: root for root in roots(connection, table.name, held)}
    for link in (link for link in links if link.batch):
        root = found.pop(link.batch, None)
        leaves = _leaves(place, table.name, link)
        if root is None or (root.root, root.rows) != (link.root, link.rows):
            faults += _named(connection, table.name, held, link, leaves)
        elif leaves is None:
            because = f"the list of rows of append {link.batch!r} was altered or is missing; its rows are as they were"
            faults.append(Fault(table=table.name, what="file", because=because))
    for batch, root in found.items():
        faults.append(Fault(table=table.name, what="surplus", because=f"append {batch!r} was never sealed", rows=root.rows))
    return faults


def _leaves(place: Place, table: str, link: Link) -> bytes | None:
    """Return the list of the rows of an append, None if it is not as it was sealed."""
    try:
        leaves = place.read(leaves_name(table, link.batch))
    except LedgerError:
        return None
    return leaves if hashlib.sha256(leaves).hexdigest() == link.leaves else None


def _readable(connection: duckdb.DuckDBPyConnection, place: Place, table: Table) -> tuple[list[str], list[Fault]]:
    """Return the files of a table that can be read from end to end, and a fault for each other."""
    files, faults = [], []
    whole = table.files()
    try:
        _scan(connection, place, table.name, whole)
        return whole, []
    except READING_FAILED:
        for file in whole:
            try:
                _scan(connection, place, table.name, [file])
                files.append(file)
            except READING_FAILED as error:
                said = (str(error).splitlines() or [""])[0][:200]
                faults.append(Fault(table=table.name, what="file", because=f"{file} cannot be read: {said}"))
    return files, faults


def _scan(connection: duckdb.DuckDBPyConnection, place: Place, table: str, files: list[str]) -> None:
    columns = ", ".join(f"max(hash({name}))" for name in TABLES[table].names)
    connection.sql(f"SELECT {columns} FROM {relation(connection, place, table, files)}").fetchall()


def _named(connection: duckdb.DuckDBPyConnection, table: str, held: str, link: Link, leaves: bytes | None) -> list[Fault]:
    """Return which rows of an append are altered, missing or surplus."""
    if leaves is None:
        because = f"append {link.batch!r} of {link.rows} rows is not as it was sealed, nor is the list of its rows"
        return [Fault(table=table, what="altered", because=because, rows=link.rows)]
    kinds = zip(("altered", "missing", "surplus"), unlike(connection, table, held, link.batch, leaves), strict=True)
    return [
        Fault(table=table, what=what, because=f"{what} since append {link.batch!r}", ids=tuple(ids[:_NAMED]), rows=len(ids))
        for what, ids in kinds
        if ids
    ]
