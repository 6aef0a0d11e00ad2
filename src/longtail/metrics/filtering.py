"""What a filter took of the rare and of the common: the data set before it beside what it kept."""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from longtail.records import Decision, Estimate, NotMeasured, Record
from longtail.stats.jackknife import Spread, combined, delete_a_group, quantile
from longtail.summaries.profile import Profile
from longtail.summaries.reference import Choosing, Reference
from longtail.summaries.rows import Side, join
from longtail.summaries.strata import HEAD, TAIL
from longtail.summaries.units import even

METRIC = "filter_tail_kept"
GROUPS = 64
FEWEST = 96
_METHOD = "log ratio of kept shares; delete-a-group jackknife over documents before the filter"

Tokens = npt.NDArray[np.float64]


class FilterLoss(Record, frozen=True):
    """What a filter took.

    Args:
        ratio: Kept share of rare words' tokens over that of common words' tokens; 1 where it takes both alike.
        rare_loss: Share of the tokens of rare words that it took.
        common_loss: Share of the tokens of common words that it took.
        removed: Share of the documents that it took.
    """

    ratio: Estimate | NotMeasured
    rare_loss: float | None
    common_loss: float | None
    removed: float


class _Fold(NamedTuple):
    """Tokens by group of documents, each (groups,): of rare and common words, before and after."""

    rare_before: Tokens
    rare_after: Tokens
    common_before: Tokens
    common_after: Tokens

    def log_ratio(self) -> tuple[float, Tokens]:
        """Return the log ratio and its values with each group left out, shape (groups,)."""
        whole = np.array([part.sum() for part in self])
        rest = whole[:, None] - np.stack(self)
        with np.errstate(divide="ignore", invalid="ignore"):
            return float(_log(whole[:, None])[0]), _log(rest)


def _log(sums: Tokens) -> Tokens:
    rare_before, rare_after, common_before, common_after = sums
    made: Tokens = np.log(rare_after) - np.log(rare_before) - np.log(common_after) + np.log(common_before)
    return made


def filter_loss(before: Profile, after: Profile, view: str, tau: float, margin: float, level: float = 0.95) -> FilterLoss:
    """Measure what a filter took of rare and of common words.

    One half of the documents before the filter chooses its rare words (the lowest `tau` of the mass), the other half is looked
    at; where there are few documents the halves swap roles and are averaged. Both sides are the same documents, so that the
    error is that of their differences: what the filter would do to other documents of the same kind.

    Args:
        before: What the filter was given.
        after: What it kept of that.
        view: Word view.
        tau: Share of mass called rare.
        margin: Ratio below which the loss counts.
        level: Level of the interval.
    """
    removed = 1 - after.documents / before.documents if before.documents else 0.0
    refusal = _refusal(before, after, view)
    if refusal:
        return FilterLoss(ratio=NotMeasured(reason=refusal, metric=METRIC, view=view), rare_loss=None, common_loss=None, removed=removed)
    folds = [_fold(before, after, view, tau, chooser, measurer.half) for chooser, measurer in Reference(before).folds()]
    sums = np.sum([[part.sum() for part in fold] for fold in folds], axis=0)
    losses = [1 - float(sums[1] / sums[0]) if sums[0] else None, 1 - float(sums[3] / sums[2]) if sums[2] else None]
    ratio = _ratio(folds, view, tau, margin, level, before.documents)
    return FilterLoss(ratio=ratio, rare_loss=losses[0], common_loss=losses[1], removed=removed)


def _refusal(before: Profile, after: Profile, view: str) -> str:
    if before.documents < FEWEST:
        return f"{before.documents:,} documents before the filter, and {FEWEST} are needed"
    if not 0 < after.documents <= before.documents:
        return f"{after.documents:,} documents after the filter and {before.documents:,} before it: one is no part of the other"
    if not before.frequencies[view].is_exact or not after.frequencies[view].is_exact:
        return f"the view {view} is a sample of types; count again with --exact"
    return ""


def _fold(before: Profile, after: Profile, view: str, tau: float, chooser: Choosing, half: int) -> _Fold:
    units = even(GROUPS)
    rows = join([Side(side.frequencies[view], half, units) for side in (before, after)])
    codes = chooser.strata(view, tau, before.frequencies[view].theta).of(rows.types)
    parts = [rows.per_unit(codes == stratum).astype(np.float64) for stratum in (TAIL, HEAD)]
    return _Fold(parts[0][:GROUPS], parts[0][GROUPS:], parts[1][:GROUPS], parts[1][GROUPS:])


def _ratio(folds: list[_Fold], view: str, tau: float, margin: float, level: float, documents: int) -> Estimate | NotMeasured:
    found = [fold.log_ratio() for fold in folds]
    value = float(np.mean([each[0] for each in found]))
    spread = combined([delete_a_group(each[1]) for each in found])
    spread = Spread(spread.error / len(found), spread.freedom)
    if not math.isfinite(value) or not math.isfinite(spread.error):
        return NotMeasured(reason="a stratum is empty on one side, so no ratio exists", metric=METRIC, view=view)
    half = quantile((1 + level) / 2, spread.freedom) * spread.error
    low, high = math.exp(value - half), math.exp(value + half)
    return Estimate(
        metric=METRIC,
        view=view,
        value=math.exp(value),
        low=low,
        high=high,
        n=documents,
        unit="ratio",
        resampling_unit="document",
        method=_METHOD,
        level=level,
        kind="ratio",
        tau=tau,
        decision=_decision(low, high, margin),
    )


def _decision(low: float, high: float, margin: float) -> Decision:
    """Return what the interval says against the margin: below it, a loss inside it, none beyond it, or undecided."""
    if high < margin:
        return "shrunk"
    if low >= margin:
        return "ok" if high >= 1 else "watch"
    return "watch" if high < 1 else "inconclusive"
