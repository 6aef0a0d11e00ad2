"""A run of gates as one page that stands alone: what came through, what it took of the rare part, and why."""

import msgspec

import longtail.report.filters as filters
import longtail.report.words as words
from longtail.gates.running.result import Gated
from longtail.records import Status, Verdict
from longtail.report.formats.records import to_json
from longtail.report.page.html import alone

REASONS = 20
HEADLINES: dict[Status, str] = {
    "pass": "The gates kept the rare part",
    "warn": "The gates thin the rare part",
    "fail": "The gates cut the rare part",
    "not_measured": "What the gates did to the rare part was not measured",
}


def to_html(made: Gated, verdict: Verdict) -> str:
    """Return a run of gates as one self-contained page.

    Args:
        made: What came of the run.
        verdict: Of the rule on its tail.
    """
    reasons = [(stage.name, why, documents) for stage in made.stages for why, documents in stage.reasons.items()]
    reasons.sort(key=lambda each: -each[2])
    return alone(
        "gate.html",
        to_json(made),
        made=made,
        verdict=verdict,
        of="gate",
        file=", ".join(made.inputs),
        date=made.created_at[:10],
        sheet="process.css",
        record="gate",
        status=verdict.status,
        headline=HEADLINES[verdict.status],
        filter=filters.of_gates(made) if made.stages else None,
        reasons=[[words.one_line(name, 60), words.one_line(why, 160), words.count(count)] for name, why, count in reasons[:REASONS]],
        reasons_left=max(0, len(reasons) - REASONS),
        recipe=msgspec.json.format(msgspec.json.encode(made.recipe), indent=2).decode(),
    )
