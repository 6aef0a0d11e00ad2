"""What a gate left of each stratum, and how far it moved the mix: kept shares, shares of the mix, effective sizes.

A random gate moves the mix too, so the divergence stands beside that of random gates that keep as many rows.
"""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from longtail.errors import ConfigError
from longtail.gates.filters import Flags, Floats
from longtail.gates.intervals import exact_interval
from longtail.metrics.divergence import jensen_shannon
from longtail.records import Estimate, NotMeasured, Outcome, Record
from longtail.stats import hill

MOST_STRATA = 200
"""Strata beyond which each is too small to be judged by itself, and only the whole mix is."""
DRAWS = 999
SEED = 0
KEPT, SHARE, WORTH = "stratum_kept", "stratum_share_kept", "effective_rows"
RIGHT_SHARE = "stratum_share_kept_right"
_EXACT = "Clopper-Pearson"

Counts = npt.NDArray[np.int64]


class Mix(Record, frozen=True):
    """The mix of strata before and after a gate.

    Args:
        strata: Names of the strata, the largest first.
        before: Rows of each.
        kept: Rows of each that were kept.
        unnamed: Rows without a stratum, left aside.
        divergence: Jensen-Shannon divergence of the two mixes, in bits.
        divergence_random: Its mean over random gates that keep as many rows.
        divergence_random_high: What 95 % of random gates stay below.
        p: Share of random gates, this one counted, whose divergence is as large.
        effective_before: Effective number of strata before (inverse Simpson).
        effective_kept: The same of what was kept.
        draws: Random gates.
        seed: Seed of their draws.
    """

    strata: tuple[str, ...]
    before: tuple[int, ...]
    kept: tuple[int, ...]
    unnamed: int
    divergence: float
    divergence_random: float
    divergence_random_high: float
    p: float
    effective_before: float
    effective_kept: float
    draws: int
    seed: int


class ByStratum(NamedTuple):
    """What is told of strata.

    Attributes:
        outcomes: What was measured, or why nothing was.
        mix: The mix before and after.
        places: What each stratum kept of its place: of its share of all rows or, where rows say whether they are right, of its share
            of right rows, whichever is more.
    """

    outcomes: Sequence[Outcome]
    mix: Mix | None = None
    places: Sequence[Estimate] = ()


def measured(stratum: Sequence[str | None] | None, kept: Flags, right: Floats | None, level: float) -> ByStratum:
    """Measure what a gate left of each stratum.

    Where rows say whether they are right, each stratum's place is measured among right rows too: what a gate for right rows takes
    of the wrong ones is no loss, and neither is what a quota takes to leave the mix as it was.

    Args:
        stratum: Stratum of each row, None where it has none, (rows,).
        kept: Whether it was kept, (rows,).
        right: 1 where it is right, 0 where not, NaN where not known, (rows,).
        level: Level of the intervals.
    """
    if stratum is None:
        return _absent("no column of strata was named", "add one, such as a topic or a format, and name it with --by")
    names, before, left = counted(stratum, kept)
    if len(names) < 2 or not left.sum():
        alone = f"all rows that have a stratum are {names[0]!r}" if len(names) == 1 else "no row that has a stratum was kept"
        return _absent(alone, "name another column with --by")
    mix = mix_of(names, before, left, len(kept) - int(before.sum()))
    if len(names) > MOST_STRATA:
        reason = f"{len(names):,} strata are more than the {MOST_STRATA} that are judged one by one"
        return _absent(reason, "group them into fewer")._replace(mix=mix)
    among = [] if right is None else _among(stratum, kept, np.flatnonzero(right == 1), level)
    places = mix_shares(names, before, left, level, families=2 if among else 1)
    outcomes = [*shares(names, before, left, level), *places, effective_rows(before, left, level), *among]
    return ByStratum(outcomes, mix, _best(places, among) if among else places)


def _among(stratum: Sequence[str | None], kept: Flags, rows: npt.NDArray[np.intp], level: float) -> list[Estimate]:
    """Return each stratum's share among some rows, one of two families that hold together; nothing where none of them was kept."""
    sound = counted([stratum[row] for row in rows.tolist()], kept[rows])
    if not sound[2].sum():
        return []
    return [msgspec.structs.replace(each, metric=RIGHT_SHARE) for each in mix_shares(*sound, level, families=2)]


def _best(places: Sequence[Estimate], among: Sequence[Estimate]) -> list[Estimate]:
    """Return the greater of two ratios of each stratum, in intervals that hold together; one without a right row may not be lost."""
    right = {each.slice: each for each in among}
    found = []
    for each in places:
        other = right.get(each.slice)
        value, low, high = (each.value, each.low, max(each.high, 1.0)) if other is None else (other.value, other.low, other.high)
        found.append(msgspec.structs.replace(each, value=max(each.value, value), low=max(each.low, low), high=max(each.high, high)))
    return found


def _absent(reason: str, enable: str) -> ByStratum:
    return ByStratum([NotMeasured(metric=metric, reason=reason, enable=enable) for metric in (KEPT, SHARE, WORTH)])


def counted(stratum: Sequence[str | None], kept: Flags) -> tuple[tuple[str, ...], Counts, Counts]:
    """Return the strata, the largest first, with the rows of each before and after; rows without a stratum are left aside."""
    names: dict[str, int] = {}
    codes = np.array([-1 if name is None else names.setdefault(name, len(names)) for name in stratum], np.int64)
    known = codes >= 0
    before, after = (np.bincount(codes[rows], minlength=len(names)) for rows in (known, known & kept))
    listed = list(names)
    order = sorted(range(len(listed)), key=lambda at: (-int(before[at]), listed[at]))
    return tuple(listed[at] for at in order), before[order], after[order]


def mix_of(names: tuple[str, ...], before: Counts, kept: Counts, unnamed: int, *, draws: int = DRAWS, seed: int = SEED) -> Mix:
    """Return the mix before and after a gate that kept one row or more.

    Args:
        names: Names of the strata.
        before: Rows of each, (strata,).
        kept: Rows of each that were kept, (strata,).
        unnamed: Rows without a stratum.
        draws: Random gates.
        seed: Seed of their draws.

    Raises:
        ConfigError: There are no draws.
    """
    if draws < 1:
        raise ConfigError(f"draws is {draws}; take 1 or more")
    rng, value = np.random.default_rng(seed), jensen_shannon(before, kept)
    random = np.array([jensen_shannon(before, drawn) for drawn in _random(before, int(kept.sum()), draws, rng)])
    return Mix(
        strata=names,
        before=tuple(before.tolist()),
        kept=tuple(kept.tolist()),
        unnamed=unnamed,
        divergence=value,
        divergence_random=float(random.mean()),
        divergence_random_high=float(np.quantile(random, 0.95)),
        p=float((1 + (random >= value * (1 - 1e-12)).sum()) / (1 + draws)),
        effective_before=hill.plugin(before, 2),
        effective_kept=hill.plugin(kept, 2),
        draws=draws,
        seed=seed,
    )


def _random(before: Counts, kept: int, draws: int, rng: np.random.Generator) -> Counts:
    """Return rows of each stratum that random gates keep, (draws, strata)."""
    drawn: Counts = rng.multivariate_hypergeometric(before, kept, size=draws, method="marginals")
    return drawn


def shares(names: tuple[str, ...], before: Counts, kept: Counts, level: float) -> list[Estimate]:
    """Return the share kept of each stratum, each interval by itself at the level."""
    rows = zip(names, before.tolist(), kept.tolist(), strict=True)
    return [_estimate(KEPT, name, (left / there, *exact_interval(left, there, level)), there, _EXACT, level) for name, there, left in rows]


def mix_shares(names: tuple[str, ...], before: Counts, kept: Counts, level: float, families: int = 1) -> list[Estimate]:
    """Return each stratum's share of what was kept over its share before, in intervals that all hold together at the level.

    The ratio rises with the chance of the stratum's rows to be kept and falls with that of the others, so its ends are those at
    the ends of two exact intervals, whose levels hold together for both chances, all strata and all families (Bonferroni).

    Args:
        names: Names of the strata.
        before: Rows of each, (strata,).
        kept: Rows of each that were kept, one or more in all, (strata,).
        level: Level of all intervals together.
        families: Sets of such ratios that hold together.
    """
    rows, left = int(before.sum()), int(kept.sum())
    one = 1 - (1 - level) / (2 * len(names) * families)
    found = []
    for name, there, stayed in zip(names, before.tolist(), kept.tolist(), strict=True):
        weight = there / rows
        own, rest = exact_interval(stayed, there, one), exact_interval(left - stayed, rows - there, one) if rows > there else (1.0, 1.0)
        value = (stayed / left) / weight
        low, high = (_ratio(mine, others, weight) for mine, others in zip(own, reversed(rest), strict=True))
        method = f"{_EXACT} of both chances, all strata together at the level (Bonferroni)"
        found.append(_estimate(SHARE, name, (value, low, high), there, method, level, kind="ratio"))
    return found


def _ratio(own: float, rest: float, weight: float) -> float:
    whole = weight * own + (1 - weight) * rest
    return own / whole if whole > 0 else 1.0


def effective_rows(before: Counts, kept: Counts, level: float) -> Estimate:
    """Return how many rows drawn in the mix before what was kept is worth once it is weighted back to that mix; 0 where a stratum is lost.

    Source:
        Kish 1965: (sum of weights)² / sum of squared weights, here 1 / sum (share before)² / (rows kept).
    """
    weights, gone = np.square(before / before.sum()), kept == 0
    value = 0.0 if gone.any() else float(1 / (weights / np.maximum(kept, 1)).sum())
    one = 1 - (1 - level) / len(before)
    ends = [exact_interval(left, there, one) for left, there in zip(kept.tolist(), before.tolist(), strict=True)]
    low, high = (_worth(weights, before * np.array([end[side] for end in ends])) for side in (0, 1))
    method = f"{_EXACT} of the share kept of each stratum, together at the level (Bonferroni)"
    return _estimate(WORTH, None, (value, low, high), int(before.sum()), method, level, unit="rows")


def _worth(weights: npt.NDArray[np.float64], kept: npt.NDArray[np.float64]) -> float:
    return 0.0 if (kept <= 0).any() else float(1 / (weights / kept).sum())


def _estimate(
    metric: str,
    name: str | None,
    bounds: tuple[float, float, float],
    n: int,
    method: str,
    level: float,
    *,
    unit: str = "share",
    kind: str = "value",
) -> Estimate:
    value, low, high = bounds
    return Estimate(
        metric=metric,
        view="",
        value=value,
        low=min(low, value),
        high=max(high, value),
        n=n,
        unit="ratio" if kind == "ratio" else unit,
        resampling_unit="document",
        method=method,
        level=level,
        kind="ratio" if kind == "ratio" else "value",
        slice=name,
    )
