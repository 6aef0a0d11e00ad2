"""Compiled loop of the likeliest share of two densities: Newton steps kept between bounds, replicate by replicate."""

import numpy as np
import numpy.typing as npt

from longtail._jit import njit

F64 = npt.NDArray[np.float64]

PRECISION = 1e-12
STEPS = 100


@njit
def slope(human: F64, machine: F64, weights: F64, share: float) -> tuple[float, float]:
    """Return the first derivative of the log-likelihood at a share, and its second one with the sign turned."""
    first = second = 0.0
    for i in range(weights.shape[0]):
        ratio = (machine[i] - human[i]) / ((1 - share) * human[i] + share * machine[i])
        first += weights[i] * ratio
        second += weights[i] * ratio * ratio
    return first, second


@njit
def likeliest(human: F64, machine: F64, weights: F64) -> float:
    """Return the share in [0, 1] at which the slope, which falls throughout, is zero, or the end it points to.

    Args:
        human: Densities, shape (n,).
        machine: Densities, shape (n,).
        weights: Multiplicities, shape (n,).
    """
    if slope(human, machine, weights, 0.0)[0] <= 0:
        return 0.0
    if slope(human, machine, weights, 1.0)[0] >= 0:
        return 1.0
    low, high, share = 0.0, 1.0, 0.5
    for _ in range(STEPS):
        first, second = slope(human, machine, weights, share)
        if first >= 0:
            low = share
        else:
            high = share
        moved = share + first / second
        if not low <= moved <= high:
            moved = (low + high) / 2
        far = abs(moved - share)
        share = moved
        if far < PRECISION:
            break
    return share


@njit
def likeliest_of_each(human: F64, machine: F64, weights: F64) -> F64:
    """Return the share of each replicate, shape (b,), of arrays with b rows, or one row that all replicates share."""
    rows = max(human.shape[0], weights.shape[0])
    shares = np.empty(rows)
    for row in range(rows):
        at = row % human.shape[0]
        shares[row] = likeliest(human[at], machine[at], weights[row % weights.shape[0]])
    return shares
