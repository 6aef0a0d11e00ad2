"""The reference: held-out human data whose halves never play the same role.

One half chooses the tail, the other measures it. Choosing and measuring on one sample reports a loss where there
is none (regression to the mean: about half the tail mass), so the two roles are two types, made only here.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from longtail.errors import SameHalf
from longtail.summaries.frequencies import ALL_TYPES
from longtail.summaries.profile import Profile
from longtail.summaries.rows import type_counts
from longtail.summaries.strata import Strata, choose

SMALL = 2000


@dataclass(frozen=True)
class Choosing:
    """The part of a reference that fixes head, torso and tail: half 0 (A), half 1 (B), or None for all of it."""

    profile: Profile
    half: int | None

    def strata(self, view: str, tau: float, theta: int) -> Strata:
        """Return the strata of a view among types with hashes below `theta`."""
        frequencies = self.profile.frequencies[view]
        types, tokens, _ = type_counts(frequencies, self.half, theta)
        return choose(types, tokens, tokens_of_half(self.profile, view, self.half), tau, theta / ALL_TYPES)


@dataclass(frozen=True)
class Measuring:
    """The half of a reference that a candidate is measured against."""

    profile: Profile
    half: int


class Reference:
    """A held-out human data set, split once by document hash into half A (chooses) and half B (measures)."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile

    @property
    def documents(self) -> int:
        """Return the number of documents of both halves."""
        return self.profile.documents

    @property
    def is_small(self) -> bool:
        """Whether the halves swap roles and are averaged (below `SMALL` documents)."""
        return self.documents < SMALL

    @property
    def chooser(self) -> Choosing:
        """Return half A."""
        return Choosing(self.profile, 0)

    @property
    def measurer(self) -> Measuring:
        """Return half B."""
        return Measuring(self.profile, 1)

    @property
    def whole(self) -> Choosing:
        """Return the whole reference as chooser, for audits in which another data set is the baseline."""
        return Choosing(self.profile, None)

    def folds(self) -> Iterator[tuple[Choosing, Measuring]]:
        """Yield the pairs of roles: A chooses and B measures; for small references also the reverse."""
        yield self.chooser, self.measurer
        if self.is_small:
            yield Choosing(self.profile, 1), Measuring(self.profile, 0)


def check_roles(chooser: Choosing, measurer: Measuring) -> None:
    """Refuse one half in both roles.

    Raises:
        SameHalf: The half that measures also chose the tail.
    """
    if chooser.profile is measurer.profile and chooser.half in (None, measurer.half):
        half = "AB"[measurer.half]
        raise SameHalf(
            f"half {half} of the reference was asked to choose the tail and to measure it; "
            f"use Reference.folds(), which gives each half one role"
        )


def tokens_of_half(profile: Profile, view: str, half: int | None) -> int:
    """Return all tokens of one half of a profile, or of both (None)."""
    tokens = profile.frequencies[view].tokens.reshape(2, -1).sum(axis=1)
    return int(tokens.sum() if half is None else tokens[half])
