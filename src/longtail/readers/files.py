"""Files as a source: read part by part, guarded so that a file cut short or changed is an error and never a short read."""

import hashlib
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pyarrow as pa

from longtail.errors import LongtailError, ReadError
from longtail.readers.formats import Part, Reader, formats
from longtail.readers.intake import Intake
from longtail.readers.sources import Found


class Files:
    """One or several files that are one data set."""

    once = None

    def __init__(self, path: str, found: Found, reader: Reader | None = None) -> None:
        """Take the files that were found for what the user named `path`, and what reads them where they are of no format of texts."""
        self.path = path
        self._reader = reader
        self.found = found
        self.parts = tuple(part.path for part in found.parts)
        self._hash: str | None = None
        self._sizes = {part.path: _state(part.path)[0] for part in found.parts}

    @property
    def bytes(self) -> int:
        """Return the size of the files."""
        return sum(self._sizes.values())

    def batches(self, intake: Intake) -> Iterator[pa.RecordBatch]:
        """Read every part to its end."""
        for part in self.found.parts:
            with guarded(part.path):
                yield from self._read(part, intake)
        yield from intake.flush()
        for note in self.found.notes:
            intake.says(note)

    def _read(self, part: Part, intake: Intake) -> Iterator[pa.RecordBatch]:
        before = _state(part.path)
        self._sizes[part.path] = before[0]
        yield from (self._reader or formats[part.format].member)(part, intake)
        if _state(part.path) != before:
            raise ReadError(part.path, "changed while it was read", fix="read it again once nothing writes to it")

    def sha256(self) -> str:
        """Return the hash of the file, or of the sorted hashes of the files; computed once."""
        if self._hash is None:
            self._hash = digest_of(self.parts)
        return self._hash


def _state(path: str) -> tuple[int, int]:
    with guarded(path):
        state = os.stat(path)
        return state.st_size, state.st_mtime_ns


def digest_of(paths: Iterable[str]) -> str:
    """Return the hash of a file, or of the sorted hashes of several.

    Raises:
        ReadError: One cannot be read.
    """
    hashes = sorted(_hash(path) for path in paths)
    return hashes[0] if len(hashes) == 1 else hashlib.sha256("".join(hashes).encode()).hexdigest()


def _hash(path: str) -> str:
    with guarded(path), open(path, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextmanager
def guarded(path: str) -> Iterator[None]:
    """Turn whatever goes wrong in reading a file into a `ReadError` that names it."""
    try:
        yield
    except LongtailError:
        raise
    except FileNotFoundError as error:
        raise ReadError(path, "the file vanished while the data set was read", fix="read it again once nothing moves it") from error
    except PermissionError as error:
        raise ReadError(path, "may not be read: permission denied", fix="check its permissions") from error
    except (OSError, EOFError, sqlite3.Error, pa.ArrowException) as error:
        said = (str(error).splitlines() or [type(error).__name__])[0][:300]
        raise ReadError(path, f"cannot be read to its end: {said}", fix=_fix(said)) from error


def _fix(said: str) -> str:
    if "Expected all lists to be of size" in said:  # Arrow cannot read its own lists of fixed size back where one is null
        return "write the column as lists of any length: column.cast(pyarrow.list_(pyarrow.float32()))"
    return "check that it is whole, or copy it again"
