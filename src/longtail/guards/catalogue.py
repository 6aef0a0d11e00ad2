"""The catalogue of guards, and what each is shown."""

from collections.abc import Callable

import msgspec

from longtail.catalogue import Catalogue
from longtail.metrics.rollouts.conventions import KEPT
from longtail.metrics.rollouts.mix import Classifier
from longtail.metrics.rollouts.windows import FEWEST, Window
from longtail.records import Verdict


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What a monitor may be told.

    Attributes:
        alpha: Chance of any false alarm in the whole run, all guards and looks together.
        horizon: Looks that are planned, each of which then has an equal part of alpha; None is a run without an end.
        fewest: Groups of completions in a window.
        success: Reward from which a completion is a success.
        formats: Formats by name and predicate; those of the view `formats` where None.
        budget: Divergence from the reference model that is allowed, in nats per token; None sets no limit.
        kept: Smallest ratio to the begin that counts as kept; the reciprocal is the greatest.
    """

    alpha: float = 0.05
    horizon: int | None = None
    fewest: int = FEWEST
    success: float = 0.5
    formats: Classifier | None = None
    budget: float | None = None
    kept: float = KEPT


class Watched(msgspec.Struct, frozen=True, kw_only=True):
    """What a guard is shown at one look.

    Attributes:
        base: The window at the begin of the run.
        here: The window that is judged.
        level: Error rate of this guard at this look, one-sided.
        settings: Of the monitor.
    """

    base: Window
    here: Window
    level: float
    settings: Settings

    @property
    def two_sided(self) -> float:
        """Return the level of a two-sided interval, each of whose bounds errs with `level`."""
        return 1 - 2 * self.level

    @property
    def where(self) -> str:
        """Return the steps that are judged, in words."""
        return self.here.steps


BLIND = 10
"""Times the begin, and its reciprocal: an interval of a ratio that reaches both tells nothing."""
MOVING = "groups move inside the windows, and too few tell"
SETTLED = "more groups in a window, and a begin in which nothing moves yet"
"""Why an interval tells nothing, and what would let it tell."""


def is_blind(low: float, high: float) -> bool:
    """Return whether the interval of a ratio to the begin tells nothing."""
    return low <= 1 / BLIND and high >= BLIND


def untold(low: float, high: float) -> Verdict | None:
    """Return that nothing can be told, where the interval of a ratio to the begin says so: neither a pass nor a failure."""
    if not is_blind(low, high):
        return None
    because = f"between {1 / BLIND:.1f} and {BLIND} times the begin all is possible: {MOVING}"
    return Verdict(status="not_measured", because=because, enable=SETTLED)


Guard = Callable[[Watched], Verdict]
GUARDS: Catalogue[Guard] = Catalogue("guard", "title", "code", "convention", "source")
