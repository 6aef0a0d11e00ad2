"""The share of text that is unlike the known human text, from the ratio of two estimated densities of scores."""

import numpy as np

from longtail.errors import UsageError
from longtail.origin.reference import Floats

_SETTLED, _STEPS = 1e-5, 1000
_GRID = 0.01
_WINDOW = 20
FEWEST = 20
"""Fewest scores of either kind."""


def dedpul(human: Floats, target: Floats) -> float:
    """Return the smallest share of the target that cannot be human, in [0, 1]: a bound, an estimate only under irreducibility.

    Args:
        human: Scores of known human texts by a human-against-target classifier that did not see them, on the scale of log-odds,
            higher = less like human text, shape (N,).
        target: Scores of the target, shape (n,).

    Raises:
        UsageError: There are fewer than 20 scores of either, or they are all the same.

    Source:
        Ivanov 2020 (DEDPUL): with r the density of human over that of target scores, smoothed and made monotone, the posterior of
        the unknown part is max(0, 1 - r (1 - a)), and a becomes its mean until it stands; where it runs off to 1, the a at which
        the gap between the two bends most. One bandwidth for both densities, so that a mixture stays one.
    """
    for name, scores in (("human", human), ("target", target)):
        if len(scores) < FEWEST or not np.isfinite(scores).all() or np.ptp(scores) == 0:
            raise UsageError(f"{len(scores)} {name} scores: needed are {FEWEST} or more numbers that are not all the same")
    ratios = _ratios(human, target)
    share = 0.0
    for _ in range(_STEPS):
        moved = _unknown(ratios, share)
        if abs(moved - share) < _SETTLED:
            return moved if moved < 1 - _GRID else _bend(ratios)
        share = moved
    return _bend(ratios)


def _unknown(ratios: Floats, share: float) -> float:
    return float(np.maximum(0.0, 1 - ratios * (1 - share)).mean())


def _bend(ratios: Floats) -> float:
    """Return where the gap bends most, 0 where it bends below 0, as where no text is unlike the known human text."""
    shares = np.arange(-0.5, 1, _GRID)
    gaps = np.array([_unknown(ratios, share) - share for share in shares])
    return max(float(shares[1:-1][np.argmax(np.diff(gaps, 2))]), 0.0)


def _ratios(human: Floats, target: Floats) -> Floats:
    """Return the density of human over that of target scores at each target score, falling as scores rise, shape (n,)."""
    from scipy.ndimage import median_filter
    from scipy.optimize import isotonic_regression

    at = np.sort(target)
    width = _bandwidth(human, target)
    raw = _density(human, at, width) / _density(target, at, width)
    window = max(len(at) // _WINDOW, 1) | 1
    return np.asarray(isotonic_regression(median_filter(raw, size=window, mode="nearest"), increasing=False).x)


def _bandwidth(human: Floats, target: Floats) -> float:
    """Return the smaller of Silverman's widths of the two samples."""
    return float(min(0.9 * min(scores.std(), _middle(scores)) * len(scores) ** -0.2 for scores in (human, target)))


def _middle(scores: Floats) -> float:
    low, high = np.quantile(scores, [0.25, 0.75])
    return float((high - low) / 1.349) or float(scores.std())


def _density(scores: Floats, at: Floats, width: float) -> Floats:
    """Return the Gaussian kernel density at some points, from counts on a fine grid, shape (points,)."""
    from scipy.ndimage import gaussian_filter1d

    low, high = min(scores.min(), at.min()) - 5 * width, max(scores.max(), at.max()) + 5 * width
    step = width / 10
    edges = np.arange(low, high + step, step)
    counts = np.histogram(scores, bins=edges)[0] / (len(scores) * step)
    smooth = gaussian_filter1d(counts, 10.0, mode="constant", truncate=5.0)
    return np.asarray(np.maximum(np.interp(at, (edges[1:] + edges[:-1]) / 2, smooth), 1e-12))
