"""Documents from Arrow batches. A plain string column without flaws passes through: no loop over its rows.

`open_columns` names the columns to read, so that files need to decode no others.
"""

from collections.abc import Iterable, Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from longtail.errors import ReadError
from longtail.readers.beside import Field, Said, time
from longtail.readers.columns import MISSING, Choice, find
from longtail.readers.intake import MOST_BYTES, MOST_DOCUMENTS, Intake, batch_of
from longtail.readers.quarantine import Unfit
from longtail.readers.rows import EMPTY, after_vectors, texts_of_rows
from longtail.readers.vectors import VECTOR, Mask, from_arrow

_Documents = tuple[pa.StringArray, dict[str, pa.Array], dict[int, str]]  # texts, what stands beside them, and by index why one is unfit


def outline(fields: Iterable[pa.Field]) -> dict[str, object]:
    """Return the columns as a record without values; structs are objects."""
    return {field.name: outline(list(field.type)) if pa.types.is_struct(field.type) else "" for field in fields}


def open_columns(path: str, schema: pa.Schema, intake: Intake) -> tuple[Choice, list[str]]:
    """Return the choice for a schema and the columns to read.

    Raises:
        ReadError: No column with text.
    """
    choice = intake.choose(path, [outline(schema)])
    columns = dict.fromkeys(schema.names if choice.row else [_top(schema, choice.key)])
    for field in intake.fields(choice):
        columns.update(dict.fromkeys(_top(schema, key) for key in field.keys if find(outline(schema), key) is not MISSING))
    for name in columns:
        if schema.names.count(name) > 1:
            fix = "rename all but one, or name another with --text-column NAME"
            raise ReadError(path, f"{schema.names.count(name)} columns are named {name!r}", fix=fix)
    return choice, list(columns)


def _top(schema: pa.Schema, key: str) -> str:
    """Return the column in which a name or dotted path lies."""
    return key if key in schema.names else key.split(".")[0]


def documents(path: str, batches: Iterable[pa.RecordBatch], choice: Choice, intake: Intake) -> Iterator[pa.RecordBatch]:
    """Yield the documents of batches that hold the columns of `choice`; rows count from 1."""
    row = 1
    for whole in batches:
        step = _rows_at_once(whole, intake.fields(choice))
        for start in range(0, whole.num_rows, step):
            batch = whole.slice(start, step)
            if choice.row or (_textual(_pick(batch, choice.key).type) and not choice.chat):
                yield from intake.flush()
                yield from _pass(path, batch, choice, row, intake)
            else:
                rows = enumerate(batch.to_pylist(), row)
                yield from intake.rows(path, rows, choice)
            row += batch.num_rows


def _rows_at_once(batch: pa.RecordBatch, fields: Iterable[Field]) -> int:
    """Return how many rows have at most 32 MiB of vectors, were all of one size."""
    names = [_top(batch.schema, field.keys[0]) for field in fields if field.is_vector]
    size = sum(batch.column(name).nbytes for name in names if name in batch.schema.names)
    rows: int = MOST_BYTES * batch.num_rows // max(1, size)
    return max(1, min(MOST_DOCUMENTS, rows))


def _pick(batch: pa.RecordBatch, key: str) -> pa.Array:
    if key in batch.schema.names:
        return batch.column(key)
    top, *rest = key.split(".")
    return pc.struct_field(batch.column(top), rest)


def _textual(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    tests = ("string", "large_string", "string_view", "binary", "large_binary", "binary_view")
    return any(getattr(pa.types, f"is_{test}")(kind) for test in tests)


def _pass(path: str, batch: pa.RecordBatch, choice: Choice, row: int, intake: Intake) -> Iterator[pa.RecordBatch]:
    """Yield the batch as it is where every document is sound, else without those that are not."""
    first = intake.take(batch.num_rows)
    if choice.row:
        text, said, unfit = _rows(batch, choice, intake)
    else:
        text, said, unfit = _texts(batch, choice, intake)
    said |= intake.positions(np.arange(first, first + batch.num_rows))
    for index in sorted(unfit):
        intake.set_aside(path, row + index, unfit[index])
    if unfit:
        good = np.ones(len(text), np.bool_)
        good[list(unfit)] = False
        text = text.filter(pa.array(good))
        said = {name: values.filter(pa.array(good)) for name, values in said.items()}
    if len(text):
        yield from pieces(batch_of(text, said))


def _texts(batch: pa.RecordBatch, choice: Choice, intake: Intake) -> _Documents:
    text, flaws = _strings(_pick(batch, choice.key))
    blank = pc.fill_null(_is_blank(text), True)
    said, unfit = _all_said(batch, intake, choice, blank.to_numpy(zero_copy_only=False))
    for index in pc.indices_nonzero(blank).to_pylist():
        unfit[index] = flaws.get(index, "empty document" if text[index].is_valid else "expected text, found null")
    return text, said, unfit


def _rows(batch: pa.RecordBatch, choice: Choice, intake: Intake) -> _Documents:
    text, flaws = texts_of_rows(batch)
    unsound = np.zeros(len(text), np.bool_)
    unsound[list(flaws)] = True
    said, unfit = _all_said(batch, intake, choice, unsound)
    vectors = [values for name, values in said.items() if name.startswith(VECTOR)]
    if vectors:
        told = [each.fill_null("") for each in (text, after_vectors(vectors, len(text)))]
        text = pc.utf8_trim_whitespace(pc.binary_join_element_wise(*told, " "))
        text = pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)
    nothing = dict.fromkeys(pc.indices_nonzero(text.is_null()).to_pylist(), EMPTY)
    return text, said, nothing | unfit | flaws


def _all_said(batch: pa.RecordBatch, intake: Intake, choice: Choice, passed_over: Mask) -> tuple[dict[str, pa.Array], dict[int, str]]:
    """Return what the documents say in each column beside the text, and by index why they cannot."""
    said: dict[str, pa.Array] = {}
    unfit: dict[int, str] = {}
    for field in intake.fields(choice):
        if field.is_vector:
            column = _pick(batch, field.keys[0]) if find(outline(batch.schema), field.keys[0]) is not MISSING else pa.nulls(batch.num_rows)
            said[field.name], found = from_arrow(column, field.keys[0], intake.widths, passed_over)
        else:
            said[field.name], found = _said(batch, field)
        unfit = found | unfit
    return said, unfit


def _is_blank(text: pa.Array) -> pa.Array:
    return pc.or_(pc.equal(pc.binary_length(text), 0), pc.utf8_is_space(text))


def _said(batch: pa.RecordBatch, field: Field) -> tuple[pa.Array, dict[int, str]]:
    """Return what the documents say in one of these columns, and by index why they cannot."""
    columns = [_pick(batch, key) for key in field.keys if find(outline(batch.schema), key) is not MISSING]
    said = [_told(column, field) for column in columns]
    if not said:
        return pa.nulls(batch.num_rows, pa.string()), {}
    values = said[0][0] if len(said) == 1 else pc.coalesce(*(values for values, _ in said))
    return values, {index: reason for _, flaws in said for index, reason in flaws.items()}


def _told(column: pa.Array, field: Field) -> tuple[pa.Array, dict[int, str]]:
    if field.is_parsed:
        return _by_value(column, field), {}
    return _written(column) if _textual(column.type) else _one_by_one(column, field)


def _by_value(column: pa.Array, field: Field) -> pa.Array:
    """Return what the rule makes of each value, asked once for values that repeat."""
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.timestamp("us", tz="UTC"), safe=False)
        if field.rule is time:
            return pc.replace_substring(column.cast(pa.string()), " ", "T", max_replacements=1)
    if pa.types.is_nested(column.type):
        return pa.nulls(len(column), pa.string())
    coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    said = pa.array([None if value is None else field.rule(value) for value in coded.dictionary.to_pylist()], pa.string())
    return said.take(coded.indices)


def _written(column: pa.Array) -> tuple[pa.Array, dict[int, str]]:
    text = _strings(column)[0]
    return pc.if_else(_is_blank(text), pa.scalar(None, pa.string()), text), {}


def _one_by_one(column: pa.Array, field: Field) -> tuple[pa.Array, dict[int, str]]:
    said: list[Said] = []
    flaws: dict[int, str] = {}
    for index, value in enumerate(column.to_pylist()):
        try:
            said.append(None if value is None else field.rule(value))
        except Unfit as unfit:
            said.append(None)
            flaws[index] = str(unfit)
    return pa.array(said, pa.string()), flaws


def _strings(column: pa.Array) -> tuple[pa.Array, dict[int, str]]:
    """Return the column as strings, with null in place of what is not UTF-8, and the reasons by index."""
    if column.offset and not pa.types.is_string(column.type):
        column = pa.concat_arrays([column, column.slice(0, 0)])  # offsets from 0: a slice far into 64-bit offsets cannot be cast
    text = column.cast(pa.string(), safe=False)
    try:
        text.validate(full=True)
    except pa.ArrowInvalid:
        return _sound(text.cast(pa.binary()).to_pylist())
    return text, {}


def _sound(values: list[bytes | None]) -> tuple[pa.Array, dict[int, str]]:
    texts: list[str | None] = []
    flaws: dict[int, str] = {}
    for index, value in enumerate(values):
        try:
            texts.append(None if value is None else value.decode())
        except UnicodeDecodeError as error:
            texts.append(None)
            flaws[index] = f"invalid UTF-8: {error.reason} at byte {error.start + 1} of the text"
    return pa.array(texts, pa.string()), flaws


def pieces(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """Yield the batch in pieces of at most 32 MiB of text and vectors; a single document may be larger."""
    vectors = sum(batch.column(name).nbytes for name in batch.schema.names if name.startswith(VECTOR))
    if batch.num_rows <= 1 or text_bytes(batch) + vectors <= MOST_BYTES:
        yield batch
        return
    half = batch.num_rows // 2
    yield from pieces(batch.slice(0, half))
    yield from pieces(batch.slice(half))


def text_bytes(batch: pa.RecordBatch) -> int:
    """Return the UTF-8 bytes of the texts of a batch."""
    return int(pc.sum(pc.binary_length(batch.column("text").cast(pa.large_string()))).as_py() or 0)
