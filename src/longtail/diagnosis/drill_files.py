"""Files of a drill: a copy of the history, and the copies of the data where they are kept."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from longtail.errors import UsageError
from longtail.ledger.tagging.json_rows import encoded
from longtail.ledger.tagging.sinks import writing


def copied(history: str | os.PathLike[str] | None, folder: Path) -> Path | None:
    """Return a copy of a history, or where one will begin."""
    if history is None:
        return None
    place = folder / Path(history).name
    if Path(history).exists():
        with writing(os.fspath(place)):
            shutil.copyfile(history, place)
    return place


def folder_of(keep: str | os.PathLike[str] | None) -> Path | None:
    """Return the folder of the copies, made where it is not there yet; None where none was named."""
    if keep is None:
        return None
    folder = Path(keep)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{os.fspath(keep)!r} is not an empty folder; name another for the copies")
    with writing(os.fspath(keep)):
        folder.mkdir(parents=True, exist_ok=True)
    return folder


def keep(folder: Path | None, name: str, texts: Sequence[str]) -> None:
    """Write documents as JSON Lines into a folder, where there is one."""
    if folder is not None:
        with writing(os.fspath(folder / name)):
            (folder / name).write_bytes(b"".join(encoded({"text": text}) + b"\n" for text in texts))
