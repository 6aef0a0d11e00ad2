"""The JSON Schema of the report: made from the records, so that the two cannot differ."""

import json
from typing import Any

import msgspec

from longtail.records import SCHEMA_VERSION, Finding, NotMeasured, Report

ID = f"urn:longtail:schema:report:{SCHEMA_VERSION}"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
_PLACE = "#/$defs/{name}"

PANELS: dict[str, tuple[str, tuple[str, ...]]] = {
    "read": ("What was read, and the first documents that were set aside.", ("documents", "words", "bytes", "content", "quarantined")),
    "self": ("What the data set says of itself: distinct phrases, commonest openings.", ("distinct", "openings", "openings_documents")),
    "rank_frequency": ("Share of use by rank, a line for each sample.", ("view", "lines")),
    "benchmark": ("How many items of a benchmark hold nothing rare.", ()),
    "absent": ("What a single metric could not be computed for.", ()),
    "strata": ("What was kept of common, middling and rare items.", ("view", "baseline", "rows")),
    "slices": ("Classes of the columns of --by, a table for each.", ()),
    "shift": ("How far use moved in all.", ()),
    "exploratory": ("Slices that no column names.", ("title", "adjustment", "rows")),
    "vanished": ("Items that are gone or fading.", ("view", "total", "rows")),
    "fading": ("Documents that hold each vanished item, sample by sample.", ("view", "samples", "rows", "held", "by_chance")),
    "common": ("What each generation kept of the commonest items.", ("view", "baseline", "rows")),
    "deciles": ("Share of the reference's items that is still seen, by decile of use, a table for each view.", ()),
    "usual": ("Measures of variety of one half of the reference beside the other.", ()),
    "maps": ("Points of feature vectors on a plane, and regions that are no longer reached.", ()),
    "losses": ("Losses of models on human and on their own text, document by document.", ("edges", "rows")),
    "copies": ("Groups of nearly equal documents, and phrases that many share.", ("clusters", "clusters_total", "documents", "phrases")),
    "composition": ("Documents by origin, source and month.", ("documents", "origins", "sources")),
    "regime": ("How each training set followed from the one before.", ("name", "reason", "rows")),
    "origin": ("Machine share, estimated or bounded.", ()),
    "rollouts": ("A training run, and the shares of formats in its windows.", ("kind", "rollouts", "budget", "success", "windows", "mix")),
    "chains": ("Findings that lead to one another.", ()),
    "suppressed": ("Findings that an override holds back.", ()),
    "ratchet": ("Findings within accepted numbers, and what else was looked at.", ("accepted", "refused")),
    "ledger": ("The state of the ledger that the audit saw.", ("state", "commit")),
    "gaps": ("How much was written to --export.", ("rows", "unwritten")),
}
"""Panels that an audit writes today: what each holds, and the fields that it always has."""

_ROWS: dict[str, Any] = {
    "absent": {"$ref": _PLACE.format(name="NotMeasured")},
    "slices": {"type": "object", "required": ["column", "rows"]},
    "deciles": {"type": "object", "required": ["view", "baseline", "rows"]},
    "usual": {"type": "object", "required": ["metric", "view", "value", "low", "high"]},
    "maps": {"type": "object", "required": ["column"]},
    "chains": {"type": "array", "items": {"type": "object", "required": ["code", "says"]}},
    "suppressed": {
        "type": "object",
        "required": ["finding", "overrides"],
        "properties": {"finding": {"$ref": _PLACE.format(name="Finding")}},
    },
}


def schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of the canonical report.

    Fields that a record does not have are refused, but among `panels` and `settings`, which may grow without notice.
    """
    (root,), parts = msgspec.json.schema_components([Report], ref_template=_PLACE)
    _, more = msgspec.json.schema_components([NotMeasured, Finding], ref_template=_PLACE)
    definitions = more | parts
    report = definitions["Report"]
    report["properties"]["schema_version"] = {"const": SCHEMA_VERSION}
    report["properties"]["panels"] = {"type": "object", "properties": {name: _panel(name) for name in PANELS}}
    report["required"] = [*report["required"], "schema_version"]
    head = {"$schema": DIALECT, "$id": ID, "title": f"The report of longtail audit, version {SCHEMA_VERSION}"}
    return head | root | {"$defs": dict(sorted(definitions.items()))}


def _panel(name: str) -> dict[str, Any]:
    told, fields = PANELS[name]
    if name in _ROWS:
        return {"description": told, "type": "array", "items": _ROWS[name]}
    return {"description": told, "type": "object"} | ({"required": list(fields)} if fields else {})


def schema_text() -> str:
    """Return the schema as it is published, in `docs/report.schema.json` and by `longtail list --schema`."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"
