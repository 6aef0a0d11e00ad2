"""The command `longtail ledger find`."""

from typing import Any

import click
import msgspec

from longtail.cli.ledger.options import as_json, at_state, counted, echo_json, in_ledger
from longtail.cli.options import progress, quietly
from longtail.ledger.recogniser import RECOGNISED, Match
from longtail.ledger.store import Ledger
from longtail.readers import read


@click.command("find", short_help="Which documents were generated before.")
@in_ledger
@click.argument("data", nargs=-1, required=True)
@click.option("--threshold", type=float, default=RECOGNISED, show_default=True, help="Least share of runs of five words in common.")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="Matches to show.")
@click.option("--text-column", metavar="NAME", help="Column that holds the text, where it is not recognised.")
@at_state
@as_json
@quietly
def command(folder: str, data: tuple[str, ...], **given: Any) -> None:
    r"""Look the documents of DATA up among all that models wrote and the ledger in DIR knows: exact and near copies.

    \b
    Examples:
      longtail ledger find ledger scrape.jsonl

    A document that is not found may still be model output: of another model, or changed too much.
    """
    matches: list[tuple[int, Match]] = []
    documents = 0
    with Ledger.open(folder, given["at"]) as ledger, progress(given["quiet"] or given["as_json"], given["no_color"]) as on_progress:
        recogniser = ledger.recogniser()
        for batch in read(list(data), given["text_column"], None, on_progress, texts_only=True).batches():
            ids = batch.column("lt_id").to_pylist() if "lt_id" in batch.schema.names else None
            for at, match in enumerate(recogniser.look_up(batch.column("text"), given["threshold"], ids)):
                if match is not None:
                    matches.append((documents + at + 1, match))
            documents += batch.num_rows
    if given["as_json"]:
        found = [{"document": at} | msgspec.structs.asdict(match) for at, match in matches]
        echo_json({"documents": documents, "known": len(recogniser), "found": len(matches), "matches": found})
        return
    click.echo(f"{len(matches):,} of {counted(documents, 'document')} found among {len(recogniser):,} that models had a hand in")
    for at, match in matches[: given["limit"]]:
        click.echo(f"  document {at:,}: {match.kind} copy of {match.lt_id}, similarity {match.similarity:.2f}")
    if len(matches) > given["limit"]:
        click.echo(f"  and {len(matches) - given['limit']:,} more (--json lists all)")
