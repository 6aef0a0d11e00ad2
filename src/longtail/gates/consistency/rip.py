"""Rejecting Instruction Preferences: keep a prompt by the worst of the responses to it."""

import math
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from longtail.gates.batch import Batch
from longtail.gates.catalogue import GATES
from longtail.gates.judging import Judge
from longtail.gates.settings import choice, column, number
from longtail.gates.verdicts import Judgement, Verdicts

QUANTILE = 0.5
"""Quantile of each threshold: a prompt is kept whose worst response is no worse and no shorter than the median, and whose gap is no
wider (Yu et al., arXiv:2501.18578)."""
_NAMES = ("reward", "length", "gap")

Numbers = npt.NDArray[np.float64]


class _Worst(NamedTuple):
    """The rejected response of a prompt: its reward, its length (NaN where lengths are not looked at), and the gap to the best."""

    reward: float
    length: float
    gap: float


@GATES.add("rip", judges="documents", source="Yu et al., arXiv:2501.18578")
class Rip:
    """Keep a prompt whose rejected response is good and long enough, and not too far below the best one.

    The rejected response is that of the lowest reward (the first of several), the chosen one that of the highest. The thresholds
    are quantiles of the data set, so about half of it passes each of them at 0.5, and a half to an eighth passes all.

    Args:
        rewards: Column of the rewards, one for each response, as a list.
        lengths: Column of the responses' lengths, in any unit, or of the responses, whose characters are counted.
        reward: Quantile that the rejected response's reward must reach; 0 does not look at it.
        length: Quantile that its length must reach; 0 does not look at it, and needs no lengths.
        gap: Quantile that the gap must not exceed; 1 does not look at it.
        otherwise: What becomes of the rest: "reject" or "review".

    Raises:
        ConfigError: A setting is out of range.
    """

    def __init__(
        self,
        *,
        rewards: str = "rewards",
        lengths: str = "responses",
        reward: float = QUANTILE,
        length: float = QUANTILE,
        gap: float = QUANTILE,
        otherwise: str = "reject",
    ) -> None:
        self.rewards = column("rip", "rewards", rewards)
        self.lengths = column("rip", "lengths", lengths)
        self.quantiles = tuple(number("rip", name, value, 0, 1) for name, value in zip(_NAMES, (reward, length, gap), strict=True))
        self.otherwise = choice("rip", "otherwise", otherwise, ("reject", "review"))

    def over(self, batches: Callable[[], Iterable[Batch]]) -> Judge:
        """Return the gate for a data set, whose quantiles are its thresholds."""
        tables = [_table(self._worst(batch)) for batch in batches()]
        return partial(self._judged, borders=self._borders(np.concatenate([_table([]), *tables])))

    def __call__(self, batch: Batch) -> Verdicts:
        """Judge documents that are a whole data set by themselves."""
        return self.over(lambda: [batch])(batch)

    def _borders(self, table: Numbers) -> tuple[float, float, float]:
        """Return the least reward, the least length and the greatest gap."""
        reward, length, gap = self.quantiles
        if not len(table):
            return -math.inf, -math.inf, math.inf
        return (
            float(np.quantile(table[:, 0], reward)) if reward else -math.inf,
            float(np.quantile(table[:, 1], length)) if length else -math.inf,
            float(np.quantile(table[:, 2], gap)) if gap < 1 else math.inf,
        )

    def _judged(self, batch: Batch, *, borders: tuple[float, float, float]) -> Verdicts:
        return Verdicts.of(self._one(each, borders) for each in self._worst(batch))

    def _one(self, found: _Worst | str, borders: tuple[float, float, float]) -> Judgement:
        if isinstance(found, str):
            return Judgement("reject", found)
        reasons = [
            f"the rejected response's reward is {found.reward:.4g}, below {borders[0]:.4g}" if found.reward < borders[0] else "",
            f"its length is {found.length:.4g}, below {borders[1]:.4g}" if found.length < borders[1] else "",
            f"the best response's reward is {found.gap:.4g} higher, above {borders[2]:.4g}" if found.gap > borders[2] else "",
        ]
        said = "; ".join(reason for reason in reasons if reason)
        return Judgement(self.otherwise if said else "keep", said, found.reward)

    def _worst(self, batch: Batch) -> list[_Worst | str]:
        """Return the rejected response of each document, or why there is none."""
        needed = self.quantiles[1] > 0
        lengths = batch.values(self.lengths) if needed else [None] * len(batch)
        return [self._of(rewards, length, needed) for rewards, length in zip(batch.values(self.rewards), lengths, strict=True)]

    def _of(self, rewards: Any, lengths: Any, needed: bool) -> _Worst | str:
        numbers = _numbers(rewards)
        if numbers is None or len(numbers) < 2:
            return f"no pair of responses: {self.rewards!r} must hold two rewards or more, all finite numbers"
        at = int(numbers.argmin())
        gap = float(numbers.max() - numbers[at])
        if not needed:
            return _Worst(float(numbers[at]), math.nan, gap)
        sizes = _numbers([len(each) if isinstance(each, str) else each for each in lengths] if isinstance(lengths, list | tuple) else None)
        if sizes is None or len(sizes) != len(numbers):
            return f"no lengths: {self.lengths!r} must hold a response or its length for each of {len(numbers)} rewards"
        return _Worst(float(numbers[at]), float(sizes[at]), gap)


def _table(found: list[_Worst | str]) -> Numbers:
    return np.array([each for each in found if isinstance(each, _Worst)], np.float64).reshape(-1, 3)


def _numbers(found: Any) -> Numbers | None:
    """Return a list of finite numbers, None where it is none."""
    if not isinstance(found, list | tuple) or not all(isinstance(each, int | float) and not isinstance(each, bool) for each in found):
        return None
    numbers = np.array(found, np.float64)
    return numbers if np.isfinite(numbers).all() else None
