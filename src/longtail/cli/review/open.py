"""The command `longtail review DIR`."""

import getpass
from typing import Any

import click

from longtail.cli.options import console_of, quietly
from longtail.cli.review.keys import Keys
from longtail.cli.review.sitting import Sitting
from longtail.errors import UsageError
from longtail.gates.review import Folder, Queue, Settings, changed, queue_of
from longtail.gates.review.queue import NAME
from longtail.report.words import counted, one_line


@click.command("open", short_help="Decide with keys, in a terminal; longtail review DIR is the same.")
@click.argument("folder", metavar="DIR")
@click.option("--reviewer", metavar="NAME", help="Who decides.  [default: the user's name]")
@click.option("--size", type=click.IntRange(min=1), help="Showings in a new queue, blind repeats included.  [default: 50]")
@click.option("--repeats", type=float, help="Share of showings that are blind repeats.  [default: 0.1]")
@click.option("--seed", type=click.IntRange(min=0), help="Seed of the draw of a new queue.  [default: 0]")
@click.option("--by", metavar="COLUMN", help="Column whose values are strata, such as a topic.")
@click.option("--group", metavar="COLUMN", help="Column that says what a document answers.  [default: prompt_id, prompt or instruction]")
@click.option("--text-column", metavar="NAME", help="Column that holds the text, where it is not recognised.")
@click.option("--blind", is_flag=True, help="Never show what the gate decided.")
@click.option("--contested", is_flag=True, help="Settle what reviewers are split on.")
@quietly
def command(folder: str, **given: Any) -> None:
    r"""Decide on what a gate has judged: rare documents, what was uncertain, lone successes, and a random part of the rest.

    \b
    Examples:
      longtail review gated
      longtail review gated --size 100 --reviewer kim
      longtail review gated --contested

    DIR was written by longtail gate. The queue is drawn the first time. Some documents come twice and some without what the gate
    said, so that agreement can be measured. Every decision is kept at once; quit and go on when you like.
    """
    reviewer = _reviewer(given["reviewer"])
    with _queue(folder, given) as queue:
        if changed(queue, queue.path.parent):
            click.echo("the gate's folder has changed since this queue was drawn; shares are of what it held then", err=True)
        kind = _settling(queue) if given["contested"] else None
        keys = Keys()
        if not keys.is_terminal and not given["quiet"]:
            click.echo("no terminal: keys are read from standard input, one character each (help: longtail review --help)", err=True)
        sitting = Sitting(queue, keys, console_of(given["no_color"]), reviewer, blind=given["blind"], kind=kind)
        with keys.held():
            interrupted = sitting.run()
        if not keys.is_terminal and not keys.read and queue.left(reviewer):
            raise UsageError("no terminal, and no key came from standard input; run it in a terminal, or use longtail review export")
        if not given["quiet"]:
            click.echo(_summary(sitting.made, queue.left(reviewer), folder, interrupted), err=True)
    if interrupted:
        raise click.exceptions.Exit(130)


def _queue(folder: str, given: dict[str, Any]) -> Queue:
    asked = {name: given[name] for name in ("size", "repeats", "seed") if given[name] is not None}
    found = Folder(folder, given["by"], given["group"], given["text_column"])
    is_new = not (found.path / NAME).exists()
    queue = queue_of(found, Settings(**asked) if asked else None)
    if is_new and found.quarantine.count:
        click.echo(f"{counted(found.quarantine.count, 'document')} set aside: {one_line(found.quarantine.reasons(), 400)}", err=True)
    return queue


def _reviewer(name: str | None) -> str:
    try:
        found = (name if name is not None else getpass.getuser()).strip()
    except (OSError, KeyError):
        found = ""
    if not found:
        raise UsageError("nobody is named as the reviewer; name one with --reviewer NAME")
    return found


def _settling(queue: Queue) -> str:
    from longtail.gates.review.resolving import outcomes

    split = [item for item, each in outcomes(queue.tasks(), queue.votes()).items() if each.state == "contested"]
    queue.settle(split)
    return "settle"


def _summary(made: int, left: int, folder: str, interrupted: bool) -> str:
    begun = "interrupted; everything decided is kept: " if interrupted else ""
    here = one_line(folder)
    then = f"longtail review status {here}" if left else f"longtail review apply {here} -o reviewed.jsonl"
    return f"{begun}{counted(made, 'decision')} made now, {counted(left, 'showing')} left for you; next: {then}"
