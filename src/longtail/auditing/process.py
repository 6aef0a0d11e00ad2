"""The report's panels on the process: the mix through time, the lineage graph, what a filter took, how long a generation lasts."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise
from statistics import median
from typing import Any

import msgspec

from longtail.auditing.pipeline import Around
from longtail.auditing.standing import graph_panel, graph_panel_of
from longtail.ledger.manifest import Manifest
from longtail.metrics.regime import NOTHING, SAME, Step, steps_of
from longtail.records import Origin

EDITED = (Origin.MODEL_EDITED, Origin.HUMAN_EDITED)
DAY = 86_400.0


def process_panels(known: Around) -> dict[str, Any]:
    """Return the panels that there is anything to say in; keys that are left out were not measured."""
    panels: dict[str, Any] = {}
    if known.manifests:
        floor = known.pipeline.min_real if known.pipeline else None
        panels["mix"] = {"floor": floor} | mix_panel(known.manifests)
    if known.filtered is not None:
        panels["filter"] = msgspec.to_builtins(known.filtered)
    if known.graph is not None and len(known.graph):
        panels["graph"] = graph_panel(known.graph)
    elif known.manifests:
        panels["graph"] = graph_panel_of(known.manifests)
    if days := days_apart(known.manifests):
        panels["cadence"] = {"days": days, "source": "manifests"}
    return panels


def mix_panel(manifests: Sequence[Manifest]) -> dict[str, Any]:
    """Return what each training set was made of, and what became of the real rows from each to the next."""
    steps = steps_of(manifests)
    made = {manifest.generation: manifest for manifest in manifests}
    rows = [_of_set(made[step.generation], step) for step in steps]
    return {"rows": rows, "segments": [{"generation": new.generation, "name": became(old, new)} for old, new in pairwise(steps)]}


def _of_set(manifest: Manifest, step: Step) -> dict[str, Any]:
    human, unknown = manifest.count(Origin.HUMAN), manifest.count(Origin.UNKNOWN)
    edited = sum(manifest.count(origin) for origin in EDITED)
    pools = [part.available for part in manifest.parts if part.kind == "human"]
    return {
        "generation": manifest.generation,
        "rows": manifest.rows,
        "human": human,
        "edited": edited,
        "synthetic": manifest.rows - human - edited - unknown,
        "unknown": unknown,
        "retained": step.retained,
        "reservoir": sum(pools) if pools else manifest.original_available,
        "effective": manifest.effective_real_share,
    }


def became(old: Step, new: Step) -> str:
    """Return what became of the original real rows from one training set to the next.

    "kept", "thinned", "replaced" (next to none is left, and next to no other human rows), "renewed" (next to none is left, and
    there are other human rows), "none" where the set before had none, "unknown" where one does not say what it retains.
    """
    if old.retained is None or new.retained is None:
        return "unknown"
    if old.retained == 0:
        return "none"
    share = new.retained / old.retained
    if share <= NOTHING:
        return "renewed" if (new.real_share or 0.0) > NOTHING else "replaced"
    return "kept" if share >= 1 - SAME else "thinned"


def days_apart(manifests: Sequence[Manifest]) -> float | None:
    """Return the median time from one training set to the next in days; None where fewer than two are dated, or none is later."""
    dated = [_moment(each.created_at) for each in sorted(manifests, key=lambda one: one.generation) if each.created_at]
    gaps = [(new - old).total_seconds() / DAY for old, new in pairwise(each for each in dated if each is not None)]
    return median(gaps) if gaps and min(gaps) > 0 else None


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
