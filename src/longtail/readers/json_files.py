"""JSON: one record per line, or one array.

Lines are decoded one by one; an array is scanned record by record. Neither is loaded whole. A malformed line is set aside; an
array that is malformed cannot be read past that place and raises.
"""

import io
import json
from collections.abc import Iterator

import msgspec
import pyarrow as pa

from longtail.readers.compression import open_bytes
from longtail.readers.formats import Part, formats
from longtail.readers.intake import Intake, Row
from longtail.readers.json_array import scan
from longtail.readers.lines import numbered
from longtail.readers.quarantine import Quarantine


@formats.add("json", suffixes=".jsonl .ndjson .json", holds="records")
def read_json(part: Part, intake: Intake) -> Iterator[pa.RecordBatch]:
    """Read JSON Lines, a JSON array, or one object written over several lines."""
    with open_bytes(part.path) as stream:
        start = stream.peek(1).lstrip()
        spread = start[:1] == b"[" or start.partition(b"\n")[0].strip() == b"{"
        rows = scan(stream, part.path) if spread else records(stream, part.path, intake.quarantine)
        yield from intake.rows(part.path, rows, "JSON strings")


def records(stream: io.BufferedReader, path: str, quarantine: Quarantine) -> Iterator[Row]:
    """Decode one record per line; lines that are not JSON are set aside, blank lines are none."""
    decode = msgspec.json.Decoder().decode
    for number, line in numbered(stream, path, quarantine):
        try:
            value: object = decode(line)
        except (ValueError, RecursionError) as error:
            if line.isspace():
                continue
            try:
                value = _lenient(line)
            except (ValueError, RecursionError):
                quarantine.add(path, number, _reason(error))
                continue
        yield number, value


def _lenient(line: bytes) -> object:
    """Decode what Python writes and JSON does not allow: NaN, Infinity and lone surrogates (set aside later)."""
    return json.loads(line.decode())


def _reason(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"invalid UTF-8: {error.reason} 0x{error.object[error.start]:02x}"
    return "malformed JSON: " + str(error).removeprefix("JSON is malformed: ")
