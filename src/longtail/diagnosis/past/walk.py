"""The files of a folder, in a fixed order, those of tools left out."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from longtail.diagnosis.past.labels import natural

_SKIPPED = frozenset({"node_modules", "__pycache__", "site-packages", "venv"})
MOST_FILES = 200_000
"""Files of a folder that are looked at."""


def files_in(folder: str, is_wanted: Callable[[str], bool]) -> Iterator[str]:
    """Yield the paths of files from the folder on, natural order, v2 before v10.

    Hidden folders and those of tools are not entered; pipes, devices and names that are no UTF-8 are left out.

    Args:
        folder: Where.
        is_wanted: Tells by the path whether a file is wanted.
    """
    seen = 0
    for at, folders, names in os.walk(folder):
        folders[:] = sorted((name for name in folders if not name.startswith(".") and name not in _SKIPPED), key=natural)
        for name in sorted(names, key=natural):
            seen += 1
            path = os.path.relpath(os.path.join(at, name), folder).replace(os.sep, "/")
            if seen <= MOST_FILES and is_wanted(path) and _is_plain(folder, path):
                yield path


def _is_plain(folder: str, path: str) -> bool:
    try:
        return bool(path.encode()) and os.path.isfile(os.path.join(folder, path))
    except UnicodeEncodeError:
        return False


def read_bytes(path: str | Path, most: int = 32 * 1024**2) -> bytes | None:
    """Return the bytes of a small file, None where it cannot be read or is larger than a record is.

    Args:
        path: Of the file.
        most: Bytes.
    """
    try:
        return Path(path).read_bytes() if os.path.isfile(path) and os.path.getsize(path) <= most else None
    except OSError:
        return None


def iso(seconds: float) -> str | None:
    """Return seconds since 1970 as ISO 8601 in UTC, None where they are no time."""
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
    except (OverflowError, OSError, ValueError):
        return None
