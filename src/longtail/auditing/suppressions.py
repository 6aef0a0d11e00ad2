"""Findings that an override of the pipeline holds back: shown and counted, but no longer failing an audit."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import msgspec

from longtail.records import Finding
from longtail.rules import RULES, Evidence, Override
from longtail.rules.pipeline import UNWAIVABLE
from longtail.rules.waiving import holding, in_force


class Suppressed(NamedTuple):
    """A finding and the overrides that hold it back."""

    finding: Finding
    overrides: tuple[Override, ...]


def suppress(findings: Sequence[Finding], evidence: Evidence) -> tuple[tuple[Finding, ...], tuple[Suppressed, ...]]:
    """Return the findings that stand, and those that overrides in force hold back, both in their order.

    What an override has run out for stands, with LT804. LT804, LT890 and LT900 stand always, and so does every finding of a
    required rule: what was asked for by name is not taken back in a file.
    """
    overrides = in_force(evidence)
    named = {each.code for each in overrides}
    held: list[Suppressed] = []
    for finding in findings:
        if finding.code in named and finding.code not in UNWAIVABLE:
            by = holding(finding.code, RULES[finding.code].member(evidence), evidence, overrides)
            held += [Suppressed(finding, by)] if by else []
    gone = {each.finding.code for each in held}
    return tuple(finding for finding in findings if finding.code not in gone), tuple(held)


def suppressed_panel(held: Iterable[Suppressed]) -> dict[str, Any]:
    """Return the panel `suppressed`, a row for each finding with its overrides; nothing where none is held back."""
    rows = [{"finding": msgspec.to_builtins(each.finding), "overrides": msgspec.to_builtins(list(each.overrides))} for each in held]
    return {"suppressed": rows} if rows else {}
