"""How much neighbouring periods are alike, and series drawn again that are as much alike.

A topic that lasts, a campaign, an author who stays: the period after a low one is low too. Relabelling takes such periods for
independent, and finds turns in series that only wander. So the residuals are taken apart into an autoregression of order one and its
innovations, the innovations are relabelled, and the series is put together again. With a dependence of 0 this is plain relabelling.

The dependence is read off what the best turn, or the straight line, leaves over, whichever leaves less; else a true turn would pass for
dependence and never be found. What is left over is less alike than the periods were, for the fit follows them; by how much is known
from series of known dependence that are fitted in the same way, and is taken back (indirect inference, Gourieroux et al. 1993).
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

GRID = np.linspace(0.0, 0.9, 10)
"""Dependences that are told apart; none below 0 is corrected for, which would make tests bolder."""
SERIES = 300
_SEED = 61
_TINY = 1e-12


def dependence_of(values: Floats, root: Floats, columns: Sequence[Floats]) -> float:
    """Return the correlation of neighbouring periods beyond the change that fits best, from 0 to 0.9.

    Args:
        values: Of the periods in order, shape (periods,).
        root: Roots of their weights, shape (periods,).
        columns: What falls look like, each of shape (periods,).
    """
    found = float(_alike(_left((values * root)[:, None], root, columns))[0])
    return float(np.interp(found, _expected(len(values), tuple(map(tuple, columns))), GRID))


def recoloured(residual: Floats, orders: npt.NDArray[np.int64], rho: float) -> Floats:
    """Return residuals drawn again by relabelling their innovations, the observed ones first, shape (periods, orders).

    Args:
        residual: In the order of time, shape (periods,).
        orders: Orders of the periods, the one observed first, shape (periods, orders).
        rho: Correlation of neighbours.
    """
    innovations = residual.copy()
    innovations[1:] -= rho * residual[:-1]
    innovations[0] *= np.sqrt(1 - rho**2)
    made = innovations[orders]
    made[0] /= np.sqrt(1 - rho**2)
    for at in range(1, len(residual)):
        made[at] += rho * made[at - 1]
    return np.asarray(made)


def wandering(periods: int, rho: float, series: int, rng: np.random.Generator) -> Floats:
    """Return series of unit variance in which neighbours have a correlation, shape (periods, series)."""
    made = np.asarray(rng.standard_normal((periods, series)))
    for at in range(1, periods):
        made[at] = rho * made[at - 1] + np.sqrt(1 - rho**2) * made[at]
    return made


@lru_cache(maxsize=16)
def _expected(periods: int, columns: tuple[tuple[float, ...], ...]) -> Floats:
    """Return the correlation that is left on average at each dependence of the grid, ascending, shape (grid,)."""
    rng, root = np.random.default_rng([_SEED, periods]), np.ones(periods)
    shapes = [np.array(each) for each in columns]
    found = [_alike(_left(wandering(periods, rho, SERIES, rng), root, shapes)) for rho in GRID.tolist()]
    return np.maximum.accumulate(np.median(found, axis=1))


def _left(series: Floats, root: Floats, columns: Sequence[Floats]) -> Floats:
    """Return what the best fall, or the best straight line either way, leaves of weighted series, shape (periods, series)."""
    order = np.arange(len(root), dtype=np.float64)
    level = root / np.linalg.norm(root)
    rest = series - np.outer(level, level @ series)
    gained, taken = np.zeros(series.shape[1]), np.zeros_like(rest)
    for column, is_fall in [(order, False), *((each, True) for each in columns)]:
        shape = column * root
        shape = shape - level * (level @ shape)
        size = float(shape @ shape)
        if size < _TINY:
            continue
        along = shape @ rest
        gain = np.where((along < 0) | (not is_fall), along**2 / size, 0.0)
        better = gain > gained
        gained[better] = gain[better]
        taken[:, better] = np.outer(shape, along[better] / size)
    return np.asarray(rest - taken)


def _alike(residuals: Floats) -> Floats:
    """Return the correlation of neighbours in each series, shape (series,)."""
    return np.asarray((residuals[1:] * residuals[:-1]).sum(axis=0) / np.maximum((residuals**2).sum(axis=0), _TINY))
