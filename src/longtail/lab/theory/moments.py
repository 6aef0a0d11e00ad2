"""What the exact recursions of the mean and the variance share: their results, and how many rows each generation has."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy

from longtail.lab.theory.forms import Floats, require


class Moments(NamedTuple):
    """Two moments by generation: mean square of the fitted mean about the truth, and mean of the fitted variance."""

    mean_square: Floats
    variance: Floats


class Point(NamedTuple):
    """The same two moments at one moment, such as a start or a fixed point."""

    mean_square: float
    variance: float


def schedule(samples: Sequence[int] | int, first: int | None, last: int) -> Floats:
    """Return the rows of generations 1 to `last`, shape (last,).

    Args:
        samples: Rows of every generation, or one number for each.
        first: Rows of generation 1 where they differ from that.
        last: The last generation that is needed.

    Raises:
        ConfigError: A generation has fewer than two rows, or the schedule ends too early.
    """
    given = [samples] * last if isinstance(samples, int | numpy.integer) else list(samples)
    require(len(given) >= last, f"{len(given)} sample sizes for {last} generations")
    rows = numpy.asarray(given[:last], dtype=numpy.float64)
    if first is not None and last:
        rows[0] = first
    require(bool((rows >= 2).all()), "a generation has fewer than two rows")
    return rows


def check_ddof(ddof: int) -> None:
    """Refuse a divisor of the variance other than n (0) or n - 1 (1).

    Raises:
        ConfigError: Another value.
    """
    require(ddof in (0, 1), f"ddof {ddof!r}, not 0 or 1")
