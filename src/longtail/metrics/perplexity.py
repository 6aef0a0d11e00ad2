"""The perplexity pair: what a model makes of human text, beside what it makes of its own, both against a baseline model."""

import numpy as np

from longtail.metrics.likelihood import BASELINE, NLL_MARGIN, VIEW, compared, paired, per_token, swaps, too_few
from longtail.readers.scores import Scores
from longtail.records import Decision, Estimate, NotMeasured, Outcome
from longtail.stats.jackknife import Spread, combined, quantile
from longtail.summaries.units import FEWEST_UNITS

HUMAN, OWN = "human_nll_change", "own_nll_change"

_PAIRED = "paired difference on the same human documents; delete-a-group jackknife"
_APART = "each model on its own output, difference of two means; delete-a-group jackknife"
_NO_OWN = "rows with split = own in --scores and --baseline-scores: each model's own samples, scored by that model"


def perplexity_pair(candidate: Scores, baseline: Scores, margin: float = NLL_MARGIN) -> tuple[Outcome, Outcome]:
    """Return the rise of the loss on held-out human text and that on the models' own output, nats per token.

    Each says by its decision what the rise comes to: "shrunk" where its lower bound is above the margin, "watch" where it is above
    0, "ok" where the upper bound is at most the margin, else "inconclusive". `baseline_value` is the baseline model's loss.

    Args:
        candidate: Scores of the model under audit.
        baseline: Scores of the model that it is compared with.
        margin: Rise that is tolerable, in nats per token.

    Raises:
        IncompatibleSummaries: A held-out document has other tokens in one file than in the other.
    """
    return _human(candidate, baseline, margin), _own(candidate, baseline, margin)


def _human(candidate: Scores, baseline: Scores, margin: float) -> Outcome:
    pairs = paired(candidate, baseline)
    if isinstance(pairs, NotMeasured):
        return NotMeasured(reason=pairs.reason, enable=pairs.enable, metric=HUMAN, view=VIEW)
    tokens = pairs.tokens.astype(float)
    found = compared(pairs.candidate - pairs.baseline, tokens, pairs.group, swaps(0, 0), HUMAN)
    if isinstance(found, NotMeasured):
        return found
    statistics, error = found
    spread = Spread(error, len(np.unique(pairs.group)) - 1)
    return _change(HUMAN, float(statistics[0]), spread, float(pairs.baseline.sum() / tokens.sum()), len(tokens), margin, _PAIRED)


def _own(candidate: Scores, baseline: Scores, margin: float) -> Outcome:
    if candidate.own is None or baseline.own is None:
        lacking = candidate.path if candidate.own is None else baseline.path
        return NotMeasured(reason=f"{lacking} has no documents of split 'own'", enable=_NO_OWN, metric=OWN, view=VIEW)
    fewest = min(len(candidate.own.nll), len(baseline.own.nll))
    if fewest < FEWEST_UNITS:
        return too_few(OWN, fewest)
    (here, spread), (there, other) = (per_token(own.nll, own.tokens) for own in (candidate.own, baseline.own))
    return _change(OWN, here - there, combined([spread, other]), there, len(candidate.own.nll), margin, _APART)


def _change(metric: str, rise: float, spread: Spread, before: float, documents: int, margin: float, method: str) -> Estimate:
    half = quantile(0.975, spread.freedom) * spread.error
    low, high = rise - half, rise + half
    return Estimate(
        metric=metric, view=VIEW, value=rise, low=low, high=high, n=documents, unit="nats/token", resampling_unit="document",
        method=f"{method}; margin {margin:g} nats/token", baseline=BASELINE, baseline_value=before, decision=_decision(low, high, margin),
    )  # fmt: skip


def _decision(low: float, high: float, margin: float) -> Decision:
    if low > margin:
        return "shrunk"
    if low > 0:
        return "watch"
    return "ok" if high <= margin else "inconclusive"
