"""One object a line: a head, then each estimate, finding, absence and rule that passed."""

from typing import Any

from longtail.records import Report
from longtail.report.formats.json import dumped, plain_of

_LISTED = {"estimates": "estimate", "findings": "finding", "not_measured": "not_measured", "passed": "passed"}


def to_jsonl(report: Report) -> str:
    """Return the report as JSON Lines.

    Each line has a `kind`; the record of the canonical JSON is its `record`. The first line is of the kind `head`: it holds what
    is said once, and in `lines` how many lines of each kind follow. `panels`, which pictures are drawn from, are left out.

    Raises:
        InvalidRecord: The report holds something that JSON has no form for.
    """
    plain = plain_of(report)
    rows = [{"kind": kind, "record": record} for name, kind in _LISTED.items() for record in plain[name]]
    lines = {kind: len(plain[name]) for name, kind in _LISTED.items()}
    once = {name: value for name, value in plain.items() if name not in _LISTED and name != "panels"}
    return "".join(_line(row) for row in [{"kind": "head", "lines": lines, "record": once}, *rows])


def _line(row: dict[str, Any]) -> str:
    return dumped(row, indent=None, separators=(",", ":")) + "\n"
