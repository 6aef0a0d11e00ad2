"""What a filter left of the common and of the rare: the share of tokens kept, by decile of rarity.

The documents before a filter are split once by hash: one half chooses which words are rare, the other is looked at, and
where there are few documents the halves swap roles. So a filter that draws at random keeps the same share of every decile.

Measured on 400 random filters of 400 clustered documents: the 95 % intervals of the deciles held the truth in .940 to .968 of
them where half or nine tenths were kept, and in .965 to .985 where 99 % were; that of the ratio in .950, .950 and .998 (standard
error .011).
"""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from longtail.metrics import rarity
from longtail.metrics.rarity import COMMON, RAREST, STRATA, UNSEEN, WORDS, Chosen, Totals
from longtail.records import Estimate, NotMeasured, Record
from longtail.stats.jackknife import Spread, combined, delete_a_group, quantile
from longtail.summaries.profile import Profile
from longtail.summaries.strata import MOST_TAU

GROUPS = 64
FEWEST = 96
RARE_KEPT, COMMON_KEPT, RATIO = "rare_kept", "common_kept", "tail_kept_ratio"
_METHOD = "Clopper-Pearson at the effective number of documents (Korn & Graubard 1998); delete-a-group jackknife over documents"
_EMPTY, _MORE = "there are no such words on one side, so no number exists", "more documents before the filter"
_RATIO = "log ratio of kept shares; delete-a-group jackknife over documents before the filter"

Sums = npt.NDArray[np.float64]


class DecileKept(Record, frozen=True):
    """What was kept of one decile of rarity.

    Args:
        decile: 1 (commonest words) to 10 (rarest), 11 for words that the choosing half never saw.
        mass: Share of the choosing half's tokens in it; words of one count go in whole, so it is not always 0.1.
        tokens: Tokens looked at, before the filter.
        kept: Share of them kept, or None where there are none.
        documents: Documents looked at that hold one of its words, where documents were counted one by one.
        documents_kept: How many of those were kept.
    """

    decile: int
    mass: float
    tokens: int
    kept: Estimate | None
    documents: int | None = None
    documents_kept: int | None = None


class Retention(Record, frozen=True):
    """What a filter left.

    Args:
        documents: Documents before it.
        documents_kept: Documents that it kept.
        deciles: The deciles of rarity, the commonest first, and then words that the choosing half never saw.
        rare: Share of the rarest decile's tokens that was kept.
        common: The same of the commoner half of the mass, deciles 1 to 5.
        ratio: The first over the second; 1 where the filter takes both alike.
        not_measured: What was not, and why.
    """

    documents: int
    documents_kept: int
    deciles: tuple[DecileKept, ...]
    rare: Estimate | None
    common: Estimate | None
    ratio: Estimate | None
    not_measured: tuple[NotMeasured, ...] = ()


class Tables(NamedTuple):
    """Tokens by cell and stratum before and after a filter, each (`CELLS`, `STRATA`), and documents, (`STRATA`,), where known."""

    before: Totals
    after: Totals
    holding: Totals | None = None
    holding_kept: Totals | None = None


class _Kept(NamedTuple):
    """Tokens before and after by group, each (groups,), of `documents` documents, and how many cells hold any."""

    before: Sums
    after: Sums
    documents: int
    holders: int


def retention(before: Profile, after: Profile, view: str = WORDS, *, level: float = 0.95) -> Retention:
    """Measure what a filter left, from what was counted before and after it.

    Args:
        before: What the filter was given.
        after: What it kept of that.
        view: Word view, counted exactly.
        level: Level of each interval.
    """
    sizes = (before.documents, after.documents)
    refusal = _refusal(before, after, view)
    if refusal:
        return absent(sizes, view, refusal)
    measured = rarity.chosen(before, view)
    tables = Tables(*(rarity.by_cell(side, view, measured) for side in (before, after)))
    return retained(tables, sizes, measured, view, level)


def retained(tables: Tables, documents: tuple[int, int], measured: Chosen, view: str = WORDS, level: float = 0.95) -> Retention:
    """Measure what a filter left, from tables of tokens.

    Args:
        tables: Tokens before and after.
        documents: Documents before and after.
        measured: Deciles by the half that they measure.
        view: Word view.
        level: Level of each interval.
    """
    if (tables.after > tables.before).any():
        return absent(documents, view, "what was kept holds words that are not in what it was kept from")
    halves = sorted(measured)
    before, after = (table.reshape(2, GROUPS, -1, STRATA).sum(axis=2)[halves].astype(np.float64) for table in tables[:2])
    mass = np.mean([measured[half].mass for half in halves], axis=0)

    def part(strata: slice | int, metric: str, name: str | None = None) -> Estimate | None:
        sums = [side[..., strata].reshape(len(halves) * GROUPS, -1).sum(axis=1) for side in (before, after)]
        holders = int((tables.before[:, strata].reshape(len(tables.before), -1).sum(axis=1) > 0).sum())
        return _share(_Kept(sums[0], sums[1], documents[0], holders), metric, view, level, name)

    lines = tuple(_decile(at, tables, float(mass[at]), part(at, "decile_kept", _name(at))) for at in range(STRATA))
    sparse = float(mass[RAREST]) > MOST_TAU
    found = {
        RARE_KEPT: None if sparse else part(RAREST, RARE_KEPT),
        COMMON_KEPT: part(slice(0, COMMON), COMMON_KEPT),
        RATIO: None if sparse else _ratio(before, after, view, level, documents[0]),
    }
    return Retention(
        documents=documents[0],
        documents_kept=documents[1],
        deciles=lines,
        rare=found[RARE_KEPT],
        common=found[COMMON_KEPT],
        ratio=found[RATIO],
        not_measured=_missing(found, float(mass[RAREST]), view),
    )


def _missing(found: dict[str, Estimate | None], rarest: float, view: str) -> tuple[NotMeasured, ...]:
    """Return why some numbers are missing: the rarest words hold too much mass, or there are none."""
    sparse = f"too sparse: the rarest words hold {rarest:.0%} of the choosing half, so no rare tenth can be told apart"
    reasons = {metric: sparse if rarest > MOST_TAU and metric != COMMON_KEPT else _EMPTY for metric in found}
    return tuple(NotMeasured(metric=m, reason=reasons[m], enable=_MORE, view=view) for m, estimate in found.items() if estimate is None)


def absent(documents: tuple[int, int], view: str, reason: str, enable: str = "") -> Retention:
    """Return a retention of which nothing was measured."""
    missing = tuple(NotMeasured(metric=metric, reason=reason, enable=enable, view=view) for metric in (RARE_KEPT, COMMON_KEPT, RATIO))
    kept, left = documents
    return Retention(documents=kept, documents_kept=left, deciles=(), rare=None, common=None, ratio=None, not_measured=missing)


def _refusal(before: Profile, after: Profile, view: str) -> str:
    if view not in before.views or view not in after.views:
        return f"the view {view} was not counted on both sides"
    if before.documents < FEWEST:
        return f"{before.documents:,} documents before the filter, and {FEWEST} are needed"
    if after.documents > before.documents:
        return f"{after.documents:,} documents after the filter and {before.documents:,} before it: one is no part of the other"
    if not before.frequencies[view].is_exact or not after.frequencies[view].is_exact:
        return f"the view {view} is a sample of types; count again with --exact"
    return ""


def _name(stratum: int) -> str:
    return "unseen" if stratum == UNSEEN else f"decile {stratum + 1}"


def _decile(at: int, tables: Tables, mass: float, kept: Estimate | None) -> DecileKept:
    held = [None if side is None else int(side[at]) for side in (tables.holding, tables.holding_kept)]
    return DecileKept(
        decile=at + 1, mass=mass, tokens=int(tables.before[:, at].sum()), kept=kept, documents=held[0], documents_kept=held[1]
    )


def _share(kept: _Kept, metric: str, view: str, level: float, name: str | None) -> Estimate | None:
    """Return the share of tokens kept, None where there were none."""
    there, left = kept.before.sum(), kept.after.sum()
    if not there:
        return None
    value = float(left / there)
    with np.errstate(divide="ignore", invalid="ignore"):
        replicates = np.where(there > kept.before, (left - kept.after) / (there - kept.before), value)
    low, high = interval(value, delete_a_group(replicates), (kept.documents, kept.holders), level)
    return Estimate(
        metric=metric,
        view=view,
        value=value,
        low=min(low, value),
        high=max(high, value),
        n=kept.documents,
        unit="share",
        resampling_unit="document",
        method=_METHOD,
        level=level,
        slice=name,
    )


def interval(share: float, spread: Spread, units: tuple[int, int], level: float) -> tuple[float, float]:
    """Return the interval of a share of things that come in clusters, inside [0, 1] also where all or none was found.

    Args:
        share: The share.
        spread: Its error and degrees of freedom.
        units: Independent units at most, and those that surely hold one, which count where all or none was found.
        level: Level of the interval.

    Source:
        Korn & Graubard 1998: Clopper-Pearson at the number of independent draws that would have the same error.
    """
    from scipy.special import betaincinv

    most, surely = units
    size = float(surely)
    if 0 < share < 1:
        size = min(share * (1 - share) / spread.error**2, most) if spread.error > 0 else float(surely)
        size *= (quantile((1 + level) / 2, max(size - 1, 1)) / quantile((1 + level) / 2, spread.freedom)) ** 2
    hits, misses, tail = share * size, (1 - share) * size, (1 - level) / 2
    low = float(betaincinv(hits, misses + 1, tail)) if hits > 0 else 0.0
    high = float(betaincinv(hits + 1, misses, 1 - tail)) if misses > 0 else 1.0
    return low, high


def _ratio(before: Sums, after: Sums, view: str, level: float, documents: int) -> Estimate | None:
    """Return the kept share of rare tokens over that of common ones, averaged over halves, from tables (halves, groups, strata)."""
    logs, spreads = [], []
    for there, left in zip(before, after, strict=True):
        sums = np.stack([side[:, part].sum(axis=1) for part in ([RAREST], list(range(COMMON))) for side in (left, there)])
        whole = sums.sum(axis=1, keepdims=True)
        with np.errstate(divide="ignore", invalid="ignore"):
            signed = np.array([1, -1, -1, 1]) @ np.log(np.concatenate([whole, whole - sums], axis=1))
        logs.append(float(signed[0]))
        spreads.append(delete_a_group(signed[1:]))
    value, spread = float(np.mean(logs)), combined(spreads)
    half = quantile((1 + level) / 2, spread.freedom) * spread.error / len(logs)
    if not math.isfinite(value) or not math.isfinite(half):
        return None
    return Estimate(
        metric=RATIO,
        view=view,
        value=math.exp(value),
        low=math.exp(value - half),
        high=math.exp(value + half),
        n=documents,
        unit="ratio",
        resampling_unit="document",
        method=_RATIO,
        level=level,
        kind="ratio",
    )
