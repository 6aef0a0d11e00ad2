"""Tagging Parquet files, Arrow files and the folders that `save_to_disk` of Hugging Face `datasets` writes."""

import os
import shutil
from collections.abc import Callable, Generator, Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import xxhash

from longtail.errors import ReadError
from longtail.ledger.tagging.arrow_rows import PLAIN, Columns, features_with
from longtail.ledger.tagging.sinks import GROUP_ROWS, row_groups
from longtail.ledger.tagging.tagger import Tagger
from longtail.readers.arrow_files import check_end
from longtail.readers.files import guarded
from longtail.readers.huggingface import data_files
from longtail.readers.intake import MOST_DOCUMENTS
from longtail.readers.parquet import rows_at_once
from longtail.readers.quarantine import Quarantine


def rewrite_parquet(path: str, draft: Path, tagger: Tagger, quarantine: Quarantine) -> Generator[int, None, None]:
    """Write a Parquet file with its provenance; yield now and then how many documents there are.

    Raises:
        ReadError: The file cannot be read to its end, or lacks a column.
    """
    with guarded(path):
        metadata, schema = pq.read_metadata(path), pq.read_schema(path)
    columns = Columns(path, schema, tagger.tags)
    codec = metadata.row_group(0).column(0).compression if metadata.num_row_groups else "SNAPPY"
    batches = _parquet_batches(path, rows_at_once(metadata, schema.names))
    with pq.ParquetWriter(draft, columns.schema, compression="none" if codec == "UNCOMPRESSED" else codec) as writer:
        for group in row_groups(_tagged(batches, columns, tagger, quarantine)):
            writer.write_table(pa.Table.from_batches(group, columns.schema), row_group_size=GROUP_ROWS)
            yield tagger.documents


def _parquet_batches(path: str, rows: int) -> Iterator[pa.RecordBatch]:
    with guarded(path), pq.ParquetFile(path, pre_buffer=False) as file:
        yield from file.iter_batches(rows, use_threads=False)


def _tagged(batches: Iterable[pa.RecordBatch], columns: Columns, tagger: Tagger, quarantine: Quarantine) -> Iterator[pa.RecordBatch]:
    row = 1
    for whole in batches:
        for start in range(0, whole.num_rows, MOST_DOCUMENTS):
            batch = whole.slice(start, MOST_DOCUMENTS)
            yield columns.tagged(batch, row, tagger, quarantine)
            row += batch.num_rows


def rewrite_arrow(path: str, draft: Path, tagger: Tagger, quarantine: Quarantine) -> Generator[int, None, None]:
    """Write an Arrow file, in the stream or file layout it has, with its provenance; yield how many documents there are.

    Raises:
        ReadError: The file cannot be read to its end, or lacks a column.
    """
    schema, is_file = _opened(path)
    columns = Columns(path, schema, tagger.tags, PLAIN)
    new: Callable[..., Any] = pa.ipc.new_file if is_file else pa.ipc.new_stream
    with pa.OSFile(str(draft), "wb") as sink, new(sink, columns.schema) as writer:
        for batch in _tagged(_arrow_batches(path, is_file), columns, tagger, quarantine):
            writer.write_batch(batch)
            yield tagger.documents


def _opened(path: str) -> tuple[pa.Schema, bool]:
    with guarded(path), pa.OSFile(path) as source:
        is_file = source.read(6) == b"ARROW1"
        if not is_file:
            check_end(path, source)
        source.seek(0)
        return (pa.ipc.open_file(source) if is_file else pa.ipc.open_stream(source)).schema, is_file


def _arrow_batches(path: str, is_file: bool) -> Iterator[pa.RecordBatch]:
    with guarded(path), pa.OSFile(path) as source:
        if is_file:
            reader = pa.ipc.open_file(source)
            yield from (reader.get_batch(index) for index in range(reader.num_record_batches))
        else:
            yield from pa.ipc.open_stream(source)


def rewrite_saved(folder: str, draft: Path, tagger: Tagger, quarantine: Quarantine) -> Generator[int, None, None]:
    """Write a saved Hugging Face data set, all its splits, into the folder `draft`; yield how many documents there are.

    The descriptions follow: features get the provenance columns, fingerprints change. Caches are left behind.

    Raises:
        ReadError: A file of the data set is missing, damaged or lacks a column.
    """
    data = {os.path.relpath(file, folder) for file in data_files(folder)[0]}
    for name in _names(folder):
        source, target = os.path.join(folder, name), draft / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if name in data:
            yield from rewrite_arrow(source, target, tagger, quarantine)
        elif not name.endswith(".arrow"):
            with guarded(source):
                shutil.copyfile(source, target)
            _follow(source, target, tagger)


def _names(folder: str) -> list[str]:
    return sorted(os.path.relpath(os.path.join(where, name), folder) for where, _, names in os.walk(folder) for name in names)


def _follow(source: str, target: Path, tagger: Tagger) -> None:
    """Bring a description of a saved data set up to date."""
    if target.name not in ("dataset_info.json", "state.json"):
        return
    try:
        held = msgspec.json.decode(target.read_bytes())
        if held.get("features"):
            held["features"] = features_with(held["features"])
        if "_fingerprint" in held:
            said = msgspec.json.encode([held["_fingerprint"], tagger.tags], order="deterministic")
            held["_fingerprint"] = xxhash.xxh3_64_hexdigest(said)
    except (ValueError, AttributeError, TypeError) as error:
        raise ReadError(source, f"does not describe a saved data set: {error!r}", fix="save the data set again") from error
    target.write_bytes(msgspec.json.format(msgspec.json.encode(held), indent=2))
