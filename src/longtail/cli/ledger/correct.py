"""The command `longtail ledger correct`."""

from typing import Any

import click

from longtail.cli.ledger.options import in_ledger
from longtail.cli.options import quietly
from longtail.errors import UsageError
from longtail.ledger.store import Ledger
from longtail.records import Evidence, Origin

_COLUMNS = ("origin", "evidence", "source", "model", "depth", "license")


@click.command("correct", short_help="Supersede what was said of documents.")
@in_ledger
@click.argument("ids", metavar="ID…", nargs=-1, required=True)
@click.option("--reason", required=True, metavar="TEXT", help="Why; kept with the correction.")
@click.option("--origin", type=click.Choice([origin.value for origin in Origin]), help="Where it came from.")
@click.option("--evidence", type=click.Choice([evidence.value for evidence in Evidence]), help="What that rests on.")
@click.option("--source", metavar="URI", help="URI or name of the collection.")
@click.option("--model", metavar="NAME@REVISION", help="The generator.")
@click.option("--depth", type=click.IntRange(0, 2**15 - 1), metavar="N", help="Models between people and the document.")
@click.option("--license", metavar="SPDX", help="SPDX identifier.")
@quietly
def command(folder: str, ids: tuple[str, ...], **given: Any) -> None:
    r"""Correct what the ledger in DIR holds of documents. What was said before stays in it, superseded.

    \b
    Examples:
      longtail ledger correct ledger 9d0d2cdcfd6c7097b4dae29b8a64ebd6 --origin synthetic --reason "found in our own logs"
    """
    said = {f"lt_{name}": given[name] for name in _COLUMNS if given[name] is not None}
    if not said:
        raise UsageError(f"nothing to correct: give one of {', '.join(f'--{name}' for name in _COLUMNS)}")
    with Ledger.open(folder) as ledger:
        ledger.correct([{"lt_id": one, **said} for one in ids], given["reason"])
        receipt = ledger.flush()
    if not given["quiet"]:
        click.echo(f"{receipt.rows:,} corrected, commit {receipt.version}", err=True)
