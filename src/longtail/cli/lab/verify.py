"""The command `longtail lab verify`."""

import shlex
import sys
from collections.abc import Sequence
from typing import Any

import click

from longtail.cli.options import check_output, progress, quietly
from longtail.errors import UnknownName
from longtail.lab.cases import CHECKS, Check, Row, verify
from longtail.lab.cases.check import DRAWN
from longtail.report.lab.cases import SUFFIXES, lines, summary, to_json, write_rows


@click.command("verify", short_help="Every closed form against simulation.")
@click.argument("cases", nargs=-1, metavar="[CASE]…")
@click.option("--seed", default=0, show_default=True, type=click.IntRange(min=0), help="Seed of all chance, and of the settings drawn.")
@click.option(
    "--replicates-at-most", "most", type=click.IntRange(min=1), metavar="N", help="Replicates of a row at most.  [default: 200000]"
)
@click.option("--drawn", default=DRAWN, show_default=True, type=click.IntRange(min=0), help="Settings drawn for each closed form.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(min=1), help="Processes; the table does not depend on them.")
@click.option("--quick", is_flag=True, help="Stop at a standard error of 5 % or 4,000 replicates.")
@click.option("--out", metavar="FILE", multiple=True, help="Write the table to FILE: .md .json .csv. Repeatable.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON on stdout and nothing else.")
@quietly
def command(cases: tuple[str, ...], **given: Any) -> None:
    r"""Hold every closed form against a simulation that does not use it, at its published settings and at others.

    \b
    Examples:
      longtail lab verify
      longtail lab verify 5 6 --drawn 5 --seed 1
      longtail lab verify --quick --workers 2
      longtail lab verify --out closed-forms.md

    CASE is a number, as in `longtail lab theory`. All rows of a table share an error rate of 0.001 (Bonferroni).

    Exit code: 0 every row holds, 1 some row does not, 2 the table could not be made.
    """
    for path in given["out"]:
        check_output(path, SUFFIXES, ())
    checks = _chosen(cases)
    settings = {name: given[name] for name in ("seed", "most", "drawn", "quick")}
    with progress(given["quiet"] or given["as_json"], given["no_color"]) as on_progress:
        rows = verify(checks, workers=given["workers"], on_progress=on_progress, **settings)
    asked = {
        "cases": list(cases),
        "seed": given["seed"],
        "replicates_at_most": given["most"],
        "drawn": given["drawn"],
        "quick": given["quick"],
    }
    for path in given["out"]:
        write_rows(rows, path, command=_command(cases, given), asked=asked)
    _show(rows, asked, given)
    sys.exit(0 if all(row.holds for row in rows) else 1)


def _show(rows: Sequence[Row], asked: dict[str, Any], given: dict[str, Any]) -> None:
    """Print JSON, the table, or where that went to a file, its last line."""
    if given["as_json"]:
        click.echo(to_json(rows, asked), nl=False)
    elif not given["quiet"]:
        for line in [summary(rows)] if given["out"] else lines(rows):
            click.echo(line)


def _chosen(cases: Sequence[str]) -> list[Check]:
    """Return the checks of some cases, or all.

    Raises:
        UnknownName: No check of that case; the message holds the nearest one.
    """
    known = sorted({check.case for check in CHECKS}, key=lambda case: (len(case), case))
    for case in cases:
        if case not in known:
            raise UnknownName("case", case, known)
    return [check for check in CHECKS if not cases or check.case in cases]


def _command(cases: Sequence[str], given: dict[str, Any]) -> str:
    """Return the command that makes the table again."""
    words = ["longtail", "lab", "verify", *cases]
    for flag, value, default in (
        ("--seed", given["seed"], 0),
        ("--replicates-at-most", given["most"], None),
        ("--drawn", given["drawn"], DRAWN),
    ):
        if value != default:
            words += [flag, str(value)]
    words += ["--quick"] * given["quick"]
    return shlex.join([*words, *(word for path in given["out"] for word in ("--out", path))])
