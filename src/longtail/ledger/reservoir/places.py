"""Where the files of a reservoir lie, and how a file comes to lie there.

    _reservoir.json             settings
    documents/HASH.parquet      documents, named by SHA-256, never changed
    __additions/HASH.json       one commit each: which files became part of the reservoir
    __index/HASH.index          ids of the documents of one file
    __frozen/NAME/              a snapshot: _snapshot.json, and its files once more as links

Names that begin with an underscore are passed over when the directory is read as a data set.
"""

import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

from longtail.errors import ReadError, UsageError
from longtail.ledger.reservoir.records import FORMAT, Addition, Frozen, Settings, Stored
from longtail.readers.files import guarded

DOCUMENTS, ADDITIONS, INDEX, FROZEN = "documents", "__additions", "__index", "__frozen"
SETTINGS, SNAPSHOT = "_reservoir.json", "_snapshot.json"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_READ_ONLY = 0o444

Held = TypeVar("Held", Settings, Addition, Frozen)


class _Versioned(msgspec.Struct):
    format: int


def digest(path: Path) -> str:
    """Return the SHA-256 of a file.

    Raises:
        ReadError: It cannot be read.
    """
    with guarded(str(path)), path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def pin(digests: Iterable[str]) -> str:
    """Return the hash of a set of files by theirs: that of the only one, or the hash of the sorted hashes of several."""
    hashes = sorted(digests)
    return hashes[0] if len(hashes) == 1 else hashlib.sha256("".join(hashes).encode()).hexdigest()


def decoded(path: Path, kind: type[Held]) -> Held:
    """Read one of the small JSON files.

    Raises:
        ReadError: It is not there, is damaged, or was written by a later version.
    """
    with guarded(str(path)):
        data = path.read_bytes()
    try:
        version = msgspec.json.decode(data, type=_Versioned).format
        if version > FORMAT:
            raise ReadError(str(path), f"was written in format {version}, and this version reads up to {FORMAT}", fix="upgrade longtail")
        return msgspec.json.decode(data, type=kind)
    except msgspec.DecodeError as error:
        raise ReadError(str(path), f"is damaged: {error}", fix="run longtail reservoir verify, and restore the file") from None


def addition_of(path: Path) -> Addition:
    """Read one commit, and check that its name is its hash.

    Raises:
        ReadError: It was altered, is damaged, or was written by a later version.
    """
    found = decoded(path, Addition)
    if digest(path) != path.stem:
        raise ReadError(str(path), "was altered: its name is not its SHA-256", fix="restore the file from a copy")
    return found


def additions(root: Path) -> Iterator[Addition]:
    """Yield all commits, in the order of their names, which is no order in time.

    Raises:
        ReadError: One of them cannot be trusted.
    """
    for path in sorted((root / ADDITIONS).glob("*.json")):
        yield addition_of(path)


Places = dict[str, tuple[Stored, Path]]
"""Files by name, each with where it lies: under its name, or still under that of its draft."""


def places_of(root: Path, found: Iterable[Addition]) -> Places:
    """Return the files of some commits, sorted by name."""
    held: Places = {}
    for each in found:
        for file, draft in zip(each.files, each.drafts, strict=True):
            target, source = root / DOCUMENTS / file.file, root / DOCUMENTS / draft
            held[file.file] = (file, target if target.exists() or not source.exists() else source)
    return dict(sorted(held.items()))


def stored(root: Path) -> Places:
    """Return the files of the reservoir, sorted by name.

    Raises:
        ReadError: A commit cannot be trusted.
    """
    return places_of(root, additions(root))


def put(path: Path, data: bytes, draft: Path) -> None:
    """Write a small file whole or not at all, on disk when this returns.

    Raises:
        OSError: It cannot be written; nothing is left.
    """
    try:
        with draft.open("xb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        draft.chmod(_READ_ONLY)
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    synced(path.parent)


def sealed(path: Path) -> str:
    """Bring a finished file to disk, take away the right to write it, and return its SHA-256."""
    with path.open("rb") as stream:
        os.fsync(stream.fileno())
    path.chmod(_READ_ONLY)
    return digest(path)


def synced(folder: Path) -> None:
    """Bring the names in a folder to disk, where the system can."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def settled(root: Path, found: Addition) -> None:
    """Give the files of a commit their names, where the process that made it was stopped before it could."""
    for file, draft in zip(found.files, found.drafts, strict=True):
        target, source = root / DOCUMENTS / file.file, root / DOCUMENTS / draft
        try:
            if not target.exists():
                os.replace(source, target)
            else:
                source.unlink(missing_ok=True)
        except FileNotFoundError:
            continue
    synced(root / DOCUMENTS)


def checked_name(name: str) -> str:
    """Return the name of a snapshot.

    Raises:
        UsageError: It cannot be the name of a folder everywhere.
    """
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"snapshot name {name!r}: take up to 64 letters, digits, dots, dashes and underscores, the first a letter or digit"
        )
    return name
