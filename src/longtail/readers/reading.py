"""`read`: one call for every kind of input, and the `Reading` it returns."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from longtail.errors import ReadError, UsageError
from longtail.readers.files import Files
from longtail.readers.intake import Intake
from longtail.readers.memory import Memory, Stdin
from longtail.readers.sources import are_texts, locate
from longtail.records import OnProgress, Progress, Quarantined

Source = Files | Stdin | Memory


class Reading:
    """A data set that can be read as batches of documents; the counts are those of the latest pass."""

    def __init__(self, source: Source, text_column: str | None, by: Sequence[str], on_progress: OnProgress | None) -> None:
        """Take a source; nothing is read before `batches`."""
        self._source = source
        self._text_column = text_column
        self._by = tuple(by)
        self._on_progress = on_progress
        self._intake = Intake(text_column, by)
        self._begun = False
        self.documents = 0

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Return the documents in batches of at most 8192 and, but for a single larger one, 32 MiB; files start anew.

        A batch has the column `text` (string, never null or blank); where its source has them `prompt`, `lt_id`, `lt_origin`,
        `lt_evidence`, `lt_source`, `lt_model`, `lt_depth`, `lt_time` (ISO 8601, UTC), `lt_decoding` and `lt_weight` (strings,
        nullable); and `by:NAME` (string, nullable) for each NAME in `by`.

        Raises:
            UsageError: The source can be read once and has been.
            ReadError: The input cannot be read to its end, holds no documents, or none of them has a column of `by`.
        """
        if self._begun and self._source.once is not None:
            raise UsageError(self._source.once)
        self._begun = True
        self._intake = Intake(self._text_column, self._by)
        self.documents = 0
        return self._pass(self._intake)

    def _pass(self, intake: Intake) -> Iterator[pa.RecordBatch]:
        for batch in self._source.batches(intake):
            self.documents += batch.num_rows
            if self._on_progress is not None:
                self._on_progress(Progress(stage="reading", done=self.documents))
            yield batch
        if self.documents == 0:
            raise self._nothing(intake)
        intake.check(self.path)

    def _nothing(self, intake: Intake) -> ReadError:
        count = intake.quarantine.count
        if not count:
            return ReadError(self.path, "no documents", fix="check that the right file was named")
        reason = f"no documents: all {count} were set aside ({intake.quarantine.reasons()})"
        return ReadError(self.path, reason, fix="mend them, or choose the text with --text-column NAME")

    @property
    def bytes(self) -> int:
        """Return the size of the files; of the texts where they are in memory."""
        return self._source.bytes

    @property
    def parts(self) -> tuple[str, ...]:
        """Return the files, sorted, as the user named them; `-` for standard input, none for data in memory."""
        return self._source.parts

    @property
    def path(self) -> str:
        """Return the data set as the user named it."""
        return self._source.path

    @property
    def quarantined(self) -> int:
        """Return how many documents were set aside."""
        return self._intake.quarantine.count

    @property
    def quarantine(self) -> tuple[Quarantined, ...]:
        """Return the first thousand documents that were set aside, with place and reason."""
        return self._intake.quarantine.kept

    @property
    def content(self) -> str:
        """Return what was recognised, with the way to override it where it is a guess."""
        return self._intake.content

    @property
    def sha256(self) -> str | None:
        """Return the hash of the file, of the sorted hashes of several, None for what is no file; computed once, when asked for."""
        return self._source.sha256()


def read(
    data: Any,
    text_column: str | None = None,
    table: str | None = None,
    on_progress: OnProgress | None = None,
    *,
    by: Sequence[str] = (),
) -> Reading:
    """Open a data set.

    Args:
        data: A path, glob, folder or `-` (standard input); several paths, which are one data set; an Arrow table or reader (or
            whatever exports one); or an iterable of strings or records. A list of strings that look like texts is taken as texts.
        text_column: The column with the text, as a name or dotted path; recognised where it is None.
        table: The table of an SQLite database that has several.
        on_progress: Called after each batch.
        by: Columns whose values are labels (text, whole numbers, booleans), as names or dotted paths. A document with another
            value there is set aside; one without a value, or with a blank one, has no label. A name that is `Named` is told as it is
            written, numbers and dates too, and sets nothing aside.

    Raises:
        ReadError: The path does not exist, or holds nothing that can be read.
        UsageError: `data` is of another type, `table` was given for something without tables, or `by` is not a list.
    """
    if isinstance(by, str):
        raise UsageError(f"by={by!r} is text, not a list of columns; write by=[{by!r}]")
    return Reading(_source(data, table), text_column, by, on_progress)


def _source(data: Any, table: str | None) -> Source:
    names = _names(data)
    if names is None:
        return Memory(_acceptable(data, table))
    if names == ["-"]:
        if table is not None:
            raise UsageError(f"table={table!r} was given, and standard input has no tables; leave --table out")
        return Stdin()
    if "-" in names:
        raise UsageError("standard input (-) cannot be read together with files; save it to a file")
    return Files(", ".join(names), locate(names, table))


def _names(data: Any) -> list[str] | None:
    """Return the paths that `data` stands for, or None where it is not paths."""
    if isinstance(data, (str, os.PathLike)):
        return [_name(data)]
    if not isinstance(data, (list, tuple)) or not data or any(not isinstance(item, (str, os.PathLike)) for item in data):
        return None
    return None if are_texts(data) else [_name(item) for item in data]


def _name(path: Any) -> str:
    name = os.fspath(path)
    if not isinstance(name, str) or not name or "\0" in name:
        raise UsageError(f"{path!r} is not a path; give a file, a folder, a glob or -")
    return name


def _acceptable(data: Any, table: str | None) -> Any:
    if table is not None:
        raise UsageError(f"table={table!r} was given, and data in memory has no tables; leave it out")
    many = isinstance(data, (Iterable, pa.RecordBatch)) or hasattr(data, "__arrow_c_stream__")
    if isinstance(data, (bytes, bytearray, Mapping)) or not many:
        raise UsageError(f"cannot read a {type(data).__name__}; give a path, an Arrow table, or an iterable of strings or records")
    return data
