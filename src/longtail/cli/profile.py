"""The command `longtail profile`."""

from typing import Any

import click

from longtail.cli.options import check_output, progress, reading, views_of
from longtail.gates.validity import validity_of
from longtail.summaries.capacities import LEAST_TYPES, SAMPLED_TYPES
from longtail.summaries.files import SUFFIX, load, save
from longtail.summaries.profiling import profile


@click.command("profile", short_help="Count a data set once, for audits later.")
@click.argument("data", nargs=-1, required=True)
@click.option("-o", "--output", required=True, metavar="FILE", help="Where to write the profile (.ltp).")
@click.option("--like", metavar="FILE", help="Profile (.ltp) in whose bins and regions numbers and vectors are counted: the reference's.")
@click.option(
    "--types",
    type=click.IntRange(min=LEAST_TYPES),
    metavar="N",
    help=f"Types kept of longer n-grams where there are more: fewer are faster and less precise.  [default: {SAMPLED_TYPES}]",
)
@reading
def command(data: tuple[str, ...], **given: Any) -> None:
    r"""Count DATA in one pass and write a profile: a file that merges with others and is audited in place of the data.

    Numbers and vectors are counted in bins and regions that half of the data fixes in a pass before; data that are to be
    compared need the same ones: --like.

    \b
    Examples:
      longtail profile shard-00.parquet -o shard-00.ltp
      longtail merge shard-*.ltp -o corpus.ltp
      longtail profile scrape.parquet --view words_1,words_2,words_3,words_4 --types 16384 -o scrape.ltp
      longtail audit corpus.ltp --reference human.ltp
      longtail profile human.parquet --view table -o human.ltp
      longtail profile made.parquet --view table --like human.ltp -o made.ltp
    """
    check_output(given["output"], [SUFFIX], data)
    like = load(given["like"]) if given["like"] else None
    with progress(given["quiet"], given["no_color"]) as on_progress:
        made = profile(
            list(data),
            views=views_of(given["views"]) or (like.views if like is not None else None),
            seed=given["seed"],
            exact=given["exact"],
            types=given["types"],
            text_column=given["text_column"],
            table=given["table"],
            by=given["by"],
            role=given["role"],
            features=given["features"],
            validity=validity_of(given["validity"]) if given["validity"] else None,
            like=like,
            workers=given["workers"],
            on_progress=on_progress,
        )
    save(made, given["output"])
    if not given["quiet"]:
        click.echo(
            f"{given['output']}: {made.documents:,} documents, {made.words:,} words, {made.quarantined:,} quarantined; {made.content}",
            err=True,
        )
