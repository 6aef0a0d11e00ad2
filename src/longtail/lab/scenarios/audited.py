"""The demo's lineages, audited: what each generation kept of the first one's head and tail."""

from typing import Any

from longtail.auditing import audit
from longtail.lab.scenarios.stdlib import DemoFiles
from longtail.records import OnProgress, Progress, Record, Report
from longtail.summaries.profile import Profile
from longtail.summaries.profiling import profile
from longtail.summaries.reference import Reference

Range = tuple[float, float, float]


class Kept(Record, frozen=True):
    """What one generation kept of generation 1: ratios as (value, low, high)."""

    lineage: str
    generation: int
    head_mass: Range
    tail_mass: Range
    tail_types: Range


class AuditedDemo(Record, frozen=True):
    """All generations of all lineages, and the report of each lineage's last one."""

    kept: tuple[Kept, ...]
    reports: dict[str, Report]


def audit_demo(files: DemoFiles, *, seed: int = 0, on_progress: OnProgress | None = None) -> AuditedDemo:
    """Audit every generation after the first against generation 1 and the held-out human text."""
    reference = Reference(profile(files.human, seed=seed))
    kept: list[Kept] = []
    reports: dict[str, Report] = {}
    total = sum(len(paths) - 1 for paths in files.lineages.values())
    for lineage, paths in files.lineages.items():
        first = profile(paths[0], seed=seed)
        for generation, path in enumerate(paths[1:], start=2):
            if on_progress is not None:
                on_progress(Progress(stage=f"audit {lineage}", done=len(kept), total=total, unit="generations"))
            report = _audited(path, first, reference, seed, f"longtail audit {path} --baseline {paths[0]} --reference {files.human}")
            kept.append(_kept(lineage, generation, report))
            reports[lineage] = report
    return AuditedDemo(kept=tuple(kept), reports=reports)


def _audited(path: Any, first: Profile, reference: Reference, seed: int, command: str) -> Report:
    return audit(path, reference, first, seed=seed, command=command)


def _kept(lineage: str, generation: int, report: Report) -> Kept:
    rows = {row["stratum"]: row for row in report.panels["strata"]["rows"]}
    return Kept(
        lineage=lineage,
        generation=generation,
        head_mass=_range(rows["head"], "mass"),
        tail_mass=_range(rows["tail"], "mass"),
        tail_types=_range(rows["tail"], "types"),
    )


def _range(row: dict[str, Any], kind: str) -> Range:
    return row[f"{kind}_ratio"], row[f"{kind}_low"], row[f"{kind}_high"]
