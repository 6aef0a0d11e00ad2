"""The published estimate from occurrences of words in sentences, with its published interval.

It is no member of the catalogue, whose members take log-ratios of documents: it reads texts, and cuts them into sentences. Its
scorer with our calibration on whole groups is `mixture` on scores of the scorer `occurrence`.
"""

from collections.abc import Sequence

import numpy as np

from longtail.errors import UsageError
from longtail.origin.bootstrap import replicates
from longtail.origin.quantifiers.mixture import share_of_two
from longtail.origin.quantifiers.sample import HUGE
from longtail.origin.reference import Floats, Reference
from longtail.records import Record

DRAWS = 1000
"""Replicates of the bootstrap, as many as the authors drew."""


class Published(Record, frozen=True):
    """A share as it was published.

    Attributes:
        share: The midpoint of the interval, which is the estimate that was published.
        likeliest: The maximum of the likelihood.
        low: Percentile of the bootstrap over sentences.
        high: The upper one.
        sentences: How many there were.
    """

    share: float
    likeliest: float
    low: float
    high: float
    sentences: int


def occurrence(reference: Reference, texts: Sequence[str], *, draws: int = DRAWS, level: float = 0.95, seed: int = 0) -> Published:
    """Return the published estimate of the share of sentences that are machine-made.

    Args:
        reference: Human texts, and texts of one machine origin.
        texts: The target.
        draws: Replicates of the bootstrap.
        level: Confidence level.
        seed: Of numpy's generator.

    Raises:
        UsageError: The reference has several machine origins, or no sentence says anything.

    Source:
        Liang et al. 2024 (arXiv 2403.07183, 2404.01268).
    """
    from longtail.origin.scorers.occurrence import Occurrence

    if len(reference.origins) > 1:
        raise UsageError(f"occurrence tells human from one machine origin and was given {', '.join(reference.origins)}; use mixture")
    scorer = Occurrence()(reference.texts, reference.labels)
    return as_published(scorer.sentence_scores(texts).scores[:, 0], draws=draws, level=level, seed=seed)


def as_published(sentences: Floats, *, draws: int = DRAWS, level: float = 0.95, seed: int = 0) -> Published:
    """Return the published estimate and interval: sentences are drawn anew, neither whole documents nor the reference.

    Its interval is too narrow where sentences of a document are alike or the reference is small.

    Args:
        sentences: Log-ratios of sentences, machine against human, uncalibrated, shape (sentences,).
        draws: Replicates of the bootstrap.
        level: Confidence level.
        seed: Of numpy's generator.

    Raises:
        UsageError: There is no sentence, or none says anything.

    Source:
        Liang et al. 2024 and their code: percentiles of a bootstrap, and their midpoint as the estimate. Probabilities of words
        are theirs without smoothing, and with one half added in our scorer.
    """
    if not sentences.any():
        raise UsageError(f"none of {len(sentences)} sentences says anything of its origin; give longer texts or a larger reference")
    ratios = np.clip(sentences, -HUGE, HUGE)[None]
    nothing, each = np.zeros(0, dtype=np.int64), np.arange(len(sentences))
    chunks = replicates(nothing, nothing, each, draws, seed)
    shares = np.concatenate([share_of_two(ratios, target.astype(np.float64)) for _, target in chunks])
    low, high = (float(end) for end in np.quantile(shares, [(1 - level) / 2, (1 + level) / 2]))
    likeliest = float(share_of_two(ratios, np.ones_like(ratios))[0])
    return Published(share=(low + high) / 2, likeliest=likeliest, low=low, high=high, sentences=len(sentences))
