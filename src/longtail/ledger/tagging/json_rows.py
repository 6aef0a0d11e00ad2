"""Tagging JSON Lines: what is added goes before the closing brace, and everything else stays byte for byte."""

import io
import json
from collections.abc import Callable, Generator, Iterator, Mapping
from typing import Any

import msgspec

from longtail.errors import ReadError
from longtail.ledger.tagging.tagger import Tagger
from longtail.readers.columns import kind
from longtail.readers.compression import open_bytes
from longtail.readers.files import guarded
from longtail.readers.lines import numbered
from longtail.readers.quarantine import Quarantine, Unfit


def rewrite_json(path: str, sink: io.BufferedWriter, tagger: Tagger, quarantine: Quarantine) -> Generator[int, None, None]:
    """Write each line with its provenance; yield, after each document, how many there are.

    Raises:
        ReadError: The file is not JSON Lines, or cannot be read to its end.
    """
    for number, line in _lines(path, quarantine):
        if line.isspace():
            continue
        try:
            record = _record(line)
            tagged = spliced(line, record, tagger.changes(record, path, number))
        except Unfit as unfit:
            quarantine.add(path, number, str(unfit))
            continue
        sink.write(tagged)
        yield tagger.documents


def _lines(path: str, quarantine: Quarantine) -> Iterator[tuple[int, bytes]]:
    with guarded(path), open_bytes(path) as stream:
        start = stream.peek(1).lstrip()
        if start[:1] == b"[" or start.partition(b"\n")[0].strip() == b"{":
            raise ReadError(path, "is JSON, but not one document per line", fix="write it as JSON Lines (.jsonl) and tag that")
        yield from numbered(stream, path, quarantine)


def _record(line: bytes) -> dict[str, Any]:
    """Decode a line, also what Python writes and JSON does not allow: NaN, Infinity.

    Raises:
        Unfit: It is no JSON, or no object.
    """
    try:
        value = msgspec.json.decode(line)
    except (ValueError, RecursionError) as error:
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            raise Unfit(f"malformed JSON: {str(error).removeprefix('JSON is malformed: ')}") from None
    if not isinstance(value, dict):
        raise Unfit(f"expected an object with columns, found {kind(value)}")
    return value


def spliced(line: bytes, record: Mapping[str, Any], changes: Mapping[str, Any]) -> bytes:
    """Return a line with columns added or replaced; values that are not replaced keep their very bytes.

    Args:
        line: One JSON object, with or without the end of its line.
        record: The same, decoded; not empty.
        changes: Columns to set.
    """
    body = line.rstrip()
    end = line[len(body) :] or b"\n"
    if not changes:
        return body + end
    if record.keys().isdisjoint(changes):
        return body[:-1].rstrip() + b"," + msgspec.json.encode(changes)[1:] + end
    members = _members(body) | {name: msgspec.Raw(msgspec.json.encode(value)) for name, value in changes.items()}
    return msgspec.json.encode(members) + end


def _members(body: bytes) -> dict[str, msgspec.Raw]:
    try:
        return msgspec.json.decode(body, type=dict[str, msgspec.Raw])
    except (ValueError, RecursionError):
        return {name: msgspec.Raw(json.dumps(value).encode()) for name, value in json.loads(body).items()}


def encoded(value: object) -> bytes:
    """Return a value as JSON, also what is no Unicode; NaN, which JSON has no form for, becomes null."""
    for encode in _ENCODERS:
        try:
            return encode(value)
        except (UnicodeEncodeError, TypeError, OverflowError):
            continue
    return json.dumps(str(value)).encode()


_ENCODERS: tuple[Callable[[object], bytes], ...] = (msgspec.json.encode, lambda value: json.dumps(value).encode())
