"""The command `longtail ledger export`."""

from pathlib import Path
from typing import Any

import click

from longtail.atomic import replaced
from longtail.cli.ledger.options import at_state, in_ledger
from longtail.cli.options import quietly
from longtail.errors import UsageError
from longtail.ledger.holdings import facts_of
from longtail.ledger.store import Ledger
from longtail.report.provenance import FORMATS


@click.command("export", short_help="Card, Croissant, PROV and other forms.")
@in_ledger
@click.option("--format", "form", metavar="NAME", required=True, help=f"One of {', '.join(entry.name for entry in FORMATS)}.")
@click.option("--dataset", metavar="NODE", help="One data set.  [default: everything]")
@click.option("--output", "-o", metavar="FILE", help="Write there.  [default: stdout]")
@at_state
@quietly
def command(folder: str, **given: Any) -> None:
    r"""Write what the ledger in DIR knows of a data set in a form that others read. Documents themselves are never written.

    \b
    Examples:
      longtail ledger export ledger --format card --dataset g1 -o README.md
      longtail ledger export ledger --format croissant -o croissant.json
      longtail ledger export ledger --format prov -o lineage.json
    """
    write = FORMATS[given["form"]].member
    with Ledger.open(folder, given["at"]) as ledger:
        text = write(facts_of(ledger, given["dataset"]), ledger.graph())
    if given["output"] is None:
        click.echo(text, nl=not text.endswith("\n"))
        return
    try:
        with replaced(Path(given["output"])) as draft:
            draft.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot write {given['output']!r}: {error.strerror}; name another place") from None
    if not given["quiet"]:
        click.echo(f"{given['output']}: {given['form']}", err=True)
