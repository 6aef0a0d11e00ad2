"""Pictures and sound: each file is a document, known by its content; its label is the folder in which it lies.

Nothing is decoded. A file that is empty, or cannot be read, is set aside.
"""

import hashlib
import os
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

import pyarrow as pa
import xxhash

from longtail.readers.columns import Choice
from longtail.readers.intake import Intake

Medium = Literal["picture", "sound"]

SUFFIXES: dict[Medium, tuple[str, ...]] = {
    "picture": (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff", ".ppm", ".pgm"),
    "sound": (".wav", ".flac", ".mp3", ".ogg", ".m4a"),
}
_PLURAL = {"picture": "pictures", "sound": "sound files"}
_CHUNK = 2**20


class Placed(NamedTuple):
    """A file as the user named it, and the folder that labels are told from."""

    path: str
    root: str


def medium_of(path: str) -> Medium | None:
    """Return what the suffix shows a file to be, or None."""
    suffix = os.path.splitext(path)[1].lower()
    return next((medium for medium, suffixes in SUFFIXES.items() if suffix in suffixes), None)


class Media:
    """Files of pictures, or of sound, that are one data set."""

    once = None

    def __init__(self, path: str, medium: Medium, files: Sequence[Placed], notes: Sequence[str] = ()) -> None:
        """Take the files that were found for what the user named `path`."""
        self.path = path
        self.medium = medium
        self._files = tuple(files)
        self._notes = tuple(notes)
        self.parts = tuple(file.path for file in files)
        self.bytes = sum(map(_bytes, self.parts))
        self._hash: str | None = None

    def batches(self, intake: Intake) -> Iterator[pa.RecordBatch]:
        """Yield the files as documents, in the order of their paths."""
        form = Choice("text", f"{_PLURAL[self.medium]}, one document each")
        intake.says(form.says)
        for file in self._files:
            try:
                digest = _digest(file.path)
            except OSError as error:
                intake.quarantine.add(file.path, None, f"cannot be read: {error.strerror}")
                continue
            if digest is None:
                intake.quarantine.add(file.path, None, "empty file")
                continue
            yield from intake.rows(file.path, [(None, self._record(file, digest))], form)
        yield from intake.flush()
        for note in self._notes:
            intake.says(note)

    def _record(self, file: Placed, digest: str) -> dict[str, object]:
        inside = os.path.relpath(file.path, file.root).replace(os.sep, "/")
        label = inside.rpartition("/")[0] or None
        return {"text": f"{self.medium} {digest}", "lt_id": inside, "label": label, "path": file.path}

    def sha256(self) -> str:
        """Return the hash of the sorted hashes of the files that can be read, of one file its own; computed once."""
        if self._hash is None:
            hashes = sorted(filter(None, map(_sha256, self.parts)))
            self._hash = hashes[0] if len(hashes) == 1 else hashlib.sha256("".join(hashes).encode()).hexdigest()
        return self._hash


def _bytes(path: str) -> int:
    try:
        return os.path.getsize(path)
    except OSError:
        return 0


def _digest(path: str) -> str | None:
    """Return the hash of a file's content, or None where it is empty."""
    state = xxhash.xxh3_64()
    empty = True
    with open(path, "rb") as stream:
        while block := stream.read(_CHUNK):
            state.update(block)
            empty = False
    return None if empty else state.hexdigest()


def _sha256(path: str) -> str | None:
    try:
        with open(path, "rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return None
