"""LT203 to LT205: how much model output a training set holds, and how much it counts."""

from longtail.records import Verdict
from longtail.rules.absent import TAG, WITH_PIPELINE, no_pipeline, unstated, untagged
from longtail.rules.catalogue import RULES
from longtail.rules.evidence import Evidence
from longtail.rules.mix import Mix

MOST_INFLUENCE = 0.001
PAR = 0.01
"""Relative discount below which two weights count as equal."""


@RULES.add(
    "LT203",
    title="synthetic share over policy",
    metric="share of documents that a model had a hand in",
    convention="fail above max_synthetic of the pipeline; untagged documents count as unknown, not as human",
    source="own definition: the column lt_origin",
)
def over_policy(evidence: Evidence) -> Verdict:
    """The data set holds more model output than the team has allowed.

    Why: how much synthetic text a loop bears depends on what else keeps it honest; whatever limit a team has set, it holds
    only if somebody counts.

    Symptoms: how much synthetic data is too much; ratio of synthetic to real data; more generated than human rows in the training set.

    How measured: documents of every origin but `human` and `unknown` over all documents. With documents of unknown origin the
    share is known only within a range: the verdict is given where the whole range lies on one side of the limit.

    Formula: share = documents that a model had a hand in / documents; fail where share > max_synthetic; not measured where share <=
    max_synthetic < share + unknown share.

    Minimum: one tagged document, and a limit.

    False positives: documents tagged `mixed` or `model_edited` of which little is a model's.

    Fix: add human documents; draw the next training set with `--min-real`; or tag what is still unknown.

    Silence: raise max_synthetic in the pipeline; the report states it.

    See it: `longtail lab experiment no-safe-share`: whether one share of synthetic data is safe whatever else the loop does.
    """
    mix = evidence.mix
    limit = evidence.pipeline.max_synthetic if evidence.pipeline else None
    if mix is None:
        return untagged(is_enough=limit is not None)
    if evidence.pipeline is None:
        return no_pipeline()
    if limit is None:
        return unstated("no limit on the synthetic share is set (max_synthetic)", WITH_PIPELINE)
    return _against(limit, mix)


def _against(limit: float, mix: Mix) -> Verdict:
    share, unknown = mix.model.documents / mix.documents, mix.unknown.documents / mix.documents
    told = f"synthetic share of {mix.named} {share:.3f}, unknown {unknown:.3f}; the limit is {limit:.3f}"
    if share > limit:
        return Verdict(
            status="fail",
            because=told,
            where="candidate",
            evidence=(
                f"human {mix.real.documents:,}",
                f"a model had a hand in {mix.model.documents:,}",
                f"unknown {mix.unknown.documents:,}",
            ),
            remedy="add human documents, or draw the training set with a floor of real rows (--min-real)",
        )
    if share + unknown > limit:
        return Verdict(
            status="not_measured", because=f"{told}: documents without an origin (LT101) leave it open", enable=TAG, waits_on="LT101"
        )
    return Verdict(status="pass", because=told)


@RULES.add(
    "LT204",
    title="synthetic counted at par",
    metric="mean weight of model-made documents over that of human ones",
    convention=f"warn where the discount is below {PAR:.0%}; documents without a weight count 1",
    source="own definition: the column lt_weight",
)
def counted_at_par(evidence: Evidence) -> Verdict:
    """Real and synthetic documents are mixed, and a synthetic one counts as much as a real one.

    Why: synthetic documents repeat what a model already knows and inherit its errors. Taken as free real data they outvote what
    people wrote as their number grows.

    Symptoms: synthetic data drowns out the real data; should generated rows be down-weighted; augmentation made the model worse.

    How measured: the mean `lt_weight` of documents that a model had a hand in is divided by that of human ones. Where no weight is
    stated, both are 1.

    Formula: discount = 1 - mean weight of a model-made document / mean weight of a human one; warn where discount < 0.01.

    Minimum: one document of each kind.

    False positives: synthetic documents that a verifier has proved right, where par is a choice.

    Fix: give synthetic documents a weight below 1 (`longtail mix --discount 0.3`), and pass weights to the trainer.

    Silence: any discount of 1 % or more.

    See it: `longtail lab run gaussian --policy weighted:golden --policy weighted:0.9`: what the weight of new real rows does to the error
    of a loop.
    """
    mix = evidence.mix
    if mix is None:
        return untagged()
    if not mix.is_mixed:
        return _unmixed(mix)
    ratio = mix.model.mean / mix.real.mean if mix.real.mean else float("inf")
    told = f"a synthetic document of {mix.named} counts {mix.model.mean:.2f}, a human one {mix.real.mean:.2f}"
    if ratio <= 1 - PAR:
        return Verdict(status="pass", because=told)
    return Verdict(
        status="warn",
        because=told + ("" if mix.is_weighted else "; no weights are set"),
        where="candidate",
        evidence=(f"{mix.real.documents:,} human documents", f"{mix.model.documents:,} that a model had a hand in"),
        remedy="give synthetic documents a weight below 1 (lt_weight, or --discount where the training set is drawn)",
    )


def _unmixed(mix: Mix) -> Verdict:
    return Verdict(status="pass", because=f"real and synthetic documents are not mixed in {mix.named}")


@RULES.add(
    "LT205",
    title="small set, high influence",
    metric="part of all weight that one model-made document has",
    convention=f"warn from {MOST_INFLUENCE:.1%} of the weight per document",
    source="own definition",
)
def high_influence(evidence: Evidence) -> Verdict:
    """In a small data set each contaminated document weighs much.

    Why: the share of synthetic text is the same in 200 documents as in 200,000, but one bad document of 200 is seen in every
    second batch; what it has wrong is learned by heart.

    Symptoms: small fine-tuning set with some AI rows; model learned a wrong answer by heart; a handful of bad examples spoils fine-tuning.

    How measured: the mean weight of a document that a model had a hand in, over the sum of all weights. Without weights it is one
    over the number of documents.

    Formula: influence = mean weight of a model-made document / sum of all weights; warn where influence >= 0.001.

    Minimum: one document of each kind.

    False positives: a small set whose synthetic documents have all been read by a person; tag them `human_selected` and let
    LT204 judge their weight.

    Fix: add human documents; lower the weight of synthetic ones; have people read each of them, which a small set allows.

    Silence: no threshold of its own; it warns and does not fail.

    See it: `longtail lab experiment contamination-floor`: what one synthetic row in a thousand does at several sizes.
    """
    mix = evidence.mix
    if mix is None:
        return untagged()
    if not mix.is_mixed:
        return _unmixed(mix)
    told = (
        f"one synthetic document of {mix.named} has {mix.influence:.2g} of all weight, "
        f"{mix.model.documents:,} of {mix.documents:,} are synthetic"
    )
    if mix.influence < MOST_INFLUENCE:
        return Verdict(status="pass", because=told)
    return Verdict(
        status="warn",
        because=told,
        where="candidate",
        remedy="add human documents, lower the weight of synthetic ones, or have people read each of them",
    )
