"""Rows of a table as documents: the text of a row is its columns as JSON, sorted by name.

Left out are nulls (so that a column that is missing equals one that is null), provenance (`lt_…`) and lists of numbers; vectors
that were asked for follow as a name of their bytes. A number that is none or infinite is written `"nan"`, `"inf"` or `"-inf"`.
"""

import math
from collections.abc import Iterable, Mapping, Sequence

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import xxhash

from longtail.readers.quarantine import Unfit
from longtail.readers.vectors import PART, Floats, is_list_of_numbers, vectors_of

EMPTY = "empty row: no column has a value"

_encode = msgspec.json.Encoder(order="sorted", enc_hook=str).encode


def text_of_row(record: Mapping[str, object]) -> str:
    """Return a row as JSON; empty where no column has a value.

    Raises:
        Unfit: It holds what JSON cannot.
    """
    held = {str(name): _plain(value) for name, value in record.items() if _is_told(str(name), value)}
    return _json(held) if held else ""


def texts_of_rows(batch: pa.RecordBatch) -> tuple[pa.StringArray, dict[int, str]]:
    """Return the rows of an Arrow batch as JSON, null for those where no column has a value, and by index why a row cannot be had."""
    names = [field.name for field in batch.schema if not is_list_of_numbers(field.type) and not field.name.startswith("lt_")]
    texts: list[str | None] = []
    unfit: dict[int, str] = {}
    columns = [_values(batch.column(name)) for name in names]
    for index, row in enumerate(zip(*columns, strict=True) if columns else [()] * batch.num_rows):
        try:
            texts.append(text_of_row(dict(zip(names, row, strict=True))) or None)
        except Unfit as reason:
            texts.append(None)
            unfit[index] = str(reason)
    return pa.array(texts, pa.string()), unfit


def names_of(rows: Floats) -> list[str]:
    """Return a name for each row of numbers, shape (documents, numbers): equal for rows whose numbers are equal, or equally none."""
    same = np.where(np.isnan(rows), np.float32(np.nan), rows + np.float32(0)).astype("<f4")  # one NaN, and no zero below zero
    data, width = memoryview(same.tobytes()), rows.shape[1] * PART
    return [named("row", data[start : start + width]) for start in range(0, len(data), width)]


def with_vectors(text: str, said: Iterable[str | bytes | None]) -> str:
    """Return the text of a row with the name of the vectors that were asked for, of which two rows alike may differ.

    Raises:
        Unfit: It has neither.
    """
    data = b"".join(each for each in said if isinstance(each, bytes))
    if not data and not text:
        raise Unfit(EMPTY)
    name = names_of(np.frombuffer(data, "<f4").reshape(1, -1))[0] if data else ""
    return f"{text} {name}".strip()


def after_vectors(columns: Sequence[pa.BinaryArray], rows: int) -> pa.StringArray:
    """Return the names of rows by the vectors that each holds, null for those that hold none."""
    if not columns:
        return pa.nulls(rows, pa.string())
    joined = pc.binary_join_element_wise(*(column.fill_null(b"") for column in columns), b"")
    lengths = pc.binary_length(joined).to_numpy(zero_copy_only=False)
    names = np.full(rows, None, object)
    for length in np.unique(lengths[lengths > 0]):
        alike = lengths == length
        names[alike] = names_of(vectors_of(joined.filter(pa.array(alike))))
    return pa.array(names, pa.string())


def named(what: str, data: bytes | memoryview) -> str:
    """Return the name of what has these bytes."""
    return f"{what} {xxhash.xxh3_64_hexdigest(data)}"


def _values(column: pa.Array) -> list[object]:
    if pa.types.is_duration(column.type):
        column = column.cast(pa.int64())
    elif pa.types.is_temporal(column.type):
        column = column.cast(pa.string())
    values: list[object] = column.to_pylist()
    return values


def _is_told(name: str, value: object) -> bool:
    if value is None or name.startswith("lt_") or is_vector(value):
        return False
    return not isinstance(value, str | bytes) or bool(value.strip())


def is_vector(value: object) -> bool:
    """Tell whether a value is a list of numbers, or of nothing."""
    if isinstance(value, np.ndarray):
        return True
    return isinstance(value, list | tuple) and (not value or _is_part(value[0]))


def _is_part(value: object) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


def _plain(value: object) -> object:
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else value


def _json(held: Mapping[str, object]) -> str:
    try:
        return _encode(held).decode()
    except UnicodeEncodeError:
        raise Unfit("the row holds text that is not valid UTF-8") from None
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        raise Unfit(f"the row cannot be written as JSON: {error}") from None
