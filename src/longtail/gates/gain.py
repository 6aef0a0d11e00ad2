"""Gates of updates: a model is changed only where that surely helps and surely does no harm.

Such a gate judges no document. It takes what the model scored on each item before and after, and says of the update as a whole whether
it is accepted, goes to a person, or is rejected.
"""

import hashlib
import math
from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from longtail.catalogue import Catalogue
from longtail.errors import ConfigError, UsageError
from longtail.gates.bounds import bounds_of
from longtail.records import Estimate, Record

Choice = Literal["accept", "review", "reject"]
CHOICES: tuple[Choice, ...] = ("accept", "review", "reject")
NEW, KEEP, TOTAL = "delta_new", "delta_keep", "delta_keep_total"
METHOD = "weights drawn at random beside one worst item (Gaffke 2005), one-sided"

UPDATES: Catalogue[Callable[..., "Gain"]] = Catalogue("gate of updates", "judges", "source")


class Tried(NamedTuple):
    """What is known of an update; scores are one for each item, the same items in the same order before and after.

    Attributes:
        new: Scores on the new task, before and after.
        keep: Scores on retention probes, what the model could do and should go on doing, before and after.
        base: Scores of the first model of all on the same probes, where updates follow one another.
        drift: Divergence from the first model on prompts of the probes, nats per token, where it was measured.
    """

    new: tuple[npt.ArrayLike, npt.ArrayLike]
    keep: tuple[npt.ArrayLike, npt.ArrayLike]
    base: npt.ArrayLike | None = None
    drift: float | None = None


class Gain(Record, frozen=True):
    """What is decided of an update, and on what.

    Args:
        decision: "accept", "review" (a person should look, or more items be scored) or "reject".
        because: Why.
        changes: Mean changes of the scores, `low` and `high` each a bound by itself; none where the scores could not be read.
        drift: Divergence from the first model, nats per token.
        settings: That it was decided by.
        scores: SHA-256 of all scores, so that a decision can be checked against them.
        candidate: Which of several updates it was, counted from 0.
        candidates: How many there were to choose from.
    """

    decision: Choice
    because: str
    changes: tuple[Estimate, ...] = ()
    drift: float | None = None
    settings: dict[str, float | None] = {}
    scores: str = ""
    candidate: int = 0
    candidates: int = 1

    @property
    def accepted(self) -> bool:
        """Tell whether the update may take the place of what was there."""
        return self.decision == "accept"

    def get(self, metric: str) -> Estimate | None:
        """Return one of the changes by its name, None where it was not measured."""
        return next((each for each in self.changes if each.metric == metric), None)


class Settings(Record, frozen=True):
    """What an update is held against.

    Args:
        margin: Score that retention may lose in one update; .01 is a point.
        total: Score that it may have lost since the first model.
        budget: Divergence from the first model that is allowed, nats per token; None sets no limit.
        level: How often each bound holds.
        least, most: Ends of the scale of the scores.
        seed: Of the random weights.
    """

    margin: float = 0.01
    total: float = 0.02
    budget: float | None = None
    level: float = 0.9
    least: float = 0.0
    most: float = 1.0
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse settings that no update could be held against."""
        if not 0.5 < self.level < 1:
            raise ConfigError(f"level is {self.level!r}; take a number between 0.5 and 1, such as 0.9")
        if not (math.isfinite(self.least) and math.isfinite(self.most) and self.least < self.most):
            raise ConfigError(f"scores lie from {self.least!r} to {self.most!r}; give the ends of their scale, such as 0 and 1")
        for name, value in (("margin", self.margin), ("total", self.total), ("budget", self.budget or 0.0)):
            if not 0 <= value < math.inf:
                raise ConfigError(f"{name} is {value!r}; take a number from 0 up")


@UPDATES.add("gain", judges="an update of a model", source="Zweiger et al., arXiv:2506.10943; Gaffke 2005; conventions for the margins")
def gain(
    tried: Tried,
    *,
    margin: float = 0.01,
    total: float = 0.02,
    budget: float | None = None,
    level: float = 0.9,
    least: float = 0.0,
    most: float = 1.0,
    seed: int = 0,
) -> Gain:
    """Accept an update of a model only where it surely gains and surely keeps what the model could do.

    The side of the update must be sure: its gain on the new task is above 0 by the lower bound, and what it takes from retention
    stays within the margin by the lower bound, in this step and since the first model. An update that loses by the mean is rejected; one
    that gains by the mean but not surely goes to review, as does one of which too little is known. Two hundred and thirty probes are the
    fewest that can show a loss below one point.

    False positives: with level 0.9 an update that does nothing is accepted in at most one of ten trials, enumerated for scores of 0 and
    1. A good update goes to review where items are few. Probes that are used again and again wear out: keep some that no decision sees.

    Args:
        tried: Scores before and after.
        margin: Score that retention may lose in one update; .01 is a point.
        total: Score that it may have lost since the first model.
        budget: Divergence from the first model that is allowed, nats per token; None sets no limit.
        level: How often each bound holds.
        least: Lower end of the scale of the scores.
        most: Upper end.
        seed: Of the random weights.

    Raises:
        ConfigError: A setting is out of range.
    """
    settings = Settings(margin=margin, total=total, budget=budget, level=level, least=least, most=most, seed=seed)
    return judged(tried, settings)


def judged(tried: Tried, settings: Settings) -> Gain:
    """Return what is decided of an update under some settings."""
    told = {name: getattr(settings, name) for name in settings.__struct_fields__}
    try:
        pairs = _pairs(tried, settings)
    except UsageError as error:
        return Gain(decision="reject", because=f"{error}; nothing is accepted on such scores", settings=told)
    changes = tuple(_change(name, *pair, settings) for name, pair in pairs.items() if len(pair[0]))
    votes = [*_missing(pairs), *(_vote(each, settings) for each in changes), *_drifted(tried.drift, settings)]
    worst = max(CHOICES.index(choice) for choice, _ in votes)
    return Gain(
        decision=CHOICES[worst],
        because="; ".join(because for choice, because in votes if CHOICES.index(choice) == worst),
        changes=changes,
        drift=tried.drift if tried.drift is not None and math.isfinite(tried.drift) else None,
        settings=told,
        scores=_fingerprint(pairs),
    )


def _pairs(tried: Tried, settings: Settings) -> dict[str, tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]]:
    """Return the scores by what they are about.

    Raises:
        UsageError: Scores are missing, of unequal lengths or off their scale.
    """
    named = {NEW: tried.new, KEEP: tried.keep} | ({} if tried.base is None else {TOTAL: (tried.base, tried.keep[1])})
    found = {}
    for name, (before, after) in named.items():
        try:
            pair = np.asarray(before, np.float64), np.asarray(after, np.float64)
        except (TypeError, ValueError) as error:
            raise UsageError(f"the scores of {name} are no numbers: {error}") from None
        if pair[0].ndim != 1 or pair[0].shape != pair[1].shape:
            raise UsageError(f"{name} has scores of shape {pair[0].shape} before and {pair[1].shape} after, not one for each item of both")
        for moment, scores in zip(("before", "after"), pair, strict=True):
            off = np.flatnonzero(~((scores >= settings.least) & (scores <= settings.most)))
            if off.size:
                where = f"item {off[0]} scored {scores[off[0]]} {moment}"
                raise UsageError(f"{name}: {where}, which is not from {settings.least:g} to {settings.most:g}")
        found[name] = pair
    return found


def _change(name: str, before: npt.NDArray[np.float64], after: npt.NDArray[np.float64], settings: Settings) -> Estimate:
    span = settings.most - settings.least
    found = bounds_of(after - before, (-span, span), settings.level, settings.seed)
    return Estimate(
        metric=name,
        view="",
        value=found.mean,
        low=found.low,
        high=found.high,
        n=len(before),
        unit="score",
        resampling_unit="item",
        method=METHOD,
        level=2 * settings.level - 1,
        baseline_value=float(before.mean()),
    )


def _missing(pairs: dict[str, tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]]) -> list[tuple[Choice, str]]:
    """Return a vote for each kind of items of which there is none."""
    words = {NEW: "no item of the new task was scored", KEEP: "no retention probe was scored, so harm cannot be ruled out"}
    return [("review", words[name]) for name in (NEW, KEEP) if not len(pairs[name][0])]


def _vote(change: Estimate, settings: Settings) -> tuple[Choice, str]:
    if change.metric == NEW:
        said = f"gain on the new task {_told(change)}"
        return ("accept", said) if change.low > 0 else ("reject", f"no {said}") if change.value <= 0 else ("review", f"{said} is not sure")
    margin, since = (settings.total, " since the first model") if change.metric == TOTAL else (settings.margin, "")
    said = f"retention {_told(change)}{since}"
    if change.low > -margin:
        return "accept", said
    if change.value < -margin:
        return "reject", f"{said}, a loss of more than {margin:g}"
    return "review", f"{said}, which does not rule out a loss of more than {margin:g}"


def _drifted(drift: float | None, settings: Settings) -> list[tuple[Choice, str]]:
    if settings.budget is None:
        return []
    if drift is None:
        return [("review", f"the divergence was not measured, of which {settings.budget:g} nats are allowed")]
    if not drift <= settings.budget:
        return [("reject", f"divergence {drift:.3g} nats per token, {settings.budget:g} allowed")]
    return [("accept", f"divergence {drift:.3g} of {settings.budget:g} nats per token")]


def _told(change: Estimate) -> str:
    return f"{change.value:+.4f} (at least {change.low:+.4f}, {change.n:,} items)"


def _fingerprint(pairs: dict[str, tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]]) -> str:
    state = hashlib.sha256()
    for name, pair in pairs.items():
        state.update(f"{name}:{len(pair[0])}:".encode())
        for scores in pair:
            state.update(scores.astype("<f8").tobytes())
    return state.hexdigest()
