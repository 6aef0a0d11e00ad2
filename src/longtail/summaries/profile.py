"""A profile: everything an audit needs to know of one data set, built in one pass, mergeable, saved as `.ltp`."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Self

import pyarrow as pa

from longtail.errors import ConfigError, IncompatibleSummaries
from longtail.readers import Reading
from longtail.records import InputRecord, Quarantined, Role
from longtail.summaries.bands import Bands
from longtail.summaries.capacities import capacity, memory_rows, most_types
from longtail.summaries.composition import Composition
from longtail.summaries.counting import Columns, counts_of, valid_of, versions_of
from longtail.summaries.decodings import Decodings
from longtail.summaries.frame import Frame
from longtail.summaries.frequencies import Frequencies
from longtail.summaries.labels import Labels
from longtail.summaries.moments import Moments
from longtail.summaries.runs import distinct
from longtail.summaries.sample import DocumentSample
from longtail.summaries.summary import Summary
from longtail.summaries.values import ValueSample
from longtail.summaries.vectors import VectorSample
from longtail.views.batch import texts_in
from longtail.views.keys import cells_of, half_of
from longtail.views.names import DOCUMENTS, FORMATS, LABELS, LENGTHS, PROMPTS, VALIDITY, View, is_content, principal, views_of
from longtail.views.validity import Validity

WORD_VIEWS = {f"words_{order}": order for order in (1, 2, 3, 4)}
DEFAULT_VIEWS = ("formats", "near_duplicates", "words_1", "words_2", "words_3")
NEAR = "near_duplicates"
QUARANTINE_KEPT = 1000

_SHOWN = 3


class Profile:
    """Summaries of one data set.

    Args:
        views: Names of the views, see `longtail.views.names`.
        seed: Seed of all hashes; profiles of different seeds cannot be compared.
        exact: Keep exact counts for all views; by default words_1 and bins and regions are exact and the others are
            carried by a sample of types once there are more.
        types: How many types such a sample keeps, by smallest hash; None for `capacities.SAMPLED_TYPES`. A number of types read from it
            has a relative standard error of one over its root.
        by: Columns whose values are slices, such as classes, topics or languages.
        frame: Bins and codebooks that a reference fixed, for views of numbers and vectors.
        validity: What counts as valid; other documents are counted in "validity" and left out of all else.

    Attributes:
        frequencies: Counts by view; "documents" counts whole documents, "prompts" their prompts, "lengths" those of texts,
            "labels:NAME" the values of the column NAME; documents without a prompt or a value are not in that view.
        labels: Written names of the types of "labels:NAME" and of "category:NAME", by view.
        values: A sample of the numbers of each column that is a view.
        vectors: A sample of the vectors of each column that is a view.
        moments: Their first and second moments.
        bands: What near duplicates are found by, where that was asked for.
        sample: A sample of documents.
        composition: Documents by origin, and by what else they state of where they came from.
        decodings: Documents by stated sampling settings.
    """

    def __init__(
        self,
        views: Sequence[str] = DEFAULT_VIEWS,
        seed: int = 0,
        *,
        exact: bool = False,
        by: Sequence[str] = (),
        frame: Frame | None = None,
        validity: Validity | None = None,
        types: int | None = None,
    ) -> None:
        most = most_types(types, exact=exact)
        self.seed = seed
        self.frame, self._validity = frame or Frame(), validity
        wanted = views_of(views)
        if not wanted and not by:
            raise ConfigError("no view asked for; name one with --view, such as words_1, or a column of classes with --by")
        self.frame.require(wanted)
        rows = memory_rows(exact=exact)
        self.frequencies: dict[str, Frequencies] = {
            name: Frequencies(name, version, seed, capacity(name, most), rows)
            for name, version in versions_of(wanted, sorted(set(by)), self.frame, validity).items()
        }
        self.labels = {name: Labels(name, seed) for name in self.frequencies if name.startswith((LABELS, "category:"))}
        columns = _columns_of(wanted)
        self.values = {column: ValueSample(column, seed) for column in columns["number"]}
        self.vectors = {column: VectorSample(column, self.frame.codebooks[column].width, seed) for column in columns["regions"]}
        self.moments = {column: Moments(column, self.frame.standards[column], seed) for column in columns["regions"]}
        self.bands = {view.name: Bands(seed) for view in wanted if view.kind == NEAR}
        self.sample = DocumentSample(seed)
        self.composition = Composition()
        self.decodings = Decodings()
        self.parts: list[dict[str, Any]] = []
        self.quarantined = 0
        self.quarantine: tuple[Quarantined, ...] = ()
        self.content = ""

    def _groups(self) -> tuple[tuple[str, Mapping[str, Any], Any], ...]:
        """Return the summaries that there are several of: what they are called, by what they are of, and their class."""
        return (
            ("frequencies", self.frequencies, Frequencies),
            ("labels", self.labels, Labels),
            ("values", self.values, ValueSample),
            ("vectors", self.vectors, VectorSample),
            ("moments", self.moments, Moments),
            ("bands", self.bands, Bands),
        )

    def _each(self) -> Iterator[tuple[str, Summary]]:
        """Yield all summaries with a name of their own, in order."""
        for group, members, _ in self._groups():
            for name, member in sorted(members.items()):
                yield f"{group} {name}", member
        yield from (("sample", self.sample), ("composition", self.composition), ("decodings", self.decodings))

    def summaries(self) -> tuple[Summary, ...]:
        """Return all that batches are taken into."""
        return tuple(summary for _, summary in self._each())

    @property
    def key(self) -> tuple[object, ...]:
        """The keys of all parts: what must be equal to merge or compare."""
        return (self.frame.hash, *((name, summary.key) for name, summary in self._each()))

    def require_alike(self, other: "Profile") -> None:
        """Refuse a profile made with other settings.

        Raises:
            IncompatibleSummaries: Seed, views, versions, exactness, slices or frames differ.
        """
        if self.key != other.key:
            raise IncompatibleSummaries("profiles", self._named(), other._named(), fix=self._mend(other))

    def _mend(self, other: "Profile") -> str:
        if self.frame.hash != other.frame.hash:
            return "profile the others in the bins and regions of the reference: longtail profile DATA --like REFERENCE.ltp -o P.ltp"
        return "profile both again with the same options"

    def _named(self) -> dict[str, object]:
        counts = self.frequencies.values()
        sampled = {found.capacity for found in counts if found.capacity and not found.view.startswith(LABELS)}
        return {
            "seed": self.seed,
            "views": ", ".join(self.views),
            "slices (--by)": ", ".join(self.by) or "none",
            "versions": ", ".join(sorted({frequencies.version for frequencies in counts if not frequencies.view.startswith(LABELS)})),
            "exact": all(self.frequencies[name].capacity is None for name in self.views if name in self.frequencies),
            "types kept": ", ".join(f"{types:,}" for types in sorted(sampled)) or "all",
            "sample size": self.sample.size,
            "bins and regions": self.frame.hash or "none",
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
        """Return the names of the views that were asked for, in order."""
        return tuple(sorted([*filter(is_content, self.frequencies), *self.bands]))

    @property
    def counted(self) -> tuple[str, ...]:
        """Return the names of the views of what documents hold whose types have a tail, in order."""
        return tuple(name for name in self.views if name in self.frequencies and name != FORMATS)

    @property
    def principal(self) -> str | None:
        """Return the view that speaks for the data set where one must; None where only slices were counted."""
        return principal(self.counted)

    @property
    def by(self) -> tuple[str, ...]:
        """Return the names of the columns whose values are slices, in order."""
        return tuple(name.removeprefix(LABELS) for name in self.labels if name.startswith(LABELS))

    @property
    def is_text(self) -> bool:
        """Whether the texts of documents were counted."""
        return LENGTHS in self.frequencies

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
        frequencies = self.frequencies[view]
        if half is None:
            return len(frequencies.types())
        keys = frequencies.run().keys
        return len(distinct(keys[half_of(cells_of(keys)) == half]))

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

        These are `prompt`, `lt_id`, the provenance columns, `by:NAME` for each column of slices, categories and numbers, and
        `vector:NAME` for each of vectors.
        """
        for _, take in self.found_in(self.valid_in(batch)):
            take()

    def valid_in(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Return the documents of a batch that are valid, by a rule that may be a user's, and count how many are; all where none is set."""
        if self._validity is None:
            return batch
        valid, judged = valid_of(batch, self._validity, self.seed)
        self.frequencies[VALIDITY].add(judged)
        return valid

    def found_in(self, batch: pa.RecordBatch) -> Iterator[tuple[object, Callable[[], None]]]:
        """Yield summaries, each with what takes in what was found for it in a batch of valid documents; call that before the next.

        Finding changes nothing, so that threads may do so side by side; of those that take, no two may do so in one summary.
        """
        texts, columns = texts_in(batch, self.seed), Columns(batch)
        for name, types in counts_of(texts, columns, self.frequencies, self.frame, self.seed):
            yield self.frequencies[name], partial(self.frequencies[name].add, types)
        for name, labels in self.labels.items():
            yield labels, partial(labels.add, columns.marks(name.partition(":")[2]))
        for column, values in self.values.items():
            yield values, partial(values.add, columns.numbers(column, texts))
        for column, vectors in self.vectors.items():
            rows = columns.vectors(column, vectors.width)
            yield vectors, partial(vectors.add, rows, texts)
            yield self.moments[column], partial(self.moments[column].add, rows, texts)
        for bands in self.bands.values():
            yield bands, partial(bands.take, bands.signed(texts))
        yield self.sample, partial(self.sample.add, texts)
        yield self.composition, partial(self.composition.add, batch)
        yield self.decodings, partial(self.decodings.add, batch)

    def settle(self) -> None:
        """Count what is still in buffers, so that nothing is left to do when the profile is first used."""
        for frequencies in self.frequencies.values():
            frequencies.settle()

    def merge(self, other: Self) -> None:
        """Take in the profile of another part of the same data set.

        Raises:
            IncompatibleSummaries: Views, seeds, versions, capacities or frames differ.
        """
        self.require_alike(other)
        for (_, ours), (_, theirs) in zip(self._each(), other._each(), strict=True):
            ours.merge(theirs)
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
        """Return the state without its counts, as plain values and numpy arrays."""
        several = {
            group: {name: member.to_dict() for name, member in sorted(members.items())}
            for group, members, _ in self._groups()
            if group != "frequencies"
        }
        return several | {
            "seed": self.seed,
            "frame": self.frame.to_dict(),
            "sample": self.sample.to_dict(),
            "composition": self.composition.to_dict(),
            "decodings": self.decodings.to_dict(),
            "parts": self.parts,
            "quarantined": self.quarantined,
            "quarantine": [[q.path, q.line, q.reason] for q in self.quarantine],
            "content": self.content,
        }

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> Self:
        """Return the profile whose `to_dict` gave `state`."""
        profile = cls(seed=state["seed"])
        profile.frame = Frame.from_dict(state["frame"])
        for group, _, kind in profile._groups():
            setattr(profile, group, {name: kind.from_dict(part) for name, part in sorted(state[group].items())})
        profile.sample = DocumentSample.from_dict(state["sample"])
        profile.composition = Composition.from_dict(state["composition"])
        profile.decodings = Decodings.from_dict(state["decodings"])
        profile.parts = list(state["parts"])
        profile.quarantined = state["quarantined"]
        profile.quarantine = tuple(Quarantined(path=path, line=line, reason=reason) for path, line, reason in state["quarantine"])
        profile.content = state["content"]
        return profile


def _columns_of(views: Sequence[View]) -> dict[str, list[str]]:
    """Return the columns of the views that keep a sample beside their counts, by kind."""
    return {kind: [view.column for view in views if view.kind == kind] for kind in ("number", "regions")}


def _digest(digests: list[str]) -> str:
    return digests[0] if len(digests) == 1 else hashlib.sha256("".join(sorted(digests)).encode()).hexdigest()


def _part_order(part: dict[str, Any]) -> tuple[str, str]:
    return part["path"], part["sha256"] or ""


def _quarantine_order(entry: Quarantined) -> tuple[str, int, str]:
    return entry.path, entry.line or 0, entry.reason


def _joined(*phrases: str) -> str:
    return "; ".join(sorted({piece for phrase in phrases for piece in phrase.split("; ") if piece}))
