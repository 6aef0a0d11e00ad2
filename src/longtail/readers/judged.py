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
from longtail.readers.columns import kind
from longtail.readers.compression import bare, open_bytes
from longtail.readers.files import guarded
from longtail.readers.formats import by_content, by_suffix
from longtail.readers.intake import Row
from longtail.readers.json_array import scan
from longtail.readers.json_files import records
from longtail.readers.quarantine import Quarantine, Unfit
from longtail.records import Quarantined

Floats = npt.NDArray[np.float64]

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
    """

    kept: npt.NDArray[np.bool_]
    right: Floats | None
    human: Floats | None
    value: Floats | None
    quarantined: int
    quarantine: tuple[Quarantined, ...]


def read_judged(path: str | os.PathLike[str], value: str = VALUE) -> JudgedRows:
    """Read rows that a gate has judged.

    Rows whose values are unfit (`kept` missing, a flag that is no flag, a number that is not finite) are set aside and counted.

    Args:
        path: The file.
        value: Column of the number.

    Raises:
        ReadError: The file cannot be read, lacks `kept` or a column of numbers that was named, or holds no sound row.
    """
    name = os.fspath(path)
    if not os.path.isfile(name):
        raise ReadError(name, "no such file of judged rows", fix=f"check the path; it is sought from {os.getcwd()}")
    quarantine, columns = Quarantine(), dict[str, None]()
    with guarded(name):
        found = list(_sound(name, _rows(name, quarantine), quarantine, columns, value))
    _require(name, list(columns), value)
    if not found:
        raise ReadError(
            name, f"no row that a gate judged ({quarantine.count} set aside: {quarantine.reasons() or 'the file is empty'})", fix=_SHAPE
        )
    table = np.array(found, dtype=np.float64)
    right, human, number = (None if np.isnan(column).all() else column for column in table[:, 1:].T)
    return JudgedRows(table[:, 0] == 1, right, human, number, quarantine.count, quarantine.kept)


def _require(path: str, columns: list[str], value: str) -> None:
    needed = ["kept", *([value] if value != VALUE else [])]
    missing = [column for column in needed if column not in columns]
    if columns and missing:
        listed = ", ".join(columns[:20]) + (", …" if len(columns) > 20 else "")
        raise ReadError(path, f"no column {missing[0]!r}; columns: {listed}", fix=_SHAPE)


def _sound(
    path: str, rows: Iterable[Row], quarantine: Quarantine, columns: dict[str, None], value: str
) -> Iterator[tuple[float, float, float, float]]:
    """Yield kept, right, human and the number of each sound row; note the columns that were seen."""
    for line, record in rows:
        if isinstance(record, Mapping):
            columns.update(dict.fromkeys(record))
        try:
            yield _row(record, value)
        except Unfit as unfit:
            quarantine.add(path, line, str(unfit))


def _row(record: object, value: str) -> tuple[float, float, float, float]:
    if not isinstance(record, Mapping):
        raise Unfit(f"expected an object with columns, found {kind(record)}")
    kept, right, human = (_flag(record.get(name), name) for name in _FLAGS)
    if math.isnan(kept):
        raise Unfit("kept: expected true or false, found nothing")
    return kept, right, human, _number(record.get(value), value)


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
