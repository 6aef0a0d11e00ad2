"""Vectors: the numbers beside a document, such as an embedding, kept in batches as the bytes of their 32-bit floats.

A part that is not a number (NaN), or missing, stays as NaN. Numbers beyond the range of 32 bits become infinite.
"""

import numbers
from types import NoneType

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from longtail.readers.columns import kind
from longtail.readers.quarantine import Unfit

VECTOR = "vector:"
FEATURES = VECTOR + "features"
PART = 4
"""Bytes of one number."""

Floats = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

_DECODE = msgspec.json.Decoder().decode
_LISTS = ("list", "large_list", "fixed_size_list")


class Widths:
    """How many numbers the vectors of each column have in one pass: as many as the first has."""

    def __init__(self) -> None:
        """Start with no vector seen."""
        self._known: dict[str, int] = {}

    def settle(self, column: str, width: int) -> int:
        """Return how many numbers the vectors of a column have; `width` where this is the first."""
        return self._known.setdefault(column, width)

    def packed(self, value: object, column: str) -> bytes | None:
        """Return the vector that a record says as bytes, or None where it says none.

        Raises:
            Unfit: It is no list of numbers, or not as long as the first.
        """
        vector = numbers_of(value, column)
        if vector is None:
            return None
        width = self.settle(column, len(vector))
        if len(vector) != width:
            raise Unfit(_unlike(column, len(vector), width))
        return vector.tobytes()


def _unlike(column: str, found: int, width: int) -> str:
    if not found:
        return f"expected a list of numbers in vector column {column!r}, found an empty one"
    return f"expected {width} numbers in vector column {column!r}, as in the first, found {found}"


def numbers_of(value: object, column: str) -> Floats | None:
    """Return a list of numbers, also one written as JSON, as an array of shape (numbers,); None for blank text.

    Raises:
        Unfit: It is something else, or empty.
    """
    if isinstance(value, str | bytes):
        value = _parsed(value, column)
    if value is None:
        return None
    if not isinstance(value, list | tuple | np.ndarray):
        raise Unfit(f"expected a list of numbers in vector column {column!r}, found {kind(value)}")
    if isinstance(value, np.ndarray) and (value.ndim != 1 or value.dtype.kind not in "fiu"):
        raise Unfit(f"expected a list of numbers in vector column {column!r}, found an array of {value.dtype}, shape {value.shape}")
    if len(value) == 0:
        raise Unfit(_unlike(column, 0, 0))
    return _floats(value, column)


def _floats(value: list[object] | tuple[object, ...] | npt.NDArray[np.generic], column: str) -> Floats:
    if not isinstance(value, np.ndarray) and not {*map(type, value)} <= {int, float, NoneType}:
        odd = next((each for each in value if not _is_number(each)), None)
        if odd is not None:
            raise Unfit(f"expected numbers in vector column {column!r}, found {kind(odd)}")
    try:
        with np.errstate(over="ignore"):
            return np.asarray(value, np.float64).astype("<f4")
    except OverflowError:
        raise Unfit(f"expected numbers in vector column {column!r}, found one beyond the range of 64-bit floats") from None


def _is_number(value: object) -> bool:
    return value is None or (isinstance(value, numbers.Real) and not isinstance(value, bool))


def _parsed(value: str | bytes, column: str) -> object:
    if not value.strip():
        return None
    try:
        return _DECODE(value)
    except (ValueError, RecursionError):
        raise Unfit(f"expected a list of numbers in vector column {column!r}, found text") from None


def is_list_of_numbers(of: pa.DataType) -> bool:
    """Tell whether an Arrow column holds lists of numbers, or of nothing."""
    if not any(getattr(pa.types, f"is_{name}")(of) for name in _LISTS):
        return False
    part = of.value_type
    return any(getattr(pa.types, f"is_{name}")(part) for name in ("integer", "floating", "null"))


def from_arrow(column: pa.Array, name: str, widths: Widths, passed_over: Mask) -> tuple[pa.BinaryArray, dict[int, str]]:
    """Return the vectors of an Arrow column as bytes, and by index why they cannot be had.

    Args:
        column: Lists of numbers; else each value is looked at by itself.
        name: Name of the column.
        widths: The lengths of this pass.
        passed_over: Which documents do not take part and cannot be the first, shape (documents,).
    """
    if not is_list_of_numbers(column.type):
        return _one_by_one(column, name, widths, passed_over)
    parts, bounds = _parts(column)
    given = column.is_valid().to_numpy(zero_copy_only=False)
    lengths = np.diff(bounds)
    first = np.flatnonzero(given & ~passed_over & (lengths > 0))[:1]
    width = widths.settle(name, int(lengths[first[0]])) if len(first) else -1
    wrong = np.flatnonzero(given & ((lengths != width) | (lengths == 0)))
    unfit = {int(index): _unlike(name, int(lengths[index]), width) for index in wrong}
    return _binary(parts, bounds, given), unfit


def _parts(column: pa.Array) -> tuple[Floats, npt.NDArray[np.int64]]:
    """Return all numbers of a column of lists, and the bounds of the lists among them, shape (documents + 1,)."""
    if pa.types.is_fixed_size_list(column.type):
        width = column.type.list_size
        bounds = np.arange(len(column) + 1, dtype=np.int64) * width
        values = column.values.slice(column.offset * width, len(column) * width)
    else:
        offsets = column.offsets.to_numpy().astype(np.int64)
        bounds = offsets - offsets[0]
        values = column.values.slice(offsets[0], bounds[-1])
    if pa.types.is_null(values.type):
        values = values.cast(pa.float32())
    with np.errstate(over="ignore"):
        return np.ascontiguousarray(values.to_numpy(zero_copy_only=False), "<f4"), bounds


def _one_by_one(column: pa.Array, name: str, widths: Widths, passed_over: Mask) -> tuple[pa.BinaryArray, dict[int, str]]:
    said: list[bytes | None] = []
    unfit: dict[int, str] = {}
    for index, value in enumerate(column.to_pylist()):
        said.append(None)
        try:
            said[-1] = None if value is None or passed_over[index] else widths.packed(value, name)
        except Unfit as reason:
            unfit[index] = str(reason)
    return pa.array(said, pa.binary()), unfit


def _binary(parts: Floats, bounds: npt.NDArray[np.int64], given: Mask | None = None) -> pa.BinaryArray:
    offsets = pa.py_buffer((bounds * PART).astype(np.int32))
    valid = None if given is None or given.all() else pa.array(given).buffers()[1]
    return pa.Array.from_buffers(pa.binary(), len(bounds) - 1, [valid, offsets, pa.py_buffer(parts)])


def binary_of(rows: Floats) -> pa.BinaryArray:
    """Return the rows of an array, shape (documents, numbers) and under 2 GiB, as a column of vectors."""
    parts = np.ascontiguousarray(rows, "<f4").reshape(-1)
    return _binary(parts, np.arange(len(rows) + 1, dtype=np.int64) * rows.shape[1])


def vectors_of(column: pa.BinaryArray, width: int | None = None) -> Floats:
    """Return a column of vectors as an array of shape (documents, numbers), with NaN for documents without one.

    Args:
        column: The bytes of 32-bit floats, null where there is no vector.
        width: How many numbers a vector has; by default as many as those in the column, 0 where it holds none.
    """
    held = column.drop_null() if column.null_count else column
    _, offsets, data = held.buffers()
    bounds = np.frombuffer(offsets, np.int32)[held.offset : held.offset + len(held) + 1] if len(held) else np.zeros(1, np.int32)
    if width is None:
        width = int(bounds[1] - bounds[0]) // PART if len(held) else 0
    parts = np.frombuffer(data, np.uint8)[bounds[0] : bounds[-1]].view("<f4") if len(held) else np.zeros(0, np.float32)
    rows = parts.reshape(len(held), width)
    if not column.null_count:
        return rows
    out = np.full((len(column), width), np.nan, np.float32)
    out[column.is_valid().to_numpy(zero_copy_only=False)] = rows
    return out
