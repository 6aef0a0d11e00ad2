"""What a file says of a command, as values of its options: every key known, every value of the right kind."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

import click

from longtail.cli.settings.files import File
from longtail.errors import ConfigError, UnknownName

COMMON = frozenset({"seed", "text-column", "role", "quiet", "no-color", "profile"})
"""Keys that stand above all tables, for every command that has such an option."""

UNSETTABLE = frozenset({"help", "debug", "config", "no-config"})
"""Options that belong to one call."""

PATHS = frozenset({
    "PATH", "PATH …", "FILE", "FILE …", "DIR", "GLOB", "DATA", "DATA...", "GEN1 GEN2 …", "OUT", "OUT.jsonl", "REF", "GAPS",
    "MANIFEST", "VERDICTS", "KEY.json", "CA.pem", "PEM", "STORE",
})  # fmt: skip
"""What the help calls values that are paths; in a file they are relative to that file."""

NAMED_PATHS = frozenset({"[NAME=]PATH", "[NAME=]FILE"})
PATHS_OR_NAMES = frozenset({"FOLDER", "RECIPE", "SOURCE", "V1 V2 …"})
"""Values that are a path where there is such a file, else a name."""

_AS_TEXT: dict[str, tuple[type, ...]] = {"SHARE": (int, float), "DAY": (date,), "DATE": (date,)}
"""What else than a string stands for values of text, by what the help calls them."""

_Kind = tuple[tuple[type, ...], str]
_TEXT: _Kind = ((str,), "a string, as on the command line")
_KINDS: tuple[tuple[type, _Kind], ...] = (
    (click.types.BoolParamType, ((bool,), "true or false")),
    (click.types.IntParamType, ((int,), "a whole number")),
    (click.types.FloatParamType, ((int, float), "a number")),
    (click.DateTime, ((date, str), "a date, such as 2027-02-20")),
)
"""What values of each type of option are in TOML, and what they are called."""


@dataclass(frozen=True)
class Setting:
    """A value of an option, and where it comes from in words."""

    value: Any
    origin: str


def key_of(option: click.Parameter) -> str:
    """Return the name of an option as it is written in a file: its longest spelling, without dashes in front."""
    return max(option.opts, key=len).lstrip("-")


def options_of(command: click.Command) -> dict[str, click.Option]:
    """Return the options of a command that can be set in a file or in the environment, by key."""
    found = {key_of(each): each for each in command.params if isinstance(each, click.Option)}
    return {key: option for key, option in found.items() if key not in UNSETTABLE}


def settings_of(file: File, context: click.Context) -> dict[str, Setting]:
    """Return what a file says of the options of a command, by the names of its parameters.

    Args:
        file: Of settings.
        context: Of the command, with those of its groups above it.

    Raises:
        UnknownName: A key that is known neither here nor to the command; the message holds the nearest one.
        ConfigError: A value of the wrong kind, or out of range.
    """
    options = options_of(context.command)
    table, above = file.table, tuple[str, ...]()
    keys: dict[str, tuple[str, ...]] = {}
    for group, below in pairwise(_chain(context)):
        commands = group.command.list_commands(group) if isinstance(group.command, click.Group) else []
        common = COMMON if group.parent is None else frozenset[str]()
        _check(file, table, above, common, commands)
        shared = common & options.keys()
        keys |= {each: (*above, key) for key in table if (each := _dashed(key)) in shared and not isinstance(table[key], Mapping)}
        table, above = _below(file, table, above, str(below.info_name), common)
    _check(file, table, above, options)
    keys |= {_dashed(key): (*above, key) for key in table}
    return {str(options[key].name): _setting(file, options[key], where, context) for key, where in keys.items()}


def _dashed(key: str) -> str:
    """Return a key as it is spelled as an option; fail_on and fail-on are one."""
    return key.replace("_", "-")


def _chain(context: click.Context) -> list[click.Context]:
    found = [context]
    while found[0].parent is not None:
        found.insert(0, found[0].parent)
    return found


def _check(file: File, table: Mapping[str, Any], above: tuple[str, ...], options: Iterable[str], commands: Iterable[str] = ()) -> None:
    names, within = {*options, *commands}, ".".join((*file.section, *above))
    for key in table:
        if key not in commands and _dashed(key) not in options:
            raise UnknownName(f"key{f' of [{within}]' if within else ''} in {file.place(*above, key)},", key, names)


def _below(
    file: File, table: Mapping[str, Any], above: tuple[str, ...], name: str, common: frozenset[str]
) -> tuple[Mapping[str, Any], tuple[str, ...]]:
    """Return the table of a command within that of its group."""
    found = table.get(name, {})
    if isinstance(found, Mapping):
        return found, (*above, name)
    if name in common:
        return {}, (*above, name)
    within = ".".join((*file.section, *above, name))
    raise ConfigError(f"{file.place(*above, name)}: {name} = {found!r}: it is a command; write a table [{within}]")


def _setting(file: File, option: click.Option, where: tuple[str, ...], context: click.Context) -> Setting:
    value: Any = file.table
    for key in where:
        value = value[key]
    place = file.place(*where)
    try:
        shaped = _shaped(option, value)
        value = option.type_cast_value(context, _resolved(file, option, shaped))
    except click.BadParameter as error:
        raise ConfigError(f"{place}: {where[-1]} = {_written(value)}: {error.message.rstrip('.')}") from error
    return Setting(value, place)


def _shaped(option: click.Option, value: Any) -> Any:
    if not option.multiple:
        return _one(option, value)
    return tuple(_one(option, each) for each in (value if isinstance(value, list) else [value]))


def _written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value) if isinstance(value, date) else repr(value)


def _one(option: click.Option, value: Any) -> Any:
    """Return a value as the option takes it from the command line.

    Raises:
        BadParameter: It is of another kind.
    """
    types, wanted = next((found for kind, found in _KINDS if isinstance(option.type, kind)), _TEXT)
    types = (*types, *_AS_TEXT.get(option.metavar or "", ()))
    if not isinstance(value, types) or isinstance(value, bool) is not (bool in types):
        raise click.BadParameter(f"write {wanted}{', or a list of them' if option.multiple else ''}")
    if isinstance(value, datetime):
        raise click.BadParameter("write a date without a time")
    return value if isinstance(value, bool) or str not in types else str(value)


def _resolved(file: File, option: click.Option, value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(_resolved(file, option, each) for each in value)
    if not isinstance(value, str):
        return value
    if option.metavar in PATHS:
        return file.beside(value)
    if option.metavar in PATHS_OR_NAMES:
        return file.beside(value) if os.path.exists(file.beside(value)) else value
    if option.metavar in NAMED_PATHS:
        name, sign, path = value.partition("=")
        return f"{name}={file.beside(path)}" if sign and os.sep not in name else file.beside(value)
    return value
