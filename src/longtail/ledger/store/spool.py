"""The spool: rows that were taken in and not yet committed, where a kill leaves them for the next start.

Each append of a writer has a file of its own, an Arrow stream that is never read while its writer lives. The writer holds a
lock, which the system releases when it dies; whoever writes to the ledger next then commits what it finds. What was cut off in
the middle of a write was never acknowledged and is dropped.
"""

import io
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import filelock
import pyarrow as pa

from longtail.errors import LedgerError
from longtail.ledger.store.place import unwritable
from longtail.ledger.store.tables import conformed

_NAME = re.compile(r"([0-9a-f]+)-([0-9]+)\.arrow")


class Spool:
    """The files of one writer.

    Args:
        folder: Where spools lie.
        writer: Name of the writer, hexadecimal digits.
        schema: Columns of the rows.
    """

    def __init__(self, folder: Path, writer: str, schema: pa.Schema) -> None:
        """Take the lock; a file is made when something is put in it."""
        self._folder, self._writer, self._schema = folder, writer, schema
        self._file: io.FileIO | None = None
        self._number, self._whole = 0, 0
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = filelock.FileLock(folder / f"{writer}.lock", blocking=False)
            self._lock.acquire()
        except OSError as error:
            raise unwritable(str(folder.parent), error) from error

    def put(self, number: int, rows: pa.RecordBatch) -> None:
        """Add rows to those of an append; once this returns, they survive the end of the process.

        What a failure leaves half written is cut off, so that what is put in later can be read.

        Raises:
            LedgerError: They cannot be written; then none of them is there.
        """
        try:
            if self._file is None or number != self._number:
                self._leave()
                self._file = io.FileIO(self._path(number), "w")
                self._number, self._whole = number, 0
            if not self._whole:
                self._write(self._file, self._schema.serialize())
            self._write(self._file, rows.serialize())
        except (OSError, pa.ArrowException) as error:
            raise unwritable(str(self._folder.parent), error) from error

    def _path(self, number: int) -> Path:
        return self._folder / f"{self._writer}-{number}.arrow"

    def _write(self, file: io.FileIO, content: pa.Buffer) -> None:
        file.seek(self._whole)
        left = memoryview(content)
        try:
            while left:
                left = left[file.write(left) :]
        except OSError:
            with suppress(OSError):
                file.truncate(self._whole)
            raise
        self._whole += content.size

    def _leave(self) -> None:
        if self._file is not None:
            self._file.close()
        self._file = None

    def clear(self, number: int) -> None:
        """Forget what was put in for an append: it is committed."""
        if number == self._number:
            self._leave()
        with suppress(OSError):  # whoever finds it sees that it is committed
            self._path(number).unlink(missing_ok=True)

    def close(self) -> None:
        """Release the lock; what was not cleared stays for the next start."""
        self._leave()
        self._lock.release()
        with suppress(OSError):
            (self._folder / f"{self._writer}.lock").unlink(missing_ok=True)


def abandoned(folder: Path, schema: pa.Schema) -> Iterator[tuple[str, int, pa.Table, Path]]:
    """Yield what writers that are no longer alive have left: writer, number of the append, rows in `schema`, file.

    The appends of one writer come in their order. Its lock is held while they are handled, so that no two processes take them.

    Raises:
        LedgerError: The folder cannot be written, or a file is not of this version.
    """
    for writer, number, path in _spooled(folder):
        lock = folder / f"{writer}.lock"
        try:
            with filelock.FileLock(lock, blocking=False):
                if path.exists():
                    yield writer, number, _rows(path, schema), path
                    lock.unlink(missing_ok=True)
        except filelock.Timeout:
            continue
        except OSError as error:
            raise unwritable(os.fspath(folder.parent), error) from error


def _spooled(folder: Path) -> list[tuple[str, int, Path]]:
    names = ((_NAME.fullmatch(path.name), path) for path in (folder.glob("*.arrow") if folder.is_dir() else ()))
    return sorted((name[1], int(name[2]), path) for name, path in names if name)


def _rows(path: Path, schema: pa.Schema) -> pa.Table:
    """Return the batches of a stream up to where it was cut off."""
    content = path.read_bytes()
    batches: list[pa.RecordBatch] = []
    try:
        reader = pa.ipc.open_stream(content)
    except pa.ArrowException as error:
        if len(content) < schema.serialize().size:  # its writer died before it put anything in
            return schema.empty_table()
        raise _unknown(path, error) from None
    with suppress(pa.ArrowException, OSError):
        batches.extend(reader)
    try:
        return conformed(schema, pa.Table.from_batches(batches, schema=reader.schema))
    except (pa.ArrowException, ValueError) as error:
        raise _unknown(path, error) from None


def _unknown(path: Path, error: Exception) -> LedgerError:
    said = (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
    fix = "write with the version of longtail that left it, or move the file away"
    return LedgerError(f"{path} holds rows that a process left behind and that this version cannot read ({said}); {fix}")
