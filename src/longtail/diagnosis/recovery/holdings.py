"""What is held of the reference's tail: documents that hold each of its types, in every source at hand.

Half A of the reference chooses the tail, half B and all other sources are counted; so no share is read off the sample that
the types were chosen in.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from longtail.diagnosis.recovery.course import Counts, Source
from longtail.errors import ReadError, UsageError
from longtail.ledger.reservoir import Reservoir
from longtail.ledger.reservoir.places import SETTINGS
from longtail.records import OnProgress
from longtail.summaries.frequencies import ALL_TYPES
from longtail.summaries.profile import Profile
from longtail.summaries.profiling import Counting, counted, settled
from longtail.summaries.reference import Reference
from longtail.summaries.rows import type_counts
from longtail.summaries.strata import TAIL
from longtail.views.keys import Keys

FEWEST = 20
"""Tail types below which nothing can be planned."""


@dataclass(frozen=True)
class Held:
    """Profiles of all that is at hand, and what they hold of the tail.

    Attributes:
        view: What counts as a type.
        tail: Hashes of the tail types that half A of the reference chose, ascending, shape (types,).
        reference: Half B of the reference.
        outputs: Outputs of each version, in order; the last is the current one.
        reservoir: Real rows that may be trained on; empty where there are none.
        profiles: Of the reference, of each outputs, of the reservoir where there is one.
    """

    view: str
    tail: Keys
    reference: Source
    outputs: tuple[Source, ...]
    reservoir: Source
    profiles: "Profiles"

    @property
    def baseline(self) -> Source:
        """Return what retained shares are measured against: the first of several versions, else half B of the reference."""
        return self.outputs[0] if len(self.outputs) > 1 else self.reference

    @property
    def current(self) -> Source:
        """Return the outputs of the current version."""
        return self.outputs[-1]


@dataclass(frozen=True)
class Profiles:
    """Profiles of what is at hand."""

    reference: Profile
    outputs: tuple[Profile, ...]
    reservoir: Profile | None


def profiles(reference: Any, outputs: Sequence[Any], reservoir: Any, counting: Counting, on_progress: OnProgress | None = None) -> Profiles:
    """Profile the reference, the outputs and the reservoir alike.

    Args:
        reference: Human documents: data, or a profile.
        outputs: Outputs of each version, in order.
        reservoir: Files of real rows, the folder of a `longtail reservoir`, or None.
        counting: How data are read and counted.
        on_progress: Called as documents are read.

    Raises:
        ReadError: Something cannot be read, or holds no documents.
        IncompatibleSummaries: Profiles were made with unlike settings.
    """
    if not isinstance(reference, Profile | Reference):
        counting = settled(reference, counting, is_asked=bool(counting.views))
    human = _profile(reference, counting, None, on_progress)
    found = tuple(_profile(data, counting, human, on_progress) for data in outputs)
    real = None if reservoir is None else _profile(_rows_of(reservoir), counting, human, on_progress)
    for each in (*found, *([real] if real else [])):
        human.require_alike(each)
    return Profiles(human, found, real)


def _profile(data: Any, counting: Counting, like: Profile | None, on_progress: OnProgress | None) -> Profile:
    from longtail.auditing.inputs import stored

    made = stored(data) or counted(data, counting, like, on_progress)
    if not made.documents:
        raise ReadError(str(data), "holds no documents", fix="name a file with outputs in it")
    return made


def _rows_of(reservoir: Any) -> Any:
    """Return the files of a reservoir's folder, or what was named."""
    if isinstance(reservoir, str | os.PathLike) and (Path(reservoir) / SETTINGS).is_file():
        return list(Reservoir.open(reservoir).paths(None))
    return reservoir


def holdings(found: Profiles, names: Sequence[str], tau: float) -> Held:
    """Count what is held of the tail.

    Args:
        found: Profiles of all that is at hand.
        names: Of the versions, in order.
        tau: Share of the reference's mass called the tail.

    Raises:
        UsageError: No view was counted, or the reference's tail is too small to plan for.
    """
    view = found.reference.principal
    if view is None:
        raise UsageError("the reference has no view with a tail; count words or another column, such as --view words_1")
    everyone = [found.reference, *found.outputs, *([found.reservoir] if found.reservoir else [])]
    theta = min(profile.frequencies[view].theta for profile in everyone)
    strata = Reference(found.reference).chooser.strata(view, tau, theta)
    tail = strata.types[strata.codes == TAIL]
    if len(tail) < FEWEST or strata.is_too_sparse:
        reason = f"{len(tail)} types, {strata.realised_tau:.0%} of its mass"
        raise UsageError(f"the reference is too small to tell its tail from the rest ({reason}); add documents to --reference")
    return Held(
        view=view,
        tail=tail,
        reference=_source("half B of the reference", found.reference, view, tail, theta, 1),
        outputs=tuple(_source(name, one, view, tail, theta) for name, one in zip(names, found.outputs, strict=True)),
        reservoir=_source("reservoir", found.reservoir, view, tail, theta),
        profiles=found,
    )


def _source(name: str, profile: Profile | None, view: str, tail: Keys, theta: int = ALL_TYPES, half: int | None = None) -> Source:
    if profile is None:
        return Source(name, 0, np.zeros(len(tail), np.int64))
    frequencies = profile.frequencies[view]
    documents = frequencies.documents.reshape(2, -1).sum(axis=1)
    held = documents_of(profile, view, tail, theta, half)
    return Source(name, int(documents.sum() if half is None else documents[half]), held)


def documents_of(profile: Profile, view: str, wanted: Keys, theta: int = ALL_TYPES, half: int | None = None) -> Counts:
    """Return the documents of a profile, or of one half of it, that hold each wanted type, shape (types,).

    Args:
        profile: The profile.
        view: Whose types.
        wanted: Their hashes, ascending, shape (types,).
        theta: Bound of hashes that all profiles can tell.
        half: Half of the documents; None for both.
    """
    types, _, documents = type_counts(profile.frequencies[view], half, theta)
    if not len(types):
        return np.zeros(len(wanted), np.int64)
    at = np.minimum(np.searchsorted(types, wanted), len(types) - 1)
    return np.where(types[at] == wanted, documents[at], 0).astype(np.int64)
