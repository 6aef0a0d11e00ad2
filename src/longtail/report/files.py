"""The formats of a report, and writing one to a file, all of it or none of it."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from longtail.errors import UsageError
from longtail.records import Report
from longtail.report.formats.agent import to_agent
from longtail.report.formats.csv import to_csv
from longtail.report.formats.github import to_github
from longtail.report.formats.json import to_json
from longtail.report.formats.jsonl import to_jsonl
from longtail.report.formats.junit import to_junit
from longtail.report.formats.line import to_line
from longtail.report.formats.markdown import to_markdown
from longtail.report.formats.sarif import to_sarif
from longtail.report.page.html import to_html
from longtail.report.put import put


class Format(NamedTuple):
    """One form of the same report.

    Args:
        render: From a report to text.
        suffix: Of files in this format; empty where it is printed only.
    """

    render: Callable[[Report], str]
    suffix: str = ""


FORMATS = {
    "line": Format(to_line),
    "json": Format(to_json, ".json"),
    "jsonl": Format(to_jsonl, ".jsonl"),
    "markdown": Format(to_markdown, ".md"),
    "html": Format(to_html, ".html"),
    "sarif": Format(to_sarif, ".sarif"),
    "junit": Format(to_junit, ".xml"),
    "github": Format(to_github),
    "csv": Format(to_csv, ".csv"),
    "agent": Format(to_agent),
}
"""Every format but the text of the terminal, by the name of `--format`."""

SUFFIXES = {each.suffix: each.render for each in FORMATS.values() if each.suffix}


def write(report: Report, path: str | Path) -> None:
    """Write a report in the format that the suffix of `path` names; an existing file is replaced in one step.

    Raises:
        UsageError: The suffix names no format, or the file cannot be written.
    """
    target = Path(path)
    render = SUFFIXES.get(target.suffix.lower())
    if render is None:
        raise UsageError(f"cannot tell the format of {str(path)!r} from its suffix; known suffixes: {', '.join(sorted(SUFFIXES))}")
    put(target, render(report))
