"""The spool: rows that were taken in and not yet committed, where a kill leaves them for the next start.

Each writer has a file of its own, an Arrow stream that is appended to and never read while its writer lives. The writer holds a
lock, which the system releases when it dies; whoever opens the ledger next then commits what it finds. What was cut off in the
middle of a write was never acknowledged and is dropped.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import filelock
import pyarrow as pa

from longtail.ledger.store.place import unwritable


class Spool:
    """The file of one writer.

    Args:
        folder: Where spools lie.
        writer: Name of the writer.
        schema: Columns of the rows.
    """

    def __init__(self, folder: Path, writer: str, schema: pa.Schema) -> None:
        """Take the lock; the file is made when something is put in it."""
        self._folder, self._writer, self._schema = folder, writer, schema
        self._sink: pa.NativeFile | None = None
        self._stream: pa.ipc.RecordBatchStreamWriter | None = None
        self._path = folder / f"{writer}-1.arrow"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = filelock.FileLock(folder / f"{writer}.lock", blocking=False)
            self._lock.acquire()
        except OSError as error:
            raise unwritable(str(folder.parent), error) from error

    def put(self, number: int, rows: pa.RecordBatch) -> None:
        """Add rows to those of an append; once this returns, they survive the end of the process.

        Raises:
            LedgerError: They cannot be written.
        """
        try:
            if self._stream is None:
                self._path = self._folder / f"{self._writer}-{number}.arrow"
                self._sink = pa.OSFile(str(self._path), "wb")
                self._stream = pa.ipc.new_stream(self._sink, self._schema)
            self._stream.write_batch(rows)
        except (OSError, pa.ArrowException) as error:
            raise unwritable(str(self._folder.parent), error) from error

    def clear(self) -> None:
        """Forget what was put in: it is committed."""
        if self._sink is not None:
            self._sink.close()
            self._path.unlink(missing_ok=True)
        self._sink = self._stream = None

    def close(self) -> None:
        """Release the lock; what was not cleared stays for the next start."""
        if self._sink is not None:
            self._sink.close()
        self._lock.release()
        (self._folder / f"{self._writer}.lock").unlink(missing_ok=True)


def abandoned(folder: Path) -> Iterator[tuple[str, int, pa.Table, Path]]:
    """Yield what writers that are no longer alive have left: writer, number of the append, rows, file.

    The writer's lock is held while its rows are handled, so that no two processes take them.

    Raises:
        LedgerError: The folder cannot be written.
    """
    for path in sorted(folder.glob("*.arrow")) if folder.is_dir() else ():
        writer, _, number = path.stem.rpartition("-")
        lock = folder / f"{writer}.lock"
        try:
            with filelock.FileLock(lock, blocking=False):
                if path.exists():
                    yield writer, int(number), _rows(path), path
                    lock.unlink(missing_ok=True)
        except filelock.Timeout:
            continue
        except OSError as error:
            raise unwritable(os.fspath(folder.parent), error) from error


def _rows(path: Path) -> pa.Table:
    """Return the batches of a stream up to where it was cut off."""
    batches: list[pa.RecordBatch] = []
    try:
        reader = pa.ipc.open_stream(path.read_bytes())
    except pa.ArrowInvalid:
        return pa.table({})
    with suppress(pa.ArrowInvalid, OSError):
        batches.extend(reader)
    return pa.Table.from_batches(batches, schema=reader.schema)
