"""A bound for when only human text is known: the largest human share that the target is consistent with."""

from dataclasses import dataclass

import numpy as np

from longtail.errors import ConfigError, UsageError
from longtail.origin.reference import Floats
from longtail.records import NotMeasured


@dataclass(frozen=True)
class Bound:
    """The largest human share that the target is consistent with, which is a bound and no estimate of it.

    Attributes:
        human: The largest human share, in [0, 1].
        upper: Its upper confidence end: the human share is at most this.
        width: Confidence width, on either side of `human`.
        machine_at_least: 1 - upper: the share that is not like the known human text is at least this.
        threshold: Score up to which target and human text were counted.
        settled: Whether the human share is the same among the most human half of those texts. Where it is not, the target has
            machine text wherever it has human text as far as can be seen, and `human` overstates the human share.
    """

    human: float
    upper: float
    width: float
    machine_at_least: float
    threshold: float
    settled: bool


def human_bound(human: Floats, target: Floats, *, delta: float = 0.1, gamma: float = 0.01) -> Bound | NotMeasured:
    """Return the largest human share of the target, from scores of a human-against-target classifier on texts it did not learn from.

    `upper` holds with probability 1 - delta whatever the machine text is like. `human` itself comes near the truth only where the
    classifier finds some region that machine text stays out of.

    Args:
        human: Scores of known human texts, higher = less like human text, shape (N,).
        target: Scores of the target, shape (n,).
        delta: Probability that the bound fails.
        gamma: Slack of the threshold that is chosen.

    Raises:
        ConfigError: delta or gamma is out of range.
        UsageError: A score is not a number.

    Source:
        Best bin estimation: Garg, Wu, Smola, Balakrishnan & Lipton 2021, algorithm 1 with the Dvoretzky-Kiefer-Wolfowitz width.
    """
    _check(human, target, delta, gamma)
    if min(len(human), len(target)) < 2:
        return NotMeasured(reason=f"{len(human)} human and {len(target)} target texts have a score", enable="more texts")
    slack = sum(np.sqrt(np.log(4 / delta) / (2 * len(scores))) for scores in (human, target))
    cuts = np.unique(np.concatenate([human, target]))
    of_human, of_target = _below(human, cuts), _below(target, cuts)
    usable = of_human * len(human) >= 2
    ratios, widths = of_target[usable] / of_human[usable], slack * (1 + gamma) / of_human[usable]
    best = int(np.argmin(ratios + widths))
    share, width, cut = float(ratios[best]), float(widths[best]), float(cuts[usable][best])
    upper = min(share + width, 1.0)
    return Bound(min(share, 1.0), upper, width, 1.0 - upper, cut, _settled(human, target, cut, delta))


def _settled(human: Floats, target: Floats, cut: float, delta: float) -> bool:
    """Tell whether the ratio of the most human half of the region is no smaller than that of the other half, but for chance."""
    half = float(np.quantile(human[human <= cut], 0.5))
    counts = [int((scores <= half).sum()) for scores in (human, target)]
    rest = [int(((scores > half) & (scores <= cut)).sum()) for scores in (human, target)]
    if not all(rest) or not counts[0]:
        return True
    inner, outer = (counts[1] + 0.5) / (counts[0] + 0.5), (rest[1] + 0.5) / (rest[0] + 0.5)
    spread = np.sqrt(sum(1 / (count + 0.5) for count in (*counts, *rest)))
    return bool(np.log(outer / inner) < np.sqrt(2 * np.log(1 / delta)) * spread)


def _below(scores: Floats, cuts: Floats) -> Floats:
    return np.asarray(np.searchsorted(np.sort(scores), cuts, side="right") / len(scores))


def _check(human: Floats, target: Floats, delta: float, gamma: float) -> None:
    if not 0 < delta < 1 or gamma < 0:
        raise ConfigError(f"delta={delta!r}, gamma={gamma!r}; delta is between 0 and 1 and gamma at least 0")
    if np.isnan(human).any() or np.isnan(target).any():
        raise UsageError("a score is not a number; leave out texts that have none")
