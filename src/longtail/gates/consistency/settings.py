"""Settings of gates, each checked by itself."""

from collections.abc import Sequence

from longtail.errors import ConfigError


def share_setting(gate: str, name: str, value: object) -> float:
    """Return a setting that is a share.

    Raises:
        ConfigError: It is no number from 0 to 1.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ConfigError(f"{gate}: {name} is {value!r}; take a number from 0 to 1")
    return float(value)


def column_setting(gate: str, name: str, value: object) -> str:
    """Return a setting that names a column.

    Raises:
        ConfigError: It is no name.
    """
    if not isinstance(value, str) or not value:
        raise ConfigError(f"{gate}: {name} is {value!r}; name a column")
    return value


def choice_setting(gate: str, name: str, value: object, choices: Sequence[str]) -> str:
    """Return a setting that is one of several words.

    Raises:
        ConfigError: It is none of them.
    """
    if not isinstance(value, str) or value not in choices:
        raise ConfigError(f"{gate}: {name} is {value!r}; take {' or '.join(choices)}")
    return value


def whole_setting(gate: str, name: str, value: object, least: int) -> int:
    """Return a setting that is a whole number.

    Raises:
        ConfigError: It is none, or lies below `least`.
    """
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise ConfigError(f"{gate}: {name} is {value!r}; take a whole number from {least} up")
    return value
