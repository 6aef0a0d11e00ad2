"""The command `longtail reservoir add`."""

from collections.abc import Iterator
from typing import Any

import click
import msgspec

from longtail.cli.options import progress, quietly
from longtail.ledger.reservoir import Added, Reservoir, Turned
from longtail.report.words import counted, one_line


@click.command("add", short_help="Add human documents; all others are refused and counted.")
@click.argument("directory")
@click.argument("data", nargs=-1, required=True)
@click.option("--text-column", metavar="NAME", help="Column that holds the text, where it is not recognised.")
@click.option("--published-by", metavar="DAY", help="Day by which undated documents were published; kept as your word.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON on stdout and nothing else.")
@quietly
def command(directory: str, data: tuple[str, ...], **given: Any) -> None:
    r"""Add the documents of DATA that are human by their provenance columns (see longtail tag).

    \b
    Examples:
      longtail reservoir add human essays.tagged.jsonl
      longtail reservoir add human books.tagged.parquet --published-by 1998-12-31

    Documents dated on the cut-off or later, or without a date, need lt_evidence signed or watermark, and are set aside without
    it. Each document is stored once, with all its columns.
    """
    reservoir = Reservoir.open(directory)
    with progress(given["quiet"], given["no_color"]) as on_progress:
        made = reservoir.add(data, text_column=given["text_column"], published_by=given["published_by"], on_progress=on_progress)
    if given["as_json"]:
        click.echo(msgspec.json.format(msgspec.json.encode(made), indent=2).decode())
    elif not given["quiet"]:
        for line in lines(made):
            click.echo(line, err=True)


def lines(made: Added) -> Iterator[str]:
    """Yield what is said on the screen, one line each."""
    came = f"{counted(made.documents, 'document')} added, {counted(made.duplicates, 'duplicate')}"
    yield f"{one_line(made.path)}: {came}; {made.total:,} in all"
    yield from _turned("refused", made.refused)
    yield from _turned("set aside", made.aside)
    if made.aside:
        yield "  give dates (longtail tag --time-column), evidence (--evidence signed), or a day they were published by (--published-by)"


def _turned(verb: str, found: tuple[Turned, ...]) -> Iterator[str]:
    for one in found:
        yield f"  {verb}: {counted(one.documents, 'document')}, {one_line(one.reason)} (first at {one_line(one.first)})"
