"""How the rows of a ledger's tables are queried: DuckDB over the files that the log names."""

import os
import tempfile
from collections.abc import Sequence

import duckdb
import pyarrow as pa

from longtail.errors import LedgerError
from longtail.ledger.store.place import Place
from longtail.ledger.store.tables import TABLES


def connect() -> duckdb.DuckDBPyConnection:
    """Return a connection of its own, in UTC; what does not fit in 512 MB goes to the temporary folder."""
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET enable_progress_bar = false")
    connection.execute("SET memory_limit = '512MB'")
    connection.execute(f"SET temp_directory = {quoted(os.path.join(tempfile.gettempdir(), 'longtail-duckdb'))}")
    return connection


def relation(connection: duckdb.DuckDBPyConnection, place: Place, table: str, files: Sequence[str]) -> str:
    """Return what stands after FROM for the rows in some files of a table."""
    if not files:
        connection.register(f"no_{table}", TABLES[table].empty_table())
        return f"no_{table}"
    if place.is_local:
        return f"read_parquet([{', '.join(map(quoted, files))}], union_by_name = true)"
    from pyarrow.dataset import dataset  # slow to load, and of no use in a folder

    connection.register(f"all_{table}", dataset(list(files), schema=TABLES[table], filesystem=place.system, format="parquet"))
    return f"all_{table}"


def quoted(text: str) -> str:
    """Return a text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def unreadable(place: Place, error: Exception) -> LedgerError:
    """Return what is said where a file of rows cannot be read."""
    said = (str(error).strip().splitlines() or [type(error).__name__])[0][:300]
    return LedgerError(f"the ledger {place.address!r} cannot be read: {said}; find what is damaged: longtail ledger verify {place.address}")


READING_FAILED = (duckdb.Error, OSError, pa.ArrowException)
