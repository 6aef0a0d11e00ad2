"""JSON Lines: what the canonical report holds, a record a line."""

import json

from longtail.report.formats.json import to_json
from longtail.report.formats.jsonl import to_jsonl

LISTED = ("estimates", "findings", "not_measured", "passed")


def test_json_lines_hold_what_the_canonical_report_holds(report):
    head, *rows = map(json.loads, to_jsonl(report).splitlines())
    plain = json.loads(to_json(report))
    assert head["kind"] == "head"
    again = head["record"] | {name: [] for name in LISTED} | {"panels": plain["panels"]}
    homes = {"estimate": "estimates", "finding": "findings", "not_measured": "not_measured", "passed": "passed"}
    for row in rows:
        again[homes[row["kind"]]].append(row["record"])
    assert again == plain
    assert head["lines"] == {kind: len(plain[name]) for kind, name in homes.items()}
    assert "schema_version" in head["record"]
