"""Settings of a closed form from the command line, and its values as plain numbers."""

import inspect
import json
import math
from collections.abc import Sequence
from typing import Any, TypeAlias

import msgspec
import numpy

from longtail.catalogue import Entry
from longtail.errors import ConfigError, LongtailError, UnknownName
from longtail.lab.learners.categorical import law_of

Values: TypeAlias = dict[str, Any]
"""Numbers, or lists of them, by name; a form that returns one thing calls it `value`."""


def settable(entry: Entry[Any]) -> list[str]:
    """Return the names that `--set` takes for a closed form: all but its generations."""
    return [name for name in (*entry.needs, *entry.settings) if name != "generations"]


def required(entry: Entry[Any]) -> list[str]:
    """Return the names without which a closed form has no values."""
    return [name for name in settable(entry) if name in entry.needs or name in entry.required]


def settings_of(pairs: Sequence[str], entries: Sequence[Entry[Any]]) -> dict[str, Any]:
    """Return settings from texts such as "samples=100", "shares=0.5,0.3,0.2" or "law=zipf:1" with "types=200".

    Raises:
        ConfigError: A text is not NAME=VALUE, or a value is no number, list or law.
        UnknownName: None of the closed forms has a setting of that name.
    """
    known = {name for entry in entries for name in settable(entry)}
    texts = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals or not text:
            raise ConfigError(f"--set {pair!r}: write NAME=VALUE, such as samples=100")
        if name not in known | {"types"}:
            raise UnknownName("setting of these closed forms", name, known)
        texts[name] = text
    types = _number("types", texts["types"]) if "types" in texts else None
    if "types" not in known:
        texts.pop("types", None)
    return {name: _parsed(name, text, types) for name, text in texts.items()}


def values_of(entry: Entry[Any], settings: dict[str, Any], generations: Sequence[int]) -> Values | None:
    """Return the values of a closed form, or None where a setting that it needs is not given.

    Args:
        entry: A member of `FORMS`.
        settings: Settings by name; those that the form does not have are left aside.
        generations: Handed to forms that take generations.

    Raises:
        ConfigError: The settings are out of its range, or it cannot be computed for them.
    """
    if any(name not in settings for name in required(entry)):
        return None
    mine = {name: _typed(entry, name, settings[name]) for name in settable(entry) if name in settings}
    if "generations" in entry.needs:
        mine["generations"] = list(generations)
    try:
        with numpy.errstate(all="ignore"):
            found = entry.member(**mine)
    except LongtailError as error:
        raise ConfigError(f"{entry.name}: {error}") from None
    except (TypeError, ValueError, ArithmeticError, IndexError) as error:
        raise ConfigError(f"{entry.name} cannot be computed for these settings: {error}") from error
    fields = getattr(found, "_asdict", None)
    return {name: _plain(each) for name, each in fields().items()} if fields else {"value": _plain(found)}


def _parsed(name: str, text: str, types: float | None) -> Any:
    """Return the value of a setting: JSON, numbers by comma, or a law by its name."""
    try:
        return json.loads(text, parse_constant=float)
    except ValueError:
        pass
    if text.partition(":")[0] in ("uniform", "harmonic", "zipf"):
        if types is None:
            raise ConfigError(f"{name}={text!r} is a law over how many types? Add --set types=…")
        return law_of(text, int(types)).tolist()
    words = text.split(",")
    return _number(name, text) if len(words) == 1 else [_number(name, word) for word in words]


def _number(name: str, word: str) -> float:
    try:
        return float(word)
    except ValueError:
        raise ConfigError(f"--set {name}: {word!r} is no number; write a number, numbers by comma, or a law such as zipf:1") from None


def _typed(entry: Entry[Any], name: str, value: Any) -> Any:
    """Return a value as the form asks for it, where its annotation is one that can be checked."""
    annotation = inspect.signature(entry.member, eval_str=True).parameters[name].annotation
    whole = int(value) if isinstance(value, float) and value.is_integer() and value < 1e15 else value
    for attempt in (value, whole):
        try:
            return msgspec.convert(attempt, annotation)
        except TypeError:
            return value
        except msgspec.ValidationError as error:
            fault = str(error).lower()
    raise ConfigError(f"{entry.name}: {name} is {value!r}; {fault}")


def _plain(value: Any) -> Any:
    """Return numbers as JSON has them: None for what is not finite."""
    if isinstance(value, numpy.ndarray | numpy.generic):
        value = value.tolist()
    if isinstance(value, dict):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
