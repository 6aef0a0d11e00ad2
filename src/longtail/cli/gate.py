"""The commands `longtail gate …`."""

import click

from longtail.cli.group import LazyGroup

_COMMANDS = {"audit": "longtail.cli.gate_audit"}


@click.command(
    "gate", cls=LazyGroup, commands_at=_COMMANDS, invoke_without_command=True, short_help="What a gate keeps, before a loop is run on it."
)
@click.help_option("-h", "--help")
@click.pass_context
def command(context: click.Context) -> None:
    r"""Measure gates: what decides which model output may come back into training.

    \b
    Examples:
      longtail gate audit judged.jsonl
      longtail gate audit --gate top:0.5,0.2
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
