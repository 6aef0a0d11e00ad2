"""Fidelity: how well a model predicts held-out human text, against a baseline model on the same documents.

Both models score the same documents with the same tokens, so every difference is paired. The two models are swapped
within groups of documents, chosen by hash of the id: where they are alike, each swap is as likely as what was observed
and the test is exact.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from longtail.errors import IncompatibleSummaries
from longtail.metrics.catalogue import VALUES
from longtail.metrics.endpoint import Endpoint, undecidable
from longtail.metrics.single import within
from longtail.readers.scores import Losses, Scores
from longtail.records import Baseline, Estimate, NotMeasured, Outcome
from longtail.stats.jackknife import Spread, combined, delete_a_group, quantile
from longtail.summaries.units import FEWEST_DOCUMENTS, FEWEST_UNITS

Values = npt.NDArray[np.float64]
Signs = npt.NDArray[np.int8]

GROUPS = 64
WORST = 0.05
NLL_MARGIN = 0.02
"""Default rise of the loss that is tolerable, in nats per token."""
ACCURACY_MARGIN = 0.01
"""Default fall of the share of right answers that is tolerable."""

VIEW = "scores"
BASELINE: Baseline = "generation_1"
METHOD = "paired difference, models swapped within groups of documents; delete-a-group jackknife"
_MORE = "scores of more held-out documents"


@dataclass(frozen=True)
class Pairs:
    """Documents that both models scored, in the order of the hashes of their ids.

    Attributes:
        candidate, baseline: Loss of each document in nats, shape (documents,).
        tokens: Tokens of each document, shape (documents,).
        right: 1, 0 or NaN for each document, candidate and baseline, shape (2, documents); None where a file has none.
        group: Group of each document, shape (documents,), values below `GROUPS`.
    """

    candidate: Values
    baseline: Values
    tokens: npt.NDArray[np.int64]
    right: Values | None
    group: npt.NDArray[np.int64]


def fidelity_endpoints(candidate: Scores, baseline: Scores, permutations: int, seed: int) -> list[Endpoint | NotMeasured]:
    """Return loss on held-out text, loss on its worst-predicted documents, and accuracy, all relabelled alike.

    Args:
        candidate: Scores of the model under audit.
        baseline: Scores of the model that it is compared with, that of generation 1.
        permutations: Number of random swaps B.
        seed: Seed of the swaps.

    Returns:
        `heldout_nll`, `tail_nll` (the worst 5 %) and, where both files have the column `correct`, `accuracy`. Statistics
        are baseline loss less candidate loss in nats per token, and candidate less baseline share of right answers; margins
        are the defaults. `heldout_nll` alone, not measured, where the files share too few documents.

    Raises:
        IncompatibleSummaries: A document has other tokens in one file than in the other.
    """
    pairs = paired(candidate, baseline)
    if isinstance(pairs, NotMeasured):
        return [pairs]
    flips = swaps(permutations, seed)
    made = [
        _loss_endpoint(pairs, np.arange(len(pairs.group)), "heldout_nll", flips),
        _loss_endpoint(pairs, worst(pairs), "tail_nll", flips),
    ]
    return made if pairs.right is None else [*made, _accuracy_endpoint(pairs, pairs.right, flips)]


def paired(candidate: Scores, baseline: Scores) -> Pairs | NotMeasured:
    """Return the documents that both files score, or why they are too few.

    Raises:
        IncompatibleSummaries: A document has other tokens in one file than in the other.
    """
    _, here, there = np.intersect1d(candidate.ids, baseline.ids, assume_unique=True, return_indices=True)
    if len(here) < FEWEST_DOCUMENTS:
        reason = f"only {len(here)} documents are scored in both {candidate.path} and {baseline.path}, fewer than {FEWEST_DOCUMENTS}"
        return NotMeasured(reason=reason, enable="scores of both models on the same held-out documents", metric="heldout_nll", view=VIEW)
    unlike = np.flatnonzero(candidate.tokens[here] != baseline.tokens[there])
    if len(unlike):
        left, right = here[unlike[0]], there[unlike[0]]
        what = f"tokens of document {candidate.names[left]!r}"
        raise IncompatibleSummaries(
            f"{candidate.path} and {baseline.path} were scored with unlike tokenizers: {len(unlike)} of {len(here)} documents",
            {what: int(candidate.tokens[left])},
            {what: int(baseline.tokens[right])},
            fix="score the same texts with both models under one tokenizer",
        )
    right_answers = None
    if candidate.correct is not None and baseline.correct is not None:
        right_answers = np.stack([candidate.correct[here], baseline.correct[there]])
    return Pairs(
        candidate=candidate.nll[here],
        baseline=baseline.nll[there],
        tokens=candidate.tokens[here],
        right=right_answers,
        group=np.arange(len(here)) * GROUPS // len(here),
    )


def worst(pairs: Pairs) -> npt.NDArray[np.int64]:
    """Return the documents with the greatest loss per token by the mean of both models, ascending: a share `WORST` of all.

    Swapping the models changes nothing about the choice. One made by the baseline alone would take the documents on
    which the baseline happened to do badly, and the candidate would look better than it is (regression to the mean).
    """
    count = -(-len(pairs.group) // round(1 / WORST))
    order = np.argsort(-(pairs.candidate + pairs.baseline) / pairs.tokens, kind="stable")
    return np.sort(order[:count])


def swaps(permutations: int, seed: int) -> Signs:
    """Return 1 where a group is left alone and -1 where its models are swapped, shape (GROUPS, B + 1); column 0 is all 1."""
    signs = np.ones((GROUPS, permutations + 1), np.int8)
    signs[:, 1:] -= 2 * np.random.default_rng(seed).integers(0, 2, (GROUPS, permutations), dtype=np.int8)
    return signs


@VALUES.add(unit="nats/token", worse="higher", source="own definition; delete-a-group jackknife (Kott 2001)")
def train_gap(scores: Scores, /) -> Outcome:
    """How much more loss per token a model has on held-out documents than on those it learned from.

    A gap that grows while held-out loss rises is overfitting; without a gap, another cause has to be looked for.

    Why: it tells overfitting from collapse: a model that overfits is worse on held-out text and better on what it learned from.

    Formula: gap = loss per token on held-out documents - loss per token on documents that it learned from, in nats.

    Minimum: 16 documents of each.

    False positives: training documents of another subject than the held-out ones.

    Fix: stop earlier or train on more data; a loss without a gap has another cause.

    Akin: LT501
    """
    if scores.train is None:
        reason, enable = f"{scores.path} has no documents of split 'train'", "rows with split = train"
        return NotMeasured(reason=reason, enable=enable, metric="train_gap", view=VIEW)
    return gap_between(scores, scores.train, "train_gap")


@VALUES.add(name="heldout_nll", unit="nats/token", worse="higher", source="ratio of sums; delete-a-group jackknife (Kott 2001)")
def heldout_value(scores: Scores, /) -> Outcome:
    """Loss per token of one model on held-out documents.

    Formula: loss = sum of nll / sum of tokens over held-out documents, in nats.

    Minimum: 16 documents; 96 that both models scored to compare two.

    False positives: another tokenizer, whose tokens are not the same; another subject than the model was trained for.

    Silence: no rule reads it, so that it fails nothing by itself; with a lost tail it decides between early and late, by --margin nll=… and
    late=….

    Akin: LT501
    """
    if len(scores.nll) < FEWEST_UNITS:
        return too_few("heldout_nll", len(scores.nll))
    return loss_value("heldout_nll", *per_token(scores.nll, scores.tokens), len(scores.nll), floor=0.0)


def gap_between(scores: Scores, others: Losses, metric: str) -> Outcome:
    """Return loss per token on held-out documents less that on other documents of the same file."""
    fewest = min(len(scores.nll), len(others.nll))
    if fewest < FEWEST_UNITS:
        return too_few(metric, fewest)
    (here, spread), (there, other) = per_token(scores.nll, scores.tokens), per_token(others.nll, others.tokens)
    return loss_value(metric, here - there, combined([spread, other]), len(scores.nll), floor=-np.inf)


def _loss_endpoint(pairs: Pairs, chosen: npt.NDArray[np.int64], metric: str, flips: Signs) -> Endpoint | NotMeasured:
    gain, tokens = (pairs.baseline - pairs.candidate)[chosen], pairs.tokens[chosen].astype(float)
    found = compared(gain, tokens, pairs.group[chosen], flips, metric)
    if isinstance(found, NotMeasured):
        return found
    statistics, error = found
    part = "" if len(chosen) == len(pairs.group) else f" on the {len(chosen)} documents with the greatest mean loss per token"
    made = Endpoint(
        metric=metric, view=VIEW, baseline=BASELINE, statistics=statistics, error=error, method=METHOD + part, n=len(pairs.group),
        baseline_value=float(pairs.baseline[chosen].sum() / tokens.sum()), unit="nats/token", margin=-NLL_MARGIN,
    )  # fmt: skip
    return undecidable(made) or made


def _accuracy_endpoint(pairs: Pairs, right: Values, flips: Signs) -> Endpoint | NotMeasured:
    stated = np.flatnonzero(~np.isnan(right).any(axis=0))
    if len(stated) < FEWEST_DOCUMENTS:
        return too_few("accuracy", len(stated), FEWEST_DOCUMENTS)
    candidate, baseline = right[:, stated]
    found = compared(candidate - baseline, np.ones(len(stated)), pairs.group[stated], flips, "accuracy")
    if isinstance(found, NotMeasured):
        return found
    statistics, error = found
    made = Endpoint(
        metric="accuracy", view=VIEW, baseline=BASELINE, statistics=statistics, error=error, method=METHOD, n=len(stated),
        baseline_value=float(baseline.mean()), unit="share", margin=-ACCURACY_MARGIN,
    )  # fmt: skip
    return undecidable(made) or made


def compared(gain: Values, weight: Values, group: npt.NDArray[np.int64], flips: Signs, metric: str) -> tuple[Values, float] | NotMeasured:
    """Return the sum of gains over that of weights by relabelling, shape (B + 1,), and its jackknife error."""
    held = np.unique(group)
    if len(held) < FEWEST_UNITS:
        reason = f"{len(group)} documents in {len(held)} groups, fewer than {FEWEST_UNITS} groups"
        return NotMeasured(reason=reason, enable=_MORE, metric=metric, view=VIEW)
    gains, weights = (np.bincount(group, values, GROUPS) for values in (gain, weight))
    total, sums = weights.sum(), np.zeros(flips.shape[1])
    for row in held:  # one group after the other, so that equal relabellings give equal sums to the last bit
        sums += flips[row] * gains[row]
    without = (gains.sum() - gains[held]) / (total - weights[held])
    return sums / total, delete_a_group(without).error


def per_token(nll: Values, tokens: npt.NDArray[np.int64]) -> tuple[float, Spread]:
    """Return loss per token over documents in the order of their hashes, and its delete-a-group jackknife error."""
    count = min(GROUPS, len(nll))
    group = np.arange(len(nll)) * count // len(nll)
    sums, totals = (np.bincount(group, values, count) for values in (nll, tokens))
    return float(nll.sum() / tokens.sum()), delete_a_group((sums.sum() - sums) / (totals.sum() - totals))


def loss_value(metric: str, value: float, spread: Spread, documents: int, floor: float) -> Estimate:
    """Return a loss of one model with its 95 % interval, cut at `floor`."""
    value, low, high = within(value, quantile(0.975, spread.freedom) * spread.error, floor, np.inf)
    return Estimate(
        metric=metric, view=VIEW, value=value, low=min(low, value), high=max(high, value), n=documents, unit="nats/token",
        resampling_unit="document", method="loss over tokens; delete-a-group jackknife",
    )  # fmt: skip


def too_few(metric: str, documents: int, fewest: int = FEWEST_UNITS) -> NotMeasured:
    """Return that a metric needs more documents."""
    return NotMeasured(reason=f"only {documents} documents, fewer than {fewest}", enable=_MORE, metric=metric, view=VIEW)
