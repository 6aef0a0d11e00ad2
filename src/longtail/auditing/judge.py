"""Every rule applied once."""

from longtail.records import Finding, Unmeasured, Verdict
from longtail.rules import RULES, Evidence

_GRAVEST = {"fail": 0, "warn": 1}


def judge(evidence: Evidence, generation: int | None = None) -> tuple[tuple[Finding, ...], tuple[Unmeasured, ...], tuple[str, ...]]:
    """Apply every rule; each code appears once, among the findings, the unmeasured or the passed.

    Args:
        evidence: The measurements.
        generation: The generation that was judged, in a lineage.
    """
    findings: list[Finding] = []
    unmeasured: list[Unmeasured] = []
    passed: list[str] = []
    for entry in RULES:
        verdict: Verdict = entry.member(evidence)
        if verdict.status == "pass":
            passed.append(entry.name)
        elif verdict.status == "not_measured":
            unmeasured.append(Unmeasured(code=entry.name, reason=verdict.because, enable=verdict.enable))
            if entry.name in evidence.required:
                findings.append(_required(entry.name, verdict, generation))
        else:
            findings.append(_finding(entry.name, entry.facts["title"], verdict, generation))
    findings.sort(key=lambda finding: (_GRAVEST[finding.status], finding.code))
    return tuple(findings), tuple(unmeasured), tuple(passed)


def _finding(code: str, title: str, verdict: Verdict, generation: int | None) -> Finding:
    return Finding(
        code=code,
        status="fail" if verdict.status == "fail" else "warn",
        title=title,
        because=verdict.because,
        where=verdict.where,
        evidence=verdict.evidence,
        remedy=verdict.remedy,
        generation=generation,
    )


def _required(code: str, verdict: Verdict, generation: int | None) -> Finding:
    because = f"{code} is required and was not measured: {verdict.because}"
    return Finding(
        code="LT900",
        status="fail",
        title="required rule not measured",
        because=because,
        where="candidate",
        evidence=(),
        remedy=verdict.enable,
        generation=generation,
    )
