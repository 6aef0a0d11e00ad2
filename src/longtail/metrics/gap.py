"""The gap between tail and average: whether a model loses more on the rare documents than on all of them."""

from dataclasses import replace
from typing import NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from longtail.errors import IncompatibleSummaries
from longtail.metrics.endpoint import Endpoint, undecidable
from longtail.metrics.likelihood import BASELINE, GROUPS, VIEW, Pairs, Signs, Values, compared, paired, swaps, too_few, worst
from longtail.readers.scores import Scores
from longtail.records import NotMeasured, Outcome
from longtail.stats.jackknife import NORMAL_95, delete_a_group
from longtail.summaries.units import FEWEST_DOCUMENTS

Places = npt.NDArray[np.int64]

TAIL_ACCURACY, TAIL_GAP = "tail_accuracy", "tail_gap"

_CHOSEN = "the {count} documents with the greatest mean loss per token of both models"
_MARKED = "the {count} documents marked in the column tail"
_HOW = "paired, models swapped within groups of documents; delete-a-group jackknife"


def tail_gap(candidate: Scores, baseline: Scores, permutations: int, seed: int) -> tuple[Outcome, ...]:
    """Return the change on the tail, and that change less the change on all documents, against the baseline model.

    The tail is what the column `tail` marks, in either file; else the worst-predicted 5 % by the mean of both models, a choice that
    swapping the models leaves alone. Where both files say which answers were right, shares of right answers are compared: `tail_accuracy`
    and `tail_gap`, below 0 where the tail fell more. Else losses in nats per token: `tail_gap` alone, beside the `tail_nll` of
    `fidelity_endpoints`, above 0 where the loss on the tail rose more.

    Args:
        candidate: Scores of the model under audit.
        baseline: Scores of the model that it is compared with.
        permutations: Number of random swaps B.
        seed: Seed of the swaps.

    Raises:
        IncompatibleSummaries: A document has other tokens, or another mark, in one file than in the other.
    """
    pairs = paired(candidate, baseline)
    if isinstance(pairs, NotMeasured):
        return (NotMeasured(reason=pairs.reason, enable=pairs.enable, metric=TAIL_GAP, view=VIEW),)
    marks = marked(candidate, baseline)
    chosen = worst(pairs) if marks is None else np.flatnonzero(marks)
    told = (_CHOSEN if marks is None else _MARKED).format(count=len(chosen))
    flips = swaps(permutations, seed)
    if pairs.right is None:
        return tuple(map(_shown, _loss_gap(pairs, chosen, flips, told)))
    return tuple(map(_shown, _accuracy_gap(pairs, pairs.right, chosen, flips, told)))


def marked(candidate: Scores, baseline: Scores) -> Values | None:
    """Return 1 for each document in both files that belongs to the tail and 0 for the others, or None where neither file says.

    Raises:
        IncompatibleSummaries: The files mark a document unlike.
    """
    _, here, there = np.intersect1d(candidate.ids, baseline.ids, assume_unique=True, return_indices=True)
    nothing = np.full(len(here), np.nan)
    left = nothing if candidate.tail is None else candidate.tail[here]
    right = nothing if baseline.tail is None else baseline.tail[there]
    apart = np.flatnonzero(~np.isnan(left) & ~np.isnan(right) & (left != right))
    if len(apart):
        what = f"tail of document {candidate.names[here[apart[0]]]!r}"
        raise IncompatibleSummaries(
            f"{candidate.path} and {baseline.path} mark {len(apart)} of {len(here)} documents unlike",
            {what: int(left[apart[0]])},
            {what: int(right[apart[0]])},
            fix="take the column tail from one list of the frozen reference",
        )
    joint = np.where(np.isnan(left), right, left)
    return None if np.isnan(joint).all() else np.nan_to_num(joint)


def _accuracy_gap(pairs: Pairs, right: Values, chosen: Places, flips: Signs, told: str) -> list[Endpoint | NotMeasured]:
    stated = np.flatnonzero(~np.isnan(right).any(axis=0))
    tail = np.intersect1d(stated, chosen)
    if len(stated) < FEWEST_DOCUMENTS:
        return [too_few(metric, len(stated), FEWEST_DOCUMENTS) for metric in (TAIL_ACCURACY, TAIL_GAP)]
    unweighted = _Paired(right[0] - right[1], np.ones(right.shape[1]), right[1], pairs.group, "share")
    return unweighted.endpoints(tail, stated, flips, told)


def _loss_gap(pairs: Pairs, chosen: Places, flips: Signs, told: str) -> list[Endpoint | NotMeasured]:
    by_token = _Paired(pairs.baseline - pairs.candidate, pairs.tokens.astype(float), pairs.baseline, pairs.group, "nats/token")
    return by_token.endpoints(chosen, np.arange(len(pairs.group)), flips, told)[1:]


class _Paired(NamedTuple):
    """What is compared of each document: the candidate's gain, its weight, and what the baseline has; all of shape (documents,)."""

    gain: Values
    weight: Values
    before: Values
    group: Places
    unit: str

    def endpoints(self, tail: Places, stated: Places, flips: Signs, told: str) -> list[Endpoint | NotMeasured]:
        """Return the change on the tail, and the same less the change on all that is stated."""
        moved = compared(self.gain[tail], self.weight[tail], self.group[tail], flips, TAIL_GAP)
        average = compared(self.gain[stated], self.weight[stated], self.group[stated], flips, TAIL_GAP)
        if isinstance(moved, NotMeasured) or isinstance(average, NotMeasured):
            absence = moved if isinstance(moved, NotMeasured) else average
            assert isinstance(absence, NotMeasured)
            return [msgspec.structs.replace(absence, metric=metric) for metric in (TAIL_ACCURACY, TAIL_GAP)]
        apart = delete_a_group(self._without(tail) - self._without(stated)).error
        before = [float(self.before[of].sum() / self.weight[of].sum()) for of in (tail, stated)]
        first = Endpoint(
            metric=TAIL_ACCURACY, view=VIEW, baseline=BASELINE, statistics=moved[0], error=moved[1], method=f"on {told}; {_HOW}",
            n=len(tail), baseline_value=before[0], unit=self.unit,
        )  # fmt: skip
        gap, method = moved[0] - average[0], f"change on {told} less change on all {len(stated)}; {_HOW}"
        second = replace(
            first, metric=TAIL_GAP, statistics=gap, error=apart, n=len(stated), baseline_value=before[0] - before[1], method=method
        )
        return [undecidable(made) or made for made in (first, second)]

    def _without(self, of: Places) -> Values:
        """Return the gain per weight with each group left out, shape (GROUPS,)."""
        gains, weights = (np.bincount(self.group[of], values[of], GROUPS) for values in (self.gain, self.weight))
        return np.asarray((gains.sum() - gains) / (weights.sum() - weights))


def _shown(endpoint: Endpoint | NotMeasured) -> Outcome:
    return endpoint if isinstance(endpoint, NotMeasured) else endpoint.estimate(NORMAL_95, NORMAL_95, 0.95)
