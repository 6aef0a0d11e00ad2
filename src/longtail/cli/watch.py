"""The command `longtail watch`."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from longtail.cli.options import check_output, console_of, progress, quietly, typed
from longtail.errors import UsageError

_SUFFIXES = (".html", ".json")


def _dates(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say when documents are from."""
    for option in (
        click.option("--date-column", metavar="NAME", help="Column of dates, or the entry of front matter."),
        click.option("--date-from", type=click.Choice(["frontmatter"]), help="Read dates from the front matter of Markdown files."),
        click.option(
            "--baseline",
            metavar="DATE",
            help="What the rest is held against: 2022, 2022-Q3, 2022-07, or up to a day.  [default: the first]",
        ),
        click.option(
            "--period",
            type=click.Choice(["year", "quarter", "month"]),
            help="Length of a period.  [default: quarters, where they are of use]",
        ),
        click.option(
            "--cutoff", metavar="DAY", default="2022-11-30", show_default=True, help="Nothing is said of machines where all is older."
        ),
    )[::-1]:
        command = option(command)
    return command


def _corpus(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say how documents are read, compared and shown."""
    for option in (
        click.option("--by", metavar="COLUMN", multiple=True, help="Also the change within each value: topics, formats. Repeatable."),
        click.option("--cluster-column", metavar="NAME", help="Column of what belongs together, as a campaign or an author."),
        click.option("--text-column", metavar="NAME", help="Column that holds the text, where it is not recognised."),
        click.option("--table", metavar="NAME", help="Table of an SQLite file."),
        click.option(
            "--documents",
            type=click.IntRange(min=1),
            default=20_000,
            show_default=True,
            help="Documents measured, drawn by a hash of their text.",
        ),
        click.option("--phrases", type=click.IntRange(min=0), default=5, show_default=True, help="Phrases of each kind."),
        click.option("--redact", is_flag=True, help="Hide all texts."),
        click.option("--alpha", type=click.FloatRange(0.001, 0.5), default=0.05, show_default=True, help="Level of the tests."),
        click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Seed of all draws."),
        click.option("--out", metavar="FILE", help="Also write a page (.html) or what --json prints (.json)."),
        click.option("--json", "as_json", is_flag=True, help="Print everything as JSON on stdout and nothing else."),
        quietly,
    )[::-1]:
        command = option(command)
    return command


def _run(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of a training run."""
    for option in (
        click.option("--follow", is_flag=True, help="Of a training run: look again until a guard fails it, or until Ctrl-C."),
        click.option("--every", type=click.FloatRange(min=0.01), default=10.0, show_default=True, help="Seconds between two looks."),
        click.option(
            "--budget", type=click.FloatRange(min=0, min_open=True), metavar="NATS", help="Divergence from the reference model, a token."
        ),
        click.option("--success", type=float, default=0.5, show_default=True, help="Reward from which a completion is a success."),
        click.option(
            "--reward-weights",
            metavar="PAIRS",
            help="Of TRL, whose files hold no weights: what each reward counts, such as accuracy=1,length=0.1.  [default: 1 each]",
        ),
    )[::-1]:
        command = option(command)
    return command


@click.command("watch", short_help="When dated content, or a training run, turned and what it lost.")
@click.argument("data", nargs=-1)
@_dates
@_corpus
@_run
def command(data: tuple[str, ...], **given: Any) -> None:
    r"""Tell when dated texts became alike: the date, what vanished, what spread, two pieces side by side.

    Of a training run (its folder, or a file of rollouts): what the guards say of formats, entropy, shortcuts, lone successes and drift,
    beside its begin. TRL's completions, verl's rollout files, verifiers' traces and plain JSON Lines are recognised.

    \b
    Examples:
      longtail watch runs/grpo-1
      longtail watch runs/grpo-1 --follow --budget 0.05
      longtail watch posts.jsonl --date-column date
      longtail watch posts/ --date-from frontmatter --baseline 2022
      longtail watch posts.csv --date-column published --by topic --out voice.html

    A turn is told where it is sharper than a slow drift. It does not say who or what brought it about.

    Exit code: 0 done, 1 the voice flattened (LT701) or a guard fails the run, 2 it cannot be measured as asked.
    """
    from longtail.cli.watch_run import is_run, watch_training
    from longtail.diagnosis.voice import watch
    from longtail.origin.dates.dating import cutoff_of

    if not data:
        raise UsageError("no data: name a file or a folder, such as longtail watch posts.jsonl --date-column date")
    if given["out"]:
        check_output(given["out"], _SUFFIXES, data)
    if not (given["date_column"] or given["date_from"]) and is_run(data, is_followed=given["follow"]):
        sys.exit(watch_training(data[0], given))
    names = ("date_column", "date_from", "baseline", "period", "by", "cluster_column", "text_column", "table", "documents", "phrases")
    with progress(given["quiet"] or given["as_json"], given["no_color"]) as on_progress:
        found = watch(
            list(data),
            **{name: given[name] for name in (*names, "redact", "alpha", "seed")},
            cutoff=cutoff_of(given["cutoff"]),
            command=typed("watch", inputs=data),
            on_progress=on_progress,
        )
    _show(found, given)
    sys.exit(int(found.judged.status == "fail"))


def _show(found: Any, given: dict[str, Any]) -> None:
    from longtail.report.page.voice import voice_html, voice_json
    from longtail.report.put import put
    from longtail.report.screen.voice import lines

    if given["out"]:
        render = voice_html if Path(given["out"]).suffix.lower() == ".html" else voice_json
        put(Path(given["out"]), render(found))
    if given["as_json"]:
        click.echo(voice_json(found), nl=False)
    elif not given["quiet"]:
        console = console_of(given["no_color"])
        for line in lines(found):
            console.print(line, markup=False, highlight=False)
