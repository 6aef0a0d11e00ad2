"""Files that are written whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replaced(target: Path) -> Iterator[Path]:
    """Yield the path of a draft beside `target`, which takes its place in one step when the block ends without an error.

    Raises:
        OSError: The draft cannot be written or cannot take the place; the old file is as it was.
    """
    draft = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        yield draft
        os.replace(draft, target)
    finally:
        draft.unlink(missing_ok=True)


def write_durably(target: Path, data: bytes) -> None:
    """Write a file whole, and return once it is on the disk.

    Raises:
        OSError: It cannot be written; the old file is as it was.
    """
    with replaced(target) as draft, draft.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
