"""The audit: profiles in, report out."""

import time
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

import msgspec

from longtail.auditing.inputs import gather
from longtail.auditing.measure import evidence_of, measure
from longtail.auditing.options import Options
from longtail.auditing.panels import panels_of
from longtail.auditing.phase import phase_of
from longtail.auditing.wording import guarantee_of, summary_of
from longtail.errors import ConfigError, LongtailError, UnknownName
from longtail.records import Finding, OnProgress, Progress, Report, Unmeasured, Verdict
from longtail.rules import RULES, Evidence

_GRAVEST = {"fail": 0, "warn": 1}


def audit(
    data: Any,
    reference: Any = None,
    baseline: Any = None,
    *,
    trained_on: Any = None,
    command: str = "longtail.audit",
    on_progress: OnProgress | None = None,
    **options: Any,
) -> Report:
    """Profile a data set, compare it with a human reference and say what happened to its tail.

    Args:
        data: The candidate: a path, glob, directory, profile (`.ltp`) or `Profile`, an Arrow table, an iterable of str
            or dict; several paths are one data set.
        reference: Human documents that no model of the lineage was trained on; it chooses and measures the tail.
        baseline: Output of generation 1; loss is then judged against it and the reference only chooses the tail.
        trained_on: A training set of the lineage, to check that the reference is held out.
        command: What the report calls the command that made it.
        on_progress: Called as documents are read.
        **options: Fields of `Options`: alpha, margin, tau, views, require, seed, text_column, table, exact, redact.

    Returns:
        The report; `to_dict()` is the contract's JSON.

    Raises:
        ReadError: Data cannot be read.
        ConfigError, UnknownName: An option is out of range or unknown.
        IncompatibleSummaries: Profiles were made with unlike settings.
    """
    chosen = _options(options)
    started = time.perf_counter()
    inputs = gather(data, reference, baseline, trained_on, chosen, on_progress)
    read = time.perf_counter()
    if on_progress is not None:
        on_progress(Progress(stage="compare", done=inputs.candidate.documents))
    measured = measure(inputs, chosen)
    findings, unmeasured, passed = judge(evidence_of(inputs, chosen, measured))
    phase = phase_of(measured)
    return Report(
        longtail_version=version("longtail"),
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        command=command,
        seed=inputs.candidate.seed,
        inputs=inputs.records(),
        phase=phase,
        guarantee=guarantee_of(chosen, measured, inputs.reference is None or inputs.trained_on is not None),
        estimates=measured.estimates(),
        findings=findings,
        not_measured=unmeasured,
        passed=passed,
        summary=summary_of(phase, measured),
        panels=panels_of(inputs, measured, chosen),
        settings=chosen.stated(),
        timing={"read_seconds": read - started, "compare_seconds": time.perf_counter() - read},
    )


def judge(evidence: Evidence) -> tuple[tuple[Finding, ...], tuple[Unmeasured, ...], tuple[str, ...]]:
    """Apply every rule; each code appears once, among the findings, the unmeasured or the passed."""
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
                findings.append(_required(entry.name, verdict))
        else:
            findings.append(_finding(entry.name, entry.facts["title"], verdict))
    findings.sort(key=lambda finding: (_GRAVEST[finding.status], finding.code))
    return tuple(findings), tuple(unmeasured), tuple(passed)


def _finding(code: str, title: str, verdict: Verdict) -> Finding:
    return Finding(
        code=code,
        status="fail" if verdict.status == "fail" else "warn",
        title=title,
        because=verdict.because,
        where=verdict.where,
        evidence=verdict.evidence,
        remedy=verdict.remedy,
    )


def _required(code: str, verdict: Verdict) -> Finding:
    because = f"{code} is required and was not measured: {verdict.because}"
    return Finding(
        code="LT900",
        status="fail",
        title="required rule not measured",
        because=because,
        where="candidate",
        evidence=(),
        remedy=verdict.enable,
    )


def _options(given: dict[str, Any]) -> Options:
    known = Options.__struct_fields__
    for name in given:
        if name not in known:
            raise UnknownName("option", name, known)
    try:
        return msgspec.convert(given, Options)
    except msgspec.ValidationError as error:
        if isinstance(error.__cause__, LongtailError):
            raise error.__cause__ from None
        raise ConfigError(f"option of the wrong type: {error}") from error
