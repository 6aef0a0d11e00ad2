"""The divergence curve of two samples of counts and the area under it (MAUVE).

The curve runs over mixtures of both samples: how much of each lies outside the mixture. Like other distances between histograms it
falls with the noise of small samples and moves with the bins, so that a number means something only beside what it comes to where
nothing changed, in the same bins.
"""

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]
HALF, SCALE, POINTS = 0.5, 5.0, 25
_EDGE = 1e-6


def mauve(one: npt.ArrayLike, other: npt.ArrayLike, added: float = HALF, scale: float = SCALE, points: int = POINTS) -> Values:
    """Return the area under the divergence curve: 1 for equal shares, lower the more two samples differ; the same either way round.

    With nothing added, shares that have no bin in common come to Γ(scale + 1)² / Γ(2 scale + 1) as the points become many: 1/252.

    The package mauve-text differs in three ways. It makes its own bins: k-means on both samples together, with n/10 buckets, so that
    the bins move with the data, with their number and with a seed. Its number `mauve` adds nothing to the counts; its number
    `mauve_star` does, and is this one on the same counts. It says nothing of what the number comes to where nothing changed.

    Args:
        one: Counts by bin, shape (bins, …), bins that are empty on both sides among them.
        other: Counts of the same bins, same shape.
        added: What is added to every count of both sides.
        scale: What divergences are multiplied by.
        points: Mixtures on the curve, at least 2.

    Source:
        Pillutla et al. 2021; half a count, 25 points and scale 5: Pillutla et al. 2023 (MAUVE*); Krichevsky & Trofimov 1981.
    """
    return area_under(divergence_curve(one, other, added, scale, points))


def divergence_curve(
    one: npt.ArrayLike, other: npt.ArrayLike, added: float = HALF, scale: float = SCALE, points: int = POINTS
) -> tuple[Values, Values]:
    """Return exp(-scale KL(other | mixture)) and exp(-scale KL(one | mixture)), each of shape (points + 2, …).

    The mixture holds `one` at shares from 0 to 1, kept a millionth away from both; the ends of the curve are added.
    """
    p, q = (_shares(counts, added) for counts in (one, other))
    found = []
    for share in np.linspace(_EDGE, 1 - _EDGE, points):
        mixture = share * p + (1 - share) * q
        found.append([np.exp(-scale * _divergence(side, mixture)) for side in (q, p)])
    across, up = np.stack(found, axis=1)
    none, all_of_it = np.zeros_like(across[:1]), np.ones_like(across[:1])
    return np.concatenate([all_of_it, across, none]), np.concatenate([none, up, all_of_it])


def area_under(curve: tuple[Values, Values]) -> Values:
    """Return the area under a falling curve, straight between its points."""
    across, up = curve
    return np.asarray(-(np.diff(across, axis=0) * (up[1:] + up[:-1]) / 2).sum(axis=0))


def _shares(counts: npt.ArrayLike, added: float) -> Values:
    raised = np.asarray(counts, np.float64) + added
    return np.asarray(raised / raised.sum(axis=0))


def _divergence(shares: Values, mixture: Values) -> Values:
    """Return the Kullback-Leibler divergence of a sample from a mixture that holds it, in nats, of shape (…)."""
    there = shares > 0
    terms = np.where(there, shares * np.log(np.where(there, shares, 1.0) / np.where(there, mixture, 1.0)), 0.0)
    return np.asarray(np.maximum(terms.sum(axis=0), 0.0))
