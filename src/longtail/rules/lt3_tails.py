"""LT3xx: what is left of the distribution."""

from longtail.records import Estimate, Verdict
from longtail.rules.catalogue import RULES
from longtail.rules.evidence import WITH_REFERENCE, Evidence

NAMES = {"tail_mass_retained": "tail mass", "tail_types_retained": "tail types", "exceedance": "extreme values"}
_LOST = "keep the real data and accumulate instead of replacing; sample at temperature 1; check what filters remove"
_THINNING = "audit the next generation against the same baseline, and do not let the share of real data fall"
BASELINES = {
    "reference": "the human reference",
    "generation_1": "generation 1",
    "previous": "the previous generation",
    "control": "the control lineage",
}


@RULES.add(
    "LT301",
    title="tail coverage",
    metric="tail_mass_retained, tail_types_retained, exceedance",
    convention="fail where the upper bound of either ratio is below the margin (default 0.90); warn on a significant loss inside it",
    source="Schuirmann 1987, Westfall & Young 1993, Colwell et al. 2012; decision 0003",
)
def tail_coverage(evidence: Evidence) -> Verdict:
    """Rare words of the reference have gone, or hold less of the text, more than the margin allows.

    Why: a model that learns from what models wrote loses the rare first, while averages and benchmarks, which live
    among common cases, stay flat. People notice it as answers that are all right and all alike.

    Symptoms: loss goes down but outputs get worse; model collapse; rare words vanish; answers are all right and all alike; fine-tuned model
    forgot the rare cases; benchmark is flat but users complain; the model lost its long tail.

    How measured: one half of the reference chooses its rare words (the lowest 10 % of its mass, ties included). Their
    number and their share of the text in the candidate are divided by those in the baseline: generation 1 if given,
    else the other half of the reference. Groups of whole documents are permuted between the two; both bounds hold
    together at the stated level.

    The same holds for whatever else is counted: categories and pairs of them in a table, regions of a feature space, which
    cells of a codebook stand for, and documents beyond the 1 % and the 99 % quantile of a column of numbers.

    Formula: retained = value in the candidate / value in the baseline; fail if its upper bound < margin.

    Minimum: 96 documents on each side; the report says how many would decide, `longtail calibrate` what can be found.

    False positives: another subject or language than the reference's; a reference that the model was trained on hides
    a loss instead (LT903).

    Fix: keep the real data and add to it instead of replacing it; sample at temperature 1; do not filter by typicality.

    Silence: set --margin tail=… before looking at the data; the margin is part of the report.

    See it: `longtail demo`: a language model that learns from its own text, generation by generation, with and without the human text
    beside it.
    """
    estimates = evidence.estimates
    if not estimates:
        return _unmeasured(evidence)
    for status, decision in (("fail", "shrunk"), ("warn", "watch")):
        decisive = [estimate for estimate in estimates if estimate.decision == decision]
        if decisive:
            return _found(status, evidence, decisive)
    if any(estimate.decision == "inconclusive" for estimate in estimates):
        return _inconclusive(estimates)
    return Verdict(status="pass", because="; ".join(map(sentence, estimates)), evidence=tuple(map(sentence, estimates)))


def _unmeasured(evidence: Evidence) -> Verdict:
    if evidence.decided_on is None:
        return evidence.uncompared()
    reasons = "; ".join(sorted({absence.reason for absence in evidence.absences})) or "no view was counted"
    fixes = [absence.enable for absence in evidence.absences if absence.enable]
    return Verdict(status="not_measured", because=reasons, enable=fixes[0] if fixes else WITH_REFERENCE)


def sentence(estimate: Estimate) -> str:
    """Return an estimate in words, with its interval."""
    against = BASELINES[estimate.baseline or "reference"]
    of = f"{estimate.view}, {estimate.slice}" if estimate.slice else estimate.view
    return f"{NAMES[estimate.metric]} ({of}) {estimate.value:.2f} of {against} [{estimate.low:.2f}, {estimate.high:.2f}]"


def _found(status: str, evidence: Evidence, decisive: list[Estimate]) -> Verdict:
    return Verdict(
        status="fail" if status == "fail" else "warn",
        because="; ".join(map(sentence, decisive)),
        where="candidate",
        evidence=tuple(map(sentence, evidence.estimates)),
        remedy=_LOST if status == "fail" else _THINNING,
    )


def _inconclusive(estimates: list[Estimate]) -> Verdict:
    needed = max((e.documents_needed or 0 for e in estimates if e.decision == "inconclusive"), default=0)
    told = f"; about {needed:,} documents would decide" if needed else ""
    return Verdict(
        status="not_measured",
        because=f"inconclusive: {'; '.join(map(sentence, estimates))}{told}",
        enable=f"audit at least {needed:,} documents, with a reference that grows alike"
        if needed
        else "audit more documents, on both sides",
    )


@RULES.add(
    "LT308",
    title="class coverage",
    metric="class_share",
    convention="fail where the upper bound of a class's share, relative to the baseline, is below the margin (default 0.90)",
    source="Schuirmann 1987, Westfall & Young 1993; decision 0006",
)
def class_coverage(evidence: Evidence) -> Verdict:
    """Some classes of documents have gone, or hold less of the data, more than the margin allows.

    Why: what is lost first is what is asked for least: a minority's topics, a rare defect, a small language. An average over
    all classes hides it.

    Symptoms: a minority class disappeared; generator stopped drawing rare classes; a small language vanished from the data; class imbalance
    got worse; bias amplification.

    How measured: the reference's choosing half names the classes of a column, which may be classes of a table or folders of
    pictures too; their shares of the documents are compared with the baseline's. All classes that can be audited and both
    measures of the tail are decided together.

    Formula: retained = share of a class in the candidate / its share in the baseline; fail where its upper bound < margin.

    Minimum: at least 3 documents of a class expected in the candidate, more where there are many classes; rarer ones are
    listed as not auditable.

    False positives: a candidate that was asked for other classes than the baseline.

    Fix: add real documents of the classes that went; generate by class with fixed quotas.

    Silence: leave the column out of --by.

    See it: `longtail lab scenario images` (needs the extra torch): a generator of images that loses its minorities.
    """
    estimates = [outcome for outcome in evidence.classes if isinstance(outcome, Estimate)]
    if not estimates:
        return _no_classes(evidence)
    for status, decision in (("fail", "shrunk"), ("warn", "watch")):
        gone = [estimate for estimate in estimates if estimate.decision == decision]
        if gone:
            return _classes(status, estimates, gone)
    if any(estimate.decision == "inconclusive" for estimate in estimates):
        open_ones = [estimate for estimate in estimates if estimate.decision == "inconclusive"]
        told = "; ".join(map(_class, open_ones[:_SHOWN_CLASSES]))
        return Verdict(status="not_measured", because=f"inconclusive for {len(open_ones)} of {len(estimates)} classes: {told}",
                       enable="audit more documents, on both sides")  # fmt: skip
    return Verdict(status="pass", because=f"{len(estimates)} classes keep their share", evidence=tuple(map(_class, estimates)))


_SHOWN_CLASSES = 5


def _no_classes(evidence: Evidence) -> Verdict:
    if evidence.decided_on is None:
        return evidence.uncompared()
    reasons = [outcome for outcome in evidence.classes if not isinstance(outcome, Estimate)]
    if not reasons:
        return Verdict(status="not_measured", because="no column of classes was named", enable="longtail audit DATA --by COLUMN")
    return Verdict(status="not_measured", because=reasons[0].reason, enable=reasons[0].enable)


def _class(estimate: Estimate) -> str:
    """Return a class and what is left of its share, in words."""
    return f"{estimate.slice!r} {estimate.value:.2f} [{estimate.low:.2f}, {estimate.high:.2f}]"


def _classes(status: str, estimates: list[Estimate], gone: list[Estimate]) -> Verdict:
    extent = "all" if len(gone) == len(estimates) else "some (partial)"
    shown = sorted(gone, key=lambda estimate: (estimate.value, estimate.slice or ""))
    more = f" and {len(gone) - _SHOWN_CLASSES} more" if len(gone) > _SHOWN_CLASSES else ""
    against = BASELINES[gone[0].baseline or "reference"]
    told = "; ".join(map(_class, shown[:_SHOWN_CLASSES]))
    return Verdict(
        status="fail" if status == "fail" else "warn",
        because=f"{len(gone)} of {len(estimates)} classes, {extent}, hold less than in {against}: {told}{more}",
        where="candidate",
        evidence=tuple(map(_class, sorted(estimates, key=lambda estimate: (estimate.value, estimate.slice or "")))),
        remedy="add real documents of these classes, or generate by class with fixed quotas",
    )
