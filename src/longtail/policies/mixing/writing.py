"""The training set as a file: chosen rows with all their columns, their provenance and their weight."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from longtail.atomic import replaced
from longtail.errors import UsageError
from longtail.ledger.chunks import Chunk, Records
from longtail.ledger.columns import NAMES
from longtail.ledger.statements import Statements
from longtail.ledger.tagging.json_rows import encoded, spliced
from longtail.ledger.tagging.sinks import GROUP_ROWS, open_sink, row_groups, writing
from longtail.policies.mixing.gathering import Sources
from longtail.policies.mixing.texts import Mask
from longtail.policies.mixing.unifying import ALWAYS, column_of, unified
from longtail.readers.compression import bare
from longtail.readers.formats import by_suffix

Weights = npt.NDArray[np.float64]


def check_output(path: str, inputs: Sequence[str], files: Sequence[str]) -> None:
    """Refuse, before the work, an output that could not be written after it.

    Args:
        path: The file asked for.
        inputs: What was named as data.
        files: The files that stand for it.

    Raises:
        UsageError: The suffix is of no format that is written, there is no folder for it, or it is one of the inputs or lies in one.
    """
    place = Path(path)
    if not _is_written(path):
        raise UsageError(f"cannot write {path!r}: a training set is JSON Lines (.jsonl, also .gz or .zst) or Parquet; choose such a suffix")
    _check_folder(path)
    folders = [Path(name).resolve() for name in inputs if Path(name).is_dir()]
    if place.resolve() in {Path(file).resolve() for file in files} or any(place.resolve().is_relative_to(folder) for folder in folders):
        raise UsageError(f"{path!r} is one of the inputs, or lies in one; name another place")


def _is_written(path: str) -> bool:
    """Tell whether the suffix names a format that is written."""
    kind = by_suffix(path)
    return kind == "json" or (kind == "parquet" and bare(path) == path)


def _check_folder(path: str) -> None:
    place = Path(path)
    if "\0" in path or place.is_dir() or not place.parent.is_dir():
        reason = "it is a folder" if place.is_dir() else f"there is no folder {str(place.parent)!r}"
        raise UsageError(f"cannot write {path!r}: {reason}; name a file in a folder that exists")


def check_manifest(path: str, output: str, files: Sequence[str]) -> None:
    """Refuse, before the work, a manifest that could not be written after it.

    Args:
        path: The file asked for.
        output: The training set.
        files: Files that are read.

    Raises:
        UsageError: There is no folder for it, or it is the training set or one of the files that are read.
    """
    _check_folder(path)
    place = Path(path)
    if place.resolve() in {Path(file).resolve() for file in (output, *files)}:
        raise UsageError(f"the manifest {path!r} is the training set, or one of the inputs; name another place")


def write(
    path: str, manifest_path: str, sources: Sources, taken: Mask, weights: Weights, manifest_of: Callable[[str, tuple[str, ...]], bytes]
) -> None:
    """Write the training set and its manifest, both or neither.

    Args:
        path: The training set; its suffix chooses the format.
        manifest_path: The manifest.
        sources: The data.
        taken: The chosen rows, shape (rows,).
        weights: Weight of each row, shape (rows,).
        manifest_of: Returns the manifest for a hash and the columns that became text.

    Raises:
        ReadError: The data cannot be read a second time, or have changed.
        UsageError: A file cannot be written.
    """
    with writing(path), replaced(Path(path)) as draft:
        torn = (_parquet if by_suffix(path) == "parquet" else _lines)(path, draft, sources, taken, weights)
        with open(draft, "rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        with writing(manifest_path), replaced(Path(manifest_path)) as note:
            note.write_bytes(manifest_of(digest, torn))


def _chosen(sources: Sources, taken: Mask, weights: Weights) -> Iterator[tuple[Chunk, Weights]]:
    for start, chunk in sources.chunks("writing"):
        some = np.flatnonzero(taken[start : start + len(chunk)])
        if len(some):
            yield chunk.take(some.tolist()), weights[start + some]


def _lines(path: str, draft: Path, sources: Sources, taken: Mask, weights: Weights) -> tuple[str, ...]:
    readers = {wide: sources.reader(NAMES if wide else ALWAYS) for wide in (False, True)}
    with open_sink(draft, path) as sink:
        for chunk, weight in _chosen(sources, taken, weights):
            is_written = isinstance(chunk, Records) and chunk.line(0) is not None
            wide = not is_written or sources.current is not None
            said = _said(chunk, sources, readers[wide])
            for row in _spliced(chunk, said, weight) if is_written else _encoded(chunk, said, weight):
                sink.write(row)
    return ()


def _said(chunk: Chunk, sources: Sources, reader: Statements) -> pa.RecordBatch:
    return sources.known(reader.of(chunk)[0])


def _spliced(chunk: Chunk, said: pa.RecordBatch, weights: Weights) -> Iterator[bytes]:
    """Yield lines of which only what changes is written anew."""
    assert isinstance(chunk, Records)
    for at, (statement, weight) in enumerate(zip(said.to_pylist(), weights.tolist(), strict=True)):
        record: Any = chunk.records[at]
        changes = {name: value for name, value in statement.items() if value is not None and record.get(name) != value}
        yield spliced(chunk.line(at) or b"", record, changes | {"lt_weight": weight})


def _encoded(chunk: Chunk, said: pa.RecordBatch, weights: Weights) -> Iterator[bytes]:
    for record, statement, weight in zip(chunk.records, said.to_pylist(), weights.tolist(), strict=True):
        own = {name: value for name, value in record.items() if name not in NAMES} if isinstance(record, dict) else {}
        stated = {name: value for name, value in statement.items() if value is not None}
        yield encoded(own | stated | {"lt_weight": weight}) + b"\n"


def _parquet(path: str, draft: Path, sources: Sources, taken: Mask, weights: Weights) -> tuple[str, ...]:
    schema, torn = unified(sources, taken)
    reader = sources.reader(NAMES)
    batches = (_batch(chunk, _said(chunk, sources, reader), weight, schema) for chunk, weight in _chosen(sources, taken, weights))
    with pq.ParquetWriter(draft, schema, compression="zstd") as writer:
        for group in row_groups(batches):
            writer.write_table(pa.Table.from_batches(group, schema), row_group_size=GROUP_ROWS)
    return torn


def _batch(chunk: Chunk, said: pa.RecordBatch, weights: Weights, schema: pa.Schema) -> pa.RecordBatch:
    columns = []
    for field in schema:
        if field.name == "lt_weight":
            columns.append(pa.array(weights, field.type))
        elif field.name in NAMES:
            columns.append(said.column(field.name).cast(field.type))
        else:
            columns.append(column_of(chunk, field))
    return pa.RecordBatch.from_arrays(columns, schema=schema)
