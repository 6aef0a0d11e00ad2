"""Settings of verifiers, checked when they are given, and what is said of a document that lacks what it is held against."""

import math

from longtail.errors import ConfigError
from longtail.gates.verdicts import Judgement


def number(gate: str, name: str, value: object, *, above: float, most: float = math.inf) -> float:
    """Return a number in range.

    Raises:
        ConfigError: It is not above `above`, or it is more than `most`.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not above < value <= most:
        upper = "" if math.isinf(most) else f" and at most {most:g}"
        raise ConfigError(f"{gate}: {name} is {value!r}; take a number above {above:g}{upper}")
    return float(value)


def whole(gate: str, name: str, value: object, *, least: int) -> int:
    """Return a whole number of at least `least`.

    Raises:
        ConfigError: It is none.
    """
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise ConfigError(f"{gate}: {name} is {value!r}; take a whole number from {least} on")
    return value


def missing(column: str) -> Judgement:
    """Return the judgement of a document that has nothing to be held against: neither right nor wrong, so it is for review."""
    return Judgement("review", f"not judged: nothing in column {column!r}")
