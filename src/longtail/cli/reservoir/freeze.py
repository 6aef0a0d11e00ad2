"""The command `longtail reservoir freeze`."""

from typing import Any

import click
import msgspec

from longtail.cli.options import quietly
from longtail.ledger.reservoir import Reservoir
from longtail.ledger.reservoir.places import FROZEN
from longtail.records import SCHEMA_VERSION
from longtail.report.words import counted


@click.command("freeze", short_help="Give what the reservoir holds now a name that never changes its meaning.")
@click.argument("directory")
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the snapshot as JSON on stdout and nothing else.")
@quietly
def command(directory: str, name: str | None, **given: Any) -> None:
    r"""Freeze the documents of a reservoir under NAME, by default the first digits of their hash.

    \b
    Examples:
      longtail reservoir freeze human 2024-06
      longtail audit generated.jsonl --reference human/__frozen/2024-06

    The sha256 printed is what to pin: an audit prints the same number for a reference that is this snapshot.
    """
    chosen, made = Reservoir.open(directory).freeze(name)
    if given["as_json"]:
        told = {"schema_version": SCHEMA_VERSION, "name": chosen} | msgspec.to_builtins(made)
        click.echo(msgspec.json.format(msgspec.json.encode(told), indent=2).decode())
    elif not given["quiet"]:
        click.echo(f"{directory}/{FROZEN}/{chosen}: {counted(made.documents, 'document')} in {counted(len(made.files), 'file')}", err=True)
        click.echo(f"  sha256 {made.sha256}", err=True)
