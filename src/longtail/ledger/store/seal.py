"""The seal: a chain of hashes over the commits of each table, with how many rows of which origin each added.

A link is a function of the commits up to it and of nothing else. So any process can add the links that one which was killed
left out, and two that add the same link write the same bytes.
"""

import hashlib
from typing import Any

import msgspec

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
    origins: dict[str, int] = {}


def _hash(said: dict[str, Any]) -> str:
    return hashlib.sha256(msgspec.json.encode(said, order="deterministic")).hexdigest()


def link_of(table: str, commit: Commit, previous: str) -> Link:
    """Return the link of a commit."""
    said: dict[str, Any] = {
        "table": table,
        "version": commit.version,
        "operation": commit.operation,
        "log_sha256": hashlib.sha256(commit.log).hexdigest(),
        "previous": previous,
        "batch": str(commit.note.get("batch", "")),
        "rows": int(commit.note.get("rows", 0)),
        "root": str(commit.note.get("root", "")),
        "origins": {str(name): int(rows) for name, rows in commit.note.get("origins", {}).items()},
    }
    return Link(**said, link=_hash(said))


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

    def links(self) -> list[Link]:
        """Return the stored links in order.

        Raises:
            LedgerError: One cannot be read.
        """
        return [self._read(name) for name in self._place.names(f"seal/{self._table}")]

    def _read(self, name: str) -> Link:
        path = f"seal/{self._table}/{name}"
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
            stored = list(self._place.names(f"seal/{self._table}"))
            self._last = self._read(stored[-1]) if stored else None
        for commit in table.commits(after=self._last.version if self._last else -1):
            link = link_of(self._table, commit, self._last.link if self._last else START)
            self._place.write_once(self._name(commit.version), msgspec.json.encode(link))
            self._last = link

    def faults(self, table: Table) -> list[str]:
        """Return what in the chain is not as it was written, in words; links that the newest commits still lack are no fault."""
        found: list[str] = []
        links = self.links()
        previous = START
        for at, (commit, link) in enumerate(zip(table.commits(), links, strict=False)):
            if link.version != at:
                return [*found, f"the link of commit {at} is missing"]
            found += _broken(link, link_of(self._table, commit, previous))
            previous = link.link
        lost = len(links) - table.version - 1
        if lost > 0:
            found.append(f"the last {lost} commits are missing: {links[-1].version + 1} were sealed, {table.version + 1} are there")
        return found


def _broken(link: Link, wanted: Link) -> list[str]:
    """Return what is wrong with a link, beside the one that its commit and the link before it give."""
    if link == wanted:
        return []
    if link.log_sha256 != wanted.log_sha256:
        return [f"the log of commit {link.version} was altered"]
    if link.previous != wanted.previous:
        return [f"the chain is broken before commit {link.version}"]
    return [f"the link of commit {link.version} was altered"]
