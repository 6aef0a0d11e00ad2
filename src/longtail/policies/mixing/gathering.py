"""One narrow pass over the data, which keeps of each document a key, an origin, a depth and its sampling settings.

Keys are XXH3-64 of ids under a key of their own for each seed, so that a draw of the smallest keys is a random one that depends
on neither the order nor the files of the rows.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import xxhash

from longtail.errors import ReadError, UsageError
from longtail.ledger.chunks import Chunk
from longtail.ledger.statements import Current, Statements, corrected
from longtail.ledger.stored import Columns, Stored
from longtail.readers.quarantine import Quarantine
from longtail.records import OnProgress, Origin, Progress
from longtail.views.keys import Keys, purpose_key

NARROW = ("lt_id", "lt_origin", "lt_depth", "lt_decoding")
ORIGINS = tuple(origin.value for origin in Origin)
UNFIT = 255
"""Origin of what was set aside."""

_MOST_DECODINGS = 2**16 - 2


class Rows(NamedTuple):
    """What is kept of each document of a pass, 15 bytes in all; documents that were set aside have an entry too.

    Attributes:
        keys: Hash of the id, shape (rows,).
        origins: Position in `ORIGINS`, 255 for what was set aside, shape (rows,).
        depths: Depth where it is known, else 0, shape (rows,).
        decoding: Position in `decodings`, shape (rows,).
        is_fresh: Whether it was named as newly collected, shape (rows,).
        decodings: Sampling settings as canonical JSON; "" for none.
    """

    keys: Keys
    origins: npt.NDArray[np.uint8]
    depths: npt.NDArray[np.int16]
    decoding: npt.NDArray[np.uint16]
    is_fresh: npt.NDArray[np.bool_]
    decodings: tuple[str, ...]

    def duplicates(self) -> int:
        """Return the documents beyond the first of each id."""
        keys = np.sort(self.keys[self.origins != UNFIT])
        return int((keys[1:] == keys[:-1]).sum())


class Sources:
    """All data sets of a mix, in the order in which every pass reads them.

    Args:
        data: Files, folders and globs.
        fresh: The same, of newly collected documents.
        text_column: The content column, where it is none of those recognised.
        current: What is known by now of documents, by id.
        on_progress: Called after each chunk.

    Raises:
        ReadError: A name stands for nothing that can be read, or a file was named as both.
        UsageError: No data were named, or a file is of a format that has no columns.
    """

    def __init__(
        self,
        data: Sequence[str],
        fresh: Sequence[str] = (),
        *,
        text_column: str | None = None,
        current: Current | None = None,
        on_progress: OnProgress | None = None,
    ) -> None:
        """Find the files."""
        if not data:
            raise UsageError("no data: name tagged files or folders")
        self.data = Stored(data)
        self.fresh = Stored(fresh) if fresh else None
        self.text_column, self.current, self.on_progress = text_column, current, on_progress
        both = sorted(set(self.data.paths).intersection(self.fresh.paths if self.fresh else ()))
        if both:
            raise ReadError(both[0], "is among the data and among --fresh, so each row would come twice", fix="name it once")

    @property
    def stored(self) -> list[Stored]:
        """Return the data sets: first the data, then what is fresh."""
        return [self.data, *([self.fresh] if self.fresh else [])]

    @property
    def paths(self) -> tuple[str, ...]:
        """Return all files."""
        return tuple(path for stored in self.stored for path in stored.paths)

    @property
    def notes(self) -> tuple[str, ...]:
        """Return what was found about files."""
        return tuple(note for stored in self.stored for note in stored.notes)

    def chunks(self, stage: str, columns: Columns | None = None) -> Iterator[tuple[int, Chunk]]:
        """Yield all chunks, each with the number of documents before it."""
        start = 0
        for stored in self.stored:
            for chunk in stored.chunks(columns):
                yield start, chunk
                start += len(chunk)
                if self.on_progress is not None:
                    self.on_progress(Progress(stage=stage, done=start))

    def reader(self, names: Sequence[str], quarantine: Quarantine | None = None) -> Statements:
        """Return a reader of the provenance columns that are named."""
        return Statements(names, text_column=self.text_column, quarantine=quarantine)

    def known(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Return statements as they are known by now."""
        return batch if self.current is None or not batch.num_rows else corrected(batch, self.current)


def gather(sources: Sources, reader: Statements, seed: int) -> Rows:
    """Return what is kept of each document.

    Raises:
        ReadError: No document has an id or content.
    """
    gathered = _Gathered(purpose_key(seed, "mix"))
    for is_fresh, stored in enumerate(sources.stored):
        for chunk in stored.chunks(reader.columns(stored), reader.quarantine):
            batch, sound = reader.of(chunk)
            gathered.add(sources.known(batch), sound, bool(is_fresh))
            if sources.on_progress is not None:
                sources.on_progress(Progress(stage="reading provenance", done=reader.tally.documents))
    if not reader.tally.documents:
        aside = reader.quarantine
        said = f": all {aside.count} were set aside ({aside.reasons()})" if aside.count else ""
        raise ReadError(
            ", ".join(sources.paths), f"no documents{said}", fix="check that the right files were named, or choose --text-column NAME"
        )
    return gathered.rows()


class _Gathered:
    """Columns that grow chunk by chunk."""

    def __init__(self, key: int) -> None:
        self._key = key
        self._parts: list[tuple[Any, ...]] = []
        self._decodings: dict[str, int] = {"": 0}
        self._known: dict[str, int] = {}

    def add(self, batch: pa.RecordBatch, sound: npt.NDArray[np.bool_], is_fresh: bool) -> None:
        """Take in the statements of a chunk."""
        rows = len(sound)
        keys, origins = np.zeros(rows, np.uint64), np.full(rows, UNFIT, np.uint8)
        depths, decoding = np.zeros(rows, np.int16), np.zeros(rows, np.uint16)
        keys[sound] = keys_of(batch.column("lt_id").to_pylist(), self._key)
        origins[sound] = pc.index_in(batch.column("lt_origin"), pa.array(ORIGINS)).to_numpy(zero_copy_only=False)
        depths[sound] = batch.column("lt_depth").fill_null(0).to_numpy(zero_copy_only=False)
        decoding[sound] = self._settings(batch.column("lt_decoding"))
        self._parts.append((keys, origins, depths, decoding, np.full(rows, is_fresh, np.bool_)))

    def _settings(self, column: pa.Array) -> npt.NDArray[np.uint16]:
        written = column.dictionary_encode()
        numbers = [self._number(value) for value in written.dictionary.to_pylist()]
        at: npt.NDArray[np.int32] = written.indices.fill_null(-1).to_numpy(zero_copy_only=False) + 1
        return np.array([0, *numbers], np.uint16)[at]

    def _number(self, value: str) -> int:
        if value not in self._known:
            settled = canonical(value)
            if len(self._known) > _MOST_DECODINGS or len(self._decodings) > _MOST_DECODINGS:
                return self._decodings.get(settled, 0)
            self._known[value] = self._decodings.setdefault(settled, len(self._decodings))
        return self._known[value]

    def rows(self) -> Rows:
        """Return all that was taken in, and let go of it."""
        keys, origins, depths, decoding, is_fresh = (np.concatenate([part[at] for part in self._parts]) for at in range(5))
        self._parts = []
        return Rows(keys, origins, depths, decoding, is_fresh, tuple(self._decodings))


def keys_of(ids: Sequence[str], key: int) -> Keys:
    """Return the keyed hash of each id, shape (ids,)."""
    digest = xxhash.xxh3_64_intdigest
    return np.fromiter((digest(name.encode(), key) for name in ids), np.uint64, len(ids))


def canonical(settings: str) -> str:
    """Return sampling settings as JSON with sorted keys where they are JSON, else as they are written."""
    try:
        return msgspec.json.encode(msgspec.json.decode(settings), order="sorted").decode()
    except ValueError:
        return settings
