"""Expectation-maximisation of the shares, from the posteriors of a classifier and the shares it was trained at."""

import numpy as np

from longtail.origin.quantifiers.catalogue import QUANTIFIERS
from longtail.origin.quantifiers.posteriors import posteriors_of, prior_of
from longtail.origin.quantifiers.sample import Scored
from longtail.origin.reference import Floats

_SETTLED = 1e-9
_STEPS = 5000


@QUANTIFIERS.add(takes="calibrated log-ratios of documents", source="Saerens, Latinne & Decaestecker 2002 (SLD, EMQ)")
def emq(scored: Scored) -> Floats:
    """Return the shares where expectation-maximisation settles, the same optimum as `mixture`, shape (b, K)."""
    shares = scored.shares()
    log_ratios, weights = scored.target_rows()
    _, of_reference = scored.reference_rows()
    for row in range(len(shares)):
        prior = prior_of(scored.labels, of_reference[row % len(of_reference)], scored.origins)
        held = weights[row % len(weights)]
        if held.any() and prior.all():
            posteriors = posteriors_of(log_ratios[row % len(log_ratios)][held > 0], prior)
            shares[row] = settled(posteriors, prior, held[held > 0])[1:]
    return shares


def settled(posteriors: Floats, prior: Floats, weights: Floats) -> Floats:
    """Return the shares at which the mean of the re-weighted posteriors is the shares themselves, shape (K + 1,).

    Args:
        posteriors: Of each document under the prior, human first, shape (n, K + 1).
        prior: Shares that the posteriors were made for, none of them 0, shape (K + 1,).
        weights: Multiplicities, not all of them 0, shape (n,).
    """
    each = weights / weights.sum()
    densities = posteriors / prior
    shares = prior
    for _ in range(_STEPS):
        moved = shares * (each @ (densities / (densities @ shares)[:, None]))
        far = np.abs(moved - shares).max()
        shares = moved
        if far < _SETTLED:
            break
    return shares
