"""The commands `longtail recover …`."""

import click

from longtail.cli.group import LazyGroup

_COMMANDS = {name: f"longtail.cli.recover.{name}" for name in ("plan", "apply", "check")}


@click.command(
    "recover", cls=LazyGroup, commands_at=_COMMANDS, invoke_without_command=True, short_help="A lost tail brought back, and proof of it."
)
@click.help_option("-h", "--help")
@click.pass_context
def command(context: click.Context) -> None:
    r"""Bring a lost tail back: what can be restored and what it takes, the next training set, and whether it worked.

    \b
    Examples:
      longtail recover plan --reference human.jsonl --current gen5.jsonl --reservoir human/
      longtail recover apply re-anchor --reservoir human/ --outputs gen5.jsonl --share 0.3 -o next.jsonl
      longtail recover check --before gen5.jsonl --after gen6.jsonl --reference human.jsonl
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
