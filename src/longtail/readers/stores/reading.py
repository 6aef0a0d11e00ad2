"""Reading a store and a log whole, in the order in which they lie there."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from longtail.readers.quarantine import Quarantine, Unfit
from longtail.readers.stores.columns import ITEM, QUERY, Named, Row, item_of, query_of, refuse_unknown
from longtail.readers.stores.finding import KINDS, kind_of
from longtail.readers.stores.records import Item, Query
from longtail.records import Quarantined, Record

Made = TypeVar("Made")


class Store(Record, frozen=True):
    """What a store holds.

    Attributes:
        path: As it was named.
        kind: Of store, such as "chroma".
        items: In the order of the store.
        unread: Records that hold no text.
        places: Place and reason of the first of them.
        sha256: Of the file; None of a folder.
        bytes: Of the file or of all files in the folder.
    """

    path: str
    kind: str
    items: tuple[Item, ...]
    unread: int = 0
    places: tuple[Quarantined, ...] = ()
    sha256: str | None = None
    bytes: int = 0


class Log(Record, frozen=True):
    """What was asked of a store and answered from it.

    Attributes:
        path: As it was named.
        queries: In the order of the log.
        unread: Lines that hold no question.
    """

    path: str
    queries: tuple[Query, ...]
    unread: int = 0


def read_store(path: str | Path, named: Named | None = None) -> Store:
    """Read a store; its kind is told by what lies at the path.

    Args:
        path: A file or a folder.
        named: What the user named of it.

    Raises:
        ReadError: It cannot be read, or a name does not exist there.
    """
    names, quarantine = named or Named(), Quarantine()
    at = Path(path)
    kind, items = _read(at, names, ITEM["text"], quarantine, lambda row, number: item_of(row, number, names))
    files = [at] if at.is_file() else sorted(each for each in at.rglob("*") if each.is_file())
    return Store(
        path=str(path),
        kind=kind,
        items=tuple(items),
        unread=quarantine.count,
        places=quarantine.kept[:20],
        sha256=_sha256(at) if at.is_file() else None,
        bytes=sum(each.stat().st_size for each in files),
    )


def read_log(path: str | Path, named: Named | None = None) -> Log:
    """Read a log of questions: JSON Lines, Parquet, or a table of SQLite that has one of the names of a question.

    Args:
        path: A file.
        named: The table, and the column of the time.

    Raises:
        ReadError: It cannot be read.
    """
    names, quarantine = named or Named(), Quarantine()
    _, queries = _read(Path(path), names, QUERY["question"], quarantine, lambda row, _: query_of(row, names))
    return Log(path=str(path), queries=tuple(queries), unread=quarantine.count)


def _read(
    path: Path, named: Named, wanted: tuple[str, ...], quarantine: Quarantine, made: Callable[[Row, int | None], Made]
) -> tuple[str, list[Made]]:
    kind, found = kind_of(path), list[Made]()
    for number, row in KINDS[kind](path, named, wanted, quarantine):
        if not found and not quarantine.count:
            refuse_unknown(str(path), row, named)
        try:
            found.append(made(row, number))
        except Unfit as error:
            quarantine.add(str(path), number, str(error))
    return kind, found


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
