"""The command `longtail profile`."""

from typing import Any

import click

from longtail.cli.options import check_output, progress, reading, views_of
from longtail.summaries.files import SUFFIX, save
from longtail.summaries.profile import DEFAULT_VIEWS, profile


@click.command("profile", short_help="Count a data set once, for audits later.")
@click.argument("data", nargs=-1, required=True)
@click.option("-o", "--output", required=True, metavar="FILE", help="Where to write the profile (.ltp).")
@reading
def command(data: tuple[str, ...], **given: Any) -> None:
    r"""Count DATA in one pass and write a profile: a file that merges with others and is audited in place of the data.

    \b
    Examples:
      longtail profile shard-00.parquet -o shard-00.ltp
      longtail merge shard-*.ltp -o corpus.ltp
      longtail audit corpus.ltp --reference human.ltp
    """
    check_output(given["output"], [SUFFIX], data)
    with progress(given["quiet"], given["no_color"]) as on_progress:
        made = profile(
            list(data),
            views=views_of(given["views"]) or DEFAULT_VIEWS,
            seed=given["seed"],
            exact=given["exact"],
            text_column=given["text_column"],
            table=given["table"],
            by=given["by"],
            on_progress=on_progress,
        )
    save(made, given["output"])
    if not given["quiet"]:
        click.echo(
            f"{given['output']}: {made.documents:,} documents, {made.words:,} words, {made.quarantined:,} quarantined; {made.content}",
            err=True,
        )
