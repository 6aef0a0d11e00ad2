"""Settings of these gates: what is out of range is refused with its value and what to take."""

import math
from collections.abc import Collection

from longtail.errors import ConfigError


def number(gate: str, name: str, value: object, low: float, high: float, *, above: bool = False) -> float:
    """Return a number from `low` to `high`; above `low` where `above`.

    Raises:
        ConfigError: It is none.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high or (above and value == low):
        most = f" and at most {high:g}" if math.isfinite(high) else ""
        raise ConfigError(f"{gate}: {name} is {value!r}; take a number {'above' if above else 'of at least'} {low:g}{most}")
    return float(value)


def whole(gate: str, name: str, value: object, low: int) -> int:
    """Return a whole number of at least `low`.

    Raises:
        ConfigError: It is none.
    """
    if isinstance(value, bool) or not isinstance(value, int) or value < low:
        raise ConfigError(f"{gate}: {name} is {value!r}; take a whole number of at least {low}")
    return value


def choice(gate: str, name: str, value: object, among: Collection[str]) -> str:
    """Return a word that is one of some.

    Raises:
        ConfigError: It is none of them.
    """
    if not isinstance(value, str) or value not in among:
        raise ConfigError(f"{gate}: {name} is {value!r}; choose {' or '.join(among)}")
    return value


def names(gate: str, name: str, value: object) -> list[str]:
    """Return a name, or several, as a list.

    Raises:
        ConfigError: There is none, or one is no text.
    """
    found = [value] if isinstance(value, str) else list(value) if isinstance(value, list | tuple) else []
    if not found or not all(isinstance(each, str) and each for each in found):
        raise ConfigError(f"{gate}: {name} is {value!r}; write one name or a list of them")
    return found
