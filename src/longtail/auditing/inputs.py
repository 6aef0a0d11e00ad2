"""The data sets of an audit: profiles as they are, profile files, or data to be profiled."""

import hashlib
import os
from dataclasses import dataclass
from typing import Any

from longtail.auditing.options import Options
from longtail.errors import UsageError
from longtail.readers.scores import Scores, read_scores, scores_of
from longtail.records import InputRecord, OnProgress, Role
from longtail.summaries.files import SUFFIX, load
from longtail.summaries.profile import DOCUMENTS, Profile, merge, profile
from longtail.summaries.reference import Reference


@dataclass(frozen=True)
class Sources:
    """What an audit is asked to read; each is data, profiles, or None.

    Attributes:
        data: The candidate.
        reference, baseline, against, control, trained_on: The data sets that it is compared with.
        scores, baseline_scores: Log-probabilities of human text under the candidate's model and under the baseline's.
    """

    data: Any
    reference: Any = None
    baseline: Any = None
    against: Any = None
    control: Any = None
    trained_on: Any = None
    scores: Any = None
    baseline_scores: Any = None


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

    def records(self) -> tuple[InputRecord, ...]:
        """Return the report's `inputs`."""
        roles: list[tuple[Role, Profile | None]] = [
            ("candidate", self.candidate),
            ("reference", self.reference.profile if self.reference else None),
            ("baseline", self.baseline),
            ("against", self.against),
            ("control", self.control),
            ("trained_on", self.trained_on),
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
        for other in (reference, self.baseline, self.against, self.control, self.trained_on):
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
    others = (sources.reference, sources.baseline, sources.against, sources.control, sources.trained_on)
    candidate, *found = [None if given is None else as_profile(given, options, on_progress) for given in (sources.data, *others)]
    assert candidate is not None
    reference, baseline, against, control, trained_on = found
    scores, before = (None if given is None else as_scores(given) for given in (sources.scores, sources.baseline_scores))
    inputs = Inputs(candidate, Reference(reference) if reference else None, baseline, trained_on, against, control, scores, before)
    inputs.require_alike()
    return inputs


def as_profile(data: Any, options: Options, on_progress: OnProgress | None = None) -> Profile:
    """Return the profile of data, of a profile file, or of several of them together."""
    if isinstance(data, Profile):
        return data
    if isinstance(data, Reference):
        return data.profile
    named = [data] if isinstance(data, str | os.PathLike) else list(data) if isinstance(data, list | tuple) else []
    stored = [name for name in named if isinstance(name, str | os.PathLike) and os.fspath(name).endswith(SUFFIX)]
    if stored:
        if len(stored) < len(named):
            raise UsageError(
                f"profiles and data are mixed in one data set ({stored[0]}, …); profile the data first: longtail profile DATA -o P.ltp"
            )
        return merge(load(name) for name in dict.fromkeys(map(os.path.realpath, stored)))
    return profile(
        data,
        views=options.views,
        seed=options.seed,
        exact=options.exact,
        text_column=options.text_column,
        table=options.table,
        by=options.by,
        on_progress=on_progress,
    )


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
    """Return a hash of all that scores say of documents: losses, answers where stated, and documents learned from."""
    told = [scores.ids, scores.nll, scores.tokens, *([] if scores.correct is None else [scores.correct]), *(scores.train or ())]
    parts = [hashlib.sha256(values.tobytes()).hexdigest() for values in told]
    parts += ["answers" if scores.correct is not None else "", "train" if scores.train is not None else ""]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
