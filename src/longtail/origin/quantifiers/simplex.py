"""Two problems whose answer is a point of the simplex: the likeliest mixture, and the nearest mixture of rates."""

import numpy as np

from longtail.origin.reference import Floats

_GAP = 1e-11
_STEPS = 200
_RIDGE = 1e-12


def likeliest(densities: Floats, weights: Floats) -> Floats:
    """Return the proportions x on the simplex that maximise sum w log(densities @ x), shape (components,).

    Args:
        densities: Of each row under each component, shape (rows, components).
        weights: Multiplicities of the rows, shape (rows,); rows of weight 0 are left out.

    Source:
        Sequential quadratic programming, each step a non-negative least squares problem of the size of x: Kim, Carbonetto,
        Stephens & Anitescu 2020. Ends where no component would gain more than 1e-11 in the mean.
    """
    rows, shares = densities[weights > 0], weights[weights > 0] / weights.sum()
    x = np.full(densities.shape[1], 1 / densities.shape[1])
    for _ in range(_STEPS):
        ratios = rows / (rows @ x)[:, None]
        gains = shares @ ratios
        if gains.max() - 1 < _GAP:
            break
        target = _newton(ratios, shares, gains)
        x = _shorter(rows, shares, x, target)
    return np.asarray(x / x.sum())


def _newton(ratios: Floats, shares: Floats, gains: Floats) -> Floats:
    from scipy.optimize import nnls

    curvature = (ratios * shares[:, None]).T @ ratios
    curvature[np.diag_indices_from(curvature)] += _RIDGE * np.trace(curvature)
    root = np.linalg.cholesky(curvature)
    return np.asarray(nnls(root.T, np.linalg.solve(root, 2 * gains - 1))[0], dtype=np.float64)


def _shorter(rows: Floats, shares: Floats, x: Floats, target: Floats) -> Floats:
    """Return the point between x and the target, halfway again and again, that is no worse than x."""
    worth = _worth(rows, shares, x)
    for halvings in range(40):
        moved = x + (target - x) * 0.5**halvings
        if _worth(rows, shares, moved) >= worth:
            return moved
    return x


def _worth(rows: Floats, shares: Floats, x: Floats) -> float:
    mixed = rows @ x
    return float(shares @ np.log(mixed) - x.sum()) if mixed.min() > 0 else -np.inf


def nearest(matrix: Floats, rates: Floats) -> Floats:
    """Return the x on the simplex for which matrix @ x is nearest to the rates, shape (components,).

    Args:
        matrix: Rates of each component, one per column, shape (rates, components).
        rates: Those that were seen, shape (rates,).

    Source:
        On the simplex matrix @ x - rates = (matrix - rates) @ x is homogeneous in x, so that non-negative least squares with one
        row for the sum, rescaled to sum 1, is exact.
    """
    from scipy.optimize import nnls

    homogeneous = np.vstack([matrix - rates[:, None], np.ones(matrix.shape[1])])
    found, _ = nnls(homogeneous, np.append(np.zeros(len(rates)), 1.0))
    return np.asarray(found / found.sum())
