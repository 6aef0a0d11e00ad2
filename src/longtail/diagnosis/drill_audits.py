"""Audits of a drill: of copies without a plant, and of the planted generations up to the first alarm."""

import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from longtail.auditing import audit
from longtail.auditing.inputs import Profiler
from longtail.auditing.options import Options
from longtail.diagnosis.drill_files import copied, keep
from longtail.diagnosis.drilled import Audited, FalseAlarms
from longtail.diagnosis.planting import WORDS, Copy, Plant
from longtail.gates.intervals import exact_interval
from longtail.records import OnProgress, Progress, Report
from longtail.summaries.profile import Profile

_NULL = 1
_LEVEL = 0.95

Codes = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Auditor:
    """Audits copies as the user audits data.

    Attributes:
        reference: Says what is rare.
        given: Settings of the audit as they were given.
        options: All of them.
        history: Copy of the history, or None.
        now: The moment.
    """

    reference: Profile
    given: dict[str, Any]
    options: Options
    history: Path | None
    now: datetime | None

    def audit(self, first: Sequence[str] | Profile, copy: Sequence[str], history: Path | None) -> Report:
        """Return the audit of a copy against what stands for generation 1."""
        return audit(copy, self.reference, first, history=history, now=self.now, **self.given)

    def null(self, first: Sequence[str], copy: Sequence[str]) -> Codes:
        """Return what an audit of a copy without a plant finds, as the next of the history, which is left as it is."""
        if self.history is None:
            return _codes(self.audit(first, copy, None))
        with tempfile.TemporaryDirectory() as scratch:
            return _codes(self.audit(first, copy, copied(self.history, Path(scratch))))

    def profile(self, texts: Sequence[str]) -> Profile:
        """Return the profile of documents, counted as the reference was."""
        profiler = Profiler(msgspec.structs.replace(self.options, views=self.reference.views))
        profiler.begin(self.reference)
        return profiler.of(list(texts))


def without_plant(auditor: Auditor, way: Plant, nulls: int, on_progress: OnProgress | None) -> FalseAlarms:
    """Audit copies without a plant; what more than half of them find is no alarm."""
    found = []
    for at in range(nulls):
        found.append(auditor.null(*way.pair(np.random.default_rng([auditor.options.seed, _NULL, at]))))
        _tell(on_progress, "audits without a plant", at + 1, nulls)
    counts = Counter(code for codes in found for code in codes)
    standing = frozenset(code for code, count in counts.items() if 2 * count > nulls)
    new = [codes - standing for codes in found]
    fails = sum(any(status == "fail" for _, status in codes) for codes in new)
    low, high = exact_interval(fails, nulls, _LEVEL)
    names = tuple(f"{code} {status}" for code, status in sorted(standing))
    raised = {f"{code} {status}": count for (code, status), count in sorted(counts.items()) if (code, status) not in standing}
    return FalseAlarms(copies=nulls, fails=fails, warns=sum(map(bool, new)), low=low, high=high, codes=raised, standing=names)


def planted_audits(
    auditor: Auditor, first: list[str], planted: Iterable[Copy], standing: Codes, folder: Path | None, on_progress: OnProgress | None
) -> tuple[Audited, ...]:
    """Audit one generation after the other, up to the first failure."""
    baseline, made = auditor.profile(first), list[Audited]()
    keep(folder, "gen1.jsonl", first)
    for at, copy in enumerate(planted, 1):
        keep(folder, f"planted{at}.jsonl", copy.texts)
        made.append(_audited(at, copy, auditor.audit(baseline, copy.texts, auditor.history), standing))
        _tell(on_progress, "audits of the planted collapse", at, None)
        if made[-1].fails:
            break
    return tuple(made)


def _audited(at: int, copy: Copy, report: Report, standing: Codes) -> Audited:
    new = sorted(_codes(report) - standing)
    found = [each for each in report.estimates if each.metric == "tail_types_retained" and each.view == WORDS]
    return Audited(
        generation=at,
        lost=copy.lost,
        lost_mass=copy.mass,
        phase=report.phase.name,
        tail=next((each for each in found if each.decision), None),
        level=report.guarantee.alpha_here or 0.0,
        warns=tuple(code for code, status in new if status == "warn"),
        fails=tuple(code for code, status in new if status == "fail"),
    )


def _codes(report: Report) -> Codes:
    return frozenset((finding.code, str(finding.status)) for finding in report.findings)


def pair_of(standing: str) -> tuple[str, str]:
    """Return code and status of a finding that was written as one text."""
    code, _, status = standing.partition(" ")
    return code, status


def _tell(on_progress: OnProgress | None, stage: str, done: int, total: int | None) -> None:
    if on_progress is not None:
        on_progress(Progress(stage=stage, done=done, total=total, unit="audits"))
