"""The command `longtail ledger`: the store of provenance, and what is asked of it."""

import click

from longtail.cli.group import LazyGroup

_COMMANDS = {
    "init": "longtail.cli.ledger.init",
    "add": "longtail.cli.ledger.add",
    "log": "longtail.cli.ledger.log",
    "show": "longtail.cli.ledger.show",
    "correct": "longtail.cli.ledger.correct",
    "find": "longtail.cli.ledger.find",
    "lineage": "longtail.cli.ledger.lineage",
    "stats": "longtail.cli.ledger.stats",
    "export": "longtail.cli.ledger.export",
    "mark": "longtail.cli.ledger.mark",
    "compact": "longtail.cli.ledger.compact",
    "verify": "longtail.cli.ledger.verify",
    "attest": "longtail.cli.ledger.attest",
}


@click.command("ledger", cls=LazyGroup, commands_at=_COMMANDS, invoke_without_command=True, short_help="Where every document came from.")
@click.help_option("-h", "--help")
@click.pass_context
def command(context: click.Context) -> None:
    r"""Keep where every document came from, in a folder that only ever grows.

    \b
    Examples:
      longtail ledger init ledger
      longtail ledger add ledger human.jsonl --name g0
      longtail ledger add ledger --kind checkpoint --name m1 --from g0
      longtail ledger add ledger samples.jsonl --name g1 --from m1
      longtail ledger lineage ledger +g1
      longtail ledger verify ledger
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
