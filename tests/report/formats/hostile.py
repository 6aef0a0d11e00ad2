"""Text that tries to be more than text, and reports that hold it wherever a report holds text."""

import re

import msgspec

from longtail.records import Finding, Report
from longtail.report.words import one_line

HOSTILE = (
    "=1+1|' <script>alert(1)</script>\"'><img src=http://x.example onerror=1> ]]>"
    " \u202eevil\u202c \u2066x\u2069 \x00\x1b[2J\x9b31m \ud83d \udce9"
    " `code` ``` | pipe *em* _em_ **b** ~~s~~ [a](https://l.example) ![i](https://i.example)"
    " [r]: https://r.example <https://u.example>"
    " https://bare.example www.bare.example me@mail.example @octocat @org/team #1 GH-2 :smile: $x$ {{ 7*7 }} &lt; </details> <!-- \\\n"
    "::error::forged\r\n::set-output name=a::b%0A::warning::c\n# head\n- item\n\tcode\n\u2028| a | b |\n|---|---|"
)
SHOWN = one_line(HOSTILE)
FINDING = Finding(code="LT101", status="warn", title="t", because="b", where="candidate", evidence=(), remedy="r")
NEVER_RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
CHOSEN = {
    "status", "kind", "decision", "role", "name", "level", "baseline", "direction", "regime", "created_at", "schema_version", "phase",
    "labels", "decided_by",
}  # fmt: skip


def planted(report, text=HOSTILE):
    """The report with `text` in every place that is not chosen from a list, a hostile override and a document set aside among them."""
    finding = msgspec.to_builtins(report.findings[0] if report.findings else FINDING)
    panels = {
        "suppressed": [{"finding": finding, "overrides": [{"expires": text, "owner": text, "reason": text}]}],
        "read": {
            "documents": 3,
            "words": 9,
            "bytes": 99,
            "content": text,
            "quarantined": 1,
            "quarantine": [{"path": "a.jsonl", "line": 7, "reason": text}],
        },
    }
    plain = msgspec.to_builtins(report) | {"panels": report.panels | panels}
    return msgspec.convert(_planted(plain, text), Report)


def _planted(value, text):
    if isinstance(value, dict):
        return {name: inner if name in CHOSEN and isinstance(inner, str) else _planted(inner, text) for name, inner in value.items()} | (
            {"phase": value["phase"], "lineage": value["lineage"], "differential": value["differential"]} if "differential" in value else {}
        )
    if isinstance(value, list | tuple):
        return [_planted(inner, text) for inner in value]
    return text if isinstance(value, str) else value
