"""Reverse cross-entropy: how well a model that learnt from the candidate's text would predict human text."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from longtail.metrics.catalogue import RATIOS
from longtail.metrics.wording import words_of
from longtail.records import Baseline, Estimate, NotMeasured, Outcome
from longtail.stats.jackknife import Spread, combined, delete_a_group, quantile
from longtail.stats.ngrams import Index, Sample, index_of, witten_bell
from longtail.summaries.sample import Entry
from longtail.summaries.units import FEWEST_DOCUMENTS, FEWEST_UNITS

Values = npt.NDArray[np.float64]

GROUPS = 32
MOST_WORDS = 1 << 18
METRIC = "reverse_cross_entropy"

_VIEW = "words_2"
_METHOD = "interpolated Witten-Bell bigrams, {size:,} words of either side; delete-a-group jackknife of all three samples"


@RATIOS.add(unit="nats/word", worse="higher", source="Witten & Bell 1991; Zhao et al. 2018 (reverse perplexity); Kott 2001")
def reverse_cross_entropy(candidate: Sequence[Entry], baseline: Sequence[Entry], target: Sequence[Entry], /) -> Outcome:
    """Loss of a bigram model of the candidate's documents on held-out human ones, less that of a model of the baseline's.

    Both models learn from the same number of words, at most `MOST_WORDS`, those of the first documents by hash, and share a vocabulary.
    Every distinct document counts once. Above 0 the candidate's text teaches less about human text than the baseline's.

    How measured: over a sample of distinct documents of each side, cut to the same number of words

    Formula: rise = H(candidate) - H(baseline), where H is the mean of -ln P over the words of held-out human text, and P the probability of
    a word after the one before it, under bigrams learnt from that sample.

    Minimum: 96 distinct documents on every side.

    False positives: another subject than the human text's.

    Akin: LT501

    Args:
        candidate: Sampled documents of the candidate.
        baseline: Those of the baseline, such as half A of the reference.
        target: Those of half B of the reference.
    """
    return rise(candidate, baseline, target)


def rise(
    candidate: Sequence[Entry], baseline: Sequence[Entry], target: Sequence[Entry], name: Baseline = "reference", seed: int = 0
) -> Outcome:
    """Return `reverse_cross_entropy` with a name for the baseline and a seed for the hashes of words."""
    fewest = min(map(len, (candidate, baseline, target)))
    if fewest < FEWEST_DOCUMENTS:
        reason = f"a sample has {fewest} distinct documents, fewer than {FEWEST_DOCUMENTS}"
        return NotMeasured(reason=reason, enable="more documents on every side", metric=METRIC, view=_VIEW)
    here, there, scored = (words_of(entries, seed) for entries in (candidate, baseline, target))
    size = min(len(here.words), len(there.words), MOST_WORDS)
    samples = (here.first(size), there.first(size), scored.first(MOST_WORDS))
    written = min(len(np.unique(sample.document)) for sample in samples)
    if written < FEWEST_UNITS:
        reason = f"at an equal number of words ({size:,}) a sample has {written} documents with words, fewer than {FEWEST_UNITS}"
        return NotMeasured(reason=reason, enable="more documents with words on every side", metric=METRIC, view=_VIEW)
    value, before, spread = compared(*samples)
    half = quantile(0.975, spread.freedom) * spread.error
    return Estimate(
        metric=METRIC, view=_VIEW, value=value, low=value - half, high=value + half, n=len(candidate), unit="nats/word",
        resampling_unit="document", method=_METHOD.format(size=size), baseline=name, baseline_value=before, expected=0.0,
    )  # fmt: skip


def compared(candidate: Sample, baseline: Sample, target: Sample) -> tuple[float, float, Spread]:
    """Return the rise of the cross-entropy in nats per word, the baseline's own, and the error of the rise.

    Args:
        candidate, baseline: Training samples of one size in words.
        target: What both models score.
    """
    index = index_of([candidate, baseline, target])
    scored = index.counts(2)
    losses = [-np.log(witten_bell(index.counts(side), index)) for side in (0, 1)]
    entropies = [float(scored @ loss) / len(target.words) for loss in losses]
    spreads = [_spread_of_training(index, side, sample, scored) for side, sample in enumerate((candidate, baseline))]
    difference = (losses[0] - losses[1])[index.at[2]]
    return entropies[0] - entropies[1], entropies[1], combined([*spreads, _spread_of_target(difference, target)])


def _spread_of_training(index: Index, side: int, sample: Sample, scored: npt.NDArray[np.int64]) -> Spread:
    """Return the error of a cross-entropy from models that learnt without one group of documents each."""
    counts, group, needed, without = index.counts(side), _groups(sample), np.flatnonzero(scored), []
    for left in np.unique(group):
        kept = counts - np.bincount(index.at[side][group == left], minlength=len(counts))
        without.append(-float(scored[needed] @ np.log(witten_bell(kept, index)[needed])) / scored.sum())
    return delete_a_group(without)


def _spread_of_target(difference: Values, target: Sample) -> Spread:
    group = _groups(target)
    sums, words = np.bincount(group, difference), np.bincount(group)
    held = words > 0
    return delete_a_group(((sums.sum() - sums) / (words.sum() - words))[held])


def _groups(sample: Sample) -> npt.NDArray[np.int64]:
    """Return the group of each word: documents, which stand in the order of their hashes, are cut into equal runs."""
    return sample.document * GROUPS // (int(sample.document[-1]) + 1)
