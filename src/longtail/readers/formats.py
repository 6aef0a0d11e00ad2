"""The catalogue of formats: which function reads which file, by suffix first and by content where the suffix is unknown."""

import os
from collections.abc import Callable, Iterator

import msgspec
import pyarrow as pa

from longtail.catalogue import Catalogue
from longtail.errors import ReadError
from longtail.readers.compression import bare, open_bytes
from longtail.readers.intake import Intake


class Part(msgspec.Struct, frozen=True):
    """One file of a data set: its path as the user gave it, its format, and the table where it has several."""

    path: str
    format: str
    table: str | None = None


Reader = Callable[[Part, Intake], Iterator[pa.RecordBatch]]
formats: Catalogue[Reader] = Catalogue("format", "suffixes", "holds")

_MAGIC = {b"PAR1": "parquet", b"SQLite format 3\x00": "sqlite", b"ARROW1": "arrow", b"\xff\xff\xff\xff": "arrow"}


_MORE = " (text formats also .gz and .zst); for an audit also arrays (.npy), pictures and sound"


def supported() -> str:
    """Return what can be read, in words, for messages."""
    return ", ".join(suffix for entry in formats for suffix in entry.facts["suffixes"].split()) + _MORE


def by_suffix(path: str) -> str | None:
    """Return the name of the format that the suffix shows, or None."""
    suffix = os.path.splitext(bare(path))[1].lower()
    return next((entry.name for entry in formats if suffix and suffix in entry.facts["suffixes"].split()), None)


def by_content(path: str) -> str:
    """Return the name of the format that the first bytes show.

    Raises:
        ReadError: They show none.
    """
    try:
        with open(path, "rb") as stream:
            head = stream.read(16)
        for magic, name in _MAGIC.items():
            if head.startswith(magic):
                return name
        with open_bytes(path) as text:
            head = text.peek(1).lstrip()[:1]
    except ReadError:
        raise
    except (OSError, pa.ArrowException) as error:
        raise ReadError(path, f"cannot be read: {error}", fix="check the path and its permissions") from error
    if head in (b"{", b"[", b'"') and head:
        return "json"
    reason = "its suffix and its first bytes show no format that is known" if head else "no documents: the file is empty"
    raise ReadError(path, reason, fix=f"supported: {supported()}")


def holds_records(path: str) -> bool:
    """Tell whether the file is of a format that holds records, not one document."""
    name = by_suffix(path)
    return name is not None and formats[name].facts["holds"] == "records"
