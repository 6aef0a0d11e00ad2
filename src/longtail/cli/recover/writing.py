"""What the commands that write a training set share: their options, and what they print."""

from collections.abc import Callable, Iterator
from typing import Any

import click
import msgspec

from longtail.cli.mix import lines as of_mix
from longtail.cli.options import quietly
from longtail.diagnosis.restoring.applying import Applied, Places
from longtail.errors import UsageError
from longtail.report.screen.restoring import applied_lines

Shared = Callable[..., Any]


def written(command: Shared) -> Shared:
    """Add the options of every command that writes a training set."""
    for option in (
        click.option(
            "--unknown",
            type=click.Choice(["leave", "synthetic"]),
            default="leave",
            show_default=True,
            help="Rows of unknown origin: left out, or taken for newest model output.",
        ),
        click.option("--reason", metavar="TEXT", default="", help="Why generations are left out, for the manifest."),
        click.option("--ledger", metavar="DIR", help="Record the training set in the lineage of this ledger."),
        click.option("--previous", metavar="MANIFEST", help="Manifest of the training set before: says how many of its human rows stay."),
        click.option("--seed", default=0, show_default=True, help="Seed of the draw."),
        click.option("--text-column", metavar="NAME", help="Column that holds the text, where it is not recognised."),
        click.option("-o", "--output", metavar="OUT", help="Where to write: .jsonl (also .gz, .zst) or .parquet."),
        click.option("--manifest", metavar="FILE", help="Where to write what it is made of.  [default: OUT.manifest.json]"),
        click.option("--dry-run", is_flag=True, help="Show the plan and what becomes of the tail; write nothing."),
        click.option("--json", "as_json", is_flag=True, help="Print the manifest as JSON on stdout and nothing else."),
        quietly,
    ):
        command = option(command)
    return command


def places_of(given: dict[str, Any]) -> Places:
    """Return where a training set goes.

    Raises:
        UsageError: Neither an output nor a dry run was asked for.
    """
    if given["output"] is None and not given["dry_run"]:
        raise UsageError("no output: name one with -o, or see the plan with --dry-run")
    same = {name: given[name] for name in ("manifest", "previous", "unknown", "seed", "text_column", "ledger")}
    return Places(output=None if given["dry_run"] else given["output"], **same)


def show(applied: Applied, given: dict[str, Any]) -> None:
    """Print the manifest on stdout, or what was done on stderr; a dry run on stdout."""
    if given["as_json"]:
        click.echo(msgspec.json.format(msgspec.json.encode(applied.mixed.manifest), indent=2).decode())
    elif not given["quiet"]:
        for line in _lines(applied, given["output"]):
            click.echo(line, err=not given["dry_run"])


def _lines(applied: Applied, output: str | None) -> Iterator[str]:
    _, *further = of_mix(applied.mixed, applied.asked, output)
    yield from applied_lines(applied, output, further)
