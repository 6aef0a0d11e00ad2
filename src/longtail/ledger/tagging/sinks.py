"""Where tagged data go: drafts that take their place whole, and one kind of error for what cannot be written."""

import io
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa

from longtail.errors import LongtailError, UsageError
from longtail.readers.compression import CODECS

_BUFFER = 2**20
GROUP_ROWS, _GROUP_BYTES = 2**17, 2**26


@contextmanager
def writing(path: str) -> Iterator[None]:
    """Turn whatever goes wrong in writing into one error that names the output.

    Raises:
        UsageError: The output cannot be written.
    """
    try:
        yield
    except LongtailError:
        raise
    except (OSError, pa.ArrowException) as error:
        said = getattr(error, "strerror", None) or (str(error).splitlines() or [type(error).__name__])[0][:300]
        raise UsageError(f"cannot write {path!r}: {said}; nothing was left there, name another place or make room") from error


@contextmanager
def replaced_folder(target: Path) -> Iterator[Path]:
    """Yield a draft folder beside `target`, which takes its place in one step when the block ends without an error.

    Raises:
        OSError: The draft cannot be written, or `target` exists and is not empty.
    """
    draft = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        draft.mkdir()
        yield draft
        os.replace(draft, target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def open_sink(draft: Path, output: str) -> io.BufferedWriter:
    """Open a draft for bytes, compressed as the suffix of `output` says; equal bytes in give equal bytes out."""
    codec = CODECS.get(os.path.splitext(output)[1].lower())
    raw: Any = io.FileIO(draft, "w") if codec is None else pa.CompressedOutputStream(pa.OSFile(str(draft), "wb"), codec)
    return io.BufferedWriter(raw, _BUFFER)


def row_groups(batches: Iterable[pa.RecordBatch]) -> Iterator[list[pa.RecordBatch]]:
    """Yield batches gathered to row groups of at most 131,072 rows and about 64 MiB."""
    group: list[pa.RecordBatch] = []
    rows = size = 0
    for batch in batches:
        if group and (rows + batch.num_rows > GROUP_ROWS or size + batch.nbytes > _GROUP_BYTES):
            yield group
            group, rows, size = [], 0, 0
        group.append(batch)
        rows, size = rows + batch.num_rows, size + batch.nbytes
    if group:
        yield group
