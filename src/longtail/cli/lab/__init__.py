"""The command `longtail lab`: the simulator and what is known about it."""

import click

from longtail.cli.group import LazyGroup
from longtail.lab.worlds.catalogue import WORLDS

_COMMANDS = {
    "run": "longtail.cli.lab.run",
    "theory": "longtail.cli.lab.theory",
    "verify": "longtail.cli.lab.verify",
    "plan": "longtail.cli.lab.plan",
    "errors": "longtail.cli.lab.errors",
    "network": "longtail.cli.lab.network",
    "scenario": "longtail.cli.lab.scenario",
    "experiment": "longtail.cli.lab.experiment",
    "claims": "longtail.cli.lab.claims",
    **dict.fromkeys(WORLDS, "longtail.cli.lab.world"),
}


@click.command("lab", cls=LazyGroup, commands_at=_COMMANDS, invoke_without_command=True, short_help="Simulate collapse, beside its theory.")
@click.help_option("-h", "--help")
@click.pass_context
def command(context: click.Context) -> None:
    r"""Let models learn from models, generation after generation, and hold what comes out against its closed form.

    \b
    Examples:
      longtail lab run gaussian --policy replace
      longtail lab run categorical --policy replace --policy fresh:0.1 --out figure.svg
      longtail lab theory 1
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
