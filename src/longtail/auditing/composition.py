"""The report's panels on what the data are made of, how the loop treats its real data, and how its mistakes hang together."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from longtail.metrics.regime import Regime, Step
from longtail.records import Finding
from longtail.rules import Evidence
from longtail.rules.chain import NODES, chains
from longtail.rules.mix import MODEL_MADE, REAL, UNKNOWN
from longtail.summaries.composition import Composition

SHOWN_SOURCES = 1000
_KINDS = {"human": REAL, "synthetic": MODEL_MADE, "unknown": UNKNOWN}


def loop_panels(evidence: Evidence, regime: Regime, findings: Sequence[Finding]) -> dict[str, Any]:
    """Return the panels that there is anything to say in; keys that are left out were not measured."""
    panels: dict[str, Any] = {}
    if evidence.composition.tagged or evidence.composition.sources.stated:
        panels["composition"] = composition_panel(evidence.composition)
    if regime.steps:
        panels["regime"] = {"name": regime.name, "reason": regime.reason, "rows": [_step(step) for step in regime.steps]}
    if evidence.measures is not None:
        panels["origin"] = msgspec.to_builtins(evidence.measures)
    if linked := _linked(findings):
        panels["chains"] = linked
    return panels


def _linked(findings: Sequence[Finding]) -> list[list[dict[str, str]]]:
    found = [chain for chain in chains(finding.code for finding in findings if finding.code in NODES) if len(chain) > 1]
    return [[{"code": code, "says": NODES[code]} for code in chain] for chain in found]


def composition_panel(composition: Composition) -> dict[str, Any]:
    """Return documents and shares by kind: in all, by source and by month of lt_time.

    `synthetic` is what a model had a hand in; what states no origin is `unknown`, not human.
    """
    origins = composition.origins
    months: dict[str, dict[str, int]] = {}
    for (origin, month), count in sorted(composition.axes["month"].items(), key=lambda item: item[0]):
        months.setdefault(month, {})[origin] = count
    sources = sorted(composition.sources.counts.items(), key=lambda item: (-sum(item[1].values()), item[0]))
    shown = [{"source": source} | kinds(found) for source, found in sources[:SHOWN_SOURCES]]
    stated = sum(composition.sources.stated.values())
    total = sum(origins.values())
    return kinds(origins) | {
        "origins": origins,
        "sources": shown,
        "sources_other": stated - sum(row["documents"] for row in shown),
        "sources_unstated": total - stated,
        "months": [{"month": month} | kinds(found) for month, found in sorted(months.items())] if len(months) > 1 else [],
    }


def kinds(origins: Mapping[str, int]) -> dict[str, Any]:
    """Return documents by kind, and the share of each kind of all of them."""
    total = sum(origins.values())
    counts = {kind: sum(origins.get(origin, 0) for origin in names) for kind, names in _KINDS.items()}
    return {"documents": total} | counts | {f"{kind}_share": count / total for kind, count in counts.items() if total}


def _step(step: Step) -> dict[str, Any]:
    return {"generation": step.generation, "rows": step.rows, "retained": step.retained, "real_share": step.real_share}
