"""The commands `longtail reservoir …`."""

import click

from longtail.cli.group import LazyGroup

_COMMANDS = {name: f"longtail.cli.reservoir.{name}" for name in ("init", "add", "freeze", "verify", "value")}


@click.command(
    "reservoir", cls=LazyGroup, commands_at=_COMMANDS, invoke_without_command=True, short_help="Human documents to come back to, verified."
)
@click.help_option("-h", "--help")
@click.pass_context
def command(context: click.Context) -> None:
    r"""Keep a reservoir of human documents: it only grows, every byte can be verified, and a frozen name never changes.

    \b
    Examples:
      longtail reservoir init human
      longtail reservoir add human essays.tagged.jsonl archive.tagged.parquet
      longtail reservoir freeze human 2024-06
      longtail reservoir verify human 2024-06
      longtail reservoir value human
      longtail audit generated.jsonl --reference human
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
