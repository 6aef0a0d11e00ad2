"""Reports made to break the page: hostile text in every field, and more of everything than a page can hold."""

import msgspec

from longtail.records import Report
from tests.report.conftest import load

HOSTILE = '<script>window.struck=1</script>"\'><img src=x onerror="window.struck=1"> \u202eevil\u202c שלום {{ 7*7 }} \x00\x1b[2J'
# What a record lets be one of a few words, and what tells a program where to look.
KEPT = {
    "status", "role", "decision", "baseline", "kind", "level", "name", "regime", "direction", "created_at", "code", "schema_version",
    "passed", "phase",
}  # fmt: skip


def hostile(report):
    """Return the report with the hostile text in place of every text of it, and hostile panels."""
    plain = msgspec.to_builtins(report)
    panels = {name: _planted(found) for name, found in plain.pop("panels").items()}
    return msgspec.convert(_planted(plain, KEPT) | {"panels": panels}, Report)


def _planted(value, kept=frozenset()):
    if isinstance(value, dict):
        return {name: inner if name in kept and isinstance(inner, str | list) else _planted(inner, kept) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_planted(inner, kept) for inner in value]
    return HOSTILE if isinstance(value, str) else value


def giant():
    """Return a report of 5,000 estimates, 10,000 vanished rows with long texts, 300 slices and 50 generations."""
    whole = load("lineage")
    estimate, lineage = whole.estimates[0], whole.lineage
    long = "once upon a time there was a mill " * 12
    rows = [
        {"type": f"word{i}", "reference_documents": 9, "candidate_documents": 0, "example": long, "example_id": "a"} for i in range(10_000)
    ]
    kinds = [
        {"slice": f"kind {i} {long}", "decision": "shrunk", "ratio": 0.4, "low": 0.3, "high": 0.5, "expected": 9, "seen": 3}
        for i in range(300)
    ]
    generations = [msgspec.structs.replace(lineage.generations[-1], generation=i + 1, path=f"{long}{i}.jsonl") for i in range(50)]
    return msgspec.structs.replace(
        whole,
        estimates=tuple(msgspec.structs.replace(estimate, metric=f"metric_{i}", method=long) for i in range(5000)),
        inputs=tuple(msgspec.structs.replace(whole.inputs[0], path=f"{long}{i}") for i in range(1000)),
        findings=tuple(msgspec.structs.replace(each, evidence=(long,) * 500) for each in whole.findings),
        lineage=msgspec.structs.replace(lineage, generations=tuple(generations), steps=lineage.steps * 400),
        panels={"vanished": {"view": "words_1", "total": 10_000, "rows": rows}, "slices": [{"column": "kind", "rows": kinds}]},
        settings={"pipeline": [long] * 500},
    )  # fmt: skip
