"""How a run of the lab names a gate: one of its own rows, one of documents, or a recipe that is read from a file."""

import inspect
from collections.abc import Iterable, Mapping
from functools import lru_cache, partial
from os import PathLike, fspath
from pathlib import Path
from typing import Any

import msgspec

from longtail import gates
from longtail.errors import ConfigError, UnknownName
from longtail.gates import GATES, Bound, Gate
from longtail.gates.columns import OnColumn
from longtail.gates.recipe import parsed, presets, read_recipe
from longtail.lab.passing import COLUMNS, passing
from longtail.lab.settings import Settings

_MARK = "[[gate]]"


def bound(spec: str) -> Bound | None:
    """Return the gate of a text: "none", "top:0.5,0.2", "quality", the path of a recipe, its name, or what it says.

    A gate of documents has `judges` "documents", and `call` takes a `Batch` and returns which of its documents pass.

    Raises:
        UnknownName: No gate or recipe of that name.
        ConfigError: A setting is missing, surplus or out of range, or looks at a column that the lab's documents lack.
        ReadError: The recipe cannot be read.
    """
    name = spec.partition(":")[0].strip()
    if spec == "none" or (name in GATES and GATES[name].facts["judges"] != "documents"):
        return gates.bound(spec)
    if _MARK in spec:
        gate = gate_of(spec)
    elif _is_file(spec):
        gate = gate_of(_text(spec))
    elif name in GATES:
        gate = _named(spec)
    elif spec in presets():
        gate = _preset(spec)
    else:
        raise UnknownName("gate", name, [*(entry.name for entry in GATES), *presets()])
    _check_columns(gate)
    return Bound(name=" + ".join(stage.name for stage in gate.stages), judges="documents", call=partial(passing, gate=gate))


def carried(settings: Settings) -> Settings:
    """Return the settings with the texts of the recipes that they name by a path, so that no result depends on a file.

    Raises:
        ReadError: A recipe cannot be read.
        ConfigError: It holds what no recipe holds.
        UnknownName: So does one of its tables.
    """
    known = {} if settings.recipes is msgspec.UNSET else settings.recipes
    texts = {spec: _text(spec) for spec in _specs(settings) if spec not in known and _is_file(spec)}
    return msgspec.structs.replace(settings, recipes={**known, **texts}) if texts else settings


def told(settings: Settings, spec: str) -> str:
    """Return the recipe that settings carry under that name, or the name where they carry none."""
    return spec if settings.recipes is msgspec.UNSET else settings.recipes.get(spec, spec)


def options_of(settings: Settings) -> dict[str, Any]:
    """Return the options of the family, a verifier as the recipe that it names."""
    verifier = settings.options.get("verifier")
    return {**settings.options, "verifier": told(settings, verifier)} if isinstance(verifier, str) else settings.options


@lru_cache(maxsize=64)
def gate_of(recipe: str) -> Gate:
    """Return the gate of a recipe as a file holds it.

    Raises:
        ReadError: The recipe is no TOML.
        ConfigError: It holds what no recipe holds.
        UnknownName: There is no gate or setting of that name.
    """
    return Gate.of(parsed("the recipe", recipe))


def _specs(settings: Settings) -> Iterable[str]:
    """Return the gates that settings name."""
    named = (settings.gate, *(change.gate for change in settings.changes), settings.options.get("verifier"))
    return dict.fromkeys(spec for spec in named if isinstance(spec, str))


def _is_file(spec: str) -> bool:
    return spec.endswith(".toml") and _MARK not in spec


def _text(path: str | PathLike[str]) -> str:
    """Return what a recipe says, once it is known to be one."""
    read_recipe(path)
    return Path(fspath(path)).read_text(encoding="utf-8")


@lru_cache(maxsize=64)
def _preset(name: str) -> Gate:
    return Gate.read(name)


@lru_cache(maxsize=64)
def _named(spec: str) -> Gate:
    """Return a gate of documents with the settings of a text, each as what its annotation says."""
    name = spec.partition(":")[0].strip()
    parameters = inspect.signature(GATES[name].member, eval_str=True).parameters
    given: Mapping[str, Any] = GATES.bind(spec).keywords
    return Gate((name, {key: _converted(name, key, value, parameters[key].annotation) for key, value in given.items()}))


def _converted(gate: str, setting: str, value: float | str, wanted: Any) -> Any:
    try:
        return msgspec.convert(value, wanted, strict=False)
    except msgspec.ValidationError as error:
        raise ConfigError(f"gate {gate!r}: {setting} is {value!r}: {str(error).lower()}; write lists and tables in a recipe") from None


def _check_columns(gate: Gate) -> None:
    """Refuse gates that look at a column which no document of the lab has."""
    for stage in gate.stages:
        if not isinstance(stage.gate, OnColumn):
            continue
        for column in (stage.gate.column, stage.gate.group):
            if column and column not in COLUMNS:
                raise ConfigError(
                    f"gate {stage.name!r} looks at column {column!r}; documents of the lab have {', '.join(COLUMNS)}. Name one of these"
                )
