"""How a gate is made from its name and settings."""

import inspect
from collections.abc import Mapping
from functools import partial
from typing import Any, cast

import msgspec
import pyarrow as pa

from longtail.errors import ConfigError, UnknownName
from longtail.gates.batch import Batch
from longtail.gates.catalogue import GATES
from longtail.gates.columns import OnColumn
from longtail.gates.judging import Comparing, Judge


def made(name: str, settings: Mapping[str, Any]) -> Judge | Comparing:
    """Return a gate of the catalogue with its settings.

    Raises:
        UnknownName: There is no gate or setting of that name.
        ConfigError: A setting is missing, of the wrong type or out of range.
        MissingExtra: The gate needs a part that is not installed.
    """
    entry = GATES[name]
    if entry.facts["judges"] != "documents":
        return OnColumn(name, **settings)
    for given in settings:
        if given not in entry.settings:
            raise UnknownName(f"setting of the gate {name}", given, entry.settings)
    missing = [setting for setting in entry.required if setting not in settings]
    if missing:
        raise ConfigError(f"gate {name!r} lacks {missing[0]!r}; it takes {', '.join(entry.settings)}")
    for setting, value in settings.items():
        _refuse_unfit(name, setting, value, inspect.signature(entry.member, eval_str=True).parameters[setting].annotation)
    try:
        return _bound(entry.member, settings)
    except TypeError as error:
        raise ConfigError(f"gate {name!r}: a setting is of the wrong type: {error}") from None


def _refuse_unfit(gate: str, setting: str, value: object, wanted: Any) -> None:
    """Refuse a value as TOML can hold it that is not of the type which the gate states."""
    if not isinstance(value, str | int | float | bool | list | dict):
        return
    try:
        msgspec.convert(value, wanted)
    except msgspec.ValidationError as error:
        said = str(error).lower().replace("`", "")
        raise ConfigError(f"gate {gate!r}: {setting} is {value!r}: {said}; longtail explain {gate} says what it takes") from None
    except TypeError:
        return  # a type that only Python has, such as a function


def _bound(member: Any, settings: Mapping[str, Any]) -> Judge | Comparing:
    if inspect.isclass(member):
        return cast(Judge, member(**settings))
    call = partial(member, **settings)
    call(Batch(pa.array([], pa.string()), pa.array([], pa.string())))
    return call


def told(gate: object) -> str:
    """Return what a gate that was handed over is called."""
    return str(getattr(gate, "__name__", None) or type(gate).__name__).strip("<>")
