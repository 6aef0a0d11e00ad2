"""Rows that a gate has judged, from columns in memory."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from longtail.errors import UsageError
from longtail.gates.audit import Judged

Floats = npt.NDArray[np.float64]


def judged_of(kept: Any, *, right: Any = None, human: Any = None, value: Any = None, stratum: Any = None) -> Judged:
    """Return judged rows from columns, such as those of a table: Arrow arrays, or what Arrow makes one of.

    Args:
        kept: What the gate kept, true or false, without nulls.
        right: Whether a row is right, null where that is not known.
        human: Whether it is real data, null where that is not known.
        value: A number, null where there is none.
        stratum: Its stratum, of any type that can be written as text, null where it has none.

    Raises:
        UsageError: A column is of another type, or `kept` has nulls.
    """
    flags = _column("kept", kept)
    if flags.null_count:
        raise UsageError(f"{flags.null_count:,} of {len(flags):,} values of kept are null; say of each row whether it was kept")
    return Judged(
        _numbers("kept", flags) == 1,
        right=_known("right", right),
        human=_known("human", human),
        value=_known("value", value),
        stratum=None if stratum is None else _names(stratum),
    )


def _column(name: str, given: Any) -> pa.Array:
    try:
        found = given if isinstance(given, pa.Array | pa.ChunkedArray) else pa.array(given)
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise UsageError(f"the column {name} is no column of one type: {error}") from None
    return found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found


def _known(name: str, given: Any) -> Floats | None:
    if given is None:
        return None
    numbers = _numbers(name, _column(name, given))
    return None if np.isnan(numbers).all() else numbers


def _numbers(name: str, column: pa.Array) -> Floats:
    """Return a column of numbers or flags, NaN where it is null or no finite number."""
    kind = column.type
    if not (pa.types.is_boolean(kind) or pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_null(kind)):
        raise UsageError(f"the column {name} holds {kind}; give numbers, or true and false")
    whole = pc.cast(column, pa.int8()) if pa.types.is_boolean(kind) else column
    numbers = np.array(pc.cast(whole, pa.float64()).to_numpy(zero_copy_only=False), np.float64)
    if name != "value" and not np.isin(numbers[~np.isnan(numbers)], (0.0, 1.0)).all():
        raise UsageError(f"the column {name} holds numbers other than 0 and 1; give true and false")
    return np.where(np.isfinite(numbers), numbers, np.nan)


def _names(given: Any) -> tuple[str | None, ...]:
    return tuple(None if name is None else str(name) for name in _column("stratum", given).to_pylist())
