"""Helpers for the tests of the readers: files are written, read, and compared as plain lists."""

import gzip
import json

import pyarrow as pa

from longtail.readers import Reading


def texts(reading: Reading) -> list[str]:
    return [text for batch in reading.batches() for text in batch.column("text").to_pylist()]


def set_aside(reading: Reading) -> list[tuple[int | None, str]]:
    return [(one.line, one.reason) for one in reading.quarantine]


def squeeze(data: bytes, suffix: str) -> bytes:
    if suffix == ".gz":
        return gzip.compress(data, mtime=0)
    if suffix == ".zst":
        return pa.Codec("zstd").compress(data, asbytes=True)
    return data


def as_bytes(what: bytes | str | list) -> bytes:
    if isinstance(what, list):
        what = "".join(json.dumps(record) + "\n" for record in what)
    return what.encode() if isinstance(what, str) else what
