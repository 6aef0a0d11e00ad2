"""The command `longtail tag`."""

from collections.abc import Iterator
from typing import Any

import click
import msgspec

from longtail.cli.options import progress, quietly
from longtail.ledger import Tagged, Tags, tag
from longtail.records import Evidence, Origin
from longtail.report.words import counted, one_line

_SAME = ("source", "model", "depth", "license", "time_column", "text_column", "overwrite")
_NAMED = 3


@click.command("tag", short_help="Write where the documents of a data set come from.")
@click.argument("data")
@click.option("--origin", required=True, type=click.Choice([origin.value for origin in Origin]), help="Where the documents come from.")
@click.option("--source", metavar="NAME", help="URI or name of the collection.")
@click.option("--model", metavar="NAME", help="Model and revision that wrote the documents, or changed them.")
@click.option("--depth", type=int, metavar="N", help="Models between people and the documents.  [default: 0 for human, else unknown]")
@click.option("--time-column", metavar="COLUMN", help="Column that says when a document was made or published.")
@click.option("--license", metavar="ID", help="License, SPDX where possible.")
@click.option(
    "--evidence", type=click.Choice([evidence.value for evidence in Evidence]), help="What the origin rests on.  [default: asserted]"
)
@click.option("--text-column", metavar="NAME", help="Column that holds the text, where it is not recognised.")
@click.option("--overwrite", is_flag=True, help="Replace what documents already say of themselves.")
@click.option("-o", "--output", required=True, metavar="OUT", help="Where to write: the same format, another name.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON on stdout and nothing else.")
@quietly
def command(data: str, **given: Any) -> None:
    r"""Write DATA again with provenance columns: an id from the content, the origin, and what else is known.

    \b
    Examples:
      longtail tag essays.jsonl --origin human --source https://example.org/essays --time-column published -o essays.tagged.jsonl
      longtail tag generated.parquet --origin synthetic --model my-model@3f2c --depth 1 -o generated.tagged.parquet
      longtail tag scrape.csv --origin unknown -o scrape.tagged.csv

    All other columns stay as they are, and so does DATA: a file (JSON Lines, CSV, TSV, Parquet, Arrow), or a folder that
    Hugging Face `save_to_disk` wrote. What a document already says of itself is kept, and named where it contradicts --origin.
    """
    tags = Tags(
        origin=Origin(given["origin"]),
        evidence=Evidence(given["evidence"]) if given["evidence"] else None,
        **{name: given[name] for name in _SAME},
    )
    with progress(given["quiet"], given["no_color"]) as on_progress:
        made = tag(data, given["output"], tags, on_progress)
    if given["as_json"]:
        click.echo(msgspec.json.format(msgspec.json.encode(made), indent=2).decode())
    elif not given["quiet"]:
        for line in lines(made):
            click.echo(line, err=True)


def lines(made: Tagged) -> Iterator[str]:
    """Yield what is said on the screen, one line each."""
    origins = ", ".join(f"{count:,} {name}" for name, count in made.origins.items())
    yield f"{one_line(made.output)}: {counted(made.documents, 'document')} tagged ({origins})"
    kept = f"; {made.foreign_ids:,} had an id that is not the hash of their content, and keep it" if made.foreign_ids else ""
    yield f"  ids: {made.ids:,} different, {counted(made.duplicates, 'duplicate')}{kept}"
    if made.dated is not None:
        yield f"  times: {made.dated:,} dated, {made.undated:,} without a date{_not_times(made.not_times or {})}"
    for found in made.contradictions:
        done = "replaced" if made.overwrite else "kept; --overwrite replaces it"
        yield f"  contradiction: {counted(found.documents, 'document')} said {found.says} (first at {one_line(found.first)}): {done}"
    if made.quarantined:
        yield f"  quarantined: {made.quarantined:,} that could not be read or have no content, not in the output"
        for one in made.quarantine[:_NAMED]:
            yield f"    {one_line(one.path)}:{one.line}: {one_line(one.reason)}"


def _not_times(found: dict[str, int]) -> str:
    if not found:
        return ""
    return f", {sum(found.values()):,} that are no date ({', '.join(repr(value) for value in list(found)[:_NAMED])})"
