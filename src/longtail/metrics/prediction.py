"""How concentrated a model's next-token laws are on human text: their entropy, and the probability of the likeliest token."""

import math

import numpy as np

from longtail.metrics.catalogue import RATIOS, VALUES
from longtail.metrics.likelihood import BASELINE, GROUPS, VIEW, Values, paired, too_few
from longtail.readers.scores import Scores
from longtail.records import Estimate, NotMeasured, Outcome
from longtail.stats.jackknife import delete_a_group, quantile, ratio_of_sums
from longtail.summaries.units import FEWEST_UNITS

ENTROPY, TOP1 = "predictive_entropy", "top1_mass"

_COLUMNS = {ENTROPY: "entropy", TOP1: "top1"}
_UNITS = {ENTROPY: "nats/token", TOP1: "share"}
_SOURCE = "mean over tokens, clustered by document; delete-a-group jackknife (Kott 2001)"
_RATIO = "ratio of means over the tokens of the same documents; delete-a-group jackknife (Kott 2001)"


@VALUES.add(unit="nats/token", worse="lower", source=_SOURCE)
def predictive_entropy(scores: Scores, /) -> Outcome:
    """Mean entropy of the law of the next token on held-out text; low where the model is sure, rightly or not.

    Why: a model that narrows is sure of its next word, rightly or not, before its samples show it.

    Formula: sum over documents of tokens * entropy / sum of tokens, in nats, where entropy is the column of that name.

    Minimum: 16 documents with the column entropy; 96 that both models scored to compare two.

    False positives: logits that were scaled by a temperature on one side; a model that is sure because it learnt more.

    Akin: LT501
    """
    return _value(scores, ENTROPY)


@VALUES.add(unit="share", worse="higher", source=_SOURCE)
def top1_mass(scores: Scores, /) -> Outcome:
    """Mean probability of the likeliest next token on held-out text.

    Why: a model that narrows puts more on its first guess; the share rises before the samples are all alike.

    Formula: sum over documents of tokens * top1 / sum of tokens, where top1 is the column of that name.

    Minimum: 16 documents with the column top1; 96 that both models scored to compare two.

    False positives: logits that were scaled by a temperature on one side; a model that is sure because it learnt more.

    Akin: LT501
    """
    return _value(scores, TOP1)


@RATIOS.add(name="predictive_entropy", unit="ratio", worse="lower", source=_RATIO)
def predictive_entropy_ratio(candidate: Scores, baseline: Scores, /) -> Outcome:
    """Mean entropy of the law of the next token relative to the baseline model's, on the same held-out text.

    How measured: from the files of --scores and --baseline-scores, document by document

    Formula: ratio = mean of the candidate's model / mean of the baseline's, over the tokens of the same documents.

    Minimum: 96 documents that both models scored.

    Raises:
        IncompatibleSummaries: A document has other tokens in one file than in the other.
    """
    return _against(candidate, baseline, ENTROPY)


@RATIOS.add(name="top1_mass", unit="ratio", worse="higher", source=_RATIO)
def top1_mass_ratio(candidate: Scores, baseline: Scores, /) -> Outcome:
    """Mean probability of the likeliest next token relative to the baseline model's, on the same held-out text.

    How measured: from the files of --scores and --baseline-scores, document by document

    Formula: ratio = mean of the candidate's model / mean of the baseline's, over the tokens of the same documents.

    Minimum: 96 documents that both models scored.

    Raises:
        IncompatibleSummaries: A document has other tokens in one file than in the other.
    """
    return _against(candidate, baseline, TOP1)


def _value(scores: Scores, metric: str) -> Outcome:
    column: Values | None = getattr(scores, _COLUMNS[metric])
    if column is None:
        return _no_column(scores, metric)
    stated = np.flatnonzero(~np.isnan(column))
    if len(stated) < FEWEST_UNITS:
        return too_few(metric, len(stated))
    sums, tokens = _grouped(column[stated], scores.tokens[stated])
    value = float(sums.sum() / tokens.sum())
    spread = delete_a_group((sums.sum() - sums) / (tokens.sum() - tokens))
    half = quantile(0.975, spread.freedom) * spread.error
    high = min(1.0, value + half) if metric == TOP1 else value + half
    return Estimate(
        metric=metric, view=VIEW, value=value, low=max(0.0, value - half), high=max(high, value), n=len(stated), unit=_UNITS[metric],
        resampling_unit="document", method="mean over tokens; delete-a-group jackknife",
    )  # fmt: skip


def _against(candidate: Scores, baseline: Scores, metric: str) -> Outcome:
    columns = [getattr(scores, _COLUMNS[metric]) for scores in (candidate, baseline)]
    if columns[0] is None or columns[1] is None:
        return _no_column(candidate if columns[0] is None else baseline, metric)
    pairs = paired(candidate, baseline)
    if isinstance(pairs, NotMeasured):
        return NotMeasured(reason=pairs.reason, enable=pairs.enable, metric=metric, view=VIEW)
    _, at, other = np.intersect1d(candidate.ids, baseline.ids, assume_unique=True, return_indices=True)
    here, there = columns[0][at], columns[1][other]
    stated = np.flatnonzero(~np.isnan(here) & ~np.isnan(there))
    if len(stated) < FEWEST_UNITS:
        return too_few(metric, len(stated))
    sums, tokens = _grouped(here[stated], pairs.tokens[stated])
    before, _ = _grouped(there[stated], pairs.tokens[stated])
    if not sums.sum() or not before.sum():
        return NotMeasured(reason=f"{_COLUMNS[metric]} is 0 on every document of a file", metric=metric, view=VIEW)
    log_ratio, without = ratio_of_sums(sums, before)
    return _ratio(metric, log_ratio, without, float(before.sum() / tokens.sum()), len(stated))


def _ratio(metric: str, log_ratio: float, without: Values, before: float, documents: int) -> Outcome:
    if not np.isfinite(without).all():
        return NotMeasured(reason=f"{_COLUMNS[metric]} is 0 on all documents but a few", metric=metric, view=VIEW)
    spread = delete_a_group(without)
    half = quantile(0.975, spread.freedom) * spread.error
    return Estimate(
        metric=metric, view=VIEW, kind="ratio", baseline=BASELINE, baseline_value=before, value=math.exp(log_ratio),
        low=math.exp(log_ratio - half), high=math.exp(log_ratio + half), n=documents, unit="ratio", resampling_unit="document",
        method="ratio of means over tokens, paired by document; delete-a-group jackknife",
    )  # fmt: skip


def _grouped(means: Values, tokens: np.ndarray) -> tuple[Values, Values]:
    """Return the sums over tokens and the tokens of each group of documents, in the order of their hashes."""
    groups = min(GROUPS, len(means))
    group = np.arange(len(means)) * groups // len(means)
    sums, totals = (np.bincount(group, values, groups).astype(float) for values in (means * tokens, tokens))
    return sums, totals


def _no_column(scores: Scores, metric: str) -> NotMeasured:
    column = _COLUMNS[metric]
    reason, enable = f"{scores.path} has no column {column!r}", f"a column {column!r} in the scores"
    return NotMeasured(reason=reason, enable=enable, metric=metric, view=VIEW)
