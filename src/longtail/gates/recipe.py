"""Recipes: gates in order, written in TOML, one `[[gate]]` table for each stage."""

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from os import PathLike, fspath
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeAlias, cast

from longtail.errors import ConfigError, ReadError, UnknownName
from longtail.records import Origin

Unsure: TypeAlias = Literal["keep", "hold"]
"""What becomes of documents that a person should look at: they pass, marked, or wait."""

_KEYS = ("about", "unsure", "spare", "gate")
_SHAPE = "write one [[gate]] table for each stage, with its name and settings"


class Recipe(NamedTuple):
    """What a recipe says.

    Attributes:
        stages: Name and settings of each gate.
        unsure: What becomes of documents that a person should look at.
        spare: Origins that are not judged.
        about: What it is for.
    """

    stages: tuple[tuple[str, dict[str, Any]], ...]
    unsure: Unsure = "keep"
    spare: tuple[str, ...] = (Origin.HUMAN.value,)
    about: str = ""


def presets() -> dict[str, str]:
    """Return the recipes that come with longtail, each with what it is for."""
    return {name: parsed(name, text).about for name, text in sorted(_texts().items())}


def read_recipe(path: str | PathLike[str]) -> Recipe:
    """Return the recipe of a file, or one that comes with longtail, by its name.

    Raises:
        ReadError: There is no such file or name, or it is no TOML.
        ConfigError: It holds what no recipe holds.
    """
    name = fspath(path)
    if not Path(name).is_file():
        texts = _texts()
        if name in texts:
            return parsed(name, texts[name])
        if name.endswith(".toml") or "/" in name:
            raise ReadError(name, "no such recipe of gates", fix=f"check the path, or take one of {', '.join(sorted(texts))}")
        raise UnknownName("recipe", name, texts)
    try:
        text = Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ReadError(name, f"cannot be read: {error}", fix="write TOML in UTF-8") from None
    return parsed(name, text)


def _texts() -> dict[str, str]:
    folder = files("longtail.gates").joinpath("recipes")
    return {
        entry.name.removesuffix(".toml"): entry.read_text(encoding="utf-8") for entry in folder.iterdir() if entry.name.endswith(".toml")
    }


def parsed(name: str, text: str) -> Recipe:
    """Return the recipe of a text in TOML; `name` is what messages call it.

    Raises:
        ReadError: It is no TOML.
        ConfigError: It holds what no recipe holds.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ReadError(name, f"is no TOML: {error}", fix=_SHAPE) from None
    for key in table:
        if key not in _KEYS:
            raise UnknownName(f"key of a recipe in {name}:", key, _KEYS)
    tables = table.get("gate")
    if not isinstance(tables, list) or not tables or not all(isinstance(each, dict) for each in tables):
        raise ConfigError(f"{name} holds no gate; {_SHAPE}")
    spare = table.get("spare", [Origin.HUMAN.value])
    if not isinstance(spare, list):
        raise ConfigError(f"{name}: spare is {spare!r}; write a list of origins, such as ['human']")
    stages = tuple(_stage(name, number, each) for number, each in enumerate(tables, 1))
    return Recipe(stages, cast(Unsure, table.get("unsure", "keep")), tuple(spare), str(table.get("about", "")))


def _stage(path: str, number: int, table: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    name = table.get("name")
    if not isinstance(name, str) or not name:
        raise ConfigError(f"{path}: gate {number} has no name; write name = 'near_duplicates', or another of `longtail list`")
    return name, {key: value for key, value in table.items() if key != "name"}
