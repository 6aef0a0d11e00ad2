"""The command `longtail reservoir init`."""

from typing import Any

import click

from longtail.cli.options import quietly
from longtail.ledger.reservoir import Reservoir
from longtail.ledger.reservoir.records import CUTOFF


@click.command("init", short_help="Make an empty reservoir.")
@click.argument("directory")
@click.option("--cutoff", default=CUTOFF, show_default=True, metavar="DAY", help="Documents dated on this day or later need evidence.")
@quietly
def command(directory: str, cutoff: str, **given: Any) -> None:
    r"""Make a reservoir of human documents in DIRECTORY, which is empty or not there yet.

    \b
    Example:
      longtail reservoir init human --cutoff 2022-11-30
    """
    made = Reservoir.create(directory, cutoff)
    if not given["quiet"]:
        click.echo(f"{directory}: an empty reservoir; documents dated {made.settings.cutoff} or later need evidence", err=True)
