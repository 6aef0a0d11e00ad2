"""The list of families, and how one is made from its name and options."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from longtail.catalogue import Catalogue
from longtail.errors import ConfigError, UnknownName
from longtail.lab.learner import Learner

FAMILIES: Catalogue[Callable[..., Learner]] = Catalogue("family", "models", "cost", "source")
"""Functions `(rows, *, options) -> Learner`. `rows` is true where the rows themselves must be simulated, because they are
judged by a gate or drawn from among others; otherwise a family may simulate its sufficient statistics, if their law is
known exactly. `cost` is "light" where thousands of replicates take seconds, "heavy" where one does."""


def make(family: str, options: Mapping[str, Any], *, rows: bool) -> Learner:
    """Return the learner of a family.

    Args:
        family: Name of a member of `FAMILIES`.
        options: Its settings by name, as numbers or as text.
        rows: Whether the rows themselves must be simulated.

    Raises:
        UnknownName: No family, or no option of the family, of that name.
        ConfigError: An option is out of range or of the wrong type.
    """
    return FAMILIES[family].member(rows, **settled(family, options))


def settled(family: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return all options of a family, those that are given as what they stand for and the others by default.

    Raises:
        UnknownName: No family, or no option of the family, of that name.
        ConfigError: An option is of the wrong type.
    """
    entry = FAMILIES[family]
    for name in options:
        if name not in entry.settings:
            raise UnknownName(f"option of {family}", name, entry.settings)
    hints = inspect.signature(entry.member, eval_str=True).parameters
    defaults = {name: hints[name].default for name in entry.settings}
    return defaults | {name: _converted(family, name, value, hints[name].annotation) for name, value in options.items()}


def _converted(family: str, name: str, value: Any, wanted: Any) -> Any:
    try:
        return msgspec.convert(value, wanted, strict=False)
    except msgspec.ValidationError as error:
        raise ConfigError(f"{family}: {name} is {value!r}; {str(error).lower()}") from None
