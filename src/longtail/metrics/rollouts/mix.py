"""The mix of formats of rollouts: which share each has, how many there are in effect, and whether the one that won is better.

A policy that settles on one format loses what was only said in the others, whether or not that format is right more often. So shares
stand beside success by format, and a format that won without being better is told apart from one that is.
"""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from longtail.errors import ConfigError
from longtail.metrics.rollouts.windows import Window
from longtail.stats.jackknife import in_order, quantile
from longtail.views.batch import marks_of
from longtail.views.formats import FORMATS, formats_of

Floats = npt.NDArray[np.float64]
Classifier = Sequence[tuple[str, Callable[[str], bool]]]
"""Formats by name in order; the first whose predicate holds is that of a completion."""
OTHER = "other"


class Mix(NamedTuple):
    """How often each format was written.

    Attributes:
        names: Of the formats.
        counts: Completions by group and format, groups in their order, shape (groups, formats).
        successes: Of those that were scored, the successes, same shape.
        scored: Completions that were scored, same shape.
    """

    names: tuple[str, ...]
    counts: Floats
    successes: Floats
    scored: Floats

    @property
    def shares(self) -> Floats:
        """Return the share of each format, shape (formats,)."""
        return share_of(self.counts)

    @property
    def effective(self) -> float:
        """Return the effective number of formats, the exponential of the entropy of their shares."""
        return effective_of(self.counts.sum(axis=0))

    @property
    def top(self) -> int:
        """Return the place of the commonest format."""
        return int(self.shares.argmax())


class Change(NamedTuple):
    """A window beside the baseline.

    Attributes:
        ratio, low, high: Effective number of formats over the baseline's; the interval holds at `level`.
        rise, rise_low, rise_high: Of the share of what is now the commonest format.
        least: Upper bound of the share of the baseline format that has become rarest.
        level: Of the two-sided intervals.
    """

    ratio: float
    low: float
    high: float
    rise: float
    rise_low: float
    rise_high: float
    least: float
    level: float


def mix_of(window: Window, formats: Classifier | None = None, success: float = 0.5) -> Mix:
    """Return the mix of formats of a window.

    Args:
        window: Of rollouts.
        formats: Formats by name and predicate; those of `views.formats` where None. What none of them takes is "other".
        success: Reward from which a completion is a success.

    Raises:
        ConfigError: A predicate raised, or two formats have one name.
    """
    names, kinds = classified([row.completion for row in window.rows], formats)
    owners = {name: place for place, name in enumerate(dict.fromkeys(row.group for row in window.rows))}
    at = np.array([owners[row.group] for row in window.rows], np.int64)
    tables = [np.zeros((len(owners), len(names))) for _ in range(3)]
    rewards = np.array([math.nan if row.reward is None else row.reward for row in window.rows])
    scored = ~np.isnan(rewards)
    np.add.at(tables[0], (at, kinds), 1.0)
    np.add.at(tables[1], (at[scored], kinds[scored]), (rewards[scored] >= success).astype(np.float64))
    np.add.at(tables[2], (at[scored], kinds[scored]), 1.0)
    return Mix(names, *tables)


def classified(texts: Sequence[str], formats: Classifier | None) -> tuple[tuple[str, ...], npt.NDArray[np.int64]]:
    """Return the names of formats, and the place among them of the format of each text.

    Args:
        texts: Completions.
        formats: Formats by name and predicate; those of `views.formats` where None. What none of them takes is "other".

    Raises:
        ConfigError: A predicate raised, or two formats have one name.
    """
    if formats is None:
        return FORMATS, formats_of(marks_of(pa.array(texts, pa.string())))
    names = tuple(name for name, _ in formats)
    if len(set(names)) < len(names):
        raise ConfigError(f"formats {', '.join(names)}: two have one name; give each its own")
    names += () if OTHER in names else (OTHER,)
    return names, np.array([_kind(text, formats, names.index(OTHER)) for text in texts], np.int64)


def share_of(counts: Floats) -> Floats:
    """Return the shares that counts by group and format come to, shape (formats,)."""
    found: Floats = counts.sum(axis=0) / counts.sum()
    return found


def effective_of(counts: npt.ArrayLike) -> float:
    """Return the exponential of the entropy of counts, at least one of which is above 0."""
    found = np.asarray(counts, np.float64)
    shares = found[found > 0] / found.sum()
    return float(np.exp(-(shares * np.log(shares)).sum()))


def change(base: Mix, here: Mix, level: float = 0.95) -> Change | None:
    """Return how a window's mix stands to the baseline's, with intervals over groups; None where a side has fewer than two.

    Args:
        base: The mix at the begin.
        here: The mix now, of the same formats.
        level: Of each two-sided interval.
    """
    if min(len(base.counts), len(here.counts)) < 2:
        return None
    ratio = math.log(here.effective / base.effective)
    error = in_order([_replicates(side.counts, lambda counts: math.log(effective_of(counts))) for side in (base, here)])
    half = quantile((1 + level) / 2, error.freedom) * error.error
    top = here.top
    rise = float(here.shares[top] - base.shares[top])
    wide = in_order([_replicates(side.counts, lambda counts: float(counts[top] / counts.sum())) for side in (base, here)])
    reach = quantile((1 + level) / 2, wide.freedom) * wide.error
    low, high = math.exp(ratio - half), math.exp(ratio + half)
    return Change(math.exp(ratio), low, high, rise, rise - reach, rise + reach, _least(base, here, level), level)


def success_by_format(mix: Mix, level: float = 0.95) -> list[tuple[str, float, float, float] | None]:
    """Return success by format with intervals over groups: name, value, low, high; None where a format has fewer than two groups."""
    return [_success(mix, kind, level) for kind in range(len(mix.names))]


def unknown_share(mix: Mix, level: float = 0.95) -> tuple[float, float]:
    """Return the share of completions that no format takes, and its lower bound; nought where there are fewer than two groups."""
    if OTHER not in mix.names or len(mix.counts) < 2:
        return 0.0, 0.0
    kind, total = mix.names.index(OTHER), mix.counts.sum(axis=1)
    share = float(mix.shares[kind])
    return share, 1 - _upper(total - mix.counts[:, kind], total, quantile((1 + level) / 2, math.inf))


def won_unearned(base: Mix, here: Mix, level: float = 0.95) -> str:
    """Return the name of a format that now leads although another one succeeded more often at the begin; empty where none did.

    The intervals of the two at the baseline must lie apart. A format that rose because it is right more often is no such case.
    """
    top = here.top
    found = success_by_format(base, level)
    winner = found[top]
    if winner is None or here.shares[top] <= base.shares[top]:
        return ""
    better = [each for each in found if each is not None and each[2] > winner[3]]
    return here.names[top] if better else ""


def _least(base: Mix, here: Mix, level: float) -> float:
    """Return the upper bound of the rarest share now, among formats whose share at the begin was surely above it."""
    uppers, bound = [], quantile((1 + level) / 2, math.inf)
    total = here.counts.sum(axis=1)
    for kind, share in enumerate(base.shares):
        held = int(((base.counts[:, kind]) > 0).sum())
        if share < 0.05 or held < 2:
            continue
        uppers.append(_upper(here.counts[:, kind], total, bound))
    return min(uppers, default=1.0)


def _upper(of_kind: Floats, by_group: Floats, z: float) -> float:
    """Return the upper bound of a share: Wilson's, of as many completions as its spread over groups says there are in effect."""
    now, total = float(of_kind.sum() / by_group.sum()), float(by_group.sum())
    spread = in_order([(of_kind.sum() - of_kind) / (by_group.sum() - by_group)])
    alike = spread.error == 0 or now in (0.0, 1.0)
    return _wilson_upper(now, float(len(by_group)) if alike else min(now * (1 - now) / spread.error**2, total), z)


def _wilson_upper(share: float, n: float, z: float) -> float:
    square = z * z / n
    return (share + square / 2 + z * math.sqrt(share * (1 - share) / n + square / (4 * n))) / (1 + square)


def _success(mix: Mix, kind: int, level: float) -> tuple[str, float, float, float] | None:
    top, bottom = mix.successes[:, kind], mix.scored[:, kind]
    held = bottom > 0
    top, bottom = top[held], bottom[held]
    if len(top) < 2:
        return None
    spread = in_order([(top.sum() - top) / (bottom.sum() - bottom)])
    half = quantile((1 + level) / 2, spread.freedom) * spread.error
    value = float(top.sum() / bottom.sum())
    return mix.names[kind], value, max(0.0, value - half), min(1.0, value + half)


def _replicates(counts: Floats, statistic: Callable[[Floats], float]) -> Floats:
    return np.array([statistic(counts.sum(axis=0) - row) for row in counts])


def _kind(text: str, formats: Classifier, other: int) -> int:
    for place, (name, holds) in enumerate(formats):
        try:
            if holds(text):
                return place
        except Exception as error:
            raise ConfigError(f"the predicate of format {name!r} raised {type(error).__name__}: {error}; on {text[:40]!r}") from error
    return other
