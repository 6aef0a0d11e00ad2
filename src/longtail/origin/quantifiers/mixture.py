"""The shares that make the target most likely as a mixture of human text and of each machine origin."""

import numpy as np

from longtail.origin.quantifiers.catalogue import QUANTIFIERS
from longtail.origin.quantifiers.sample import Scored
from longtail.origin.quantifiers.simplex import likeliest
from longtail.origin.reference import Floats


@QUANTIFIERS.add(
    takes="calibrated log-ratios of documents",
    source="maximum likelihood of the mixture of known densities; the optimum of Saerens, Latinne & Decaestecker 2002",
)
def mixture(scored: Scored) -> Floats:
    """Return the maximum of the concave likelihood mean log((1 - sum a) + sum a_k e^(l_k)), shape (b, K).

    NaN where no log-ratio of a replicate, or of an origin, says anything.
    """
    log_ratios, weights = scored.target_rows()
    heard = ((log_ratios != 0) & (weights > 0)[:, :, None]).any(axis=1).all(axis=1)
    shares = scored.shares()
    told = np.broadcast_to(heard, len(shares))
    if scored.origins == 1:
        return np.where(told[:, None], share_of_two(log_ratios[:, :, 0], weights)[:, None], shares)
    human_and_machine = densities(log_ratios)
    for row in np.flatnonzero(told):
        shares[row] = likeliest(human_and_machine[row % len(log_ratios)], weights[row % len(weights)])[1:]
    return shares


def densities(log_ratios: Floats) -> Floats:
    """Return the densities of each origin, human first, each row over its largest, shape (..., K + 1)."""
    raised: Floats = np.concatenate([np.zeros((*log_ratios.shape[:-1], 1)), log_ratios], axis=-1)
    return np.asarray(np.exp(raised - raised.max(axis=-1, keepdims=True)))


def share_of_two(log_ratios: Floats, weights: Floats) -> Floats:
    """Return the likeliest share of the machine in [0, 1] to 1e-10, by Newton steps kept between bounds, shape (b,).

    Args:
        log_ratios: Nats, shape (b or 1, n).
        weights: Multiplicities, shape (b or 1, n).
    """
    from longtail.origin.quantifiers import _kernels

    machine = np.exp(np.minimum(log_ratios, 0))
    human = np.exp(np.minimum(-log_ratios, 0))
    return _kernels.likeliest_of_each(human, machine, weights)
