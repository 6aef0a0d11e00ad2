"""Scores: what one model makes of each document of held-out human text, in nats.

A file has one row for each document, with the columns `lt_id`, `nll` (minus the log-probability of the whole document)
and `tokens`; optionally `correct` (1 where the model's answer was right), `tail` (1 where the document belongs to the tail),
`entropy` and `top1` (of the model's law of the next token, means over the document's tokens: nats, and the probability of the
likeliest token), and `split` (`heldout`, `train` for documents the model learned from, `own` for documents it wrote itself).
It is read as JSON Lines or a JSON array, CSV or Parquet.
"""

import csv
import hashlib
import io
import math
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from longtail.errors import ReadError, UsageError
from longtail.readers.beside import encodable
from longtail.readers.columns import kind
from longtail.readers.compression import bare, open_bytes
from longtail.readers.files import guarded
from longtail.readers.formats import by_content, by_suffix
from longtail.readers.intake import Row
from longtail.readers.json_array import scan
from longtail.readers.json_files import records
from longtail.readers.quarantine import Quarantine, Unfit
from longtail.records import Quarantined

REQUIRED = ("lt_id", "nll", "tokens")
OPTIONAL = ("correct", "split", "tail", "entropy", "top1")

_MEMORY = "(in memory)"
_MOST_TOKENS = 2**53
_TRUTHS = {"true": 1.0, "1": 1.0, "1.0": 1.0, "false": 0.0, "0": 0.0, "0.0": 0.0}
_SHAPE = "write one row for each document with lt_id, nll (nats, summed over the document) and tokens"

Split = Literal["heldout", "train", "own"]
SPLITS: tuple[Split, ...] = ("heldout", "train", "own")


class Losses(NamedTuple):
    """Documents of one split, in the order of the hashes of their ids.

    Attributes:
        nll: Minus log-probability of each document in nats, shape (documents,).
        tokens: Tokens of each document, shape (documents,).
    """

    nll: npt.NDArray[np.float64]
    tokens: npt.NDArray[np.int64]


@dataclass(frozen=True)
class Scores:
    """Scores of one model, in the order of the hashes of the documents' ids.

    Attributes:
        path: The file, as the user named it.
        ids: Hash of the id of each held-out document, ascending, shape (documents,).
        names: The ids themselves.
        nll: Minus log-probability of each held-out document in nats, shape (documents,).
        tokens: Tokens of each held-out document, shape (documents,).
        correct: 1 or 0 for each held-out document, NaN where a row says nothing; None where none does.
        train: Documents that the model learned from; None where there are none.
        quarantined: Rows that were set aside.
        quarantine: The first thousand of them, with place and reason.
        own: Documents that the model wrote itself; None where there are none.
        tail: 1 or 0 for each held-out document, NaN where a row says nothing; None where none does.
        entropy: Mean entropy of the next token in nats, for each held-out document, NaN and None as above.
        top1: Mean probability of the likeliest next token, likewise.
    """

    path: str
    ids: npt.NDArray[np.uint64]
    names: tuple[str, ...]
    nll: npt.NDArray[np.float64]
    tokens: npt.NDArray[np.int64]
    correct: npt.NDArray[np.float64] | None
    train: Losses | None
    quarantined: int
    quarantine: tuple[Quarantined, ...]
    own: Losses | None = None
    tail: npt.NDArray[np.float64] | None = None
    entropy: npt.NDArray[np.float64] | None = None
    top1: npt.NDArray[np.float64] | None = None


class _Score(NamedTuple):
    name: str
    nll: float
    tokens: int
    split: Split
    correct: float
    tail: float
    entropy: float
    top1: float


def read_scores(path: str | os.PathLike[str]) -> Scores:
    """Read the scores of one model.

    Rows that are no score (a column missing, NaN, a negative loss, no tokens) are set aside and counted. An id that comes
    twice in a split is an error: one of the rows belongs to another model or was counted twice, and nothing tells which.

    Raises:
        ReadError: The file cannot be read, lacks a column, names a document twice, or holds no score of a held-out document.
    """
    name = os.fspath(path)
    if not os.path.isfile(name):
        raise ReadError(name, "no such file of scores", fix=f"check the path; it is sought from {os.getcwd()}")
    quarantine = Quarantine()
    with guarded(name):
        rows = _reader_of(name)(name, quarantine)
        found = _sorted(_scores(name, rows, quarantine))
    return _gathered(name, found, quarantine)


def scores_of(columns: Mapping[str, Any] | pa.Table) -> Scores:
    """Return the scores of one model from arrays in memory, judged as those of a file are.

    Args:
        columns: Arrays or lists of equal length by name, or an Arrow table: lt_id, nll, tokens, and optionally those
            of `OPTIONAL`.

    Raises:
        UsageError: It is no table of columns.
        ReadError: A column is missing, a document comes twice, or no row is a score of a held-out document.
    """
    try:
        table = columns if isinstance(columns, pa.Table) else pa.table(dict(columns))
    except (pa.ArrowException, TypeError, ValueError) as error:
        raise UsageError(f"scores in memory are arrays of equal length by name (lt_id, nll, tokens): {error}") from error
    quarantine = Quarantine()
    _require(_MEMORY, table.column_names)
    return _gathered(_MEMORY, _sorted(_scores(_MEMORY, enumerate(table.to_pylist(), 1), quarantine)), quarantine)


def _gathered(name: str, found: list[_Score], quarantine: Quarantine) -> Scores:
    heldout, train, own = (_of_split(found, split) for split in SPLITS)
    if not heldout:
        raise _nothing(name, {"train": len(train), "own": len(own)}, quarantine)
    return Scores(
        path=name,
        ids=np.array([id_hash(score.name) for score in heldout], np.uint64),
        names=tuple(score.name for score in heldout),
        nll=_losses(heldout).nll,
        tokens=_losses(heldout).tokens,
        correct=_stated(heldout, "correct"),
        train=_losses(train) if train else None,
        quarantined=quarantine.count,
        quarantine=quarantine.kept,
        own=_losses(own) if own else None,
        tail=_stated(heldout, "tail"),
        entropy=_stated(heldout, "entropy"),
        top1=_stated(heldout, "top1"),
    )


def id_hash(name: str) -> int:
    """Return the 64-bit hash of a document's id, the same on every machine: keyed BLAKE2b."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8, key=b"longtail scores").digest(), "little")


def _sorted(scores: Iterable[_Score]) -> list[_Score]:
    return sorted(scores, key=lambda score: (id_hash(score.name), score.name))


def _losses(scores: list[_Score]) -> Losses:
    return Losses(np.array([score.nll for score in scores]), np.array([score.tokens for score in scores], np.int64))


def _of_split(scores: list[_Score], split: Split) -> list[_Score]:
    return [score for score in scores if score.split == split]


def _stated(scores: list[_Score], name: str) -> npt.NDArray[np.float64] | None:
    """Return a column with NaN where a row says nothing, or None where none does."""
    column = np.array([getattr(score, name) for score in scores])
    return None if np.isnan(column).all() else column


def _nothing(path: str, others: dict[str, int], quarantine: Quarantine) -> ReadError:
    if count := sum(others.values()):
        splits = " and ".join(repr(split) for split, held in others.items() if held)
        return ReadError(path, f"all {count} scores are of split {splits}", fix="add scores of held-out documents")
    if quarantine.count:
        return ReadError(path, f"no scores: all {quarantine.count} rows were set aside ({quarantine.reasons()})", fix=_SHAPE)
    return ReadError(path, "no scores: the file has no rows", fix=_SHAPE)


def _scores(path: str, rows: Iterable[Row], quarantine: Quarantine) -> Iterator[_Score]:
    """Yield the score of each sound row; refuse a document that comes twice and a column that no row has."""
    columns: dict[str, None] = {}
    places: dict[tuple[str, str], int | None] = {}
    for line, record in rows:
        columns.update(dict.fromkeys(record if isinstance(record, Mapping) else ()))
        try:
            score = _score(record)
        except Unfit as unfit:
            quarantine.add(path, line, str(unfit))
            continue
        if (score.split, score.name) in places:
            first = places[score.split, score.name]
            reason = f"the document {score.name!r} has two rows in the split {score.split!r}, the first in row or line {first}"
            raise ReadError(path, reason, line=line, fix="keep one row for each document, and one file for each model")
        places[score.split, score.name] = line
        yield score
    if columns:
        _require(path, list(columns))


def _require(path: str, columns: list[str]) -> None:
    missing = [column for column in REQUIRED if column not in columns]
    if missing:
        listed = ", ".join(columns[:20]) + (", …" if len(columns) > 20 else "")
        named = ", ".join(map(repr, missing))
        raise ReadError(path, f"no column {named}; columns: {listed or 'none'}", fix=_SHAPE)


def _score(record: object) -> _Score:
    if not isinstance(record, Mapping):
        raise Unfit(f"expected an object with columns, found {kind(record)}")
    name = _name(record.get("lt_id"))
    nll = _number(record, "nll")
    if nll < 0:
        raise Unfit(f"nll is {nll!r}; minus a log-probability is 0 or more")
    tokens = _number(record, "tokens")
    if not (1 <= tokens <= _MOST_TOKENS and tokens.is_integer()):
        raise Unfit(f"tokens is {record['tokens']!r}; expected a whole number of at least 1")
    return _Score(
        name, nll, int(tokens), _split(record.get("split")), _truth(record, "correct"), _truth(record, "tail"),
        _level(record, "entropy", math.inf), _level(record, "top1", 1.0),
    )  # fmt: skip


def _name(value: object) -> str:
    """Return an id as text; a whole number and its digits are the same id, whatever kind of file they come from."""
    if isinstance(value, float) and value.is_integer() and abs(value) <= _MOST_TOKENS:
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str) or not value:
        raise Unfit(f"lt_id: expected text or a whole number, found {'nothing' if value == '' else kind(value)}")
    if not encodable(value):
        raise Unfit("lt_id: not valid Unicode")
    return value


def _number(record: Mapping[str, object], column: str) -> float:
    value = record.get(column)
    number = _float(value)
    if number is None:
        raise Unfit(f"{column}: expected a number, found {'nothing' if value == '' else kind(value)}")
    if not math.isfinite(number):
        raise Unfit(f"{column} is {number!r}; expected a finite number")
    return number


def _float(value: object) -> float | None:
    """Return a number, or one written as text, as CSV has them; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None


def _truth(record: Mapping[str, object], column: str) -> float:
    value = record.get(column)
    if value is None or value == "":
        return math.nan
    written = str(value).lower()
    if written not in _TRUTHS:
        raise Unfit(f"{column} is {value!r}; expected 0, 1, true or false")
    return _TRUTHS[written]


def _level(record: Mapping[str, object], column: str, most: float) -> float:
    """Return a number from 0 to `most`, NaN where the row says nothing."""
    if record.get(column) in (None, ""):
        return math.nan
    number = _number(record, column)
    if not 0 <= number <= most:
        raise Unfit(f"{column} is {number!r}; expected a number from 0" + (f" to {most:g}" if math.isfinite(most) else ""))
    return number


def _split(value: object) -> Split:
    if value is None or value == "" or value == "heldout":
        return "heldout"
    if value == "train":
        return "train"
    if value == "own":
        return "own"
    raise Unfit(f"split is {value!r}; expected 'heldout', 'train' or 'own'")


def _json(path: str, quarantine: Quarantine) -> Iterator[Row]:
    with open_bytes(path) as stream:
        is_array = stream.peek(1).lstrip()[:1] == b"["
        yield from scan(stream, path) if is_array else records(stream, path, quarantine)


def _csv(path: str, quarantine: Quarantine) -> Iterator[Row]:
    delimiter = "\t" if bare(path).lower().endswith(".tsv") else ","
    with io.TextIOWrapper(open_bytes(path), "utf-8", errors="surrogateescape", newline="") as stream:
        rows = csv.reader(stream, delimiter=delimiter, strict=True)
        try:
            header = next(rows, [])
            _require(path, header)
            for row in rows:
                if len(row) == len(header):
                    yield rows.line_num, dict(zip(header, row, strict=True))
                elif row:
                    quarantine.add(path, rows.line_num, f"the row has {len(row)} fields, the header has {len(header)}")
        except csv.Error as error:
            raise ReadError(path, f"malformed CSV: {error}", line=rows.line_num, fix="write the file again") from error


def _parquet(path: str, quarantine: Quarantine) -> Iterator[Row]:
    with pq.ParquetFile(path, pre_buffer=False) as file:
        names = file.schema_arrow.names
        _require(path, names)
        row = 1
        for batch in file.iter_batches(columns=[name for name in (*REQUIRED, *OPTIONAL) if name in names], use_threads=False):
            yield from enumerate(batch.to_pylist(), row)
            row += batch.num_rows


_READERS: dict[str, Callable[[str, Quarantine], Iterator[Row]]] = {"json": _json, "csv": _csv, "parquet": _parquet}


def _reader_of(path: str) -> Callable[[str, Quarantine], Iterator[Row]]:
    form = by_suffix(path) or by_content(path)
    if form not in _READERS:
        raise ReadError(path, f"scores cannot be read from a file of the format {form}", fix="write JSON Lines, CSV or Parquet")
    return _READERS[form]
