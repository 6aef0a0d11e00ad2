"""The share at which a mixture of the two histograms of posteriors is nearest to that of the target."""

import numpy as np

from longtail.errors import UsageError
from longtail.origin.quantifiers.catalogue import QUANTIFIERS
from longtail.origin.quantifiers.posteriors import posteriors_of, prior_of
from longtail.origin.quantifiers.sample import Scored
from longtail.origin.reference import Floats

BINS = range(10, 111, 10)
_GRID = 101


@QUANTIFIERS.add(
    takes="calibrated log-ratios of documents, of one machine origin", source="Gonzalez-Castro, Alaiz-Rodriguez & Alegre 2013 (HDy)"
)
def hdy(scored: Scored) -> Floats:
    """Return the median, over 10 to 110 bins, of the share on a grid of 0.01 that is nearest by Hellinger distance, shape (b, 1).

    NaN where the reference lacks an origin, or no bin that holds a document of the target holds one of the reference.

    Raises:
        UsageError: There are several machine origins.
    """
    if scored.origins > 1:
        raise UsageError(f"hdy tells human from one machine origin and was given {scored.origins}; use mixture, emq or pacc")
    target, weights = scored.target_rows()
    reference, of_reference = scored.reference_rows()
    shares = scored.shares()
    for row in range(len(shares)):
        theirs, ours = weights[row % len(weights)], of_reference[row % len(of_reference)]
        prior = prior_of(scored.labels, ours, 1)
        if theirs.any() and ours.any() and prior.all():
            known = posteriors_of(reference[row % len(reference)], prior)[:, 1]
            sought = posteriors_of(target[row % len(target)], prior)[:, 1]
            human, machine = ours * (scored.labels == 0), ours * (scored.labels == 1)
            found = np.array([_nearest(known, human, machine, sought, theirs, bins) for bins in BINS])
            shares[row] = np.median(found[np.isfinite(found)]) if np.isfinite(found).any() else np.nan
    return shares


def _nearest(known: Floats, human: Floats, machine: Floats, sought: Floats, theirs: Floats, bins: int) -> float:
    of_human, of_machine, of_target = _histogram(known, human, bins), _histogram(known, machine, bins), _histogram(sought, theirs, bins)
    shares = np.linspace(0, 1, _GRID)
    mixed = (1 - shares)[:, None] * of_human + shares[:, None] * of_machine
    affinity = np.sqrt(mixed * of_target).sum(axis=1)
    return float(shares[np.argmax(affinity)]) if affinity.any() else float("nan")


def _histogram(posteriors: Floats, weights: Floats, bins: int) -> Floats:
    at = np.minimum((posteriors * bins).astype(np.int64), bins - 1)
    counts = np.bincount(at, weights=weights, minlength=bins)
    return np.asarray(counts / counts.sum())
