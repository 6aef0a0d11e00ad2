"""The command `longtail merge`."""

from typing import Any

import click

from longtail.cli.options import check_output, quietly
from longtail.summaries.files import SUFFIX, load, save
from longtail.summaries.profiling import merge


@click.command("merge", short_help="Join profiles of parts of one data set.")
@click.argument("profiles", nargs=-1, required=True)
@click.option("-o", "--output", required=True, metavar="FILE", help="Where to write the merged profile (.ltp).")
@quietly
def command(profiles: tuple[str, ...], **given: Any) -> None:
    r"""Merge PROFILES into one; the order does not matter, the result is that of one pass over all the data.

    \b
    Example:
      longtail merge shard-*.ltp -o corpus.ltp
    """
    check_output(given["output"], [SUFFIX], profiles)
    made = merge(load(path) for path in profiles)
    save(made, given["output"])
    if not given["quiet"]:
        click.echo(f"{given['output']}: {made.documents:,} documents of {len(profiles)} profiles", err=True)
