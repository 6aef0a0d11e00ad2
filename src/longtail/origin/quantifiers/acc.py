"""Adjusted counts: documents by their likeliest origin, or mean posteriors, corrected for how often they are wrong."""

from collections.abc import Callable

import numpy as np

from longtail.origin.quantifiers.catalogue import QUANTIFIERS
from longtail.origin.quantifiers.posteriors import posteriors_of, prior_of, rates_of
from longtail.origin.quantifiers.sample import Scored
from longtail.origin.quantifiers.simplex import nearest
from longtail.origin.reference import Floats

Answer = Callable[[Floats, Floats], Floats]
"""Takes log-ratios (n, K) and shares of the reference (K + 1,) and returns what each document says, shape (n, K + 1)."""


@QUANTIFIERS.add(takes="calibrated log-ratios of documents", source="Rogan & Gladen 1978; Forman 2008 (ACC)")
def acc(scored: Scored) -> Floats:
    """Return the shares whose confusions are nearest to the counts of documents by likeliest origin, shape (b, K).

    Of one machine origin this is (flagged - FPR) / (TPR - FPR), clipped to [0, 1]. A document is flagged from a log-ratio of 0,
    where TPR - FPR is largest by the calibration; the threshold at which the counts themselves differ most in the reference is
    chosen by their noise, and a share of none comes out at half as much again. NaN where the reference lacks an origin or the
    counts tell nothing apart.
    """
    return _corrected(scored, _likeliest)


@QUANTIFIERS.add(takes="calibrated log-ratios of documents", source="Bella, Ferri, Hernandez-Orallo & Ramirez-Quintana 2010 (PACC)")
def pacc(scored: Scored) -> Floats:
    """Return the shares whose mean posteriors are nearest to those of the target, shape (b, K).

    NaN where the reference lacks an origin, or the posteriors do not tell origins apart.
    """
    return _corrected(scored, posteriors_of)


def count(scored: Scored) -> Floats:
    """Return the shares of documents by likeliest origin: biased, never to be reported alone, shape (b, K).

    NaN where no document says anything.
    """
    target, weights = scored.target_rows()
    even = np.ones(scored.origins + 1)
    shares = scored.shares()
    for row in range(len(shares)):
        held = weights[row % len(weights)]
        if held.any():
            shares[row] = (held @ _likeliest(target[row % len(target)], even) / held.sum())[1:]
    return shares


def _corrected(scored: Scored, answer: Answer) -> Floats:
    target, weights = scored.target_rows()
    reference, of_reference = scored.reference_rows()
    shares = scored.shares()
    for row in range(len(shares)):
        theirs, ours = weights[row % len(weights)], of_reference[row % len(of_reference)]
        prior = prior_of(scored.labels, ours, scored.origins)
        matrix = rates_of(answer(reference[row % len(reference)], prior), scored.labels, ours)
        if theirs.any() and _tells(matrix):
            seen = theirs / theirs.sum() @ answer(target[row % len(target)], prior)
            shares[row] = nearest(matrix, seen)[1:]
    return shares


def _tells(matrix: Floats) -> bool:
    return bool(np.isfinite(matrix).all()) and int(np.linalg.matrix_rank(matrix, tol=1e-6)) == len(matrix)


def _likeliest(log_ratios: Floats, prior: Floats) -> Floats:
    raised: Floats = np.concatenate([np.zeros((len(log_ratios), 1)), log_ratios], axis=1)
    return np.asarray(np.eye(len(prior))[np.argmax(raised, axis=1)], dtype=np.float64)
