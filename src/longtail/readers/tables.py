"""Which columns of a table are categories, which numbers, which vectors: told from its schema and its first records."""

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, time, timedelta
from itertools import islice, pairwise
from typing import Any, NamedTuple, TypeGuard

import pyarrow as pa
import pyarrow.parquet as pq

from longtail.errors import UsageError
from longtail.readers.beside import fields_of
from longtail.readers.columns import Choice, of_rows, recognise
from longtail.readers.files import Files, guarded
from longtail.readers.formats import Part, formats
from longtail.readers.intake import Intake, Row
from longtail.readers.media import Media
from longtail.readers.memory import Memory, Stdin
from longtail.readers.moments import moment
from longtail.readers.npy import NAME, ArrayFiles, Arrays
from longtail.readers.parquet import rows_at_once
from longtail.readers.reading import source_of
from longtail.readers.rows import is_vector
from longtail.readers.vectors import is_list_of_numbers

RECORDS = 10_000
"""How many records are looked at."""

FEW = 20
"""Most values of a column of numbers that is taken as a category."""

MOST = 1000
"""Most values of a category."""

MOST_DISTINCT = 0.5
"""Share of values that are distinct from which a column is an id or free text."""

_NUMBER = re.compile(r"[+-]?(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?|[+-]?(?:nan|inf|infinity)", re.IGNORECASE | re.ASCII)
_DIGITS = re.compile(r"\s*[+-]?[\d.]+\s*")
_MISSING = frozenset({"na", "n/a", "null", "none"})
_LONG = 19
_NEITHER = (date, time, timedelta, list, tuple, set, Mapping)


class TableColumns(NamedTuple):
    """Names of the columns of a table, each sorted; nested ones as dotted paths.

    Attributes:
        categories: Columns with few values.
        numbers: Columns of numbers with more than 20 values.
        vectors: Columns of lists of numbers.
    """

    categories: tuple[str, ...]
    numbers: tuple[str, ...]
    vectors: tuple[str, ...]


def table_columns(data: Any, table: str | None = None, text_column: str | None = None) -> TableColumns:
    """Return which columns of a table are categories, numbers and vectors, as its first 10,000 records show.

    Numbers are columns of numbers, also ones written as text, with more than 20 values; categories are other columns of text,
    truths or numbers with at most 1,000 values, fewer than half of the records that have one. The text of documents and what it
    answers, provenance (`lt_…`), dates, whole numbers that only rise or only fall (row numbers) and nested lists are none of these.

    Args:
        data: What `read` takes, but for what can be read only once.
        table: The table of an SQLite database that has several.
        text_column: The column with the text, where it is not recognised.

    Raises:
        ReadError: The data cannot be read.
        UsageError: They can be read only once.
    """
    source = source_of(data, table)
    if isinstance(source, Stdin) or source.once is not None:
        raise UsageError(f"the columns of a table cannot be told apart beforehand: {source.once}")
    if isinstance(source, Media):
        return TableColumns(("label",), (), ())
    if isinstance(source, Arrays | ArrayFiles):
        return TableColumns((), (), (NAME,))
    seen = _Seen(text_column)
    for record in islice(_records(source, seen), RECORDS):
        seen.add(record)
    return TableColumns(seen.named(_is_category), seen.named(_is_number), tuple(sorted(seen.vectors)))


class _Seen:
    """The values of each column so far; `out` names columns that are none of a table's."""

    def __init__(self, text_column: str | None) -> None:
        self.text_column = text_column
        self.values: dict[str, list[object]] = {}
        self.vectors: set[str] = set()
        self.out: set[str] = set()

    def add(self, record: Mapping[str, object]) -> None:
        """Take in a record."""
        self.pass_over(recognise(record, self.text_column))
        for name, value in _flat(record):
            if is_vector(value):
                self.vectors.add(name)
            elif isinstance(value, _NEITHER):
                self.out.add(name)
            elif not _is_missing(value):
                self.values.setdefault(name, []).append(value)

    def pass_over(self, choice: Choice | None) -> None:
        """Leave out the text of documents, and what it answers."""
        if choice is not None:
            self.out.update((choice.key, *(key for field in fields_of(choice, ()) for key in field.keys)))

    def named(self, test: Callable[[list[Any]], bool]) -> tuple[str, ...]:
        """Return the names of the columns whose values pass a test, sorted."""
        left = self.values.keys() - self.out - self.vectors
        return tuple(sorted(name for name in left if not name.startswith("lt_") and test(_parsed(self.values[name]))))


def _flat(record: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for name, value in record.items():
        if isinstance(value, Mapping):
            yield from ((f"{name}.{inner}", each) for inner, each in value.items())
        else:
            yield str(name), value


def _is_missing(value: object) -> bool:
    return value is None or (isinstance(value, str | bytes) and not value.strip())


def _parsed(values: list[object]) -> list[Any]:
    """Return values as numbers where all of them are, else as text where they are not truths."""
    texts = list(map(_decoded, values))
    told = [value for value in texts if not _says_missing(value)]
    written = [value for value in told if _is_written_number(value)]
    if told and len(written) == len(told):
        return [_number(text.strip()) for text in written]
    alike = all(isinstance(value, bool) for value in texts) or _are_numbers(texts)
    return texts if alike else [str(value) for value in texts]


def _decoded(value: object) -> object:
    return value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else value


def _says_missing(value: object) -> bool:
    return isinstance(value, str) and value.strip().lower() in _MISSING


def _is_written_number(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and _NUMBER.fullmatch(value.strip()) is not None


def _number(text: str) -> float:
    return int(text) if text.lstrip("+-").isdigit() and len(text) < _LONG else float(text)


def _are_numbers(values: Iterable[object]) -> bool:
    return not any(isinstance(value, str | bool) for value in values)


def _distinct(values: list[Any]) -> int:
    return len({value for value in values if not (isinstance(value, float) and not math.isfinite(value))})


def _is_number(values: list[Any]) -> bool:
    return _are_numbers(values) and _distinct(values) > FEW and not _counts_rows(values)


def _counts_rows(values: list[Any]) -> bool:
    """Tell whether whole numbers only rise, or only fall."""
    if not all(isinstance(value, int) for value in values):
        return False
    steps = {(after > before) - (after < before) for before, after in pairwise(values)}
    return steps in ({1}, {-1})


def _is_category(values: list[Any]) -> bool:
    if _are_numbers(values) and _distinct(values) > FEW:
        return False
    kinds = _distinct(values)
    return 0 < kinds <= min(MOST, MOST_DISTINCT * len(values)) and kinds != MOST_DISTINCT * len(values) and not _are_dates(values)


def _are_dates(values: list[Any]) -> bool:
    return all(isinstance(value, str) and not _DIGITS.fullmatch(value) and moment(value) is not None for value in set(values))


def _records(source: Files | Memory, seen: _Seen) -> Iterator[Mapping[str, object]]:
    if isinstance(source, Memory):
        yield from _of_memory(source.data, seen)
        return
    for part in source.found.parts:
        with guarded(part.path):
            if part.format in ("parquet", "arrow"):
                yield from _of_batches(_arrow(part), seen)
            else:
                peek = _Peek()
                for _ in formats[part.format].member(part, peek):
                    pass
                yield from peek.records


def _of_memory(data: Any, seen: _Seen) -> Iterator[Mapping[str, object]]:
    if hasattr(data, "__arrow_c_stream__"):
        yield from _of_batches(pa.RecordBatchReader.from_stream(data), seen)
    else:
        yield from (item for item in data if isinstance(item, Mapping))


def _of_batches(batches: Iterable[pa.RecordBatch], seen: _Seen) -> Iterator[Mapping[str, object]]:
    """Yield rows of Arrow data; columns of vectors and of dates are told by their type, and their values are not looked at."""
    for whole in batches:
        seen.vectors.update(field.name for field in whole.schema if is_list_of_numbers(field.type))
        seen.out.update(field.name for field in whole.schema if pa.types.is_temporal(field.type))
        batch = whole.slice(0, RECORDS)
        yield from batch.select([name for name in batch.schema.names if name not in seen.vectors | seen.out]).to_pylist()


def _arrow(part: Part) -> Iterator[pa.RecordBatch]:
    if part.format == "parquet":
        with pq.ParquetFile(part.path, pre_buffer=False) as file:
            yield from file.iter_batches(rows_at_once(file.metadata, file.schema_arrow.names), use_threads=False)
        return
    with pa.OSFile(part.path) as stream:
        is_file = stream.read(6) == b"ARROW1"
        stream.seek(0)
        reader = pa.ipc.open_file(stream) if is_file else pa.ipc.open_stream(stream)
        yield from (reader.get_batch(index) for index in range(reader.num_record_batches)) if is_file else reader


class _Peek(Intake):
    """An intake that keeps the first records whole."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[Mapping[str, object]] = []

    def choose(self, path: str, records: list[Mapping[str, object]]) -> Choice:
        """Choose nothing: every column is looked at."""
        return of_rows(records)

    def rows(self, path: str, rows: Iterable[Row], form: Choice | str) -> Iterator[pa.RecordBatch]:
        """Keep records up to the number that is looked at, and read no further."""
        found = (record for _, record in rows if isinstance(record, dict))
        self.records += islice(found, RECORDS)
        yield from ()
