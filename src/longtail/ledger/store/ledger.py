"""The ledger: what is known of every document's origin, kept so that nothing acknowledged is lost and nothing is ever edited."""

import os
import secrets
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from longtail.errors import LedgerError, UsageError
from longtail.ledger.graph import Graph
from longtail.ledger.node import Node
from longtail.ledger.store.current import COLUMNS, WANTED, current
from longtail.ledger.store.head import head_of, is_begun, new_head
from longtail.ledger.store.leaves import sealed
from longtail.ledger.store.marks import Mark, mark, versions_at
from longtail.ledger.store.place import Place
from longtail.ledger.store.reading import READING_FAILED, connect, relation, unreadable
from longtail.ledger.store.seal import Chain, leaves_name, note_of
from longtail.ledger.store.spool import Spool, abandoned
from longtail.ledger.store.table import Table, arrow_of, as_rows
from longtail.ledger.store.tables import SIDES, TABLES
from longtail.ledger.store.taking import TAKEN, corrections, facts_of, parents_of, signatures_of, taken
from longtail.records import Record

if TYPE_CHECKING:
    from longtail.ledger.recogniser import Recogniser

BUFFERED = 100_000
"""Rows that are gathered for one commit, unless `flush` or `close` comes first."""


_FEW = 64


class Receipt(Record, frozen=True):
    """What a flush committed: rows, the commit of facts that holds them (None where there were none), and anything noticed."""

    rows: int
    version: int | None
    notes: tuple[str, ...] = ()


class Ledger:
    """An append-only store of provenance in a folder or an object store; use it as a context manager.

    Rows are acknowledged when `add` returns (in a folder: they survive the end of the process) and committed together, with
    `flush`, `close`, or the next `add` once `buffered` of them are there. In an object store they are acknowledged when `flush`
    returns.

    Args:
        place: Where it lies.
        at: A state to read, by number or name; None for the newest, which alone can be written.
        buffered: Rows that are gathered for one commit.
        clock: Seconds since 1970.
    """

    def __init__(self, place: Place, at: int | str | None = None, buffered: int = BUFFERED, clock: Callable[[], float] = time.time) -> None:
        """Open a ledger; see `create` and `open`."""
        self.place = place
        self.head = head_of(place)
        versions = dict.fromkeys(TABLES) if at is None else versions_at(place, at)
        self._tables = {name: Table(place, name, versions[name]) for name in TABLES}
        self._chains = {name: Chain(place, name) for name in TABLES}
        self._is_past = at is not None
        self._most, self._clock = buffered, clock
        self._connection = connect()
        self._guard = threading.RLock()
        self._writer, self._number = secrets.token_hex(8), 0
        self._spool: Spool | None = None
        self._waiting: list[pa.RecordBatch] = []
        self._rows_waiting = 0
        self._due: list[tuple[int, pa.Table]] = []
        self._tried = 0
        self._notes: list[str] = []

    @classmethod
    def create(cls, address: str | os.PathLike[str], name: str | None = None, **options: Any) -> "Ledger":
        """Start a ledger.

        Raises:
            UsageError: There is one already, or the folder holds something else.
            LedgerError: It cannot be written.
        """
        place = Place(address)
        if place.exists("ledger.json"):
            raise UsageError(f"{place.address!r} is a ledger already; add to it, or name another place")
        if place.is_local and os.path.exists(place.address) and not is_begun(place.address):
            raise UsageError(f"{place.address!r} holds something else; name a folder that is empty or not there yet")
        for table in TABLES:
            Table.create(place, table)
        made = datetime.now(UTC).isoformat(timespec="seconds")
        label = name or os.path.basename(os.path.abspath(place.address))
        place.write_once("ledger.json", msgspec.json.encode(new_head(label, made)))
        return cls(place, **options)

    @classmethod
    def open(cls, address: str | os.PathLike[str], at: int | str | None = None, **options: Any) -> "Ledger":
        """Open a ledger, as it is or as it was in the state `at`.

        Raises:
            LedgerError: There is none, it is of a later version, or it cannot be read.
            UsageError, UnknownName: There is no such state.
        """
        return cls(Place(address), at, **options)

    def __enter__(self) -> Self:
        """Return the ledger."""
        return self

    def __exit__(self, *error: object) -> None:
        """Commit what was taken in, and close."""
        self.close()

    # ------------------------------------------------------------------------------------------------------------ writing

    def add(self, rows: pa.Table | pa.RecordBatch | Iterable[Mapping[str, Any]], dataset: str | None = None) -> None:
        """Take in what is stated of documents: rows with provenance columns.

        Args:
            rows: Arrow data, or records; `lt_id` is made from the content where a record has none.
            dataset: Name of the data set that they are of.

        Raises:
            LedgerError: A row cannot be taken in, or there is no room; then none of `rows` is.
        """
        self._take(taken(rows, dataset))

    def correct(self, rows: Iterable[Mapping[str, Any]], note: str) -> None:
        """Supersede what was said of documents; columns that a row leaves out stay as they are.

        Args:
            rows: Records with `lt_id` and the columns that were wrong.
            note: Why.

        Raises:
            UsageError: There is no reason, or the ledger knows no such document.
        """
        if not note.strip():
            raise UsageError("a correction needs a reason; say why")
        wanted = {str(row.get("lt_id")): dict(row) for row in rows}
        with self._guard:
            self.flush()
            held = {row["lt_id"]: row for batch in self.current(wanted, (*COLUMNS, "revision", "dataset")) for row in batch.to_pylist()}
            missing = [each for each in wanted if each not in held]
            if missing:
                raise UsageError(
                    f"the ledger knows no document {missing[0]!r}; correct what it holds (longtail ledger show {self.place.address})"
                )
            corrected = [held[each] | row | {"revision": held[each]["revision"] + 1, "note": note} for each, row in wanted.items()]
            self._take(corrections(corrected))

    def judge(self, verdicts: Iterable[Mapping[str, Any]]) -> None:
        """Commit verdicts about documents, beside their rows.

        Args:
            verdicts: Records with `lt_id`, `name`, `status`, and where known moment, version, score, reason, matched_id, time.
        """
        self._beside("verdicts", list(verdicts))

    def record(self, *nodes: Node) -> None:
        """Commit nodes of the lineage graph; several records of one node are taken together."""
        self._beside("nodes", [{"node": node.name, "body": msgspec.json.encode(node).decode()} for node in nodes])

    def sign(self, ids: pa.ChunkedArray | pa.Array | Iterable[str], texts: pa.ChunkedArray | pa.Array | Iterable[str | None]) -> None:
        """Commit signatures of texts that models had a hand in, so that they are recognised later."""
        from longtail.ledger.signatures import signature_table

        made = signature_table(ids, texts, self.head.settings)
        self._beside("signatures", made.filter(pc.field("text_hash").is_valid()))

    def flush(self) -> Receipt:
        """Commit what was taken in; nothing of it is lost if that fails.

        Raises:
            LedgerError: It cannot be written; what was taken in stays where it is and goes into the next flush.
        """
        with self._guard:
            if self._waiting:
                self._due.append((self._number, pa.Table.from_batches(self._waiting)))
                self._waiting, self._rows_waiting, self._number = [], 0, self._number + 1
            rows = 0
            while self._due:
                number, part = self._due[0]
                again, self._tried = number == self._tried, number
                self._commit(part, self._writer, number, again=again)
                self._due.pop(0)
                rows += part.num_rows
                if self._spool is not None:
                    self._spool.clear(number)
            notes, self._notes = tuple(self._notes), []
            return Receipt(rows=rows, version=self._tables["rows"].version if rows else None, notes=notes)

    def close(self) -> None:
        """Commit what was taken in and release everything."""
        with self._guard:
            try:
                self.flush()
            finally:
                if self._spool is not None:
                    self._spool.close()
                    self._spool = None
                self._connection.close()

    def compact(self) -> dict[str, int]:
        """Gather the rows of each table in few files; return how many files hold each table now. Old states stay readable.

        Raises:
            UsageError: This is a past state.
            LedgerError: It cannot be written.
        """
        with self._guard:
            self._begin()
            self.flush()
            for name, table in self._tables.items():
                with self.place.turn(f"compact-{name}"):
                    table.refresh()
                    if len(table.files()) > 1:
                        table.compact()
                        self._chains[name].extend(table)
            return {name: len(table.files()) for name, table in self._tables.items()}

    def mark(self, name: str, facts: Mapping[str, Any] | None = None) -> Mark:
        """Give the present state a name, by which it can be opened again.

        Raises:
            UsageError: The name is taken by another state.
        """
        with self._guard:
            self.flush()
            made = Mark(name=name, versions=self.versions(), time=self._now(), facts=dict(facts or {}))
            mark(self.place, made)
            return made

    # ------------------------------------------------------------------------------------------------------------ reading

    def current(self, ids: Iterable[str] | None = None, columns: Iterable[str] = COLUMNS) -> Iterator[pa.RecordBatch]:
        """Yield the current view, a row for each document: all statements taken together, corrections in place of what they correct.

        Args:
            ids: The documents wanted; None for all.
            columns: Provenance columns, `statements`, `origins` (unlike known ones stated), `dataset`, `revision`.

        Raises:
            LedgerError: A file cannot be read.
        """
        wanted = None if ids is None else list(ids)
        many = wanted if wanted is not None and len(wanted) > _FEW else None
        yield from self.query(lambda tables: current(tables["rows"], WANTED if many else wanted, columns), "rows", wanted=many)

    def query(self, sql: Callable[[Mapping[str, str]], str], *tables: str, wanted: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        """Yield the answer to a query over tables; `sql` is handed what stands after FROM for each.

        Args:
            sql: Makes the query.
            *tables: Names of the tables that it is about.
            wanted: Ids that the query finds in the table `WANTED`, in a column `lt_id`.

        Raises:
            LedgerError: A file cannot be read.
        """
        with self._guard:
            if not self._is_past:
                self._refresh(tables)
            connection = self._connection.cursor()
        try:
            if wanted is not None:
                connection.register(WANTED, pa.table({"lt_id": pa.array(wanted, pa.string())}))
            named = {name: relation(connection, self.place, name, self._tables[name].files()) for name in tables}
            yield from connection.sql(sql(named)).to_arrow_reader()
        except READING_FAILED as error:
            raise unreadable(self.place, error) from error
        finally:
            connection.close()

    def graph(self) -> Graph:
        """Return the lineage graph.

        Raises:
            LedgerError: A file cannot be read, or a node is damaged.
        """
        batches = self.query(lambda tables: f"SELECT body FROM {tables['nodes']}", "nodes")
        bodies = [body for batch in batches for body in batch.column(0).to_pylist()]
        try:
            return Graph(msgspec.json.decode(body, type=Node) for body in bodies)
        except (msgspec.DecodeError, msgspec.ValidationError) as error:
            raise LedgerError(f"the ledger {self.place.address!r} holds a damaged node: {error}; see longtail ledger verify") from None

    def recogniser(self) -> "Recogniser":
        """Return what looks texts up among everything that models had a hand in.

        Raises:
            LedgerError: A file cannot be read.
        """
        from longtail.ledger.recogniser import Recogniser

        sql = "SELECT lt_id, any_value(text_hash) AS text_hash, any_value(signature) AS signature FROM {} GROUP BY lt_id"
        return Recogniser(self.query(lambda tables: sql.format(tables["signatures"]), "signatures"), self.head.settings)

    def versions(self) -> dict[str, int]:
        """Return the version of each table that is read here."""
        return {name: table.version for name, table in self._tables.items()}

    def table(self, name: str) -> Table:
        """Return one of the tables, for its log."""
        return self._tables[name]

    def _refresh(self, names: Iterable[str]) -> None:
        for name in names:
            self._tables[name].refresh()

    # ------------------------------------------------------------------------------------------------------------- within

    def _take(self, rows: pa.RecordBatch) -> None:
        if not rows.num_rows:
            return
        with self._guard:
            self._begin()
            if self._rows_waiting >= self._most:
                self._notes += self.flush().notes
            if self._spool is not None:
                self._spool.put(self._number, rows)
            self._waiting.append(rows)
            self._rows_waiting += rows.num_rows

    def _begin(self) -> None:
        """Become a writer: finish what earlier ones left."""
        if self._is_past:
            raise UsageError("a past state of a ledger cannot be written; open it without a state")
        if self._number:
            return
        if self.place.is_local:
            folder = Path(self.place.path("spool"))
            for writer, number, rows, path in abandoned(folder, TAKEN):
                if rows.num_rows:
                    self._commit(rows, writer, number, again=True)
                    self._notes.append(f"{rows.num_rows:,} rows that a process left behind were committed")
                path.unlink()
            self._spool = self._spool or Spool(folder, self._writer, TAKEN)
        for name, table in self._tables.items():
            self._chains[name].extend(table)
        self._number = 1

    def _commit(self, rows: pa.Table, writer: str, number: int, *, again: bool) -> None:
        """Commit rows to the tables they are for, the facts last: with them the append is there."""
        for name, part in (("parents", parents_of(rows)), ("signatures", signatures_of(rows)), ("rows", facts_of(rows))):
            if part.num_rows:
                self._append(name, part, writer, number, again=again)

    def _append(self, name: str, part: pa.Table, writer: str, number: int, *, again: bool = False) -> None:
        table = self._tables[name]
        if again:
            table.refresh()
            if table.done(writer) >= number:
                return
        batch = f"{writer}-{number}"
        rows = as_rows(name, part.append_column("batch", pa.repeat(pa.scalar(batch), part.num_rows)))
        root, leaves = sealed(self._connection, name, rows)
        kept = self.place.write_once(leaves_name(name, batch), leaves)
        note = note_of(batch, rows, root, kept, {side: self._tables[side].version for side in SIDES} if name == "rows" else None)
        with self.place.turn():
            table.refresh()
            self._check_clock(table)
            table.append(rows, writer, number, note)
            self._chains[name].extend(table)

    def _beside(self, name: str, rows: Any) -> None:
        part = rows if isinstance(rows, pa.Table) else arrow_of(name, rows)
        if part.num_rows:
            with self._guard:
                self._begin()
                self._append(name, part, f"{self._writer}{secrets.token_hex(4)}", 1)

    def _check_clock(self, table: Table) -> None:
        before = max((commit.time for commit in table.commits(after=table.version - 1)), default=0)
        behind = before / 1000 - self._clock()
        if behind > 1:
            self._notes.append(f"the clock is {behind:,.0f} s behind the last commit; order is kept by the numbers of commits, not by time")

    def _now(self) -> str:
        return datetime.fromtimestamp(self._clock(), UTC).isoformat(timespec="seconds")
