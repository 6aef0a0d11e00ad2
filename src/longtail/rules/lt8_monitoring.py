"""LT801, LT802 and LT805: whether anybody would notice."""

import re
from datetime import timedelta

from longtail.records import Verdict
from longtail.rules.absent import WITH_HISTORY, no_pipeline, unstated
from longtail.rules.catalogue import RULES
from longtail.rules.evidence import WITH_REFERENCE, Evidence

EVERY_DAYS = 30
_MARKS = frozenset({
    "tail", "coverage", "hill", "entropy", "distinct", "diversity", "duplicate", "duplicates", "vendi", "rke", "variance", "richness",
    "novel", "novelty", "mattr", "hdd", "mmd", "mmd2", "compression", "support", "rare",
})  # fmt: skip
_PHRASES = ("self_bleu", "effective_rank", "class_share")
"""Words, and runs of words, in the names of measures of a distribution."""


@RULES.add(
    "LT801",
    title="accuracy only",
    metric="metrics that the pipeline tracks",
    convention="fail where none of them measures the distribution",
    source="Shumailov et al. 2024; Dohmatob et al. 2024: averages stay flat while the tail goes",
)
def accuracy_only(evidence: Evidence) -> Verdict:
    """Only the success on tasks is tracked, so that a loss of the rare would not show.

    Why: benchmarks live among common cases. Accuracy stays flat, or rises, while the tail dies out.

    Symptoms: benchmarks are flat but users complain; only accuracy is tracked; evaluation does not notice collapse; which metrics detect
    model collapse.

    How measured: the names under `metrics` in the pipeline are searched for measures of a distribution: tail, coverage, entropy,
    distinct-n, duplicates and their like.

    Formula: seen = tracked names that name a measure of a distribution; fail where names are tracked and seen = 0.

    Minimum: a pipeline that names its metrics.

    False positives: a measure of the distribution under a name of your own; name what it measures in it, such as tail_topics.

    Fix: track `tail_types_retained` and `tail_mass_retained` beside accuracy: audit every generation against the first.

    Silence: name a measure of the distribution under `metrics` in the pipeline.

    See it: `longtail lab experiment tails-first`: the head's share of the mass stays where it was while more than half of the tail types
    go.
    """
    if evidence.pipeline is None:
        return no_pipeline()
    tracked = evidence.pipeline.metrics
    if not tracked:
        return unstated("the pipeline does not say what is tracked (metrics)", "longtail audit DATA --pipeline PIPELINE.toml")
    spread = [name for name in tracked if _is_of_a_distribution(name)]
    if spread:
        return Verdict(status="pass", because=f"the distribution is tracked by {', '.join(spread)}")
    return Verdict(
        status="fail",
        because=f"only {', '.join(tracked)} {'is' if len(tracked) == 1 else 'are'} tracked: none of it measures the distribution",
        where="candidate",
        remedy="track tail_types_retained and tail_mass_retained beside it, and name them under metrics",
    )


def _is_of_a_distribution(name: str) -> bool:
    words = re.findall(r"[a-z0-9]+", name.lower())
    return not _MARKS.isdisjoint(words) or any(phrase in "_".join(words) for phrase in _PHRASES)


@RULES.add(
    "LT802",
    title="audit overdue",
    metric="days since the last audit",
    convention=f"warn after audit_every_days of the pipeline, {EVERY_DAYS} by default",
    source="own definition: the history of audits, or last_audit of the pipeline",
)
def audit_overdue(evidence: Evidence) -> Verdict:
    """The audit before this one is longer ago than the team has allowed.

    Why: a loop that was healthy at the last look is not therefore healthy now; collapse is gradual, and what is noticed late is
    dear to undo.

    Symptoms: nobody has checked the model for months; how often to audit training data; collapse noticed too late.

    How measured: the day of the last audit in the history, also of one made again on the same data, or `last_audit` of the pipeline if
    that is later, against today.

    Formula: age = days from the last audit to today; warn where age > audit_every_days.

    Minimum: one audit in the history, or `last_audit`.

    False positives: audits that were made without the history.

    Fix: audit on a schedule, also when all is well, with one history.

    Silence: set audit_every_days to what the loop needs.

    See it: `longtail drill longtail-demo/train.jsonl --reference longtail-demo/human.jsonl --every-days 30` after `longtail demo`: how long
    a planted collapse goes unseen at that pace.
    """
    if evidence.last_audit is None or evidence.today is None:
        if evidence.has_history:
            return unstated("no audit before this one is in the history", f"{WITH_HISTORY}, again after some time")
        return unstated("no history of audits", WITH_HISTORY)
    stated = evidence.pipeline.audit_every_days if evidence.pipeline else None
    due = evidence.last_audit + timedelta(days=stated or EVERY_DAYS)
    because = f"the last audit was made on {evidence.last_audit}, the next was due by {due} (every {stated or EVERY_DAYS} days)"
    if evidence.today <= due:
        return Verdict(status="pass", because=because)
    return Verdict(status="warn", because=because, where="candidate", remedy="audit on a schedule, with one history (--history FILE)")


@RULES.add(
    "LT805",
    title="compared with the last generation only",
    metric="which baselines were given",
    convention="warn where the generation before is the only one",
    source="own definition; steps that are each inside the noise add up",
)
def last_generation_only(evidence: Evidence) -> Verdict:
    """The data set was held against the generation before it, and against nothing that stays put.

    Why: each step is small and looks like noise; ten of them are a collapse. Only a fixed point (people, or generation 1) shows it.

    Symptoms: every release is only slightly worse than the last; slow drift that no comparison notices; A/B test against the previous model
    is neutral each time.

    How measured: `--against` was given, and neither a reference, nor a baseline, nor a control.

    Formula: a finding where --against was given and --reference, --baseline and --control were not.

    Minimum: one data set to compare with.

    False positives: a loop of two generations, of which the one before is the first: give it as --baseline.

    Fix: compare with generation 1 and human text as well.

    Silence: give a fixed point beside it: --baseline or --reference.

    See it: `longtail audit longtail-demo/replace/gen5.jsonl --against longtail-demo/replace/gen4.jsonl` after `longtail demo`: the last
    step alone, in which little is seen.
    """
    if evidence.measured or evidence.refused:
        return Verdict(status="pass", because="compared with a baseline that stays put, not only with the generation before")
    if not evidence.has_against:
        return evidence.uncompared()
    return Verdict(
        status="warn",
        because="compared with the generation before alone: small losses add up unseen",
        where="candidate",
        remedy=f"compare with generation 1 and with human text: {WITH_REFERENCE} --baseline GEN1.jsonl",
    )
