"""The estimates as one flat table, and cells that a spreadsheet reads as what they are."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

import longtail.report.words as words
from longtail.records import Estimate, Report

_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for the start of a formula, in the width of East Asian text as well."""


def to_csv(report: Report) -> str:
    """Return every estimate as a row, with all of its fields as columns, as RFC 4180 has it: lines end in CR LF.

    A field without a value is an empty cell.
    """
    columns = Estimate.__struct_fields__
    return table(columns, ([getattr(each, name) for name in columns] for each in report.estimates))


def table(columns: Sequence[str], rows: Iterable[Sequence[Any]], end: str = "\r\n") -> str:
    """Return rows of values as CSV under a head."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator=end)
    writer.writerow(columns)
    writer.writerows([cell(value) for value in row] for row in rows)
    return stream.getvalue()


def cell(value: Any) -> Any:
    """Return a value as a cell: numbers stay numbers, a text that a spreadsheet would take for a formula gets a `'` before it."""
    if value is None or isinstance(value, int | float):
        return value
    flat = words.one_line(" ".join(map(str, value)) if isinstance(value, list | tuple) else str(value))
    return f"'{flat}" if flat.startswith(_FORMULA) else flat
