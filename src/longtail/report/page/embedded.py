"""The record inside the page: all of the JSON where it is small, and of what is large the parts that a reader can miss."""

from collections.abc import Callable

from markupsafe import Markup
from msgspec.structs import replace

from longtail.records import Report
from longtail.report.formats.json import to_json

MOST_BYTES = 1_200_000
ROWS = 200
EVIDENCE = 20
LONGEST = 300
"""Characters of a line of evidence."""


def _evidence(report: Report) -> Report:
    cut = [replace(each, evidence=tuple(line[:LONGEST] for line in each.evidence[:EVIDENCE])) for each in report.findings]
    return replace(report, findings=tuple(cut))


def _lineage(report: Report) -> Report:
    return report if report.lineage is None else replace(report, lineage=replace(report.lineage, steps=report.lineage.steps[:ROWS]))


CUTS: tuple[tuple[str, Callable[[Report], Report]], ...] = (
    ("what the pictures were drawn from", lambda report: replace(report, panels={})),
    (f"estimates beyond the first {ROWS}", lambda report: replace(report, estimates=report.estimates[:ROWS])),
    (f"steps of the lineage beyond the first {ROWS}", _lineage),
    (f"inputs beyond the first {ROWS}", lambda report: replace(report, inputs=report.inputs[:ROWS])),
    (f"evidence beyond {EVIDENCE} lines of a finding and {LONGEST} characters of a line", _evidence),
    ("the settings", lambda report: replace(report, settings={})),
    ("all estimates and inputs, and the lineage", lambda report: replace(report, estimates=(), inputs=(), lineage=None)),
)
"""What is left out, in this order, until the rest is small enough."""


def cut(report: Report, size: Callable[[Report], int] | None = None) -> tuple[Report, list[str]]:
    """Return the report cut until its JSON is small enough for a page, and what was left out in words.

    Args:
        report: What is to be embedded.
        size: Bytes of a report where it is embedded; by default those of its own JSON.

    Raises:
        InvalidRecord: The report holds something that its JSON form may not hold.
    """
    weigh = size or (lambda one: _bytes(to_json(one)))
    told: list[str] = []
    for name, without in CUTS:
        if weigh(report) <= MOST_BYTES:
            break
        smaller = without(report)
        told += [name] if smaller != report else []
        report = smaller
    return report, told


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "replace"))


def data(text: str) -> Markup:
    """Return JSON as it may stand in a script element, from which nothing in it can break out."""
    return Markup(text.replace("<", "\\u003c"))
