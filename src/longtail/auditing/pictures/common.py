"""What each generation kept of the common items, to stand beside what it kept of the rare ones."""

from collections.abc import Sequence
from typing import Any

from longtail.auditing.measure import Measurements
from longtail.metrics.tails import stratum_types
from longtail.summaries.strata import HEAD


def common_of(measured: Sequence[Measurements]) -> dict[str, Any]:
    """Return how many of the commonest items (half of all use) are left at each generation, against the baseline, with 95 % intervals.

    Args:
        measured: What was measured of each generation after the first.
    """
    found = [(number, each.deciding) for number, each in enumerate(measured, start=2)]
    rows = [
        {"generation": number} | {key: value for key, value in stratum_types(each, HEAD).items() if key in ("ratio", "low", "high")}
        for number, each in found
        if each is not None and each.refusal is None
    ]
    kept = [row for row in rows if row["ratio"] is not None]
    last = measured[-1].deciding
    return {"view": last.view, "baseline": last.name, "rows": kept} if last is not None and kept else {}
