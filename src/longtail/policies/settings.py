"""Checks of what a policy is told."""

from longtail.errors import ConfigError


def share(value: float | str, name: str = "share", *, least: float = 0.0) -> float:
    """Return a share of the rows.

    Raises:
        ConfigError: It is not between `least` and 1.
    """
    if isinstance(value, str) or not least <= value <= 1:
        raise ConfigError(f"{name} is {value!r}; take a number from {least:g} to 1")
    return value


def whole_number(value: float | str, name: str) -> int:
    """Return a whole number from 1 up.

    Raises:
        ConfigError: It is none.
    """
    if isinstance(value, str) or value < 1 or value != int(value):
        raise ConfigError(f"{name} is {value!r}; take a whole number from 1 up")
    return int(value)
