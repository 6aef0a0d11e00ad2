"""Settings of gates: what is out of range is refused with its value and what to take."""

import math
import sys
from collections.abc import Collection
from importlib import import_module
from pathlib import Path
from typing import Any

from longtail.errors import ConfigError


def number(gate: str, name: str, value: object, low: float = 0, high: float = math.inf, *, above: bool = False) -> float:
    """Return a finite number from `low` to `high`; above `low` where `above`.

    Raises:
        ConfigError: It is none.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not _within(value, low, high, above):
        most = f" and at most {high:g}" if math.isfinite(high) and high < sys.float_info.max else ""
        raise ConfigError(f"{gate}: {name} is {value!r}; take a number {'above' if above else 'of at least'} {low:g}{most}")
    return float(value)


def _within(value: float, low: float, high: float, above: bool) -> bool:
    return math.isfinite(value) and (low < value if above else low <= value) and value <= high


def whole(gate: str, name: str, value: object, least: int) -> int:
    """Return a whole number of at least `least`.

    Raises:
        ConfigError: It is none.
    """
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise ConfigError(f"{gate}: {name} is {value!r}; take a whole number from {least} on")
    return value


def choice(gate: str, name: str, value: object, among: Collection[str]) -> str:
    """Return a word that is one of some.

    Raises:
        ConfigError: It is none of them.
    """
    if not isinstance(value, str) or value not in among:
        raise ConfigError(f"{gate}: {name} is {value!r}; take {' or '.join(among)}")
    return value


def column(gate: str, name: str, value: object) -> str:
    """Return the name of a column.

    Raises:
        ConfigError: It is none.
    """
    if not isinstance(value, str) or not value:
        raise ConfigError(f"{gate}: {name} is {value!r}; name a column")
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


def imported(gate: str, name: str, value: object) -> Any:
    """Return what "module:name" stands for, found also beside where the program was started.

    Raises:
        ConfigError: It is not written so, or cannot be imported.
    """
    module, _, path = value.partition(":") if isinstance(value, str) else ("", "", "")
    if not module or not path:
        raise ConfigError(f"{gate}: {name} is {value!r}; write it as 'module:function'")
    here = str(Path.cwd())
    if here not in sys.path and "" not in sys.path:
        sys.path.append(here)
    try:
        found: Any = import_module(module)
        for part in path.split("."):
            found = getattr(found, part)
    except Exception as error:
        raise ConfigError(f"{gate}: {name} is {value!r}, which cannot be imported: {type(error).__name__}: {error}") from None
    return found
