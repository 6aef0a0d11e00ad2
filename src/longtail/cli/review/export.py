"""The command `longtail review export`."""

from pathlib import Path
from typing import Any

import click

from longtail.atomic import replaced
from longtail.cli.options import check_output, quietly
from longtail.errors import UsageError
from longtail.gates.review import Folder, Settings, exported, queue_of
from longtail.gates.review.label_studio import CONFIGURATION
from longtail.report.words import one_line


@click.command("export", short_help="Write the queue as tasks for Label Studio, or as JSON Lines.")
@click.argument("folder", metavar="DIR", required=False)
@click.option("-o", "--out", "target", metavar="OUT", help="File to write.")
@click.option(
    "--format", "kind", type=click.Choice(["label-studio", "jsonl"]), default="label-studio", show_default=True, help="Of the file."
)
@click.option("--size", type=click.IntRange(min=1), help="Showings in a new queue, blind repeats included.  [default: 50]")
@click.option("--all", "every", is_flag=True, help="Also what is decided on.")
@click.option("--blind", is_flag=True, help="Never show what the gate decided.")
@click.option("--configuration", is_flag=True, help="Print the labelling configuration for Label Studio, and do nothing else.")
@quietly
def command(folder: str | None, **given: Any) -> None:
    r"""Write the queue of DIR as a file, for people to decide elsewhere.

    \b
    Examples:
      longtail review export gated -o tasks.json
      longtail review export --configuration > labelling.xml
      longtail review export gated -o tasks.jsonl --format jsonl

    Of JSON Lines each line has a list decisions: add {"action": "accept", "reviewer": "kim"} to it; edit needs a text as well.
    Bring it back with longtail review import; reading a file twice changes nothing.
    """
    if given["configuration"]:
        click.echo(CONFIGURATION, nl=False)
        return
    if folder is None or given["target"] is None:
        raise UsageError("name the folder and the file: longtail review export DIR -o tasks.json")
    check_output(given["target"], {".json"} if given["kind"] == "label-studio" else {".jsonl"}, ())
    settings = None if given["size"] is None else Settings(size=given["size"])
    with queue_of(Folder(folder), settings) as queue, replaced(Path(given["target"])) as draft, draft.open("wb") as sink:
        for part in exported(queue, given["kind"], blind=given["blind"], every=given["every"]):
            sink.write(part)
    if not given["quiet"]:
        click.echo(f"wrote {one_line(given['target'])}; bring it back with: longtail review import {one_line(folder)} FILE", err=True)
