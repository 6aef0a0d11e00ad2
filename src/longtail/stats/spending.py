"""Alpha spending: which part of one error rate each audit of a series may use.

The union bound makes the sum of the parts an upper limit for the chance of any false alarm in the whole series,
whatever the dependence between the audits, as between those that share one reference.
"""

from longtail.errors import ConfigError


def level(alpha: float, number: int, horizon: int | None = None) -> float:
    """Return the error rate that one audit of a series may use.

    Args:
        alpha: Error rate of the whole series, above 0 and below 1.
        number: Number of the audit, from 1.
        horizon: Audits planned; each gets alpha / horizon, later ones nothing. None is a series without an end, in which
            audit k gets alpha / (k (k + 1)).

    Raises:
        ConfigError: `alpha`, `number` or `horizon` is out of range.

    Source:
        Bonferroni's inequality; for the open series the weights 1 / (k (k + 1)), whose sum to K is K / (K + 1).
    """
    _check(alpha, number, horizon, first=1)
    if horizon is None:
        return alpha / (number * (number + 1))
    return alpha / horizon if number <= horizon else 0.0


def spent(alpha: float, number: int, horizon: int | None = None) -> float:
    """Return the sum of the levels of audits 1 to `number`, which may be 0; in closed form.

    Raises:
        ConfigError: An argument is out of range.
    """
    _check(alpha, number, horizon, first=0)
    if horizon is None:
        return alpha * (number / (number + 1))
    return alpha * (min(number, horizon) / horizon)


def left(alpha: float, number: int, horizon: int | None = None) -> float:
    """Return what audits after `number` may still use: alpha less what was spent; in closed form.

    Raises:
        ConfigError: An argument is out of range.
    """
    _check(alpha, number, horizon, first=0)
    if horizon is None:
        return alpha / (number + 1)
    return alpha * (max(horizon - number, 0) / horizon)


def _check(alpha: float, number: int, horizon: int | None, first: int) -> None:
    if not 0 < alpha < 1:
        raise ConfigError(f"alpha is {alpha!r}; it must lie between 0 and 1")
    if number < first:
        raise ConfigError(f"audit number {number!r}; audits are counted from {first}")
    if horizon is not None and horizon < 1:
        raise ConfigError(f"horizon is {horizon!r}; plan at least one audit, or leave it out for a series without an end")
