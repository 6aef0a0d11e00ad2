"""The list of closed forms: every function states its case, kind, unit, range of validity and source."""

from collections.abc import Callable, Sequence
from typing import Any, Literal, TypeAlias

import numpy
from numpy.typing import ArrayLike, NDArray

from longtail.catalogue import Catalogue
from longtail.errors import ConfigError

Kind: TypeAlias = Literal["exact", "asymptotic", "bound_upper", "bound_lower"]
Floats: TypeAlias = NDArray[numpy.float64]
Generations: TypeAlias = Sequence[int] | NDArray[numpy.int64]

KINDS = ("exact", "asymptotic", "bound_upper", "bound_lower")

FORMS: Catalogue[Callable[..., Any]] = Catalogue("closed form", "case", "kind", "unit", "valid", "source")


def steps(generations: Generations) -> NDArray[numpy.int64]:
    """Return generations as a one-dimensional array of whole numbers.

    Raises:
        ConfigError: One of them is below 1; generation 1 is the first fit, on real data.
    """
    asked = numpy.asarray(generations, dtype=numpy.int64).reshape(-1)
    if asked.size and asked.min() < 1:
        raise ConfigError(f"generation {asked.min()} was asked for; the first fit is generation 1")
    return asked


def require(holds: bool, what: str) -> None:
    """Refuse settings outside the range in which a form is valid.

    Raises:
        ConfigError: The condition does not hold.
    """
    if not holds:
        raise ConfigError(f"{what}; the closed form does not apply outside that range")


def check_share(share: float, *, zero: bool = True) -> None:
    """Refuse a share of real data outside 0 to 1; 0 itself only where `zero` is false.

    Raises:
        ConfigError: It lies outside.
    """
    require(0 <= share <= 1 and (zero or share > 0), f"share={share}: from 0{'' if zero else ' (excluded)'} to 1 is needed")


def pick(series: ArrayLike, generations: Generations) -> Floats:
    """Return the values of the asked generations from a series whose first value is generation 1."""
    return numpy.asarray(series, dtype=numpy.float64)[steps(generations) - 1]


def last_of(generations: Generations) -> int:
    """Return the latest of the asked generations, 1 where none was asked."""
    asked = steps(generations)
    return int(asked.max()) if asked.size else 1
