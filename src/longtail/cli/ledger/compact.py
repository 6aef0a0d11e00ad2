"""The command `longtail ledger compact`."""

from typing import Any

import click

from longtail.cli.ledger.options import in_ledger
from longtail.cli.options import quietly
from longtail.ledger.store import Ledger


@click.command("compact", short_help="Gather rows in few files.")
@in_ledger
@quietly
def command(folder: str, **given: Any) -> None:
    r"""Gather the rows of the ledger in DIR in few files, in order of their ids, so that it is read faster.

    \b
    Examples:
      longtail ledger compact ledger

    Old files stay, since past states are made of them; the space they take is not given back.
    """
    with Ledger.open(folder) as ledger:
        files = ledger.compact()
    if not given["quiet"]:
        click.echo(", ".join(f"{name} in {count} files" for name, count in files.items() if count), err=True)
