"""The command `longtail estimate`."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import msgspec

from longtail.cli.options import check_output, console_of, machine_texts, progress, quietly, typed
from longtail.errors import UsageError

_SUFFIXES, _WEIGHTS = (".json", ".html"), (".jsonl", ".parquet")
_INPUTS = ("human", "synthetic", "pairs", "control_human", "control_synthetic")


def _reference(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say what is known."""
    for option in (
        click.option("--human", metavar="FILE", multiple=True, help="Texts that people wrote, of the same domain. Repeatable."),
        click.option(
            "--synthetic",
            metavar="[NAME=]FILE",
            multiple=True,
            help="Texts that a model wrote; each NAME is an origin of its own. Repeatable.",
        ),
        click.option(
            "--pairs", metavar="FILE", multiple=True, help="In place of both: a human and a machine text in each row. Repeatable."
        ),
        click.option("--human-column", metavar="NAME", default="human", show_default=True, help="Column of the human texts of --pairs."),
        click.option(
            "--synthetic-column",
            metavar="NAME",
            multiple=True,
            default=("model",),
            show_default=True,
            help="Column of the machine texts of --pairs; each is an origin of its own. Repeatable.",
        ),
        click.option(
            "--group-column", metavar="NAME", help="Column of the reference: what was made from one another, as a pair or a prompt."
        ),
        click.option(
            "--control-human", metavar="FILE", multiple=True, help="Texts of DATA's own domain that are certainly human. Repeatable."
        ),
        click.option("--control-synthetic", metavar="FILE", multiple=True, help="Likewise certainly machine-made. Repeatable."),
        click.option("--closed", is_flag=True, help="There is no machine text in DATA but of the kinds given."),
    )[::-1]:
        command = option(command)
    return command


def _corpus(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say how DATA is read and sliced."""
    for option in (
        click.option(
            "--by", metavar="COLUMN", multiple=True, help="Column whose values are slices; pages of the web count by site. Repeatable."
        ),
        click.option("--date-column", metavar="NAME", help="Column of dates: shares by period, and their slope."),
        click.option(
            "--date-kind",
            type=click.Choice(["published", "archived", "authored", "crawled"]),
            default="published",
            show_default=True,
            help="What the dates say. Crawled ones prove no age.",
        ),
        click.option(
            "--period", type=click.Choice(["year", "quarter", "month"]), help="Length of a period.  [default: the longest of use]"
        ),
        click.option(
            "--cutoff", metavar="DAY", default="2022-11-30", show_default=True, help="Documents of before this day serve as controls."
        ),
        click.option("--cluster-column", metavar="NAME", help="Column of what documents are not independent in, as an author or a host."),
        click.option("--text-column", metavar="NAME", help="Column that holds the text, where it is not recognised."),
        click.option("--table", metavar="NAME", help="Table of an SQLite file."),
        click.option("--documents", default=20_000, show_default=True, help="Documents measured, drawn by a hash of their text."),
    )[::-1]:
        command = option(command)
    return command


def _method(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say how shares are measured and what is written."""
    for option in (
        click.option(
            "--scorer",
            default="words",
            show_default=True,
            metavar="SPEC",
            help="What scores texts: a name, hf:FOLDER, causal:FOLDER[,FOLDER] or module:function.",
        ),
        click.option(
            "--score-column", metavar="NAME", help="Column of a detector's scores, in DATA and in both references; higher is machine."
        ),
        click.option("--method", default="mixture", show_default=True, metavar="NAME", help="What turns scores into shares."),
        click.option("--level", default=0.95, show_default=True, help="Level of the intervals."),
        click.option("--replicates", default=500, show_default=True, help="Of the bootstrap."),
        click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Seed of all draws."),
        click.option(
            "--fail-above", type=click.FloatRange(0, 1), metavar="SHARE", help="Exit 1 where the lower end of the interval is above."
        ),
        click.option("--weights", metavar="OUT", help="Write what each document weighs, .jsonl or .parquet; nothing is ever left out."),
        click.option("--rates-by", metavar="COLUMN", help="Column of the human texts: how often those of each value are flagged."),
        click.option("--published", is_flag=True, help="Also the published estimate from occurrences of words (Liang et al. 2024)."),
        click.option("--curve", is_flag=True, help="Tell in JSON what filtering costs at all thresholds."),
        click.option("--out", metavar="FILE", multiple=True, help="Also write it, by suffix: .json .html. Repeatable."),
        click.option("--json", "as_json", is_flag=True, help="Print everything as JSON on stdout and nothing else."),
        quietly,
    )[::-1]:
        command = option(command)
    return command


@click.command("estimate", short_help="How much of a corpus of unknown origin is machine-made.")
@click.argument("data", nargs=-1)
@_reference
@_corpus
@_method
def command(data: tuple[str, ...], **given: Any) -> None:
    r"""Estimate the share of DATA's documents that a model wrote, with an interval, or say why that cannot be told.

    \b
    Examples:
      longtail estimate scrape.jsonl --human human.jsonl --synthetic rewrites.jsonl
      longtail estimate scrape.jsonl --pairs pairs.jsonl --by source --out scrape.html
      longtail estimate scrape.jsonl --pairs pairs.jsonl --date-column date
      longtail estimate scrape.jsonl --human human.jsonl
      longtail estimate scrape.jsonl --date-column date

    The texts of known origin are to be of DATA's own domain; where no mixture of them looks like DATA the answer is refused.
    With --human alone, or with dates alone, there is a lower bound in place of an estimate.

    A share is of documents. It accuses none of them: no classifier can.

    Exit code: 0 done, 1 the share is above --fail-above, 2 it cannot be estimated as asked.
    """
    from longtail.origin.estimating import estimate

    if not data:
        raise UsageError("no data: name a file or a folder, such as longtail estimate scrape.jsonl --human human.jsonl")
    _check(data, given)
    names = ("human_column", "group_column", "cluster_column", "score_column", "text_column", "table", "by", "date_column", "date_kind")
    more = ("period", "cutoff", "method", "closed", "level", "replicates", "documents", "weights", "curve", "published", "rates_by", "seed")
    inputs: dict[str, Any] = {name: list(given[name]) or None for name in _INPUTS if name != "synthetic"}
    with progress(given["quiet"] or given["as_json"], given["no_color"]) as on_progress:
        found = estimate(
            list(data),
            synthetic=machine_texts(given["synthetic"]) or None,
            **inputs,
            **{name: given[name] for name in (*names, *more)},
            synthetic_column=list(given["synthetic_column"]),
            scorer=_scorer(given["scorer"]),
            command=typed("estimate", inputs=data),
            on_progress=on_progress,
        )
    _show(found, given)
    sys.exit(_exit_code(found, given["fail_above"]))


def _check(data: tuple[str, ...], given: dict[str, Any]) -> None:
    """Refuse, before the work, files that could not be written after it."""
    inputs = [*data, *(path for name in _INPUTS for path in given[name])]
    for path in given["out"]:
        check_output(path, _SUFFIXES, inputs)
    if given["weights"]:
        check_output(given["weights"], _WEIGHTS, inputs)


def _scorer(spec: str) -> Any:
    """Return a scorer as it is named, or the function that "module:function" stands for."""
    if spec.startswith(("hf:", "causal:")) or ":" not in spec or not spec.partition(":")[2].isidentifier():
        return spec
    from longtail.gates.settings import imported

    return imported("estimate", "scorer", spec)


def _show(found: Any, given: dict[str, Any]) -> None:
    from longtail.report.put import put
    from longtail.report.screen.estimate import lines

    told = msgspec.json.format(msgspec.json.encode(found.to_dict()), indent=2).decode() + "\n"
    for path in given["out"]:
        put(Path(path), _page(found, told) if path.lower().endswith(".html") else told)
    if given["as_json"]:
        click.echo(told, nl=False)
    elif not given["quiet"]:
        console = console_of(given["no_color"])
        for line in lines(found):
            console.print(line, markup=False, highlight=False)


def _page(found: Any, told: str) -> str:
    from longtail.report.page.estimate import to_html

    return to_html(found, told)


def _exit_code(found: Any, most: float | None) -> int:
    """Return 1 where the share is above the most that is wanted, 2 where that cannot be told.

    Raises:
        UsageError: There is no number to hold against it.
    """
    if most is None:
        return 0
    if found.at_least is None:
        raise UsageError(f"whether the share is above {most:g} (--fail-above) cannot be told: the estimate was refused")
    return int(found.at_least > most)
