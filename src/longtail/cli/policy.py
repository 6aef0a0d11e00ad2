"""Options of `longtail audit` on what a team asks for: its profile, its limit, and the day from which findings fail."""

from datetime import date, datetime
from typing import Any

import click
from msgspec.structs import replace

from longtail.auditing.pipeline import read_pipeline
from longtail.cli.options import Command
from longtail.cli.settings.configured import profiled
from longtail.records import Report
from longtail.rules import Pipeline

_RANK = {"pass": 0, "warn": 1, "fail": 2}


def policing(command: Command) -> Command:
    """Add the options on what a team asks for."""
    for option in reversed((
        profiled,
        click.option(
            "--max-synthetic",
            type=click.FloatRange(0, 1),
            metavar="SHARE",
            help="Share of rows that a model may have had a hand in, at most; the stricter of this and the --pipeline's holds.",
        ),
        click.option(
            "--warn-until",
            type=click.DateTime(["%Y-%m-%d"]),
            metavar="YYYY-MM-DD",
            help="The day from which findings fail: before it they are shown as they are, and the exit code is 0.",
        ),
    )):  # fmt: skip
        command = option(command)
    return command


def pipeline_of(given: dict[str, Any]) -> Pipeline | str | None:
    """Return what is said of the loop: the file as it was named, or with the stricter of its limit and of --max-synthetic.

    Raises:
        ReadError, ConfigError, UnknownName: The file cannot be read, or says what cannot be.
    """
    path: str | None = given["pipeline"]
    limit: float | None = given["max_synthetic"]
    if limit is None:
        return path
    stated = read_pipeline(path) if path else Pipeline()
    return replace(stated, max_synthetic=limit if stated.max_synthetic is None else min(limit, stated.max_synthetic))


def with_terms(report: Report, given: dict[str, Any]) -> Report:
    """Return the report with the day from which findings fail among its settings, where there is one."""
    day = _day(given)
    return report if day is None else replace(report, settings=report.settings | {"warn_until": day.isoformat()})


def code_of(report: Report, given: dict[str, Any]) -> int:
    """Return the exit code of an audit; where findings do not fail yet, say on stderr from when on they do.

    The day of the audit is that of the report, in UTC.
    """
    code = 0 if given["exit_zero"] else exit_code(report, given["fail_on"])
    day = _day(given)
    left = (day - datetime.fromisoformat(report.created_at).date()).days if code and day else 0
    if left <= 0 or day is None:
        return code
    if not given["quiet"]:
        click.echo(f"would fail from {day} on; {left} {'day' if left == 1 else 'days'} left (--warn-until)", err=True)
    return 0


def exit_code(report: Report, fail_on: str) -> int:
    """Return 1 where a finding is at or above `fail_on`, else 0."""
    return int(any(_RANK[finding.status] >= _RANK[fail_on] for finding in report.findings))


def _day(given: dict[str, Any]) -> date | None:
    return given["warn_until"].date() if given["warn_until"] else None
