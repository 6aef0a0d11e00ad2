"""The command `longtail reservoir value`."""

from collections.abc import Iterator
from typing import Any

import click
import msgspec
from rich.table import Table
from rich.text import Text

from longtail.cli.options import console_of, progress, quietly
from longtail.errors import UsageError
from longtail.ledger.reservoir import Reservoir
from longtail.metrics.value import SOURCE, THOUSAND, Value, value
from longtail.readers import read
from longtail.report.names import view as view_words
from longtail.report.words import counted, one_line

_SHOWN = 20


@click.command("value", short_help="How much of the tail the documents cover, and which source adds most.")
@click.argument("directory")
@click.argument("name", required=False)
@click.option("--view", default="words_1", show_default=True, help="Word view whose types are counted.")
@click.option("--text-column", metavar="NAME", help="Column that holds the text, where it is not recognised.")
@click.option("--seed", default=0, show_default=True, help="Seed of all hashes, and so of the split.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON on stdout and nothing else.")
@quietly
def command(directory: str, name: str | None, **given: Any) -> None:
    r"""Say what the documents of a reservoir, or of snapshot NAME, are worth: the tail that each further thousand of them covers.

    \b
    Examples:
      longtail reservoir value human
      longtail reservoir value human 2024-06 --json

    One half of the documents chooses the tail, the other covers it. Sources (lt_source) are ranked by what further documents of
    theirs would add to that half, beyond what any source has.
    """
    paths = Reservoir.open(directory).paths(name)
    if not paths:
        raise UsageError(f"{directory!r} holds no documents; add some with longtail reservoir add")
    with progress(given["quiet"], given["no_color"]) as on_progress:
        found = value(read(paths, given["text_column"], by=(SOURCE,), texts_only=True), given["view"], given["seed"], on_progress)
    if given["as_json"]:
        click.echo(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
    elif not given["quiet"]:
        console = console_of(given["no_color"])
        for line in lines(found, directory):
            console.print(line, markup=False, highlight=False)


def lines(found: Value, directory: str) -> Iterator[Text | Table]:
    """Yield what is printed: the curve, the sources, what is unseen, and what could not be said."""
    yield Text.assemble(("longtail reservoir value", "bold"), f"  {one_line(directory)}   {counted(found.documents, 'document')}")
    if found.curve:
        yield Text()
        yield Text(
            f"The tail: {found.tail_types:,.0f} types ({view_words(found.view)}) that hold {found.tau:.0%} of the mass in one half; "
            f"covered by documents of the other half, in random order:"
        )
        yield _curve(found)
    if found.sources:
        yield Text()
        yield Text(f"What {THOUSAND:,} further documents of a source (or as many as it has in one half) would newly cover, rarest first:")
        yield _sources(found)
    if found.unseen is not None:
        yield Text()
        yield Text(
            f"Unseen by all {counted(found.documents, 'document')}: {found.unseen.mass:.2%} of the mass, and at least "
            f"{found.unseen.types:,.0f} types ({found.unseen.low:,.0f} to {found.unseen.high:,.0f})."
        )
    for absent in found.not_measured:
        yield Text(f"Not measured: {one_line(absent.reason)}; needed: {absent.enable}.", "dim")


def _table(*heads: str) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    for place, head in enumerate(heads):
        table.add_column(head, justify="left" if head == "source" else "right", no_wrap=bool(place))
    return table


def _curve(found: Value) -> Table:
    table = _table("documents", "covered", "interval", f"by the last {found.step:,}")
    for point in found.curve:
        table.add_row(f"{point.documents:,}", f"{point.covered:.1%}", f"{point.low:.1%} to {point.high:.1%}", f"{point.added:.2%}")
    return table


def _sources(found: Value) -> Table:
    table = _table("source", "documents", "further", "cover newly", "interval", "types per 1,000", "only here")
    for each in found.sources[:_SHOWN]:
        counts = (f"{each.documents:,}", f"{each.further:,}", f"{each.added:.2%}", f"{each.low:.2%} to {each.high:.2%}")
        table.add_row(one_line(each.source), *counts, f"{each.types * THOUSAND / each.further:,.0f}", f"{each.only:,.0f}")
    return table
