"""Values of provenance columns as data sets write them: one at a time from any format, or whole Arrow columns at once."""

import re
from collections.abc import Callable
from datetime import datetime

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from longtail.ledger.columns import DEEPEST, SCHEMA
from longtail.readers import beside
from longtail.readers.moments import moment
from longtail.readers.quarantine import Unfit
from longtail.records import Evidence, Origin

TYPES = {field.name: pa.string() if pa.types.is_dictionary(field.type) else field.type for field in SCHEMA}
"""Types of the columns of statements: those of the contract, dictionaries as plain strings."""

_ORIGINS = pa.array([origin.value for origin in Origin])
_KNOWN = frozenset(Origin)
_EVIDENCE = frozenset(Evidence)
_QUOTED, _BARE = r"""(?:'[^'\\]*'|"[^"\\]*")""", r"""(?!NULL\b|None\b)[^\s,'"\[\]\\.][^\s,'"\[\]\\]*"""
_LISTED = re.compile(rf"\[\s*(?:{_QUOTED}(?:\s*,\s*|\s+|(?=\]))|{_BARE}(?:\s*,\s*|\s*(?=\])))*\]")
_ITEM = re.compile(f"{_QUOTED}|{_BARE}")


def label(value: object) -> str | None:
    """Return text, a whole number or a truth as text; None for anything else."""
    try:
        return None if value is None else beside.label(value, "")
    except Unfit:
        return None


def _origin(value: object) -> str | None:
    said = beside.written(value)
    return said if said in _KNOWN else None


def _evidence(value: object) -> str | None:
    said = beside.written(value)
    return said if said in _EVIDENCE else None


def _depth(value: object) -> int | None:
    number = beside.number_of(value)
    return int(number) if number is not None and number.is_integer() and 0 <= number <= DEEPEST else None


def _weight(value: object) -> float | None:
    number = beside.number_of(value)
    return number if number is not None and number >= 0 else None


def _parents(value: object) -> list[str] | None:
    if isinstance(value, str):
        value = _listed(value)
    if not isinstance(value, list):
        return None
    ids = [beside.identity(each) for each in value]
    return None if None in ids else [each for each in ids if each is not None]


def _listed(text: str) -> object:
    """Return a list that stands in a field of text: as JSON has it, or as Python, numpy or DuckDB write it into a CSV."""
    try:
        listed: object = msgspec.json.decode(text)
    except ValueError:
        return [item[1:-1] if item[0] in "'\"" else item for item in _ITEM.findall(text)] if _LISTED.fullmatch(text) else None
    return listed


def _time(value: object) -> datetime | None:
    return moment(value)


RULES: dict[str, Callable[[object], object]] = {
    "lt_id": beside.identity,
    "lt_origin": _origin,
    "lt_evidence": _evidence,
    "lt_source": beside.written,
    "lt_model": beside.written,
    "lt_depth": _depth,
    "lt_parents": _parents,
    "lt_time": _time,
    "lt_decoding": beside.decoding,
    "lt_license": beside.written,
    "lt_weight": _weight,
}
"""How a value of each column is read; None where it says nothing that the contract knows."""


def text(column: pa.Array) -> pa.Array | None:
    """Return a column of sound text as strings, null where it is blank; None where it is something else."""
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
        return None
    said = column.cast(pa.string())
    try:
        said.validate(full=True)
    except pa.ArrowInvalid:
        return None
    blank = pc.or_(pc.equal(pc.binary_length(said), 0), pc.utf8_is_space(said))
    return pc.if_else(blank, pa.scalar(None, pa.string()), said)


def _known_origins(column: pa.Array) -> pa.Array | None:
    said = text(column)
    known = said is not None and pc.all(pc.or_(pc.is_in(said, _ORIGINS), said.is_null())).as_py()
    return said if known else None


def _whole(column: pa.Array) -> pa.Array | None:
    if not pa.types.is_integer(column.type):
        return None
    bounds = pc.min_max(column).as_py()
    fits = bounds["min"] is None or (bounds["min"] >= 0 and bounds["max"] <= DEEPEST)
    return column.cast(TYPES["lt_depth"]) if fits else None


QUICK: dict[str, Callable[[pa.Array], pa.Array | None]] = {
    "lt_id": text,
    "lt_origin": _known_origins,
    "lt_source": text,
    "lt_model": text,
    "lt_depth": _whole,
    "lt_decoding": text,
    "lt_license": text,
}
"""The same of a whole column at once; None where its values have to be read one by one."""
