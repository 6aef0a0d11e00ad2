"""Commands as texts show them, read by the command line itself: what is wrong with one, without running it."""

import re
import shlex

import click

from longtail.cli.group import _repeated
from longtail.errors import LongtailError

INLINE = re.compile(r"`(longtail [^`]+)`")


def top():
    """A context of `longtail` itself, with its settings: click keeps the option for help that it makes first."""
    from longtail.cli.main import cli

    return click.Context(cli, info_name="longtail", **cli.context_settings)


def innermost(command):
    """The innermost command that a line such as `longtail lab run gaussian` names, its context, and what is left to parse."""
    from longtail.cli.main import cli

    context, found, rest = top(), cli, shlex.split(command)[1:]
    while isinstance(found, click.Group) and rest and not rest[0].startswith("-"):
        known = found.list_commands(context)
        default = getattr(found, "_default", "open" if "open" in known else None)  # of `longtail gate DATA` and `longtail review DIR`
        arguments = [default, *rest] if default and rest[0] not in known else rest
        name, found, rest = found.resolve_command(context, list(arguments))
        context = click.Context(found, info_name=name, parent=context, **found.context_settings)
    return found, context, rest


def fault(command):
    """Why `longtail` would not take a command; empty where it would. Files need not exist, and an option may stand without its value."""
    try:
        found, context, rest = innermost(command)
        given, _, _ = found.make_parser(context).parse_args(_repeated(rest, getattr(found, "_many", ())))
    except click.BadOptionUsage as error:
        return "" if command.endswith(f" {error.option_name}") else error.format_message()
    except (click.ClickException, LongtailError) as error:
        return str(error.format_message() if isinstance(error, click.ClickException) else error)
    return _unknown(context.command_path, [name for value in given.values() for name in _listed(value)])


def _listed(value):
    return [each for each in (value if isinstance(value, tuple | list) else [value]) if isinstance(each, str)]


def _unknown(path, names):
    """Which names of experiments or scenarios there are none of."""
    from longtail.lab import experiment
    from longtail.lab.scenarios.catalogue import SCENARIOS

    known = {"longtail lab experiment": experiment.names(), "longtail lab scenario": SCENARIOS}.get(path)
    return (
        ""
        if known is None
        else ", ".join(f"no such name: {name}" for name in names if name not in known and name != "NAME" and "." not in name)
    )


def options(command):
    """The options of a command, long and short."""
    return {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts) if name.startswith("-")}


def every_command():
    """Every command of `longtail` by its path, groups and families among them."""
    from longtail.cli.main import cli

    def walk(command, context):
        yield context.command_path, command
        if isinstance(command, click.Group):
            for name in command.list_commands(context):
                found = command.get_command(context, name)
                yield from walk(found, click.Context(found, info_name=name, parent=context))

    return dict(walk(cli, top()))
