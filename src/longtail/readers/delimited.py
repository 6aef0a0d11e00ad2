"""CSV and TSV with a header row, read row by row. The place of a row is the line it starts on."""

import csv
import io
from collections.abc import Iterator

import pyarrow as pa

from longtail.errors import ReadError
from longtail.readers.compression import bare, open_bytes
from longtail.readers.formats import Part, formats
from longtail.readers.intake import Intake, Row

LONGEST = 16 * 2**20
_END = "\x00the end\x00"


class _Lines:
    """The lines of a file with a mark at the end: a mark inside a field shows a quote that was never closed."""

    def __init__(self, stream: io.TextIOWrapper) -> None:
        self._stream = stream
        self.count = 0
        self.odd = False
        self.ended = False

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        if self.ended:
            raise StopIteration
        line = self._stream.readline()
        self.ended = not line
        self.count += 1
        self.odd ^= bool(line.count('"') & 1)
        return line or _END


@formats.add("csv", suffixes=".csv .tsv", holds="records")
def read_csv(part: Part, intake: Intake) -> Iterator[pa.RecordBatch]:
    """Read rows of fields; the first row names the columns."""
    before = csv.field_size_limit(LONGEST)
    try:
        with io.TextIOWrapper(open_bytes(part.path), "utf-8", errors="surrogateescape", newline="") as stream:
            lines = _Lines(stream)
            first = next(lines)
            if first != _END:
                yield from _documents(first, lines, part.path, intake)
    finally:
        csv.field_size_limit(before)


def _documents(first: str, lines: _Lines, path: str, intake: Intake) -> Iterator[pa.RecordBatch]:
    rows = csv.reader(_chained(first, lines), delimiter=delimiter_of(first, path))
    header = next(rows)
    choice = intake.choose(path, [dict.fromkeys(header, "")])
    yield from intake.rows(path, _records(header, _rows(rows, lines, path, intake), path, intake), choice)


def _records(header: list[str], rows: Iterator[tuple[int, list[str]]], path: str, intake: Intake) -> Iterator[Row]:
    for line, row in rows:
        if len(row) == len(header):
            yield line, dict(zip(header, row, strict=True))
        else:
            intake.quarantine.add(path, line, f"the row has {len(row)} fields, the header has {len(header)}")


def _chained(first: str, lines: _Lines) -> Iterator[str]:
    yield first
    yield from lines


def delimiter_of(header: str, path: str) -> str:
    """Return what stands between fields: a tab in a `.tsv`, else a comma where the header has one, else its commonest mark."""
    if bare(path).lower().endswith(".tsv"):
        return "\t"
    return max(",;\t|", key=lambda mark: (mark == "," and mark in header, header.count(mark)))


def _rows(rows: Iterator[list[str]], lines: _Lines, path: str, intake: Intake) -> Iterator[tuple[int, list[str]]]:
    while True:
        start = lines.count + 1
        lines.odd = False
        try:
            row = next(rows)
        except csv.Error as error:
            intake.quarantine.add(path, start, f"{error}; longer fields are not read")
            _resume(lines, path, start)
            continue
        if row == [_END]:
            return
        if row and row[-1].endswith(_END):
            raise _unclosed(path, start)
        if row:
            yield start, row


def _resume(lines: _Lines, path: str, start: int) -> None:
    """Go on to the line after the one that closes the quote, so that the rest of a field is not taken for rows."""
    while lines.odd:
        if next(lines) == _END:
            raise _unclosed(path, start)


def _unclosed(path: str, line: int) -> ReadError:
    return ReadError(path, "a quoted field is never closed", line=line, fix="close the quote, or copy the file again if it was cut off")
