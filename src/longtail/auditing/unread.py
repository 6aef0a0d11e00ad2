"""An audit of the process alone: manifests, a pipeline, a ledger or a training run, and no data."""

from collections.abc import Sequence
from importlib.metadata import version

import msgspec

from longtail.auditing.composition import loop_panels
from longtail.auditing.evidence import last_audit_of
from longtail.auditing.judge import judge
from longtail.auditing.measure import Measurements
from longtail.auditing.options import Options
from longtail.auditing.phase import phase_of
from longtail.auditing.pipeline import Around
from longtail.auditing.retrieval import estimates_of, retrieval_panel
from longtail.auditing.rollouts import run_estimates, run_panel, tested
from longtail.auditing.suppressions import suppress, suppressed_panel
from longtail.auditing.wording import Spent, guarantee_of
from longtail.metrics.regime import regime_of
from longtail.records import Finding, NotMeasured, Report
from longtail.rules import Evidence, Sample
from longtail.summaries.units import FEWEST_DOCUMENTS

_DATA = "longtail audit DATA"


def without_data(options: Options, known: Around, command: str) -> Report:
    """Return what the rules say of the process and of a training run alone; every rule on documents is not measured.

    Args:
        options: Settings of the audit; it keeps no history.
        known: Manifests, the pipeline, what a ledger says, and what the guards say of a training run.
        command: What the report calls the command that made it.
    """
    nothing = Measurements((), (), (), (), None, level=options.alpha)
    here = Spent(options.alpha, 1, options.alpha, 0.0, is_kept=False)
    evidence = Evidence(
        candidate=Sample(0, 0, 0, 0),
        duplicates=NotMeasured(metric="exact_duplicate_share", reason="no documents were given", enable=_DATA),
        fewest=FEWEST_DOCUMENTS,
        required=frozenset(options.require),
        manifests=known.manifests,
        pipeline=known.pipeline,
        upstream_unknown=known.upstream_unknown,
        has_history=known.has_history,
        last_audit=last_audit_of(known),
        today=known.now.date() if known.now else None,
        rollouts=known.rollouts.verdicts if known.rollouts else None,
        retrieval=known.retrieval,
    )
    found, unmeasured, passed = judge(evidence)
    findings, held = suppress(found, evidence)
    regime = regime_of(known.manifests)
    assert known.now is not None
    return Report(
        longtail_version=version("longtail"),
        created_at=known.now.isoformat(timespec="seconds"),
        command=command,
        seed=options.seed,
        inputs=(known.rollouts.run.as_input(),) if known.rollouts else (),
        phase=phase_of(nothing, options.margins["late"], options.alpha),
        guarantee=guarantee_of(options, nothing, here, is_assumed=False, has_run=tested(known.rollouts)),
        estimates=(*run_estimates(known.rollouts), *estimates_of(known)),
        findings=findings,
        not_measured=unmeasured,
        passed=passed,
        summary=_summary(findings, passed, len(unmeasured)),
        panels=loop_panels(evidence, regime, found) | retrieval_panel(known) | suppressed_panel(held) | run_panel(known.rollouts),
        settings=options.stated() | ({"pipeline": msgspec.to_builtins(known.pipeline)} if known.pipeline else {}),
        regime=regime.name,
    )


def _summary(findings: Sequence[Finding], passed: Sequence[str], unmeasured: int) -> str:
    """Return what became of the rules on manifests, on the process, on a store and on rollouts, which need no documents."""
    codes = {status: [each.code for each in findings if each.status == status] for status in ("fail", "warn")}
    told = [f"{len(found)} {verb} ({', '.join(found)})" for verb, found in zip(("failed", "warn"), codes.values(), strict=True) if found]
    told += [f"{len(passed)} passed"] if passed else []
    others = f"Of the other checks {', '.join(told)}, and" if told else "Of the other checks"
    return f"No data were read, so loss was not measured. {others} {unmeasured} could not be made."
