"""One Delta table of a ledger: appends that commute, the files that hold its rows, compaction."""

import json
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from deltalake import ColumnProperties, CommitProperties, DeltaTable, Transaction, WriterProperties, write_deltalake
from deltalake.exceptions import CommitFailedError, DeltaError, TableNotFoundError

from longtail.errors import LedgerError
from longtail.ledger.store.place import Place, unwritable
from longtail.ledger.store.tables import CONFIGURATION, TABLES, conformed, key

_RETRIES = 1000
_NOTE = "longtail"
_ROW_GROUP = 131_072
_REOPENED_EVERY = 32
"""Commits after which a table is opened afresh: each that is taken in by itself slows all later ones down."""


class Table:
    """A table of a ledger, as of its newest version or of an older one.

    Args:
        place: Where the ledger lies.
        name: One of `TABLES`.
        version: The version to read; None for the newest, which alone can be appended to.

    Raises:
        LedgerError: There is no such table or version, or it cannot be read.
    """

    def __init__(self, place: Place, name: str, version: int | None = None) -> None:
        """Read the log of the table."""
        self.name = name
        self._place = place
        self._delta = self._opened(version)
        self._opened_at = self.version

    def _opened(self, version: int | None = None) -> DeltaTable:
        try:
            return DeltaTable(self._place.uri(self.name), version=version)
        except TableNotFoundError:
            raise LedgerError(f"{self._place.uri(self.name)} is no table of a ledger; restore it from a copy") from None
        except (DeltaError, OSError, ValueError) as error:
            raise self._unreadable(error, "" if version is None else f" at version {version}") from error

    def _unreadable(self, error: Exception, when: str = "") -> LedgerError:
        return LedgerError(f"{self._place.uri(self.name)} cannot be read{when}: {_first(error)}; restore it from a copy")

    @classmethod
    def create(cls, place: Place, name: str) -> "Table":
        """Make a table without rows; one that exists stays as it is.

        Raises:
            LedgerError: It cannot be written.
        """
        try:
            DeltaTable.create(place.uri(name), TABLES[name], mode="ignore", configuration=CONFIGURATION)
        except (DeltaError, OSError) as error:
            raise unwritable(place.address, error) from error
        return cls(place, name)

    @property
    def version(self) -> int:
        """Return the number of the last commit that is known here."""
        return int(self._delta.version())

    def refresh(self) -> None:
        """Take in what others have committed.

        Raises:
            LedgerError: The log cannot be read.
        """
        if self.version - self._opened_at >= _REOPENED_EVERY:
            self._delta = self._opened()
            self._opened_at = self.version
            return
        try:
            self._delta.update_incremental()
        except (DeltaError, OSError, ValueError) as error:
            raise self._unreadable(error) from error

    def append(self, rows: pa.Table, writer: str, number: int, note: dict[str, Any]) -> None:
        """Commit rows in one step; they are there once this returns, and none of them if it does not.

        Args:
            rows: Rows of the table; written in order of their key.
            writer: Who appends.
            number: Counts the appends of that writer from 1, so that one that was done is not done again.
            note: What the commit says of itself.

        Raises:
            LedgerError: Nothing could be written.
        """
        try:
            write_deltalake(
                self._delta,
                rows.sort_by(key(self.name)),
                mode="append",
                writer_properties=_writer(self.name),
                commit_properties=CommitProperties({_NOTE: json.dumps(note, sort_keys=True)}, _RETRIES, [Transaction(writer, number)]),
            )
        except (DeltaError, OSError, pa.ArrowException) as error:
            raise unwritable(self._place.address, error) from error

    def done(self, writer: str) -> int:
        """Return the number of the last append of a writer, 0 if there was none."""
        return int(self._delta.transaction_version(writer) or 0)

    def files(self) -> list[str]:
        """Return the paths of the files that hold the rows, on the file system of the place."""
        root = self._place.uri(self.name)
        return [self._place.path(self.name) + uri.removeprefix(root) for uri in sorted(self._delta.file_uris())]

    def commits(self, after: int = -1) -> Iterator["Commit"]:
        """Yield the commits after a version, the oldest first.

        Raises:
            LedgerError: A file of the log is missing or damaged.
        """
        for version in range(after + 1, self.version + 1):
            yield Commit(version, self._place.read(self._log(version)), self._place.uri(self._log(version)))

    def _log(self, version: int) -> str:
        return f"{self.name}/_delta_log/{version:020d}.json"

    def compact(self) -> dict[str, Any]:
        """Gather rows in few files, in order of their key; the old files stay for the versions that need them.

        Raises:
            LedgerError: They cannot be written.
        """
        try:
            made: dict[str, Any] = self._delta.optimize.z_order([key(self.name)], writer_properties=_writer(self.name))
            self._delta.create_checkpoint()
        except CommitFailedError:
            fix = "nothing was lost; compact again when that is done"
            raise LedgerError(f"{self._place.uri(self.name)} was changed by another process while it was compacted; {fix}") from None
        except (DeltaError, OSError) as error:
            raise unwritable(self._place.address, error) from error
        return made


class Commit:
    """One commit of a table: its log file, and what it says of itself."""

    def __init__(self, version: int, log: bytes, address: str) -> None:
        """Read the log file.

        Raises:
            LedgerError: It is no log file.
        """
        self.version = version
        self.log = log
        try:
            actions = [json.loads(line) for line in log.splitlines() if line.strip()]
            info: dict[str, Any] = next((action["commitInfo"] for action in actions if "commitInfo" in action), {})
            self.operation = str(info.get("operation", ""))
            self.time = int(info.get("timestamp", 0))
            self.note: dict[str, Any] = json.loads(info.get(_NOTE, "{}"))
            self.added = tuple(str(action["add"]["path"]) for action in actions if "add" in action)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise LedgerError(f"{address} is damaged ({_first(error)}); restore it from a copy") from None


def arrow_of(table: str, records: list[dict[str, Any]]) -> pa.Table:
    """Return records as rows of a table, but for the name of their append.

    Raises:
        LedgerError: A value is missing or of the wrong type.
    """
    schema = pa.schema([field for field in TABLES[table] if field.name != "batch"])
    try:
        made = pa.Table.from_pylist(records, schema=schema)
    except (pa.ArrowException, TypeError, ValueError, OverflowError) as error:
        raise LedgerError(f"{table} for the ledger hold a value of the wrong type: {_first(error)}; mend it and add them again") from None
    for field in schema:
        if pa.types.is_floating(field.type) and pc.any(pc.is_nan(made.column(field.name))).as_py():
            raise LedgerError(f"{table} for the ledger hold a {field.name!r} that is not a number; leave it out where there is none")
        if not field.nullable and made.column(field.name).null_count:
            raise LedgerError(f"{made.column(field.name).null_count} {table} for the ledger lack {field.name!r}; name it in each")
    return made


def as_rows(table: str, rows: pa.Table) -> pa.Table:
    """Return rows in the types of a table.

    Raises:
        LedgerError: A value has no such type.
    """
    try:
        return conformed(TABLES[table], rows)
    except (pa.ArrowException, OverflowError, ValueError) as error:
        raise LedgerError(f"rows for the ledger hold a value of the wrong type: {_first(error)}; mend it and add them again") from None


def _writer(table: str) -> WriterProperties:
    plain = {key(table): ColumnProperties(dictionary_enabled=False)}
    return WriterProperties(compression="ZSTD", compression_level=3, max_row_group_size=_ROW_GROUP, column_properties=plain)


def _first(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300]
