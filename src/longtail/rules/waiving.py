"""Which overrides hold back which verdict, by code, by day and by place; and which losses can be accepted with their numbers."""

import re
from collections.abc import Sequence

from longtail.records import Estimate, Verdict
from longtail.rules.catalogue import RULES
from longtail.rules.evidence import Evidence
from longtail.rules.pipeline import Override

RATCHETED = {
    "LT301": ("tail_mass_retained", "tail_types_retained", "exceedance"),
    "LT308": ("class_share",),
    "LT401": ("filter_tail_kept",),
    "LT501": ("human_nll_change", "own_nll_change"),
}
"""Rules whose findings rest on decided numbers, each with the metrics that decide it."""


def in_force(evidence: Evidence) -> tuple[Override, ...]:
    """Return the overrides of the pipeline that have not run out; none where there is no pipeline or no day to hold them against."""
    if evidence.pipeline is None or evidence.today is None:
        return ()
    today = evidence.today
    return tuple(each for each in evidence.pipeline.overrides if each.holds_on(today))


def lost_slices(code: str, evidence: Evidence) -> frozenset[str]:
    """Return the slices in which a rule's metrics show a loss.

    A loss that is of no slice stands among them as the empty text: no override of a slice covers it.
    """
    metrics = re.findall(r"[a-z][a-z_0-9]*", RULES[code].facts["metric"])
    lost = [one for one in evidence.of(*metrics) if isinstance(one, Estimate) and one.decision in ("watch", "shrunk")]
    return frozenset(one.slice or "" for one in lost)


def holding(code: str, verdict: Verdict, evidence: Evidence, overrides: Sequence[Override]) -> tuple[Override, ...]:
    """Return the overrides that together hold back a verdict of warn or fail; none where it stands.

    An override without a place, or of the verdict's generation, holds it back alone. Overrides of slices do so together, where
    every slice that shows a loss has one: a loss in a slice that nobody has accepted lets the finding stand. A required rule is
    held back by none.

    Args:
        code: Of the rule.
        verdict: What it said.
        evidence: What it judged.
        overrides: Those in force.
    """
    if code in evidence.required:
        return ()
    mine = [each for each in overrides if each.code == code]
    whole = tuple(each for each in mine if each.where in _whole(verdict, evidence))
    lost = lost_slices(code, evidence)
    parts = tuple(each for each in mine if each.where in lost - {""})
    return whole or (parts if lost and lost <= {each.where for each in parts} else ())


def matching(code: str, verdict: Verdict, evidence: Evidence, overrides: Sequence[Override]) -> tuple[Override, ...]:
    """Return the overrides of a code whose place is one of the verdict's, whether or not they suffice to hold it back."""
    places = _whole(verdict, evidence) | lost_slices(code, evidence)
    return tuple(each for each in overrides if each.code == code and each.where in places)


def _whole(verdict: Verdict, evidence: Evidence) -> set[str]:
    generation = evidence.generation if verdict.generation is None else verdict.generation
    return {""} if generation is None else {"", f"generation {generation}"}
