"""What training did to abilities: each before and after, problem by problem, whether it was trained or not.

A trained ability may fall as well, and that is a shift of what was trained. One that nobody trained and that surely falls was
contaminated by what was: the update went through weights that both share.
"""

from collections.abc import Collection, Mapping
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from longtail.errors import ConfigError
from longtail.stats.jackknife import delete_a_group, quantile

Floats = npt.NDArray[np.float64]
Became = Literal["contaminated", "shift", "gain", "no sure change", "not measured"]

FEWEST = 10
"""Problems of an ability below which its interval is not trusted; a convention."""


class Capability(NamedTuple):
    """One ability before and after training.

    Attributes:
        name: Of the ability.
        is_trained: Whether training was about it.
        before, after: Mean score.
        low, high: Of after less before, over problems; all intervals of a matrix hold together.
        n: Problems with a score on both sides.
        became: What training did to it.
    """

    name: str
    is_trained: bool
    before: float
    after: float
    low: float
    high: float
    n: int
    became: Became

    @property
    def change(self) -> float:
        """Return after less before."""
        return self.after - self.before


def capabilities(
    before: Mapping[str, npt.ArrayLike], after: Mapping[str, npt.ArrayLike], trained: Collection[str] = (), level: float = 0.95
) -> tuple[Capability, ...]:
    """Return the matrix of abilities, in the order of `before`.

    The interval is that of the mean paired difference over problems (Student's); the error rate is shared by the abilities.

    Args:
        before, after: Scores by ability, shape (problems,) or (problems, tries), the same problems in the same order; NaN where none.
        trained: Abilities that training was about.
        level: That all intervals hold with together.

    Raises:
        ConfigError: The two sides have unlike abilities or problems, or an ability that was trained is not among them.
    """
    if unlike := set(before) ^ set(after) or set(trained) - set(before):
        raise ConfigError(f"ability {min(unlike)!r} is not on both sides; give scores of each before and after")
    part = 1 - (1 - level) / max(len(before), 1)
    return tuple(_capability(name, before[name], after[name], name in trained, part) for name in before)


def _capability(name: str, before: npt.ArrayLike, after: npt.ArrayLike, is_trained: bool, level: float) -> Capability:
    sides = [np.asarray(each, np.float64) for each in (before, after)]
    first, second = (each if each.ndim == 1 else each.mean(axis=1) for each in sides)
    if first.shape != second.shape:
        raise ConfigError(f"{name!r} has {len(first)} problems before and {len(second)} after; give the same problems on both sides")
    both = np.isfinite(first) & np.isfinite(second)
    first, second, n = first[both], second[both], int(both.sum())
    if n < FEWEST:
        nothing = float("nan")
        return Capability(name, is_trained, nothing, nothing, nothing, nothing, n, "not measured")
    apart = second - first
    spread = delete_a_group((apart.sum() - apart) / (n - 1))
    half = quantile((1 + level) / 2, spread.freedom) * spread.error
    low, high = float(apart.mean()) - half, float(apart.mean()) + half
    return Capability(name, is_trained, float(first.mean()), float(second.mean()), low, high, n, _became(low, high, is_trained))


def _became(low: float, high: float, is_trained: bool) -> Became:
    if high < 0:
        return "shift" if is_trained else "contaminated"
    return "gain" if low > 0 else "no sure change"
