"""Files that are no text: images, sound, video and office files, of which the C2PA credential is read."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from longtail.errors import MissingExtra
from longtail.origin.credentials import media
from longtail.readers.formats import by_suffix

SUFFIXES = frozenset({
    ".avi", ".avif", ".dng", ".docx", ".epub", ".flac", ".gif", ".heic", ".heif", ".jpeg", ".jpg", ".jxl", ".m4a", ".m4v", ".mov", ".mp3",
    ".mp4", ".odt", ".ogg", ".pdf", ".png", ".pptx", ".svg", ".tif", ".tiff", ".wav", ".webp", ".xlsx", ".zip",
})  # fmt: skip
"""Suffixes of files in which C2PA can place a credential."""


def parted(names: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return what the user named as (data of documents, files that are no text); a folder may be both.

    Args:
        names: Files, folders, globs, or `-`. A data file beside which a credential lies stands in both.
    """
    data: list[str] = []
    files: list[str] = []
    for name in names:
        if os.path.isdir(name):
            held = sorted(_within(name))
            found = [path for path in held if _is_media(path)]
            files += found
            data += [] if found and not any(map(by_suffix, held)) else [name]
        elif _is_media(name):
            files.append(name)
        else:
            data.append(name)
            files += [name] if os.path.isfile(name + media.SIDECAR) else []
    return data, files


def _is_media(path: str) -> bool:
    beside = os.path.isfile(path + media.SIDECAR) and by_suffix(path) is None
    return beside or Path(path).suffix.lower() in SUFFIXES


def _within(folder: str) -> Iterator[str]:
    for where, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "__")))
        yield from (os.path.join(where, name) for name in names if not name.startswith("."))


def looked_at(path: str, trust: str | os.PathLike[str] | None, *, strict: bool = True) -> dict[str, Any]:
    """Return what the credential of a file says, as plain values.

    Args:
        path: The file.
        trust: PEM file of the certificates whose signers are believed.
        strict: Whether it is an error that the optional part is not installed; else the file is told as `unread`.

    Raises:
        MissingExtra: The optional part is not installed.
        ReadError: The file or the trust list cannot be read.
    """
    try:
        told: dict[str, Any] = msgspec.to_builtins(media.read(path, trust))
    except MissingExtra as missing:
        if strict:
            raise
        told = {"kind": "c2pa", "state": "unread", "words": f"not looked at: {missing}"}
    return {"path": path} | told
