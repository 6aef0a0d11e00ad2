"""Documents from Arrow batches. A plain string column without flaws passes through: no loop over its rows.

`open_columns` names the columns to read, so that files need to decode no others.
"""

from collections.abc import Iterable, Iterator

import pyarrow as pa
import pyarrow.compute as pc

from longtail.errors import ReadError
from longtail.readers.columns import Choice, choose
from longtail.readers.intake import MOST_BYTES, MOST_DOCUMENTS, Intake, batch_of


def outline(fields: Iterable[pa.Field]) -> dict[str, object]:
    """Return the columns as a record without values; structs are objects."""
    return {field.name: outline(list(field.type)) if pa.types.is_struct(field.type) else "" for field in fields}


def open_columns(path: str, schema: pa.Schema, intake: Intake) -> tuple[Choice, list[str]]:
    """Return the choice for a schema and the columns to read.

    Raises:
        ReadError: No column with text.
    """
    choice = choose(path, [outline(schema)], intake.text_column)
    intake.says(choice.says)
    top = choice.key if choice.key in schema.names else choice.key.split(".")[0]
    if schema.names.count(top) > 1:
        fix = "rename all but one, or name another with --text-column NAME"
        raise ReadError(path, f"{schema.names.count(top)} columns are named {top!r}", fix=fix)
    return choice, [top] + (["lt_origin"] if "lt_origin" in schema.names and top != "lt_origin" else [])


def documents(path: str, batches: Iterable[pa.RecordBatch], choice: Choice, intake: Intake) -> Iterator[pa.RecordBatch]:
    """Yield the documents of batches that hold the columns of `choice`; rows count from 1."""
    row = 1
    for whole in batches:
        for start in range(0, whole.num_rows, MOST_DOCUMENTS):
            batch = whole.slice(start, MOST_DOCUMENTS)
            column = _pick(batch, choice.key)
            if _textual(column.type) and not choice.chat:
                yield from intake.flush()
                yield from _pass(path, batch, column, row, intake)
            else:
                rows = enumerate(batch.to_pylist(), row)
                yield from intake.rows(path, rows, choice)
            row += batch.num_rows


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


def _pass(path: str, batch: pa.RecordBatch, column: pa.Array, row: int, intake: Intake) -> Iterator[pa.RecordBatch]:
    """Yield the batch as it is where every document is sound, else without those that are not."""
    text, flaws = _strings(column)
    origin = _origin(batch)
    blank = pc.or_(pc.equal(pc.binary_length(text), 0), pc.utf8_is_space(text))
    if text.null_count or pc.any(blank).as_py():
        good = pc.invert(pc.fill_null(blank, True))
        for index in pc.indices_nonzero(pc.invert(good)).to_pylist():
            default = "empty document" if text[index].is_valid else "expected text, found null"
            intake.quarantine.add(path, row + index, flaws.get(index, default))
        text = text.filter(good)
        origin = None if origin is None else origin.filter(good)
    if len(text):
        yield from pieces(batch_of(text, origin))


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


def _origin(batch: pa.RecordBatch) -> pa.Array | None:
    if "lt_origin" not in batch.schema.names:
        return None
    column = batch.column("lt_origin")
    return _strings(column)[0] if _textual(column.type) else pa.nulls(batch.num_rows, pa.string())


def pieces(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """Yield the batch in pieces of at most 32 MiB of text; a single document may be larger."""
    if batch.num_rows <= 1 or text_bytes(batch) <= MOST_BYTES:
        yield batch
        return
    half = batch.num_rows // 2
    yield from pieces(batch.slice(0, half))
    yield from pieces(batch.slice(half))


def text_bytes(batch: pa.RecordBatch) -> int:
    """Return the UTF-8 bytes of the texts of a batch."""
    return int(pc.sum(pc.binary_length(batch.column("text").cast(pa.large_string()))).as_py() or 0)
