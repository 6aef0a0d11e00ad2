"""A profile: everything an audit needs to know of one data set, built in one pass, mergeable, saved as `.ltp`."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any, Self

import pyarrow as pa

from longtail.errors import ConfigError, IncompatibleSummaries, UnknownName
from longtail.readers import Reading, read
from longtail.records import InputRecord, OnProgress, Progress, Quarantined, Role
from longtail.summaries.frequencies import Frequencies
from longtail.summaries.origins import Origins
from longtail.summaries.sample import DocumentSample
from longtail.views import documents as document_view
from longtail.views import words as word_view
from longtail.views.batch import texts_of
from longtail.views.keys import cells_of, half_of

WORD_VIEWS = {"words_1": 1, "words_2": 2, "words_3": 3}
DOCUMENTS = "documents"
DEFAULT_VIEWS = tuple(WORD_VIEWS)
SAMPLED_TYPES = 1 << 18
QUARANTINE_KEPT = 1000


class Profile:
    """Summaries of one data set.

    Args:
        views: Names of the word views, any of words_1, words_2, words_3.
        seed: Seed of all hashes; profiles of different seeds cannot be compared.
        exact: Keep exact counts for all orders; by default words_1 is exact and the longer n-grams are
            carried by a sample of `SAMPLED_TYPES` types once there are more.

    Attributes:
        frequencies: Counts by view; "documents" counts whole documents.
        sample: A sample of documents.
        origins: Documents by stated origin.
    """

    def __init__(self, views: Sequence[str] = DEFAULT_VIEWS, seed: int = 0, *, exact: bool = False) -> None:
        self.seed = seed
        self.frequencies: dict[str, Frequencies] = {DOCUMENTS: Frequencies(DOCUMENTS, document_view.VERSION, seed)}
        for name in sorted(views):
            if name not in WORD_VIEWS:
                raise UnknownName("view", name, WORD_VIEWS)
            capacity = None if exact or WORD_VIEWS[name] == 1 else SAMPLED_TYPES
            self.frequencies[name] = Frequencies(name, word_view.VERSION, seed, capacity)
        if not views:
            raise ConfigError(f"no view asked for; choose among {', '.join(WORD_VIEWS)}")
        self.sample = DocumentSample(seed)
        self.origins = Origins()
        self.parts: list[dict[str, Any]] = []
        self.quarantined = 0
        self.quarantine: tuple[Quarantined, ...] = ()
        self.content = ""

    @property
    def key(self) -> tuple[object, ...]:
        """The keys of all parts: what must be equal to merge or compare."""
        return tuple(self.frequencies[name].key for name in sorted(self.frequencies)) + self.sample.key

    def require_alike(self, other: "Profile") -> None:
        """Refuse a profile made with other settings.

        Raises:
            IncompatibleSummaries: Seed, views, versions or exactness differ.
        """
        if self.key != other.key:
            raise IncompatibleSummaries("profiles", self._named(), other._named())

    def _named(self) -> dict[str, object]:
        counts = self.frequencies.values()
        return {
            "seed": self.seed,
            "views": ", ".join(self.views),
            "versions": ", ".join(sorted({frequencies.version for frequencies in counts})),
            "exact": all(frequencies.capacity is None for frequencies in counts),
            "sample size": self.sample.size,
        }

    @property
    def views(self) -> tuple[str, ...]:
        """Return the names of the word views, in order."""
        return tuple(name for name in sorted(self.frequencies) if name in WORD_VIEWS)

    @property
    def documents(self) -> int:
        """Return the number of documents."""
        return int(self.frequencies[DOCUMENTS].documents.sum())

    def distinct(self, half: int | None = None) -> int:
        """Return the number of distinct documents, of one half of the split or of both."""
        run = self.frequencies[DOCUMENTS].run()
        halves = half_of(cells_of(run.keys))
        return len(run) if half is None else int((halves == half).sum())

    @property
    def words(self) -> int:
        """Return the number of words, or 0 where words_1 was not asked for."""
        return int(self.frequencies["words_1"].tokens.sum()) if "words_1" in self.frequencies else 0

    @property
    def spilled_bytes(self) -> int:
        """Return the bytes written to temporary files so far."""
        return sum(frequencies.spilled_bytes for frequencies in self.frequencies.values())

    def add(self, batch: pa.RecordBatch) -> None:
        """Take in one batch of documents: column `text`, and `lt_origin` where it exists."""
        texts = texts_of(batch.column("text"), self.seed)
        names = self.views
        orders = [WORD_VIEWS[name] for name in names]
        thetas = [self.frequencies[name].running_theta for name in names]
        for name, counted in zip(names, word_view.words(texts, orders, thetas, self.seed), strict=True):
            self.frequencies[name].add(counted)
        self.frequencies[DOCUMENTS].add(document_view.documents(texts, self.seed))
        self.sample.add(texts)
        self.origins.add(batch)

    def settle(self) -> None:
        """Count what is still in buffers, so that nothing is left to do when the profile is first used."""
        for frequencies in self.frequencies.values():
            frequencies.settle()

    def merge(self, other: Self) -> None:
        """Take in the profile of another part of the same data set.

        Raises:
            IncompatibleSummaries: Views, seeds, versions or capacities differ.
        """
        self.require_alike(other)
        for name, frequencies in self.frequencies.items():
            frequencies.merge(other.frequencies[name])
        self.sample.merge(other.sample)
        self.origins.merge(other.origins)
        self.parts = sorted(self.parts + other.parts, key=_part_order)
        self.quarantined += other.quarantined
        self.quarantine = tuple(sorted(self.quarantine + other.quarantine, key=_quarantine_order)[:QUARANTINE_KEPT])
        self.content = self.content if self.content == other.content or not other.content else _joined(self.content, other.content)

    def describe(self, reading: Reading) -> None:
        """Record where the documents came from, after the pass over `reading`."""
        self.parts = [{"path": reading.path, "files": max(1, len(reading.parts)), "bytes": reading.bytes, "sha256": reading.sha256}]
        self.quarantined = reading.quarantined
        self.quarantine = tuple(reading.quarantine[:QUARANTINE_KEPT])
        self.content = reading.content

    def as_input(self, role: Role) -> InputRecord:
        """Return the line of the report's `inputs` for this data set."""
        digests = [part["sha256"] for part in self.parts]
        return InputRecord(
            role=role,
            path=", ".join(part["path"] for part in self.parts),
            parts=sum(part["files"] for part in self.parts),
            documents=self.documents,
            bytes=sum(part["bytes"] for part in self.parts),
            quarantined=self.quarantined,
            sha256=None if None in digests else _digest([str(d) for d in digests]),
            content=self.content,
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the whole state as plain values and numpy arrays."""
        counts = {name: frequencies.to_dict() for name, frequencies in sorted(self.frequencies.items())}
        return self.described() | {"frequencies": counts}

    def described(self) -> dict[str, Any]:
        """Return the state without its counts, as plain values."""
        return {
            "seed": self.seed,
            "sample": self.sample.to_dict(),
            "origins": self.origins.to_dict(),
            "parts": self.parts,
            "quarantined": self.quarantined,
            "quarantine": [[q.path, q.line, q.reason] for q in self.quarantine],
            "content": self.content,
        }

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> Self:
        """Return the profile whose `to_dict` gave `state`."""
        profile = cls(seed=state["seed"])
        profile.frequencies = {name: Frequencies.from_dict(part) for name, part in state["frequencies"].items()}
        profile.sample = DocumentSample.from_dict(state["sample"])
        profile.origins = Origins.from_dict(state["origins"])
        profile.parts = list(state["parts"])
        profile.quarantined = state["quarantined"]
        profile.quarantine = tuple(Quarantined(path=path, line=line, reason=reason) for path, line, reason in state["quarantine"])
        profile.content = state["content"]
        return profile


def profile(
    data: Any,
    *,
    views: Sequence[str] = DEFAULT_VIEWS,
    seed: int = 0,
    exact: bool = False,
    text_column: str | None = None,
    table: str | None = None,
    on_progress: OnProgress | None = None,
) -> Profile:
    """Return the profile of a data set in one streaming pass.

    Args:
        data: A path, glob, directory or "-", several of them (one data set), an Arrow table, or an iterable of str or dict.
        views: Word views to count.
        seed: Seed of all hashes.
        exact: Keep exact counts for all orders, spilled to disk where memory does not hold them.
        text_column: Column that holds the text, where it is not recognised.
        table: Table of an SQLite file.
        on_progress: Called after every batch.

    Raises:
        ReadError: The data cannot be read.
        UnknownName: A view that does not exist.
    """
    reading = read(data, text_column=text_column, table=table)
    made = Profile(views, seed, exact=exact)
    for batch in reading.batches():
        made.add(batch)
        if on_progress is not None:
            on_progress(Progress(stage=f"profile {reading.path}", done=reading.documents))
    made.settle()
    made.describe(reading)
    return made


def merge(profiles: Iterable[Profile]) -> Profile:
    """Return one profile of several parts of a data set; the parts stay as they are.

    Raises:
        ConfigError: There are none.
    """
    whole: Profile | None = None
    for part in profiles:
        if whole is None:
            whole = Profile.from_dict(part.to_dict())
        else:
            whole.merge(part)
    if whole is None:
        raise ConfigError("no profile to merge; name at least one .ltp file")
    return whole


def _digest(digests: list[str]) -> str:
    return digests[0] if len(digests) == 1 else hashlib.sha256("".join(sorted(digests)).encode()).hexdigest()


def _part_order(part: dict[str, Any]) -> tuple[str, str]:
    return part["path"], part["sha256"] or ""


def _quarantine_order(entry: Quarantined) -> tuple[str, int, str]:
    return entry.path, entry.line or 0, entry.reason


def _joined(*phrases: str) -> str:
    return "; ".join(sorted({piece for phrase in phrases for piece in phrase.split("; ") if piece}))
