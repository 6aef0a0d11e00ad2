"""Self-BLEU: how well the other documents foretell a document's n-grams, exactly and in linear time."""

import math

import numpy as np
import numpy.typing as npt

from longtail.errors import UsageError
from longtail.stats.surface import _kernels
from longtail.stats.surface.corpus import Corpus

I64 = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]

EPSILON = 0.1
"""What smoothing method 1 of Chen & Cherry 2014 puts in the place of no match."""


def self_bleu(corpus: Corpus, order: int = 4, references: int | None = None, seed: int = 0) -> Values:
    """Return the BLEU of each document against others, itself left out, shape (documents,).

    Against all others the time is linear in the tokens: for every n-gram the two largest counts in one document, and
    whose the largest is, say what any document is clipped at when it is left out.

    Args:
        corpus: The documents, at least two.
        order: Longest n-gram; all orders weigh alike.
        references: References of each document, drawn without replacement; None, or as many as there are, for all others.
        seed: Seed of the draw.

    Raises:
        UsageError: There are fewer than two documents.

    Source:
        Papineni et al. 2002; self-BLEU: Zhu et al. 2018; smoothing method 1 of Chen & Cherry 2014, as in nltk.
    """
    if len(corpus) < 2:
        raise UsageError(f"self-BLEU holds a document against others; got {len(corpus)}; give at least two")
    if references is None or references >= len(corpus) - 1:
        matched = np.stack([_kernels.matches(g.ids, g.starts, *_kernels.largest(g.ids, g.starts, g.types)) for g in corpus.up_to(order)])
        return scores(matched, corpus.lengths, closest_other(corpus.lengths))
    return bleu_against(corpus, drawn(len(corpus), references, seed), order)


def bleu_against(corpus: Corpus, references: I64, order: int = 4) -> Values:
    """Return the BLEU of each document against references of its own, given by number with shape (documents, references)."""
    matched = np.stack([_kernels.matches_of(g.ids, g.starts, g.types, references) for g in corpus.up_to(order)])
    return scores(matched, corpus.lengths, _kernels.closest(corpus.lengths, references))


def drawn(documents: int, references: int, seed: int) -> I64:
    """Return references of each document, shape (documents, references): those that follow it in a random circle.

    Each document is the reference of equally many.
    """
    order = np.random.default_rng(seed).permutation(documents)
    out = np.empty((documents, references), np.int64)
    out[order] = order[(np.arange(documents)[:, None] + 1 + np.arange(references)) % documents]
    return out


def closest_other(lengths: I64) -> I64:
    """Return the length of the other document that is closest to each document's own, the shorter of two, shape (documents,)."""
    values, counts = np.unique(lengths, return_counts=True)
    at = np.searchsorted(values, lengths)
    far = np.iinfo(np.int64).max // 4
    below, above = np.concatenate(([-far], values[:-1]))[at], np.concatenate((values[1:], [far]))[at]
    other = np.where(lengths - below <= above - lengths, below, above)
    return np.where(counts[at] > 1, lengths, other)


def scores(matched: I64, lengths: I64, closest: I64) -> Values:
    """Return BLEU from what it is made of, shape (documents,).

    Args:
        matched: Clipped matches by order, shape (orders, documents).
        lengths: Tokens of each document.
        closest: Length of its closest reference.
    """
    orders = np.arange(1, len(matched) + 1)[:, None]
    possible = np.maximum(lengths - orders + 1, 1)
    logs = np.log(np.where(matched > 0, matched, EPSILON) / possible)
    weighted = np.array([math.fsum(column) for column in (logs / len(matched)).T.tolist()])
    penalty = np.exp(np.minimum(0.0, 1 - closest / np.maximum(lengths, 1)))
    return np.where(matched[0] > 0, penalty * np.exp(weighted), 0.0)
