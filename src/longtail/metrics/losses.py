"""Losses of one model, document by document: what it makes of its own output, and its worst-predicted documents."""

import numpy as np
import numpy.typing as npt

from longtail.metrics.catalogue import VALUES
from longtail.metrics.likelihood import GROUPS, VIEW, WORST, gap_between, too_few
from longtail.readers.scores import Scores
from longtail.records import Estimate, NotMeasured, Outcome
from longtail.stats.jackknife import delete_a_group, quantile
from longtail.summaries.units import FEWEST_DOCUMENTS

Values = npt.NDArray[np.float64]

_ORDER = "order statistic; binomial interval, without a law of losses (David & Nagaraja 2003, 7.1)"
_OUTSIDE = 0.025


@VALUES.add(unit="nats/token", worse="higher", source="own definition; delete-a-group jackknife (Kott 2001)")
def self_gap(scores: Scores, /) -> Outcome:
    """How much more loss per token a model has on held-out human text than on what it writes itself.

    Lengths and decoding settings must be alike for two models to be compared: text sampled at a low temperature, or cut short,
    has less loss with any model.

    Why: what a model finds easy in its own text and hard in people's is what it has made its own; the gap grows as it narrows.

    Formula: gap = loss per token on held-out human documents - loss per token on its own samples, in nats.

    Minimum: 16 documents of each.

    False positives: samples drawn at a low temperature, or cut short, which any model finds easy.

    Akin: LT501
    """
    if scores.own is None:
        reason, enable = f"{scores.path} has no documents of split 'own'", "rows with split = own: the model's own samples, scored by it"
        return NotMeasured(reason=reason, enable=enable, metric="self_gap", view=VIEW)
    return gap_between(scores, scores.own, "self_gap")


@VALUES.add(unit="nats/token", worse="higher", source="sample quantile; binomial interval (David & Nagaraja 2003)")
def nll_q90(scores: Scores, /) -> Outcome:
    """Loss per token that nine in ten held-out documents stay below.

    Formula: q, where q is such that 90 % of held-out documents have a loss per token of at most q.

    Minimum: 36 held-out documents, for an interval from order statistics.

    False positives: documents of a few tokens, whose loss per token is noisy.

    Akin: LT305
    """
    return _quantile(scores, 0.90)


@VALUES.add(unit="nats/token", worse="higher", source="sample quantile; binomial interval (David & Nagaraja 2003)")
def nll_q95(scores: Scores, /) -> Outcome:
    """Loss per token that nineteen in twenty held-out documents stay below.

    Formula: q, where q is such that 95 % of held-out documents have a loss per token of at most q.

    Minimum: 72 held-out documents, for an interval from order statistics.

    False positives: documents of a few tokens, whose loss per token is noisy.

    Akin: LT305
    """
    return _quantile(scores, 0.95)


@VALUES.add(unit="nats/token", worse="higher", source="sample quantile; binomial interval (David & Nagaraja 2003)")
def nll_q99(scores: Scores, /) -> Outcome:
    """Loss per token that 99 in a hundred held-out documents stay below.

    Formula: q, where q is such that 99 % of held-out documents have a loss per token of at most q.

    Minimum: 368 held-out documents, for an interval from order statistics.

    False positives: a handful of broken documents, which are what lies beyond it.

    Akin: LT305
    """
    return _quantile(scores, 0.99)


@VALUES.add(unit="nats/token", worse="higher", source="Rockafellar & Uryasev 2000; delete-a-group jackknife (Kott 2001)")
def nll_cvar95(scores: Scores, /) -> Outcome:
    """Mean loss per token of the worst-predicted twentieth of held-out documents, each counted once.

    The documents are chosen by the very losses that are averaged, so that two models are not compared by this but by
    `tail_nll`, which averages the same documents for both.

    Formula: mean of the greatest losses per token, of a twentieth of the documents.

    Minimum: 96 held-out documents.

    False positives: the documents are the worst by chance as well; compare two models by `tail_nll` of LT305, on the same documents.

    Akin: LT305
    """
    losses = scores.nll / scores.tokens
    if len(losses) < FEWEST_DOCUMENTS:
        return too_few("nll_cvar95", len(losses), FEWEST_DOCUMENTS)
    group = np.arange(len(losses)) * GROUPS // len(losses)
    spread = delete_a_group([worst_mean(losses[group != left]) for left in range(GROUPS)])
    value, half = worst_mean(losses), quantile(0.975, spread.freedom) * spread.error
    method = f"mean of the worst {WORST:.0%}; delete-a-group jackknife"
    return _estimate("nll_cvar95", (value, max(0.0, value - half), value + half), len(losses), method)


def worst_mean(losses: Values) -> float:
    """Return the mean of the greatest losses, a share `WORST` of all; the last of them counts in part where that is no whole number.

    Args:
        losses: One of each document, shape (documents,).
    """
    ranked, mass = np.sort(losses)[::-1], WORST * len(losses)
    whole = int(mass)
    return float((ranked[:whole].sum() + (mass - whole) * ranked[whole]) / mass)


def quantile_bounds(losses: Values, level: float) -> tuple[float, float, float] | None:
    """Return a sample quantile (linear between order statistics) and its 95 % interval, None where the sample is too small for one.

    Args:
        losses: One of each document, shape (documents,).
        level: Share of documents below the quantile.
    """
    from scipy.stats import binom

    size = len(losses)
    low, high = (int(binom.ppf(share, size, level)) for share in (_OUTSIDE, 1 - _OUTSIDE))
    if low < 1 or high + 1 > size:
        return None
    ranked = np.sort(losses)
    return float(np.quantile(ranked, level)), float(ranked[low - 1]), float(ranked[high])


def _quantile(scores: Scores, level: float) -> Outcome:
    metric = f"nll_q{level:.0%}".rstrip("%")
    bounds = quantile_bounds(scores.nll / scores.tokens, level)
    if bounds is None:
        reason = f"{len(scores.nll)} documents hold no interval for the quantile {level:g}"
        return NotMeasured(reason=reason, enable="scores of more held-out documents", metric=metric, view=VIEW)
    return _estimate(metric, bounds, len(scores.nll), _ORDER)


def _estimate(metric: str, bounds: tuple[float, float, float], documents: int, method: str) -> Estimate:
    value, low, high = bounds
    return Estimate(
        metric=metric, view=VIEW, value=value, low=low, high=high, n=documents, unit="nats/token", resampling_unit="document", method=method
    )
