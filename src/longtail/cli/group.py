"""A click group that imports a command when it is used, and names the nearest one when there is none."""

import os
from difflib import get_close_matches
from importlib import import_module
from typing import Any

import click

from longtail.cli.settings.configured import in_environment
from longtail.errors import UnknownName


class LazyGroup(click.Group):
    """Commands by name, each the attribute `command` of its module, or what its function `command_of` makes of the name.

    Args:
        commands_at: Module of each command.
    """

    def __init__(self, *args: Any, commands_at: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._modules = commands_at
        _keep_lines(self)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names, in the order in which they are declared."""
        return list(self._modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one command."""
        if cmd_name not in self._modules:
            return None
        module = import_module(self._modules[cmd_name])
        found: click.Command = module.command_of(cmd_name) if hasattr(module, "command_of") else module.command
        _keep_lines(found)
        in_environment(found, f"{ctx.command_path} {cmd_name}")
        return found

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command asked for; an unknown one is a usage error with the nearest name."""
        if args and args[0] not in self._modules and not args[0].startswith("-"):
            raise click.UsageError(str(UnknownName("command", args[0], self._modules)), ctx)
        return super().resolve_command(ctx, args)


class DefaultGroup(LazyGroup):
    """Commands by name, one of which is meant where none is named: `longtail gate DATA` is `longtail gate run DATA`.

    Args:
        default: That command.
    """

    def __init__(self, *args: Any, default: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._default = default

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the default command before what names no command and asks for no help."""
        if args and args[0] not in self._modules and args[0] not in ("-h", "--help"):
            self._refuse_misspelt(ctx, args[0])
            args = [self._default, *args]
        return super().parse_args(ctx, args)

    def _refuse_misspelt(self, ctx: click.Context, name: str) -> None:
        """Refuse what is no file and nearly a command."""
        if not os.path.exists(name) and get_close_matches(name, self._modules, n=1):
            raise click.UsageError(str(UnknownName("command", name, self._modules)), ctx)


class ManyValued(click.Command):
    """A command some of whose options take all the values that follow, as in `--lineage gen1 gen2 gen3 --reference human`.

    Args:
        many: Those options; each is declared with `multiple=True`.
    """

    def __init__(self, *args: Any, many: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._many = many

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Repeat such an option before each of its values, then parse as ever."""
        return super().parse_args(ctx, _repeated(args, self._many))


def _repeated(args: list[str], many: tuple[str, ...]) -> list[str]:
    """Return `--a x y` as `--a x --a y` for the options in `many`; a value ends at the next option, or at `--`."""
    spelled: list[str] = []
    option, has_value = "", False
    for argument in args:
        if argument.startswith("-") and argument != "-":
            option, has_value = (argument if argument in many else ""), False
        elif option and has_value:
            spelled.append(option)
        else:
            has_value = True
        spelled.append(argument)
    return spelled


def _keep_lines(command: click.Command) -> None:
    r"""Turn `\b` as written in raw docstrings into the mark by which click keeps the lines of a paragraph."""
    command.help = (command.help or "").replace("\\b\n", "\b\n")
