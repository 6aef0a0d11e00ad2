"""The reservoir: made once, added to by any number of processes, frozen under names, and verified."""

import os
import shutil
import uuid
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from longtail.errors import ReadError, UnknownName, UsageError
from longtail.ledger.reservoir.adding import Session
from longtail.ledger.reservoir.admission import Admission, day
from longtail.ledger.reservoir.checking import verified
from longtail.ledger.reservoir.known import Known, ids_in, read_index
from longtail.ledger.reservoir.places import (
    ADDITIONS,
    DOCUMENTS,
    FROZEN,
    INDEX,
    SETTINGS,
    SNAPSHOT,
    checked_name,
    decoded,
    pin,
    put,
    stored,
)
from longtail.ledger.reservoir.records import CUTOFF, Added, Frozen, Settings, Verified
from longtail.ledger.reservoir.rows import rows_of
from longtail.ledger.tagging.sinks import writing
from longtail.readers.files import guarded
from longtail.readers.parquet import rows_at_once
from longtail.records import OnProgress, Progress


class Reservoir:
    """Verified human documents in a directory: added, never changed.

    Args:
        root: The directory.
        settings: What it was made with.
    """

    def __init__(self, root: Path, settings: Settings) -> None:
        """Take what `create` or `open` found."""
        self.root = root
        self.settings = settings

    @classmethod
    def create(cls, path: str | os.PathLike[str], cutoff: str = CUTOFF) -> Self:
        """Make a reservoir in a directory that is empty or not there yet.

        Args:
            path: The directory.
            cutoff: Day, ISO 8601: documents dated on it or later need evidence.

        Raises:
            ConfigError: The cut-off is no day.
            UsageError: The directory holds something, or cannot be written.
        """
        root = Path(path)
        settings = Settings(cutoff=day(cutoff, "cutoff").isoformat(), created_at=_now())
        if (root / SETTINGS).exists():
            raise UsageError(f"{str(path)!r} is a reservoir already; add to it with longtail reservoir add")
        if root.exists() and (not root.is_dir() or any(root.iterdir())):
            raise UsageError(f"{str(path)!r} is not an empty folder; name another for the reservoir")
        with writing(str(path)):
            for folder in (DOCUMENTS, ADDITIONS, INDEX, FROZEN):
                (root / folder).mkdir(parents=True, exist_ok=True)
            put(root / SETTINGS, msgspec.json.format(msgspec.json.encode(settings), indent=1), root / f".{uuid.uuid4().hex}.draft")
        return cls(root, settings)

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> Self:
        """Open a reservoir; nothing is written.

        Raises:
            ReadError: There is none, or a later version wrote it.
        """
        root = Path(path)
        if not (root / SETTINGS).is_file():
            raise ReadError(str(path), "is no reservoir", fix=f"make one with longtail reservoir init {path}")
        return cls(root, decoded(root / SETTINGS, Settings))

    def add(
        self,
        data: Sequence[str],
        *,
        text_column: str | None = None,
        published_by: str | None = None,
        on_progress: OnProgress | None = None,
    ) -> Added:
        """Add the human documents of data sets, all that are let in or, after an error, none.

        Args:
            data: Files, globs and folders of JSON Lines, CSV, Parquet or Arrow with provenance columns.
            text_column: The content column, where it is none of those recognised.
            published_by: Day by which undated documents were published, by the word of whoever adds them.
            on_progress: Called after every batch.

        Raises:
            ReadError: Data or reservoir cannot be read to the end.
            UsageError: The reservoir cannot be written, or a format has no room for provenance.
        """
        by = None if published_by is None else day(published_by, "published_by")
        admission = Admission(day(self.settings.cutoff, "cutoff"), self._known(), text_column, by)
        session = Session(self.root, admission)
        with writing(str(self.root)), session.open():
            for rows in rows_of(data, text_column, admission.refused):
                session.add(rows)
                if on_progress is not None:
                    on_progress(Progress(stage="adding", done=session.rows))
            made = session.commit(published_by)
        return Added(
            path=str(self.root),
            documents=session.rows,
            duplicates=admission.counts["duplicates"],
            refused=admission.refused.turned,
            aside=admission.aside.turned,
            files=tuple(file.file for file in made.files) if made else (),
            total=self.count(),
            cutoff=self.settings.cutoff,
        )

    def _known(self) -> Known:
        return Known([ids_in(read_index(self.root / INDEX / f"{file.index}.index")) for file, _ in stored(self.root).values()])

    def count(self) -> int:
        """Return how many documents are stored."""
        return sum(file.rows for file, _ in stored(self.root).values())

    def freeze(self, name: str | None = None) -> tuple[str, Frozen]:
        """Make a snapshot of what the reservoir holds now; return its name and what it says.

        Args:
            name: What to call it; by default the first twelve digits of its hash. Freezing the same documents under the
                same name again changes nothing.

        Raises:
            UsageError: The reservoir is empty, the name cannot be, or means other documents.
        """
        files = stored(self.root)
        if not files:
            raise UsageError(f"{str(self.root)!r} holds no documents to freeze; add some with longtail reservoir add")
        held = tuple(file for file, _ in files.values())
        documents = sum(file.rows for file in held)
        made = Frozen(
            sha256=pin(file.sha256 for file in held), documents=documents, cutoff=self.settings.cutoff, files=held, created_at=_now()
        )
        chosen = checked_name(name) if name else made.sha256[:12]
        place = self.root / FROZEN / chosen
        with writing(str(place)):
            if not place.exists() and self._published(place, made, [path for _, path in files.values()]):
                return chosen, made
        before = self.snapshot(chosen)
        if before.sha256 != made.sha256:
            raise UsageError(
                f"snapshot {chosen!r} was frozen with {before.documents:,} documents (sha256 {before.sha256}); choose another name"
            )
        return chosen, before

    def _published(self, place: Path, made: Frozen, paths: list[Path]) -> bool:
        """Write a snapshot in one step; tell whether its name was free until then."""
        draft = place.with_name(f".{uuid.uuid4().hex}.draft")
        try:
            draft.mkdir()
            for file, path in zip(made.files, paths, strict=True):
                _linked(path, draft / file.file)
            put(draft / SNAPSHOT, msgspec.json.format(msgspec.json.encode(made), indent=1), draft / f".{SNAPSHOT}")
            os.rename(draft, place)
        except OSError:
            if place.is_dir():
                return False
            raise
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        return True

    def snapshots(self) -> tuple[str, ...]:
        """Return the names of the snapshots, sorted."""
        return tuple(sorted(path.parent.name for path in (self.root / FROZEN).glob(f"[!.]*/{SNAPSHOT}")))

    def snapshot(self, name: str, sha256: str | None = None) -> Frozen:
        """Return what a snapshot holds.

        Args:
            name: What it is called.
            sha256: What it is pinned to.

        Raises:
            UnknownName: There is none of that name.
            ReadError: It is damaged, or not the one it is pinned to.
        """
        path = self.root / FROZEN / checked_name(name) / SNAPSHOT
        if not path.exists():
            raise UnknownName("snapshot", name, self.snapshots())
        found = decoded(path, Frozen)
        if (now := pin(file.sha256 for file in found.files)) != found.sha256 or sha256 not in (None, now):
            raise ReadError(
                str(path), f"has the sha256 {now}, and {sha256 or found.sha256} was expected", fix="restore the snapshot from a copy"
            )
        return found

    def paths(self, snapshot: str | None = None) -> list[str]:
        """Return the Parquet files that hold the documents, sorted by name; all of them, or those of a snapshot.

        Raises:
            UnknownName: No such snapshot.
            ReadError: A snapshot names a file that is no part of the reservoir.
        """
        files = stored(self.root)
        if snapshot is None:
            return [str(path) for _, path in files.values()]
        wanted = [file.file for file in self.snapshot(snapshot).files]
        for name in wanted:
            if name not in files:
                raise ReadError(name, f"is in snapshot {snapshot!r} and no longer in the reservoir", fix="restore its addition from a copy")
        return [str(files[name][1]) for name in wanted]

    def documents(self, snapshot: str | None = None) -> Iterator[pa.RecordBatch]:
        """Yield the documents with all their columns; files of different columns have batches of different columns.

        Raises:
            UnknownName: No such snapshot.
            ReadError: A file cannot be read to its end.
        """
        for path in self.paths(snapshot):
            with guarded(path), pq.ParquetFile(path) as file:
                yield from file.iter_batches(rows_at_once(file.metadata, file.schema_arrow.names), use_threads=False)

    def verify(self, snapshot: str | None = None, sha256: str | None = None) -> Verified:
        """Hash every file and compute every id again.

        Args:
            snapshot: Only the documents of this one.
            sha256: What the snapshot is pinned to.

        Raises:
            UnknownName: No such snapshot.
            ReadError: The snapshot is not the one it is pinned to.
        """
        frozen = None if snapshot is None else self.snapshot(snapshot, sha256)
        return verified(self.root, snapshot, frozen)


def _linked(path: Path, name: Path) -> None:
    """Give a file a second name: a hard link where the file system has them, else a relative one."""
    try:
        os.link(path, name)
    except OSError:
        name.symlink_to(Path("..") / ".." / DOCUMENTS / path.name)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
