"""`read`: one call for every kind of input, and the `Reading` it returns."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from longtail.errors import ReadError, UsageError
from longtail.readers.beside import Vector
from longtail.readers.features import Features, attached, features_of
from longtail.readers.files import Files
from longtail.readers.intake import POSITION, Intake, Kind
from longtail.readers.media import Media
from longtail.readers.memory import Memory, Stdin
from longtail.readers.npy import NAME, ArrayFiles, Arrays
from longtail.readers.selecting import without_text
from longtail.readers.sources import are_texts, locate
from longtail.records import OnProgress, Progress, Quarantined

Source = Files | Stdin | Memory | Arrays | Media


class Reading:
    """A data set that can be read as batches of documents; the counts are those of the latest pass."""

    def __init__(
        self,
        source: Source,
        text_column: str | None,
        by: Sequence[str],
        on_progress: OnProgress | None,
        *,
        rows: bool = False,
        features: Features | None = None,
        role: str | None = None,
    ) -> None:
        """Take a source; nothing is read before `batches`."""
        self._source = source
        self._text_column = text_column
        self._by = tuple(by)
        self._on_progress = on_progress
        self._rows = rows
        self._features = features
        self._role = role
        self._intake = self._anew()
        self._begun = False
        self.documents = 0

    def _anew(self) -> Intake:
        return Intake(self._text_column, self._by, rows=self._rows, placed=self._features is not None, role=self._role)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Return the documents in batches of at most 8192 and, but for a single larger one, 32 MiB; files start anew.

        A batch has the column `text` (string, never null or blank); where its source has them `prompt`, `lt_id`, `lt_origin`,
        `lt_evidence`, `lt_source`, `lt_model`, `lt_depth`, `lt_time` (ISO 8601, UTC), `lt_decoding` and `lt_weight` (strings,
        nullable); `turns` (string, nullable) where it holds conversations: role and words of each message, such as "user:30
        assistant:110"; `by:NAME` (string, nullable) for each NAME in `by`, and `vector:NAME` (binary, nullable: the bytes of 32-bit floats)
        for each that is a `Vector`; `vector:features` where the data are arrays or have features.

        Raises:
            UsageError: The source can be read once and has been.
            ReadError: The input cannot be read to its end, holds no documents, or none of them has a column of `by`; or there is
                not one row of features for each of them, or their function failed.
        """
        if self._begun and self._source.once is not None:
            raise UsageError(self._source.once)
        self._begun = True
        self._intake = self._anew()
        self.documents = 0
        return self._pass(self._intake)

    def _pass(self, intake: Intake) -> Iterator[pa.RecordBatch]:
        batches = self._source.batches(intake)
        if self._features is not None:
            batches = attached(batches, self._features, intake, self.path, self._inputs)
        for batch in batches:
            self.documents += batch.num_rows
            if self._on_progress is not None:
                self._on_progress(Progress(stage="reading", done=self.documents))
            yield batch
        if self.documents == 0:
            raise self._nothing(intake)
        intake.check(self.path)

    def _inputs(self, batch: pa.RecordBatch) -> list[str]:
        """Return what a function that makes features gets: paths of pictures and sound, else texts."""
        if isinstance(self._source, Media):
            return [self._source.parts[position] for position in batch.column(POSITION).to_pylist()]
        texts: list[str] = batch.column("text").to_pylist()
        return texts

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
    def kind(self) -> Kind:
        """Return what the documents are: `text`, `row`, `vector`, `picture` or `sound`; rows are known once reading has begun."""
        if isinstance(self._source, Media):
            return self._source.medium
        return "vector" if isinstance(self._source, Arrays | ArrayFiles) else self._intake.kind

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
    rows: bool = False,
    features: Any = None,
    texts_only: bool = False,
    role: str | None = None,
) -> Reading:
    """Open a data set.

    Args:
        data: A path, glob, folder or `-` (standard input); several paths, which are one data set; an Arrow table or reader (or
            whatever exports one); an iterable of strings or records; or an array of numbers, shape (documents, numbers). A list of
            strings that look like texts is taken as texts. Files may be of records, text, arrays (`.npy`), pictures or sound.
        text_column: The column with the text, as a name or dotted path; recognised where it is None.
        table: The table of an SQLite database that has several.
        on_progress: Called after each batch.
        by: Columns whose values are labels (text, whole numbers, booleans), as names or dotted paths. A document with another
            value there is set aside; one without a value, or with a blank one, has no label. A name that is `Named` is told as it is
            written, numbers and dates too, and sets nothing aside. One that is a `Vector` holds lists of numbers, all as long as the
            first. Pictures and sound have the columns `label` (their folder) and `path`.
        rows: Take rows as documents, where no column with text is recognised.
        features: A vector for each document: the path of a `.npy` file or an array, with a row for each document in the order of
            reading, those set aside among them; or a function, or `module:function`, that gets a list of at most 256 texts (paths
            for pictures and sound) and returns an array with a row for each.
        texts_only: Pass over arrays, pictures and sound in folders, instead of reading them.
        role: Whose messages are the text of a conversation, such as "user" or "system", or "all"; None for the assistant's, where it
            has any. A conversation in which the role says nothing is set aside.

    Raises:
        ReadError: The path does not exist, or holds nothing that can be read, or texts beside pictures or sound.
        UsageError: `data` is of another type, `table` was given for something without tables, or `by` is not a list.
        ConfigError: `features` is of another type, or its function is not found.
    """
    if isinstance(by, str):
        raise UsageError(f"by={by!r} is text, not a list of columns; write by=[{by!r}]")
    source = source_of(data, table, texts_only=texts_only)
    if isinstance(source, Media | Arrays | ArrayFiles):
        _check_bare(source, text_column, table, features)
    made = None if features is None else features_of(features)
    if made is not None and any(isinstance(name, Vector) and name == NAME for name in by):
        raise UsageError(f"the column {NAME!r} and features are both vectors of that name; give one of them")
    return Reading(source, text_column, by, on_progress, rows=rows, features=made, role=role)


def _check_bare(source: Media | Arrays | ArrayFiles, text_column: str | None, table: str | None, features: Any) -> None:
    """Refuse what is asked of data that have no columns and no text.

    Raises:
        UsageError: Something is.
    """
    for name, given in (("text_column", text_column), ("table", table)):
        if given is not None:
            raise UsageError(f"{name}={given!r} was given, and {source.path} holds no text and no tables; leave it out")
    if features is not None and not isinstance(source, Media):
        raise UsageError(f"features were given, and {source.path} holds features itself; leave them out")


def source_of(data: Any, table: str | None, *, texts_only: bool = False) -> Source:
    """Return where data come from.

    Raises:
        ReadError: The path does not exist, or holds nothing that can be read.
        UsageError: `data` is of another type, or has no tables.
    """
    if isinstance(data, np.ndarray) and (data.ndim != 1 or data.dtype.kind in "fiu"):
        return Arrays(data)
    names = _names(data)
    if names is None:
        return Memory(_acceptable(data, table))
    if names == ["-"]:
        if table is not None:
            raise UsageError(f"table={table!r} was given, and standard input has no tables; leave --table out")
        return Stdin()
    if "-" in names:
        raise UsageError("standard input (-) cannot be read together with files; save it to a file")
    return (None if texts_only else without_text(names)) or Files(", ".join(names), locate(names, table))


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
