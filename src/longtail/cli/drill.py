"""The command `longtail drill`."""

from pathlib import Path
from typing import Any

import click

from longtail.cli.options import check_output, console_of, margins_of, progress, quietly, typed, views_of, working
from longtail.diagnosis.drill import GENERATIONS, MOST_DOCUMENTS, NULLS, RATE, drill
from longtail.diagnosis.drilled import Drill
from longtail.errors import UsageError
from longtail.report.formats.records import to_json
from longtail.report.put import put
from longtail.report.screen.drill import drill_blocks

_PLAIN = ("generations", "rate", "plant", "nulls", "documents", "history", "keep", "every_days", "workers")
_OPTIONS = ("alpha", "tau", "horizon", "seed", "text_column", "table", "exact")


@click.command("drill", short_help="How long a planted collapse goes unseen.")
@click.argument("data", nargs=-1)
@click.option("--reference", metavar="PATH", multiple=True, help="Human text that says what is rare. Repeatable.")
@click.option("--generations", type=int, default=GENERATIONS, show_default=True, help="Planted generations at most.")
@click.option("--rate", type=float, default=RATE, show_default=True, help="Share of the rare words left that goes in each generation.")
@click.option(
    "--plant",
    type=click.Choice(["drop", "refit"]),
    default="drop",
    show_default=True,
    help="Rare words go at --rate, or a model of n-grams learns from its own last output.",
)
@click.option("--nulls", type=int, default=NULLS, show_default=True, help="Copies without a plant, for false alarms.")
@click.option("--documents", type=int, default=MOST_DOCUMENTS, show_default=True, help="Documents of DATA used at most.")
@click.option("--history", metavar="FILE", help="Audits so far: those of the drill follow them, in a copy of the file.")
@click.option("--horizon", type=int, metavar="N", help="Audits planned in the history, as it was begun.  [default: no end]")
@click.option("--keep", metavar="DIR", help="Empty or new folder in which to keep the copies.")
@click.option("--every-days", type=float, metavar="N", help="Days from audit to audit: says how many days until the alarm.")
@click.option("--alpha", default=0.05, show_default=True, help="One-sided error rate of each audit, or of the history.")
@click.option("--margin", metavar="PAIRS", help="Smallest ratio that counts as kept.  [default: tail=0.90]")
@click.option("--tau", default=0.10, show_default=True, help="Share of the reference's mass called the tail.")
@click.option("--view", "views", metavar="NAMES", help="What to count, by comma, as in longtail audit.")
@click.option("--seed", default=0, show_default=True, help="Seed of all draws, hashes and relabellings.")
@click.option("--text-column", metavar="NAME", help="Column that holds the text, where it is not recognised.")
@click.option("--table", metavar="NAME", help="Table of an SQLite file.")
@click.option("--exact", is_flag=True, help="Exact counts for all n-grams.")
@click.option("--out", metavar="FILE", multiple=True, help="Also write the record, by suffix: .json .html. Repeatable.")
@click.option("--json", "as_json", is_flag=True, help="Print the record as JSON on stdout and nothing else.")
@working
@quietly
def command(data: tuple[str, ...], **given: Any) -> None:
    r"""Plant a collapse in a copy of DATA, and time how long it takes until an audit raises the alarm.

    \b
    Examples:
      longtail drill train.jsonl --reference human.jsonl
      longtail drill train.jsonl --reference human.jsonl --rate 0.05 --history audits.json --every-days 7
      longtail drill train.jsonl --reference human.jsonl --plant refit --keep drilled/ --out drill.html

    One random half of DATA stands for generation 1, the other is the copy. Neither DATA nor the history is written to. Copies
    without a plant are audited alike, to say how often the same audit cries wolf.

    Exit code: 0 the drill was made, whatever came of it, 2 it could not be.
    """
    if not data:
        raise UsageError("no data: name a file or a folder, such as longtail drill train.jsonl --reference human.jsonl")
    if not given["reference"]:
        raise UsageError("no reference: name human text with --reference PATH")
    for path in given["out"]:
        check_output(path, (".json", ".html"), [*data, *given["reference"]])
    with progress(given["quiet"] or given["as_json"], given["no_color"]) as on_progress:
        found = drill(
            list(data),
            list(given["reference"]),
            command=typed("drill", inputs=data),
            on_progress=on_progress,
            **{name: given[name] for name in _PLAIN},
            **_options(given),
        )
    _write(found, given["out"])
    if given["as_json"]:
        click.echo(to_json(found), nl=False)
    elif not given["quiet"]:
        console = console_of(given["no_color"])
        for block in drill_blocks(found, ", ".join(data)):
            console.print(block, markup=False, highlight=False, emoji=False)


def _write(found: Drill, paths: tuple[str, ...]) -> None:
    from longtail.report.page.drill import to_html

    for path in paths:
        put(Path(path), to_html(found) if path.lower().endswith(".html") else to_json(found))


def _options(given: dict[str, Any]) -> dict[str, Any]:
    views = views_of(given["views"])
    chosen = {name: given[name] for name in _OPTIONS} | {"margin": margins_of(given["margin"])}
    return chosen | ({"views": views} if views else {})
