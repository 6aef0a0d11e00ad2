"""Tagging CSV and TSV: fields are added at the end of a row, and every other field keeps its quotes and its bytes."""

import csv
import io
import re
from collections.abc import Generator, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from longtail.errors import ReadError
from longtail.ledger.tagging.tagger import Tagger, check_columns
from longtail.readers.compression import open_bytes
from longtail.readers.delimited import LONGEST, delimiter_of
from longtail.readers.files import guarded
from longtail.readers.quarantine import Quarantine, Unfit

_ENDS = "\r\n"
_END = "\x00the end\x00"


class Row(NamedTuple):
    """One row: the line it starts on, as it is written with its end, its fields, and what stands between them."""

    line: int
    text: str
    fields: list[str]
    delimiter: str


class _Tape:
    """The lines of a file, then a mark, and what the row being read is made of."""

    def __init__(self, stream: io.TextIOWrapper, path: str) -> None:
        self._stream = stream
        self._ahead = stream.readline()
        self._lines: list[str] = []
        self._ended = False
        self.delimiter = delimiter_of(self._ahead, path)
        self.count = 0

    def __iter__(self) -> "_Tape":
        return self

    def __next__(self) -> str:
        if self._ended:
            raise StopIteration
        line, self._ahead = self._ahead or self._stream.readline(), ""
        self.count += 1
        self._ended = not line
        if self._ended:
            return _END
        self._lines.append(line)
        return line

    def taken(self) -> str:
        """Return the text of the row, and begin the next."""
        text = "".join(self._lines)
        self._lines.clear()
        return text


class Layout:
    """The header of a file: which fields a row has, and where provenance goes.

    Args:
        header: Names of the columns.
        delimiter: What stands between fields.
        columns: Provenance columns that may be filled.
    """

    def __init__(self, header: list[str], delimiter: str, columns: tuple[str, ...]) -> None:
        """Prepare the pattern of one field."""
        self.header = header
        self.delimiter = delimiter
        self.added = [name for name in columns if name not in header]
        mark = re.escape(delimiter)
        self._quotable = re.compile(f'[{mark}"{_ENDS}]').search
        self._field = re.compile(rf'("(?:[^"]|"")*"[^{mark}]*|[^{mark}]*)(?:{mark}|\Z)')

    def fields(self, row: str) -> list[str]:
        """Return the fields of a row as they are written, with their quotes."""
        fields: list[str] = []
        at = 0
        while True:
            found = self._field.match(row, at)
            if found is None:
                return fields
            fields.append(found[1])
            at = found.end()
            if at == len(row) and found.end(1) == at:
                return fields

    def record(self, fields: list[str]) -> dict[str, str]:
        """Return a row as a record.

        Raises:
            Unfit: It has more or fewer fields than the header.
        """
        if len(fields) != len(self.header):
            raise Unfit(f"the row has {len(fields)} fields, the header has {len(self.header)}")
        return dict(zip(self.header, fields, strict=True))

    def tagged(self, text: str, changes: Mapping[str, Any]) -> str:
        """Return a row with fields added or replaced."""
        row = text.rstrip(_ENDS)
        if not changes.keys().isdisjoint(self.header):
            fields = self.fields(row)
            for name in changes.keys() & set(self.header):
                fields[self.header.index(name)] = self._quoted(changes[name])
            row = self.delimiter.join(fields)
        added = (self.delimiter + self._quoted(changes.get(name)) for name in self.added)
        return row + "".join(added) + (text[len(text.rstrip(_ENDS)) :] or "\n")

    def _quoted(self, value: object) -> str:
        text = _plain(value)
        return '"' + text.replace('"', '""') + '"' if self._quotable(text) else text


def _plain(value: object) -> str:
    if value is None:
        return ""
    return value.isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else str(value)


def rewrite_csv(path: str, sink: io.BufferedWriter, tagger: Tagger, quarantine: Quarantine) -> Generator[int, None, None]:
    """Write each row with its provenance; yield, after each document, how many there are.

    Raises:
        ReadError: No column of the header holds text, a quote is never closed, or the file cannot be read to its end.
    """
    rows = _rows(path, quarantine)
    for first in rows:
        layout = Layout(first.fields, first.delimiter, tagger.tags.columns())
        check_columns(path, dict.fromkeys(first.fields, ""), tagger.tags)
        sink.write(_encoded(layout.tagged(first.text, {name: name for name in layout.added})))
        for row in rows:
            try:
                changes = tagger.changes(layout.record(row.fields), path, row.line)
            except Unfit as unfit:
                quarantine.add(path, row.line, str(unfit))
                continue
            sink.write(_encoded(layout.tagged(row.text, changes)))
            yield tagger.documents


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _rows(path: str, quarantine: Quarantine) -> Iterator[Row]:
    """Yield each row, the header first; blank lines are none."""
    before = csv.field_size_limit(LONGEST)
    try:
        with guarded(path), io.TextIOWrapper(open_bytes(path), "utf-8", errors="surrogateescape", newline="") as stream:
            yield from _parsed(_Tape(stream, path), path, quarantine)
    finally:
        csv.field_size_limit(before)


def _parsed(tape: _Tape, path: str, quarantine: Quarantine) -> Iterator[Row]:
    rows = csv.reader(tape, delimiter=tape.delimiter)
    while True:
        start = tape.count + 1
        try:
            fields = next(rows)
        except csv.Error as error:
            quarantine.add(path, start, f"{error}; longer fields are not read")
            if not _resumed(tape):
                raise _unclosed(path, start) from None
            continue
        text = tape.taken()
        if fields == [_END]:
            return
        if fields and fields[-1].endswith(_END):
            raise _unclosed(path, start)
        if fields:
            yield Row(start, text, fields, tape.delimiter)


def _resumed(tape: _Tape) -> bool:
    """Go on to the line after the one that closes the quote; tell whether there is one."""
    odd = tape.taken().count('"') & 1
    while odd:
        if next(tape, _END) == _END:
            return False
        odd ^= tape.taken().count('"') & 1
    return True


def _unclosed(path: str, line: int) -> ReadError:
    return ReadError(path, "a quoted field is never closed", line=line, fix="close the quote, or copy the file again if it was cut off")
