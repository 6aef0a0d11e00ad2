"""A profile: everything an audit needs to know of one data set, built in one pass, mergeable, saved as `.ltp`."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from longtail.errors import ConfigError, IncompatibleSummaries, UnknownName
from longtail.readers import BY, Reading, read
from longtail.records import InputRecord, OnProgress, Progress, Quarantined, Role
from longtail.summaries.composition import Composition
from longtail.summaries.decodings import Decodings
from longtail.summaries.frequencies import Frequencies, distinct
from longtail.summaries.labels import LABELS_KEPT, Labels
from longtail.summaries.sample import DocumentSample
from longtail.views import documents as document_view
from longtail.views import labels as label_view
from longtail.views import lengths as length_view
from longtail.views import words as word_view
from longtail.views.batch import Texts, marks_of, texts_in
from longtail.views.keys import cells_of, half_of

WORD_VIEWS = {"words_1": 1, "words_2": 2, "words_3": 3, "words_4": 4}
DOCUMENTS, PROMPTS, LENGTHS, LABELS = "documents", "prompts", "lengths", "labels:"
DEFAULT_VIEWS = ("words_1", "words_2", "words_3")
SAMPLED_TYPES = 1 << 18
QUARANTINE_KEPT = 1000

_SHOWN = 3


class Profile:
    """Summaries of one data set.

    Args:
        views: Names of the word views, any of words_1, words_2, words_3.
        seed: Seed of all hashes; profiles of different seeds cannot be compared.
        exact: Keep exact counts for all orders; by default words_1 is exact and the longer n-grams are
            carried by a sample of `SAMPLED_TYPES` types once there are more.
        by: Columns whose values are slices, such as classes, topics or languages.

    Attributes:
        frequencies: Counts by view; "documents" counts whole documents, "prompts" their prompts, "lengths" their lengths
            in buckets, "labels:NAME" the values of the column NAME; documents without a prompt or a value are not in that view.
        labels: Written names of the types of "labels:NAME", by NAME.
        sample: A sample of documents.
        composition: Documents by origin, and by what else they state of where they came from.
        decodings: Documents by stated sampling settings.
    """

    def __init__(self, views: Sequence[str] = DEFAULT_VIEWS, seed: int = 0, *, exact: bool = False, by: Sequence[str] = ()) -> None:
        self.seed = seed
        self.frequencies: dict[str, Frequencies] = {
            DOCUMENTS: Frequencies(DOCUMENTS, document_view.VERSION, seed),
            PROMPTS: Frequencies(PROMPTS, document_view.PROMPTS_VERSION, seed),
            LENGTHS: Frequencies(LENGTHS, length_view.VERSION, seed),
        }
        self.labels: dict[str, Labels] = {}
        for name in sorted(set(by)):
            self.frequencies[LABELS + name] = Frequencies(LABELS + name, label_view.VERSION, seed, LABELS_KEPT)
            self.labels[name] = Labels(LABELS + name, seed)
        for name in sorted(views):
            if name not in WORD_VIEWS:
                raise UnknownName("view", name, WORD_VIEWS)
            capacity = None if exact or WORD_VIEWS[name] == 1 else SAMPLED_TYPES
            self.frequencies[name] = Frequencies(name, word_view.VERSION, seed, capacity)
        if not views:
            raise ConfigError(f"no view asked for; choose among {', '.join(WORD_VIEWS)}")
        self.sample = DocumentSample(seed)
        self.composition = Composition()
        self.decodings = Decodings()
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
            IncompatibleSummaries: Seed, views, versions, exactness or slices differ.
        """
        if self.key != other.key:
            raise IncompatibleSummaries("profiles", self._named(), other._named())

    def _named(self) -> dict[str, object]:
        counts = self.frequencies.values()
        return {
            "seed": self.seed,
            "views": ", ".join(self.views),
            "slices (--by)": ", ".join(self.by) or "none",
            "versions": ", ".join(sorted({frequencies.version for frequencies in counts if not frequencies.view.startswith(LABELS)})),
            "exact": all(self.frequencies[name].capacity is None for name in self.views),
            "sample size": self.sample.size,
        }

    def require_like_samples(self, other: "Profile") -> None:
        """Refuse another output of a model lineage that answers other prompts or was sampled otherwise.

        Only what both state is compared.

        Raises:
            IncompatibleSummaries: Their sets of prompts, or their sets of sampling settings, differ.
        """
        left, right = self._stated(other), other._stated(self)
        both = left.keys() & right.keys()
        if any(left[name] != right[name] for name in both):
            stated = ({name: side[name] for name in sorted(both)} for side in (left, right))
            raise IncompatibleSummaries("outputs of one lineage", *stated, fix="compare outputs to the same prompts, sampled alike")

    def _stated(self, other: "Profile") -> dict[str, str]:
        """Return what is stated of the prompts and of the sampling, in words that differ from the other's where the sets do."""
        told = {}
        if prompts := self.distinct(view=PROMPTS):
            types = distinct(self.frequencies[PROMPTS].run().keys).astype("<u8")
            told["prompt set"] = f"{prompts:,} prompts, fingerprint {hashlib.blake2b(types.tobytes(), digest_size=4).hexdigest()}"
        if settings := self.decodings.stated():
            elsewhere = set(other.decodings.stated())
            ordered = sorted(settings, key=lambda setting: (setting in elsewhere, setting))
            more = f" or {len(ordered) - _SHOWN} more" if len(ordered) > _SHOWN else ""
            told["decoding"] = " or ".join(ordered[:_SHOWN]) + more
        return told

    @property
    def views(self) -> tuple[str, ...]:
        """Return the names of the word views, in order."""
        return tuple(name for name in sorted(self.frequencies) if name in WORD_VIEWS)

    @property
    def by(self) -> tuple[str, ...]:
        """Return the names of the columns whose values are slices, in order."""
        return tuple(self.labels)

    @property
    def documents(self) -> int:
        """Return the number of documents."""
        return int(self.frequencies[DOCUMENTS].documents.sum())

    @property
    def prompted(self) -> bool:
        """Whether every document answers a prompt that is stated."""
        return 0 < self.documents == int(self.frequencies[PROMPTS].tokens.sum())

    def distinct(self, half: int | None = None, view: str = DOCUMENTS) -> int:
        """Return the number of distinct types of a view, of one half of the split or of both; of documents by default."""
        keys = self.frequencies[view].run().keys
        return len(distinct(keys if half is None else keys[half_of(cells_of(keys)) == half]))

    @property
    def words(self) -> int:
        """Return the number of words, or 0 where words_1 was not asked for."""
        return int(self.frequencies["words_1"].tokens.sum()) if "words_1" in self.frequencies else 0

    @property
    def spilled_bytes(self) -> int:
        """Return the bytes written to temporary files so far."""
        return sum(frequencies.spilled_bytes for frequencies in self.frequencies.values())

    def add(self, batch: pa.RecordBatch) -> None:
        """Take in one batch of documents: column `text`, and whatever else a reader gives where it exists.

        These are `prompt`, `lt_id`, the provenance columns and `by:NAME` for each NAME in `by`.
        """
        texts = texts_in(batch, self.seed)
        self.frequencies[DOCUMENTS].add(document_view.documents(texts, self.seed))
        self.frequencies[PROMPTS].add(document_view.prompts(texts, self.seed))
        self.frequencies[LENGTHS].add(length_view.lengths(texts, self._add_words(texts)))
        for name in self.by:
            marks = marks_of(batch.column(BY + name))
            self.frequencies[LABELS + name].add(label_view.labels(marks, texts, self.seed))
            self.labels[name].add(marks)
        self.sample.add(texts)
        self.composition.add(batch)
        self.decodings.add(batch)

    def _add_words(self, texts: Texts) -> npt.NDArray[np.int64]:
        """Count the words of a batch in all word views; return how many words each document has, shape (documents,)."""
        thetas = {WORD_VIEWS[name]: self.frequencies[name].running_theta for name in self.views}
        orders = sorted({1, *thetas})
        batches = word_view.words(texts, orders, [thetas.get(order, 0) for order in orders], self.seed)
        for name in self.views:
            self.frequencies[name].add(batches[orders.index(WORD_VIEWS[name])])
        return batches[0].lengths

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
        self.composition.merge(other.composition)
        self.decodings.merge(other.decodings)
        for name, labels in self.labels.items():
            labels.merge(other.labels[name])
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
            "composition": self.composition.to_dict(),
            "decodings": self.decodings.to_dict(),
            "labels": {name: labels.to_dict() for name, labels in self.labels.items()},
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
        profile.composition = Composition.from_dict(state["composition"])
        profile.decodings = Decodings.from_dict(state["decodings"])
        profile.labels = {name: Labels.from_dict(part) for name, part in sorted(state["labels"].items())}
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
    by: Sequence[str] = (),
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
        by: Columns whose values are slices, as names or dotted paths.
        on_progress: Called after every batch.

    Raises:
        ReadError: The data cannot be read, or no document has a column of `by`.
        UnknownName: A view that does not exist.
    """
    reading = read(data, text_column=text_column, table=table, by=by)
    made = Profile(views, seed, exact=exact, by=by)
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
