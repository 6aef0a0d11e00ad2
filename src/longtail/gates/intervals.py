"""The interval of a probability."""

from scipy.special import betaincinv


def exact_interval(hits: int, of: int, level: float) -> tuple[float, float]:
    """Return the Clopper-Pearson interval of a probability, which covers it with at least `level`."""
    miss = (1 - level) / 2
    low = float(betaincinv(hits, of - hits + 1, miss)) if hits else 0.0
    high = float(betaincinv(hits + 1, of - hits, 1 - miss)) if hits < of else 1.0
    return low, high
