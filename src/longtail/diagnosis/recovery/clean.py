"""The last version that is clean: the one before the onset that shows no loss."""

from collections.abc import Sequence
from typing import NamedTuple

from longtail.diagnosis.records import Diagnosis
from longtail.diagnosis.recovery.records import Clean
from longtail.records import PhaseName, Report

LOSSLESS = ("healthy", "drift")
"""Phases of a version that has lost nothing: that it differs from the first is drift, and tail and common types are inside the margin."""


class Seen(NamedTuple):
    """A version as it was judged: its name, its place from 1, and its phase; None for the first, which others are held against."""

    name: str
    place: int
    phase: PhaseName | None


def last_clean(versions: Sequence[Seen], onset: int | None, dirty_from: int | None = None) -> Clean:
    """Return the last version before the onset that has lost nothing; the first one counts as such unless records speak against it.

    Args:
        versions: Those judged, in order.
        onset: Place of the version that the loss began not later than; None where none is stated.
        dirty_from: Place of the first version whose training set held synthetic rows, where that is known.
    """
    if not versions:
        return Clean(version=None, place=None, because="no outputs of any version were judged; give those of all versions")
    before = [version for version in versions if onset is None or version.place < onset]
    lossless = [version for version in before if version.phase in LOSSLESS]
    if lossless:
        return _told(lossless[-1], onset, "shows no loss beside the first version")
    first = versions[0]
    if len(versions) == 1:
        because = f"only {first.name} was given; outputs of earlier versions would tell which of them is clean"
        return Clean(version=None, place=None, because=because)
    if first.phase is not None or dirty_from == first.place:
        why = "its training set held synthetic rows" if dirty_from == first.place else f"it is called {first.phase}"
        because = f"none is clean: no version before the onset is without loss, and of {first.name}, the first, {why}"
        return Clean(version=None, place=None, because=because)
    return _told(first, onset, "is the first, which the others are held against; no later one is without loss")


def _told(version: Seen, onset: int | None, why: str) -> Clean:
    when = "no onset is stated" if onset is None else f"the loss began not later than version {onset} of those given"
    return Clean(version=version.name, place=version.place, because=f"{version.name} {why}; {when}")


def seen_by(diagnosis: Diagnosis) -> tuple[tuple[Seen, ...], int | None, int | None]:
    """Return the versions that a diagnosis judged, the place of the onset, and of the first one known to hold synthetic rows."""
    seen = tuple(Seen(each.version, each.place, each.phase) for each in diagnosis.readings if not each.unread)
    places = {each.name: each.place for each in seen}
    onset = places.get(diagnosis.onset) if diagnosis.onset is not None else None
    entry = places.get(diagnosis.entry.version) if diagnosis.entry.version is not None else None
    return seen, onset, entry


def seen_in(report: Report, names: Sequence[str]) -> tuple[tuple[Seen, ...], int | None]:
    """Return the versions that an audit of a lineage judged, and the place of the onset."""
    if report.lineage is None:
        return (), None
    found = tuple(Seen(name, each.generation, each.phase) for name, each in zip(names, report.lineage.generations, strict=True))
    return found, report.lineage.onset
