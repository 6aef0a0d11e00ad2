"""Lines for coding agents: what was found, where, and the command that mends it, in as few words as there are."""

from collections.abc import Iterator

import longtail.report.words as words
from longtail.records import Report
from longtail.report.addressed import addressed
from longtail.report.formats.found import command, file_of, ordered
from longtail.report.formats.line import to_line

COLUMNS = ("code", "status", "where", "what", "fix")


def to_agent(report: Report) -> str:
    """Return the verdict, then tab-separated lines under a head: each finding, and what was not measured with what would enable it.

    No value holds a tab or a line break, so that text from the data can add neither a field nor a line.
    """
    rows = [COLUMNS, *_rows(report)]
    return to_line(report) + "".join("\t".join(words.one_line(cell, 600) for cell in row) + "\n" for row in rows)


def _rows(report: Report) -> Iterator[tuple[str, ...]]:
    for found in ordered(report):
        yield found.code, found.status, file_of(report, found.where, found.generation), found.because, command(found)
    for codes, reason, enable in words.absences(addressed(report)):
        yield " ".join(codes), "not_measured", "", reason, enable
