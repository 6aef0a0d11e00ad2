"""The commands `longtail rag …`."""

import click

from longtail.cli.group import LazyGroup

_COMMANDS = {"audit": "longtail.cli.rag.audit"}


@click.command("rag", cls=LazyGroup, commands_at=_COMMANDS, invoke_without_command=True, short_help="A store that answers are written to.")
@click.help_option("-h", "--help")
@click.pass_context
def command(context: click.Context) -> None:
    r"""See to a store that a system answers from and writes its answers to: what of its own comes back to it.

    \b
    Examples:
      longtail rag audit memories.db
      longtail rag audit chroma/ --queries log.jsonl --out report.html
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
