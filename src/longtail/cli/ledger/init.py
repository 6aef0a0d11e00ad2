"""The command `longtail ledger init`."""

from typing import Any

import click

from longtail.cli.ledger.options import in_ledger
from longtail.cli.options import quietly
from longtail.ledger.store import Ledger


@click.command("init", short_help="Start a ledger.")
@in_ledger
@click.option("--name", metavar="NAME", help="What it is called in exports.  [default: the name of the folder]")
@quietly
def command(folder: str, **given: Any) -> None:
    r"""Start a ledger in DIR, a folder that is empty or not there yet, or a prefix of an object store such as s3://bucket/ledger.

    \b
    Examples:
      longtail ledger init ledger
    """
    with Ledger.create(folder, given["name"]):
        pass
    if not given["quiet"]:
        click.echo(f"{folder}: an empty ledger; next: longtail ledger add {folder} DATA --name NAME", err=True)
