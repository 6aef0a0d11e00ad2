"""The command `longtail config`."""

import copy
import json
from typing import Any

import click
from rich.table import Table

from longtail.cli.options import console_of
from longtail.cli.settings.configured import file_of, origin_of, profile_of
from longtail.cli.settings.values import key_of, options_of
from longtail.errors import UsageError


class _PassingOn(click.Command):
    """A command whose options, but its own, are those of another."""

    ignore_unknown_options = True
    allow_extra_args = True


@click.command("config", short_help="The settings in effect, and where each comes from.", cls=_PassingOn)
@click.argument("words", nargs=-1, type=click.UNPROCESSED, metavar="[COMMAND [OPTIONS]…]")
@click.option("--show", is_flag=True, help="Print the settings in effect; what it does without it, too.")
@click.option("--set", "only_set", is_flag=True, help="Leave out what is as it is by default.")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
@click.option("--no-color", is_flag=True, help="No colours (also: NO_COLOR=1).")
@click.help_option("-h", "--help")
@click.pass_context
def command(context: click.Context, words: tuple[str, ...], show: bool, only_set: bool, as_json: bool, no_color: bool) -> None:
    r"""Print the settings with which a COMMAND would run from this folder, each with its origin; by default those of audit.

    \b
    Examples:
      longtail config --show
      longtail config --show gate run
      longtail config --show audit --profile scrape --alpha 0.01
      longtail config --show --set --json

    A setting comes from the command line, else the environment (LONGTAIL_AUDIT_ALPHA for --alpha of audit), else the file (the
    nearest longtail.toml, or pyproject.toml with [tool.longtail]), else the profile, else the default.

    Exit code: 0, or 2 where the file, the environment or a profile holds what the command would refuse.
    """
    found = _settled(context, ["audit"] * (not words or words[0].startswith("-")) + list(words))
    rows = [row for row in _rows(found) if not only_set or row["origin"] != "default"]
    file, profile = file_of(found), profile_of(found)
    if as_json:
        named = {"value": profile.value, "origin": profile.origin} if profile else None
        stated = {"command": found.command_path, "file": file.path if file else None, "profile": named, "settings": rows}
        click.echo(json.dumps(stated, indent=1, ensure_ascii=False, default=str))
        return
    console = console_of(no_color)
    told = f"   profile: {profile.value} ({profile.origin})" if profile else ""
    console.print(f"{found.command_path}   file: {file.path if file else 'none'}{told}", markup=False)
    table = Table("setting", "value", "origin", box=None)
    for row in rows:
        table.add_row(row["setting"], _worded(row["value"]), row["origin"])
    console.print(table)


def _settled(context: click.Context, words: list[str]) -> click.Context:
    """Return the context in which a command would run, nothing of it required and nothing run.

    Raises:
        UsageError: The words name no command.
    """
    parent = context.find_root()
    while isinstance(parent.command, click.Group):
        if not words:
            raise UsageError(f"{parent.command_path!r} is a group of commands; name one: {', '.join(parent.command.list_commands(parent))}")
        name, found, words = parent.command.resolve_command(parent, words)
        assert found is not None
        parent = (
            _bare(found).make_context(name, words, parent=parent) if not isinstance(found, click.Group) else _within(found, name, parent)
        )
    return parent


def _within(group: click.Group, name: str | None, parent: click.Context) -> click.Context:
    return click.Context(group, info_name=name, parent=parent)


def _bare(command: click.Command) -> click.Command:
    """Return a command that asks for nothing."""
    made = copy.copy(command)
    made.params = [copy.copy(each) for each in command.params if each.name != "help"]
    for each in made.params:
        each.required = False
    return made


def _rows(context: click.Context) -> list[dict[str, Any]]:
    options = options_of(context.command).values()
    shown = [option for option in options if option.expose_value]
    return [
        {"setting": key_of(each), "value": _plain(context.params[str(each.name)]), "origin": origin_of(context, each)} for each in shown
    ]


def _plain(value: Any) -> Any:
    """Return a value as JSON holds it; what was given nothing is None."""
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value] or None
    return value if value is None or isinstance(value, bool | int | float | str) else str(value).removesuffix(" 00:00:00")


def _worded(value: Any) -> str:
    if value is None or value == "":
        return "not set"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value).lower() if isinstance(value, bool) else str(value)
