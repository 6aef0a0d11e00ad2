"""The command `longtail audit`."""

import sys
from typing import Any

import click

from longtail.auditing import audit
from longtail.cli.options import check_output, console_of, margins_of, progress, reading, views_of
from longtail.records import Report
from longtail.report import render_text, to_json, write
from longtail.report.files import FORMATS

_RANK = {"pass": 0, "warn": 1, "fail": 2}


@click.command("audit", short_help="What a data set has lost of its tail.")
@click.argument("data", nargs=-1, required=True)
@click.option("--reference", metavar="PATH", multiple=True, help="Human text that no model of the lineage was trained on. Repeatable.")
@click.option("--baseline", metavar="PATH", multiple=True, help="Output of generation 1: loss is judged against it. Repeatable.")
@click.option(
    "--trained-on", metavar="PATH", multiple=True, help="A training set of the lineage: checks that the reference is held out. Repeatable."
)
@click.option("--out", metavar="FILE", multiple=True, help="Also write the report, by suffix: .json .html. Repeatable.")
@click.option("--json", "as_json", is_flag=True, help="Print the canonical report on stdout and nothing else.")
@click.option("--alpha", default=0.05, show_default=True, help="One-sided error rate of the audit.")
@click.option("--margin", metavar="PAIRS", help="Smallest ratio that counts as kept.  [default: tail=0.90,late=0.50,nll=0.02]")
@click.option("--tau", default=0.10, show_default=True, help="Share of the reference's mass called the tail.")
@click.option("--require", metavar="CODE", multiple=True, help="Fail where this rule cannot be measured. Repeatable.")
@click.option(
    "--fail-on",
    type=click.Choice(["warn", "fail"]),
    default="fail",
    show_default=True,
    help="Gravest finding that still exits 0 is below this.",
)
@click.option("--exit-zero", is_flag=True, help="Exit 0 whatever was found.")
@click.option("--redact", is_flag=True, help="Keep texts out of the report.")
@reading
def command(data: tuple[str, ...], **given: Any) -> None:
    r"""Profile DATA, compare it with human text, and say with intervals what happened to its tail.

    \b
    Examples:
      longtail audit train.jsonl
      longtail audit out/*.jsonl --reference human.jsonl
      longtail audit gen5.jsonl --baseline gen1.jsonl --reference human.jsonl --json
      longtail audit gen5.ltp --reference human.ltp --out report.html

    DATA is a file, glob, directory, profile (.ltp) or "-"; several of them are one data set. Read are JSONL, JSON,
    CSV, Parquet, text, Markdown, SQLite and Hugging Face data sets, also .gz and .zst.

    Exit code: 0 nothing at or above --fail-on, 1 findings, 2 the audit could not be made.
    """
    chosen = {name: given[name] for name in ("alpha", "tau", "require", "seed", "text_column", "table", "exact", "redact")}
    views = views_of(given["views"])
    for path in given["out"]:
        check_output(path, FORMATS, [*data, *given["reference"], *given["baseline"], *given["trained_on"]])
    with progress(given["quiet"] or given["as_json"], given["no_color"]) as on_progress:
        report = audit(
            list(data),
            list(given["reference"]) or None,
            list(given["baseline"]) or None,
            trained_on=list(given["trained_on"]) or None,
            command=_command(data),
            on_progress=on_progress,
            margin=margins_of(given["margin"]),
            **chosen,
            **({"views": views} if views else {}),
        )
    for path in given["out"]:
        write(report, path)
    show(report, as_json=given["as_json"], quiet=given["quiet"], no_color=given["no_color"], written=given["out"])
    sys.exit(0 if given["exit_zero"] else exit_code(report, given["fail_on"]))


def show(report: Report, *, as_json: bool, quiet: bool, no_color: bool, written: tuple[str, ...] = ()) -> None:
    """Print a report on stdout, and on stderr where it was written to."""
    if as_json:
        click.echo(to_json(report), nl=False)
    elif not quiet:
        render_text(report, console_of(no_color))
    if written and not quiet:
        click.echo(f"report: {', '.join(written)}", err=True)


def exit_code(report: Report, fail_on: str) -> int:
    """Return 1 where a finding is at or above `fail_on`, else 0."""
    return int(any(_RANK[finding.status] >= _RANK[fail_on] for finding in report.findings))


def _command(data: tuple[str, ...]) -> str:
    arguments = sys.argv[1:] if sys.argv[1:2] == ["audit"] else ["audit", *data]
    return " ".join(["longtail", *arguments])
