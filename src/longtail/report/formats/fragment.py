"""The fragment of HTML that a notebook shows in place of a report."""

from html import escape

import longtail.report.words as words
from longtail.records import Report
from longtail.report.addressed import addressed
from longtail.report.formats.found import ordered, tally

MOST = 12


def to_fragment(report: Report) -> str:
    """Return verdict, findings and tally as a small table; the page with everything is written by `longtail.report.write`."""
    shown = addressed(report)
    phase = report.phase.name.replace("_", " ").upper()
    told = words.one_line(report.summary, 600) or words.PHASES[report.phase.name].headline
    found = ordered(shown)
    rows = [_row((each.code, each.status, f"{each.title}: {each.because}", each.remedy)) for each in found[:MOST]]
    rest = f"<p>{len(found) - MOST} more findings</p>" if len(found) > MOST else ""
    head = "<tr><th>rule</th><th>status</th><th>what was found</th><th>next</th></tr>"
    table = f"<table><thead>{head}</thead><tbody>{''.join(rows)}</tbody></table>" if rows else ""
    return f"<div><p><strong>{phase}</strong> {escape(told)}</p>{table}{rest}<p>{escape(tally(report))}</p></div>"


def _row(cells: tuple[str, ...]) -> str:
    return f"<tr>{''.join(f'<td>{escape(words.one_line(cell, 600))}</td>' for cell in cells)}</tr>"
