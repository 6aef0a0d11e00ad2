"""The data sets of an audit: profiles as they are, profile files, or data to be profiled."""

import hashlib
import os
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from longtail.auditing.options import Options
from longtail.errors import UsageError
from longtail.readers.scores import Scores, read_scores, scores_of
from longtail.records import InputRecord, OnProgress, Role
from longtail.summaries.files import SUFFIX, load
from longtail.summaries.profile import Profile
from longtail.summaries.profiling import counted, is_stdin, merge, settled
from longtail.summaries.reference import Reference
from longtail.views.names import DOCUMENTS


@dataclass(frozen=True)
class Sources:
    """What an audit is asked to read; each is data, profiles, or None.

    Attributes:
        data: The candidate.
        reference, baseline, against, control, trained_on: The data sets that it is compared with.
        scores, baseline_scores: Log-probabilities of human text under the candidate's model and under the baseline's.
        features: What makes vectors of the documents of all of them, where it was handed in as a function.
        benchmark: Items of a benchmark, to be held against the tail of the reference.
        workers: Threads that count the documents of each.
    """

    data: Any
    reference: Any = None
    baseline: Any = None
    against: Any = None
    control: Any = None
    trained_on: Any = None
    scores: Any = None
    baseline_scores: Any = None
    features: Any = None
    benchmark: Any = None
    workers: int = 1

    def first(self) -> Any:
        """Return the data set that fixes bins, cells and columns for all: the reference, else what is compared with, else the data."""
        return next((each for each in (self.reference, self.baseline, self.control) if each is not None), self.data)


@dataclass(frozen=True)
class Inputs:
    """Profiles by role."""

    candidate: Profile
    reference: Reference | None
    baseline: Profile | None
    trained_on: Profile | None
    against: Profile | None = None
    control: Profile | None = None
    scores: Scores | None = None
    baseline_scores: Scores | None = None
    benchmark: Profile | None = None

    def records(self) -> tuple[InputRecord, ...]:
        """Return the report's `inputs`."""
        roles: list[tuple[Role, Profile | None]] = [
            ("candidate", self.candidate),
            ("reference", self.reference.profile if self.reference else None),
            ("baseline", self.baseline),
            ("against", self.against),
            ("control", self.control),
            ("trained_on", self.trained_on),
            ("benchmark", self.benchmark),
        ]
        return tuple(found.as_input(role) for role, found in roles if found is not None)

    def alone(self) -> "Inputs":
        """Return the candidate without what it was to be compared with."""
        return Inputs(self.candidate, None, None, None, scores=self.scores)

    def require_alike(self) -> None:
        """Refuse data sets that cannot be compared.

        Raises:
            IncompatibleSummaries: Tokenizer, seed, split or views differ; or, between outputs of models, prompts or decoding.
        """
        reference = self.reference.profile if self.reference else None
        for other in (reference, self.baseline, self.against, self.control, self.trained_on, self.benchmark):
            if other is not None:
                self.candidate.require_alike(other)
        for other in (self.baseline, self.against, self.control):
            if other is not None:
                self.candidate.require_like_samples(other)

    def key(self, options: Options) -> str:
        """Return the hash of candidate, what it is compared with and configuration: equal keys are the same audit."""
        parts = [options.hash]
        reference = self.reference.profile if self.reference else None
        for found in (self.candidate, reference, self.baseline, self.control):
            parts.append(_content(found) if found is not None else "none")
        parts += [_scored(scores) if scores is not None else "none" for scores in (self.scores, self.baseline_scores)]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def gather(sources: Sources, options: Options, on_progress: OnProgress | None) -> Inputs:
    """Return the profiles of all data sets of an audit.

    Raises:
        UsageError: Profiles and data are mixed in one data set.
        IncompatibleSummaries: The profiles were made with unlike settings, or the samples cannot be compared.
    """
    others = (sources.reference, sources.baseline, sources.against, sources.control, sources.trained_on, sources.benchmark)
    profiler = Profiler(options, sources.features, on_progress, sources.workers)
    profiler.begin(sources.first())
    candidate, *found = [None if given is None else profiler.of(given) for given in (sources.data, *others)]
    assert candidate is not None
    reference, baseline, against, control, trained_on, benchmark = found
    scores, before = (None if given is None else as_scores(given) for given in (sources.scores, sources.baseline_scores))
    held_out = Reference(reference) if reference else None
    inputs = Inputs(candidate, held_out, baseline, trained_on, against, control, scores, before, benchmark)
    inputs.require_alike()
    return inputs


class Profiler:
    """Profiles the data sets of an audit alike, each once; the first one fixes bins and regions.

    Args:
        options: Settings of the audit, their views settled.
        features: What makes vectors, where it was handed in as a function.
        on_progress: Called as documents are read.
        workers: Threads that count documents.
    """

    def __init__(self, options: Options, features: Any = None, on_progress: OnProgress | None = None, workers: int = 1) -> None:
        self._counting, self._on_progress = options.counting(features, workers), on_progress
        self._first: Profile | None = None
        self._made: dict[int, tuple[Any, Profile]] = {}

    def begin(self, data: Any) -> None:
        """Profile the data set whose bins and regions all others are counted in."""
        self._first = self.of(data)

    def of(self, data: Any) -> Profile:
        """Return the profile of a data set."""
        if id(data) not in self._made:
            like = None if self._first is None else self._first.frame
            self._made[id(data)] = data, stored(data) or counted(data, self._counting, like, self._on_progress)
        return self._made[id(data)][1]


def settle(sources: Sources, options: Options, *, is_asked: bool) -> Options:
    """Return the options with the views named that the data decide on.

    Args:
        sources: What the audit is asked to read.
        options: Settings of the audit.
        is_asked: Whether views were asked for.
    """
    first = sources.first()
    kept = stored(first)
    if kept is not None:
        return replace(options, views=kept.views, by=options.by or kept.by)
    if is_stdin(first):
        return options
    found = settled(first, options.counting(sources.features), is_asked=is_asked)
    return replace(options, views=found.views, by=found.by)


def as_profile(data: Any, options: Options, on_progress: OnProgress | None = None, workers: int = 1) -> Profile:
    """Return the profile of data, counted by so many threads, of a profile file, or of several of them together."""
    return stored(data) or counted(data, options.counting(workers=workers), None, on_progress)


def stored(data: Any) -> Profile | None:
    """Return the profile that data are, or that their files hold together; None where they are data to be profiled.

    Raises:
        UsageError: Profiles and data are mixed in one data set.
    """
    if isinstance(data, Profile):
        return data
    if isinstance(data, Reference):
        return data.profile
    named = [data] if isinstance(data, str | os.PathLike) else list(data) if isinstance(data, list | tuple) else []
    files = [name for name in named if isinstance(name, str | os.PathLike) and os.fspath(name).endswith(SUFFIX)]
    if files:
        if len(files) < len(named):
            raise UsageError(
                f"profiles and data are mixed in one data set ({files[0]}, …); profile the data first: longtail profile DATA -o P.ltp"
            )
        return merge(load(name) for name in dict.fromkeys(map(os.path.realpath, files)))
    return None


def as_scores(given: Any) -> Scores:
    """Return scores that were read, or those of a file or of arrays by column."""
    if isinstance(given, Scores):
        return given
    return read_scores(given) if isinstance(given, str | os.PathLike) else scores_of(given)


def _content(found: Profile) -> str:
    """Return a hash of a profile's documents, however they were named, ordered or cut into parts."""
    run = found.frequencies[DOCUMENTS].run()
    return hashlib.sha256(run.keys.tobytes() + run.tokens.tobytes()).hexdigest()


def _scored(scores: Scores) -> str:
    """Return a hash of all that scores say of documents, each column under its name."""
    columns = {name: getattr(scores, name) for name in ("ids", "nll", "tokens", "correct", "tail", "entropy", "top1")}
    splits = {f"{name} {at}": values for name in ("train", "own") for at, values in enumerate(getattr(scores, name) or ())}
    parts = [f"{name} {hashlib.sha256(values.tobytes()).hexdigest()}" for name, values in (columns | splits).items() if values is not None]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
