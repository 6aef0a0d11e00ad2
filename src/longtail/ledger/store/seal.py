"""The seal: a chain of hashes over the commits of each table, with how many rows of which origin each added.

A link is a function of the commits up to it and of nothing else. So any process can add the links that one which was killed
left out, and two that add the same link write the same bytes.
"""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from longtail.errors import LedgerError
from longtail.ledger.store.place import Place
from longtail.ledger.store.table import Commit, Table
from longtail.records import Record

START = "0" * 64


class Link(Record, frozen=True):
    """One commit in the chain.

    Args:
        table: Name of the table.
        version: Number of the commit.
        operation: What was done.
        log_sha256: SHA-256 of its log file.
        previous: `link` of the commit before.
        link: SHA-256 of all that stands here.
        batch: Name of the append, "" for what adds no rows.
        rows: Rows added.
        root: Root of their digests.
        leaves: SHA-256 of the file that lists their keys and digests.
        origins: Rows added by origin.
    """

    table: str
    version: int
    operation: str
    log_sha256: str
    previous: str
    link: str
    batch: str = ""
    rows: int = 0
    root: str = ""
    leaves: str = ""
    origins: dict[str, int] = {}


def _hash(link: Link) -> str:
    said = {name: value for name, value in msgspec.structs.asdict(link).items() if name != "link"}
    return hashlib.sha256(msgspec.json.encode(said, order="deterministic")).hexdigest()


def link_of(table: str, commit: Commit, previous: str) -> Link:
    """Return the link of a commit."""
    link = Link(
        table=table,
        version=commit.version,
        operation=commit.operation,
        log_sha256=hashlib.sha256(commit.log).hexdigest(),
        previous=previous,
        link="",
        batch=str(commit.note.get("batch", "")),
        rows=int(commit.note.get("rows", 0)),
        root=str(commit.note.get("root", "")),
        leaves=str(commit.note.get("leaves", "")),
        origins={str(name): int(rows) for name, rows in commit.note.get("origins", {}).items()},
    )
    return msgspec.structs.replace(link, link=_hash(link))


def note_of(batch: str, rows: pa.Table, root: str, leaves: bytes, sides: Mapping[str, int] | None) -> dict[str, Any]:
    """Return what the commit of an append says of itself.

    Args:
        batch: Name of the append.
        rows: What it adds.
        root: Root of the digests of its rows.
        leaves: The list of its keys and digests, as it is stored.
        sides: For facts, the versions of the tables beside them that their writer has seen; None for any other table.
    """
    note: dict[str, Any] = {"batch": batch, "rows": rows.num_rows, "root": root, "leaves": hashlib.sha256(leaves).hexdigest()}
    if sides is not None:
        note["sides"] = dict(sides)
        note |= {"origins": _counts(rows.column("lt_origin")), "datasets": _counts(rows.column("dataset").drop_null())}
    return note


def _counts(column: pa.ChunkedArray) -> dict[str, int]:
    found = pc.value_counts(column)
    return dict(sorted((str(each["values"]), int(each["counts"])) for each in found.to_pylist()))


def leaves_name(table: str, batch: str) -> str:
    """Return where the keys and digests of an append are kept."""
    return f"seal/leaves/{table}/{batch}.parquet"


class Chain:
    """The links of one table, as they are stored.

    Args:
        place: Where the ledger lies.
        table: Name of the table.
    """

    def __init__(self, place: Place, table: str) -> None:
        """Read nothing yet."""
        self._place = place
        self._table = table
        self._last: Link | None = None

    def _name(self, version: int) -> str:
        return f"seal/{self._table}/{version:020d}.json"

    def at(self, version: int) -> Link | None:
        """Return the link of a commit, None where there is none yet.

        Raises:
            LedgerError: It cannot be read.
        """
        return self._read(version) if self._place.exists(self._name(version)) else None

    def _versions(self) -> Iterator[int]:
        names = (name.removesuffix(".json") for name in self._place.names(f"seal/{self._table}"))
        yield from (int(name) for name in names if name.isdigit())

    def _read(self, version: int) -> Link:
        path = self._name(version)
        try:
            return msgspec.json.decode(self._place.read(path), type=Link)
        except (msgspec.DecodeError, msgspec.ValidationError) as error:
            raise LedgerError(f"{self._place.uri(path)} is damaged ({error}); restore it from a copy") from None

    def extend(self, table: Table) -> None:
        """Add the links of commits that have none yet.

        Raises:
            LedgerError: A log file cannot be read, or a link cannot be written.
        """
        if self._last is None:
            stored = list(self._versions())
            self._last = self._read(stored[-1]) if stored else None
        for commit in table.commits(after=self._last.version if self._last else -1):
            link = link_of(self._table, commit, self._last.link if self._last else START)
            self._place.write_once(self._name(commit.version), msgspec.json.encode(link))
            self._last = link

    def check(self, table: Table) -> tuple[list[Link], list[str]]:
        """Return the links of all commits, and in words what is not as it was written.

        A link that is missing, damaged or altered is made again from its commit. That the newest commits have none yet is no
        fault: their writer was killed, and the next start makes them.

        Raises:
            LedgerError: A log file cannot be read.
        """
        stored = dict(self._stored())
        table.refresh()  # a link is never older than its commit
        newest = max(stored, default=-1)
        links: list[Link] = []
        found: list[str] = []
        for commit in table.commits():
            link, wanted = stored.pop(commit.version, None), link_of(self._table, commit, links[-1].link if links else START)
            if commit.version <= newest:
                found += _broken(link, wanted)
            links.append(wanted if link is None or link.link != _hash(link) else link)
        if newest > table.version:
            lost = newest - table.version
            found.append(f"the last {lost} commits are missing: {newest + 1} were sealed, {table.version + 1} are there")
        return [*links, *(link for link in stored.values() if link is not None)], found

    def _stored(self) -> Iterator[tuple[int, Link | None]]:
        """Yield each stored link by the number in its name, None for one that cannot be read."""
        for version in self._versions():
            try:
                yield version, self._read(version)
            except LedgerError:
                yield version, None


def _broken(link: Link | None, wanted: Link) -> list[str]:
    """Return what is wrong with a link, beside the one that its commit and the link before it give."""
    if link == wanted:
        return []
    if link is None:
        return [f"the link of commit {wanted.version} is missing or damaged"]
    if link.link != _hash(link) or link.version != wanted.version:
        return [f"the link of commit {wanted.version} was altered"]
    if link.log_sha256 != wanted.log_sha256:
        return [f"the log of commit {wanted.version} was altered"]
    return [f"the chain is broken before commit {wanted.version}"]
