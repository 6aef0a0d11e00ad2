"""Rows that a gate has judged: `kept`, and where known `right`, `human` and a number, one row each.

They are read from JSON Lines or a JSON array, CSV or TSV, and Parquet.
"""

import math
import os
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow.csv as pc
import pyarrow.parquet as pq

from longtail.errors import ReadError
from longtail.readers.columns import MISSING, find, kind
from longtail.readers.compression import bare, open_bytes
from longtail.readers.files import guarded
from longtail.readers.formats import by_content, by_suffix
from longtail.readers.intake import Row
from longtail.readers.json_array import scan
from longtail.readers.json_files import records
from longtail.readers.quarantine import Quarantine, Unfit
from longtail.records import Quarantined

Floats = npt.NDArray[np.float64]
_Row = tuple[float, float, float, float, str | None]

VALUE = "value"
_FLAGS = ("kept", "right", "human")
_TRUTHS = {"true": 1.0, "1": 1.0, "1.0": 1.0, "yes": 1.0, "false": 0.0, "0": 0.0, "0.0": 0.0, "no": 0.0}
_SHAPE = "write one row for each document the gate saw, with kept (true or false) and where known right, human and a number"


class JudgedRows(NamedTuple):
    """Columns of rows that a gate has judged, all (rows,); NaN where a row says nothing, None where no row does.

    Attributes:
        kept: 1 where the gate kept the row, 0 where not.
        right: 1 where the row is right.
        human: 1 where it is real data.
        value: The number.
        quarantined: Rows that were set aside.
        quarantine: The first thousand of them, with place and reason.
        stratum: Name of each row's stratum, None where it has none; None where no column of strata was named.
    """

    kept: npt.NDArray[np.bool_]
    right: Floats | None
    human: Floats | None
    value: Floats | None
    quarantined: int
    quarantine: tuple[Quarantined, ...]
    stratum: tuple[str | None, ...] | None = None


def read_judged(path: str | os.PathLike[str], value: str = VALUE, by: str | None = None) -> JudgedRows:
    """Read rows that a gate has judged.

    Rows whose values are unfit (`kept` missing, a flag that is no flag, a number that is not finite) are set aside and counted.

    Args:
        path: The file.
        value: Column of the number.
        by: Column or dotted path of the strata.

    Raises:
        ReadError: The file cannot be read, lacks `kept` or a column that was named, or holds no sound row.
    """
    name = os.fspath(path)
    if not os.path.isfile(name):
        raise ReadError(name, "no such file of judged rows", fix=f"check the path; it is sought from {os.getcwd()}")
    quarantine, columns = Quarantine(), dict[str, None]()
    with guarded(name):
        found = list(_sound(name, _rows(name, quarantine), quarantine, columns, (value, by)))
    _require(name, list(columns), value)
    if not found:
        raise ReadError(
            name, f"no row that a gate judged ({quarantine.count} set aside: {quarantine.reasons() or 'the file is empty'})", fix=_SHAPE
        )
    table = np.array([row[:4] for row in found], dtype=np.float64)
    right, human, number = (None if np.isnan(column).all() else column for column in table[:, 1:].T)
    stratum = None if by is None else _strata(name, found, by, list(columns))
    return JudgedRows(table[:, 0] == 1, right, human, number, quarantine.count, quarantine.kept, stratum)


def _strata(path: str, found: list[_Row], by: str, columns: list[str]) -> tuple[str | None, ...]:
    stratum = tuple(row[4] for row in found)
    if not any(stratum):
        raise ReadError(path, f"no row has a value in the column {by!r}; columns: {_listed(columns)}", fix="name a column of strata")
    return stratum


def _require(path: str, columns: list[str], value: str) -> None:
    needed = ["kept", *([value] if value != VALUE else [])]
    missing = [column for column in needed if column not in columns]
    if columns and missing:
        raise ReadError(path, f"no column {missing[0]!r}; columns: {_listed(columns)}", fix=_SHAPE)


def _listed(columns: list[str]) -> str:
    return ", ".join(columns[:20]) + (", …" if len(columns) > 20 else "")


def _sound(
    path: str, rows: Iterable[Row], quarantine: Quarantine, columns: dict[str, None], named: tuple[str, str | None]
) -> Iterator[_Row]:
    """Yield kept, right, human, the number and the stratum of each sound row; note the columns that were seen."""
    for line, record in rows:
        if isinstance(record, Mapping):
            columns.update(dict.fromkeys(record))
        try:
            yield _row(record, *named)
        except Unfit as unfit:
            quarantine.add(path, line, str(unfit))


def _row(record: object, value: str, by: str | None) -> _Row:
    if not isinstance(record, Mapping):
        raise Unfit(f"expected an object with columns, found {kind(record)}")
    kept, right, human = (_flag(record.get(name), name) for name in _FLAGS)
    if math.isnan(kept):
        raise Unfit("kept: expected true or false, found nothing")
    return kept, right, human, _number(record.get(value), value), None if by is None else _stratum(find(record, by), by)


def _stratum(value: object, name: str) -> str | None:
    if value is None or value is MISSING or value == "":
        return None
    if isinstance(value, list | Mapping):
        raise Unfit(f"{name} is {kind(value)}; expected a text or a number")
    return str(value)


def _flag(value: object, name: str) -> float:
    if value is None or value == "":
        return math.nan
    written = str(value).strip().lower()
    if written not in _TRUTHS:
        raise Unfit(f"{name} is {value!r}; expected true or false")
    return _TRUTHS[written]


def _number(value: object, name: str) -> float:
    if value is None or value == "":
        return math.nan
    try:
        number = math.nan if isinstance(value, bool) else float(value) if isinstance(value, int | float | str) else math.nan
    except (ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise Unfit(f"{name} is {value!r}; expected a finite number")
    return number


def _rows(path: str, quarantine: Quarantine) -> Iterator[Row]:
    form = by_suffix(path) or by_content(path)
    match form:
        case "json":
            yield from _json(path, quarantine)
        case "csv":
            delimiter = "\t" if bare(path).lower().endswith(".tsv") else ","
            with open_bytes(path) as stream:
                table = pc.read_csv(stream, parse_options=pc.ParseOptions(delimiter=delimiter))
            yield from enumerate(table.to_pylist(), 2)
        case "parquet":
            yield from enumerate(pq.read_table(path).to_pylist(), 1)
        case _:
            raise ReadError(path, f"judged rows cannot be read from a file of the format {form}", fix="write JSON Lines, CSV or Parquet")


def _json(path: str, quarantine: Quarantine) -> Iterator[Row]:
    with open_bytes(path) as stream:
        is_array = stream.peek(1).lstrip()[:1] == b"["
        yield from scan(stream, path) if is_array else records(stream, path, quarantine)
