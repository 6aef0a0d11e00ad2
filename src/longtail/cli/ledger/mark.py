"""The command `longtail ledger mark`."""

from typing import Any

import click

from longtail.cli.ledger.options import in_ledger
from longtail.cli.options import quietly
from longtail.ledger.store import Ledger


@click.command("mark", short_help="Give the present state a name.")
@in_ledger
@click.argument("name")
@quietly
def command(folder: str, name: str, **given: Any) -> None:
    r"""Give the present state of the ledger in DIR a name, by which --at finds it again, whatever is added later.

    \b
    Examples:
      longtail ledger mark ledger release-3
      longtail ledger stats ledger --at release-3
    """
    with Ledger.open(folder) as ledger:
        made = ledger.mark(name)
    if not given["quiet"]:
        click.echo(f"{made.name}: commit {made.versions['rows']}", err=True)
