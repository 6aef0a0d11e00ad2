"""A pool without some of its generations: files of others are taken as they are, mixed ones are copied without these rows."""

import os
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from longtail.errors import UsageError
from longtail.ledger.chunks import Chunk, Records, Table
from longtail.ledger.statements import Statements
from longtail.ledger.stored import Stored
from longtail.ledger.tagging.json_rows import encoded
from longtail.records import Origin

_NARROW = ("lt_id", "lt_origin", "lt_depth")
_REAL = (Origin.HUMAN.value, Origin.UNKNOWN.value)

Places = npt.NDArray[np.int64]


class Left(NamedTuple):
    """What is left of a pool.

    Attributes:
        files: Files to draw from.
        rows: Rows of model output that there were, by generation.
        real: Human rows.
        unknown: Rows of unknown origin.
        out: Rows left out, by generation.
    """

    files: tuple[str, ...]
    rows: dict[int, int]
    real: int
    unknown: int
    out: dict[int, int]

    @property
    def newest(self) -> int:
        """Return the newest generation that is left, 0 where none is."""
        return max((each for each in self.rows if each not in self.out), default=0)


def counted(names: Sequence[str], text_column: str | None = None) -> Left:
    """Return what there is in a pool, nothing left out.

    Args:
        names: Files, folders and globs with provenance columns.
        text_column: The content column, where it is none of those recognised.

    Raises:
        ReadError: A file cannot be read.
        UsageError: A file is of a format without columns.
    """
    pool = Stored(names)
    found = Counter(each for _, generations in _passed(pool, text_column) for each in generations.tolist())
    undated = found.pop(_UNDATED, 0)
    newest = max((each for each in found if each > 0), default=int(undated > 0))
    rows = {each: count for each, count in sorted(found.items()) if each > 0}
    if undated:
        rows[newest] = rows.get(newest, 0) + undated
    return Left(pool.paths, rows, found[_HUMAN], found[_UNKNOWN], {})


def without(names: Sequence[str], dropped: Collection[int], folder: Path, text_column: str | None = None) -> Left:
    """Return a pool without some generations of model output; no file of it is changed.

    A row of model output without a depth is of the newest generation, as `longtail mix` takes it.

    Args:
        names: Files, folders and globs with provenance columns.
        dropped: Generations to leave out.
        folder: Where copies of files go that hold rows of both.
        text_column: The content column, where it is none of those recognised.

    Raises:
        ReadError: A file cannot be read.
        UsageError: A generation is not there, or nothing is left.
    """
    whole = counted(names, text_column)
    if not dropped:
        return whole
    _check(whole, dropped)
    gone = {*dropped, *([_UNDATED] if max(whole.rows) in dropped else [])}
    files = [kept for at, path in enumerate(whole.files) if (kept := _kept(path, gone, folder / f"{at}", text_column))]
    if not files:
        raise UsageError(f"nothing is left of {', '.join(map(repr, names))} without generation {_listed(dropped)}; keep one of them")
    return whole._replace(files=tuple(files), out={each: whole.rows[each] for each in sorted(dropped)})


_HUMAN, _UNKNOWN, _UNDATED = 0, -1, -2


def _check(whole: Left, dropped: Collection[int]) -> None:
    missing = sorted(set(dropped) - set(whole.rows))
    if missing:
        there = f"there are {_listed(whole.rows)}" if whole.rows else "no row is tagged as model output; tag them with longtail tag"
        raise UsageError(f"generation {_listed(missing)} is not in the pool, so it cannot be left out; {there}")


def _listed(generations: Collection[int]) -> str:
    return ", ".join(map(str, sorted(generations)))


def _passed(pool: Stored, text_column: str | None, *, whole: bool = False) -> Iterator[tuple[Chunk, Places]]:
    """Yield chunks, each with the generation of its rows: 0 human, -1 unknown, -2 model output without a depth, shape (rows,)."""
    reader = Statements(_NARROW, text_column=text_column)
    for chunk in pool.chunks(None if whole else reader.columns(pool)):
        batch, sound = reader.of(chunk)
        generations = np.full(len(sound), _UNKNOWN, np.int64)
        depths = batch.column("lt_depth").fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64)
        origins = batch.column("lt_origin").to_pylist()
        generations[sound] = [_generation(*row) for row in zip(origins, depths.tolist(), strict=True)]
        yield chunk, generations


def _generation(origin: str, depth: int) -> int:
    if origin in _REAL:
        return _HUMAN if origin == Origin.HUMAN.value else _UNKNOWN
    return depth or _UNDATED


def _kept(path: str, gone: Collection[int], draft: Path, text_column: str | None) -> str:
    """Return the file where nothing goes from it, a copy where something does, "" where all does."""
    pool = Stored([path])
    there = {each for _, generations in _passed(pool, text_column) for each in generations.tolist()}
    if not there & set(gone):
        return path
    if there <= set(gone):
        return ""
    chosen = ((chunk, ~np.isin(found, list(gone))) for chunk, found in _passed(pool, text_column, whole=True))
    return _copied((chunk.take(np.flatnonzero(some).tolist()) for chunk, some in chosen if some.any()), draft)


def again(files: Sequence[str], extra: int, rows: int, folder: Path, seed: int, text_column: str | None = None) -> list[str]:
    """Return files that hold human rows once more: each as often as the others, and those that are left over drawn at random.

    Args:
        files: Files with human rows alone.
        extra: Rows wanted beside those of the files.
        rows: Human rows of the files.
        folder: Where the copies go.
        seed: Seed of the draw.
        text_column: The content column, where it is none of those recognised.
    """
    made = []
    for turn in range(extra // rows):
        for at, path in enumerate(files):
            link = folder / f"again-{turn}-{at}-{Path(path).name}"
            link.symlink_to(Path(path).resolve())
            made.append(os.fspath(link))
    drawn = np.sort(np.random.default_rng(seed).choice(rows, extra % rows, replace=False))
    for at, path in enumerate(files):
        chunks = _drawn(Stored([path]), drawn, text_column)
        count = sum(int((found == _HUMAN).sum()) for _, found in _passed(Stored([path]), text_column))
        if ((drawn >= 0) & (drawn < count)).any():
            made.append(_copied(chunks, folder / f"again-{at}"))
        drawn = drawn - count
    return made


def _drawn(pool: Stored, drawn: Places, text_column: str | None) -> Iterator[Chunk]:
    start = 0
    for chunk, found in _passed(pool, text_column, whole=True):
        human = np.flatnonzero(found == _HUMAN)
        some = human[drawn[(drawn >= start) & (drawn < start + len(human))] - start]
        start += len(human)
        if len(some):
            yield chunk.take(some.tolist())


def _copied(chunks: Iterator[Chunk], draft: Path) -> str:
    first = next(chunks)
    if isinstance(first, Table):
        return _table(first, chunks, draft.with_suffix(".parquet"))
    target = draft.with_suffix(".jsonl")
    with target.open("wb") as stream:
        for chunk in (first, *chunks):
            stream.writelines(_lines(chunk))
    return os.fspath(target)


def _lines(chunk: Chunk) -> Iterator[bytes]:
    for at in range(len(chunk)):
        written = chunk.line(at) if isinstance(chunk, Records) else None
        yield (written.rstrip(b"\n") if written is not None else encoded(chunk.records[at])) + b"\n"


def _table(first: Table, chunks: Iterator[Chunk], target: Path) -> str:
    with pq.ParquetWriter(target, first.batch.schema) as writer:
        for chunk in (first, *chunks):
            assert isinstance(chunk, Table)
            writer.write_table(pa.Table.from_batches([chunk.batch]))
    return os.fspath(target)
