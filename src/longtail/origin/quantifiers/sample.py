"""What every quantifier is given: the log-ratios of a target of unknown origin and of a reference of known origin."""

from dataclasses import dataclass

import numpy as np

from longtail.errors import UsageError
from longtail.origin.reference import Floats, Ints

HUGE = 300.0
"""Log-ratios beyond this, in nats, are read as this: no sample is large enough to tell them apart."""


@dataclass(frozen=True)
class Scored:
    """Log-ratios of a target and of a reference, with the multiplicities of one or of many bootstrap replicates.

    A row of nothing but zeros says nothing of its origin, as that of a text too short to be scored. Arrays with a leading axis
    b hold one log-ratio per replicate, for scores that are calibrated anew in each.

    Attributes:
        target: log f_k(x) / f_0(x) for each machine origin k against human, nats, shape (n, K) or (b, n, K).
        reference: Likewise, out of fold, shape (N, K) or (b, N, K); may be empty where a method needs none.
        labels: 0 for human, k for the k-th machine origin, shape (N,).
        target_weights: How often each target document was drawn, shape (b, n); None for once.
        reference_weights: Likewise for the reference, shape (b, N).
    """

    target: Floats
    reference: Floats
    labels: Ints
    target_weights: Ints | None = None
    reference_weights: Ints | None = None

    def __post_init__(self) -> None:
        """Refuse arrays that do not fit each other.

        Raises:
            UsageError: Shapes or origins differ, or a log-ratio is not a number.
        """
        _check_rows("target", self.target, self.target_weights, self.target.shape[-2])
        _check_rows("reference", self.reference, self.reference_weights, len(self.labels))
        if self.target.shape[-1] != self.reference.shape[-1]:
            raise UsageError(f"the target has {self.target.shape[-1]} machine origins and the reference {self.reference.shape[-1]}")
        if len(self.labels) and not 0 <= self.labels.min() <= self.labels.max() <= self.origins:
            raise UsageError(f"labels go from {self.labels.min()} to {self.labels.max()}; 0 is human and 1 to {self.origins} a machine")

    @property
    def origins(self) -> int:
        """Return K, the number of machine origins."""
        return int(self.target.shape[-1])

    @property
    def replicates(self) -> int:
        """Return b, the number of replicates, 1 where there are no weights."""
        stacked = [len(array) for array in (self.target, self.reference) if array.ndim == 3]
        weighed = [len(array) for array in (self.target_weights, self.reference_weights) if array is not None]
        return max([*stacked, *weighed, 1])

    def target_rows(self) -> tuple[Floats, Floats]:
        """Return log-ratios of shape (b or 1, n, K) and weights of shape (b or 1, n), 0 where a row says nothing."""
        return _rows(self.target, self.target_weights)

    def reference_rows(self) -> tuple[Floats, Floats]:
        """Return the same of the reference, (b or 1, N, K) and (b or 1, N)."""
        return _rows(self.reference, self.reference_weights)

    def shares(self) -> Floats:
        """Return room for the answer, NaN throughout, shape (b, K)."""
        return np.full((self.replicates, self.origins), np.nan)


def _rows(log_ratios: Floats, weights: Ints | None) -> tuple[Floats, Floats]:
    stacked = np.clip(log_ratios if log_ratios.ndim == 3 else log_ratios[None], -HUGE, HUGE)
    telling = (stacked != 0).any(axis=2).astype(np.float64)
    return stacked, telling if weights is None else telling * weights


def _check_rows(which: str, log_ratios: Floats, weights: Ints | None, rows: int) -> None:
    if log_ratios.ndim not in (2, 3) or log_ratios.shape[-2] != rows or not log_ratios.shape[-1]:
        raise UsageError(f"log-ratios of the {which} have shape {log_ratios.shape}; needed is ({rows}, K) or (replicates, {rows}, K)")
    if np.isnan(log_ratios).any():
        raise UsageError(f"the {which} has log-ratios that are not numbers; give 0 for a text that says nothing")
    if weights is not None and (weights.ndim != 2 or weights.shape[1] != rows):
        raise UsageError(f"weights of the {which} have shape {weights.shape}; needed is (replicates, {rows})")
