"""Every rule applied once."""

import msgspec

from longtail.records import Finding, Unmeasured, Verdict
from longtail.rules import RULES, Evidence
from longtail.rules.lt9_required import OF_RULES, REQUIRED, required_not_measured

_GRAVEST = {"fail": 0, "warn": 1}
_FOUNDATIONS = ("LT101", "LT201", "LT202")
"""What is mended first: provenance, then accumulation; other findings can be trusted, and mended, after them."""


def judge(evidence: Evidence, generation: int | None = None) -> tuple[tuple[Finding, ...], tuple[Unmeasured, ...], tuple[str, ...]]:
    """Apply every rule; each code appears once, among the findings, the unmeasured or the passed.

    Findings come failures first, and among equals in the order in which they are best mended.

    Args:
        evidence: The measurements.
        generation: The generation that was judged, in a lineage.
    """
    findings: list[Finding] = []
    unmeasured: list[Unmeasured] = []
    passed: list[str] = []
    waiting: dict[str, list[str]] = {}
    for entry in RULES:
        verdict: Verdict = entry.member(evidence)
        if verdict.status == "pass":
            passed.append(entry.name)
        elif verdict.status == "not_measured":
            unmeasured.append(Unmeasured(code=entry.name, reason=verdict.because, enable=verdict.enable))
            waiting.setdefault(verdict.waits_on, []).append(entry.name)
            if entry.name in evidence.required:
                lacking = required_not_measured(entry.name, verdict)
                findings.append(_finding(REQUIRED, OF_RULES[REQUIRED].facts["title"], lacking, generation))
        else:
            findings.append(_finding(entry.name, entry.facts["title"], verdict, generation))
    ordered = sorted(findings, key=_order)
    unlocking = tuple(msgspec.structs.replace(finding, unlocks=tuple(waiting.get(finding.code, ()))) for finding in ordered)
    return unlocking, tuple(unmeasured), tuple(passed)


def _order(finding: Finding) -> tuple[int, int, str]:
    first = _FOUNDATIONS.index(finding.code) if finding.code in _FOUNDATIONS else len(_FOUNDATIONS)
    return _GRAVEST[finding.status], first, finding.code


def _finding(code: str, title: str, verdict: Verdict, generation: int | None) -> Finding:
    return Finding(
        code=code,
        status="fail" if verdict.status == "fail" else "warn",
        title=title,
        because=verdict.because,
        where=verdict.where,
        evidence=verdict.evidence,
        remedy=verdict.remedy,
        generation=generation if verdict.generation is None else verdict.generation,
    )
