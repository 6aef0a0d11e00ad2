"""LT803 and LT804: whether what was fixed stayed fixed, and what was waived has run out."""

from longtail.records import Verdict
from longtail.rules.absent import no_pipeline, unstated
from longtail.rules.catalogue import RULES
from longtail.rules.evidence import Evidence


@RULES.add(
    "LT803",
    title="reference not frozen",
    metric="hash of the reference beside the one that the pipeline has pinned",
    convention="fail where they differ, and nothing is compared; warn where none is pinned",
    source="own definition: SHA-256 of the file, as the report's inputs state it",
)
def reference_frozen(evidence: Evidence) -> Verdict:
    """The reference is not the one that the loop was measured by so far, or nobody has fixed it.

    Why: a reference that moves hides what it is to show. Let it drift with the models and every generation looks healthy.

    Symptoms: the test set changed; the evaluation set is regenerated with every model; results are not comparable between versions.

    How measured: the SHA-256 of the reference, of the sorted hashes of its parts if there are several, is compared with
    `reference_sha256` of the pipeline. While they differ, comparisons are not measured.

    Formula: a finding where SHA-256 of the reference is not reference_sha256 of the pipeline, or where the pipeline states none.

    Minimum: a reference that is a file.

    False positives: the same documents in another order or format; freeze the new file.

    Fix: go back to the reference that was frozen; or freeze the new one and measure generation 1 again by it.

    Silence: pin the reference that is meant: reference_sha256 in the pipeline.

    See it: `longtail audit longtail-demo/replace/gen5.jsonl --reference longtail-demo/replace/gen4.jsonl` after `longtail demo`: a
    reference that moves with the models, beside the verdict on human.jsonl.
    """
    if evidence.pipeline is None:
        return no_pipeline()
    pinned, found = evidence.pipeline.reference_sha256, evidence.reference_sha256
    if evidence.refused:
        return Verdict(
            status="fail",
            because=f"the reference has SHA-256 {found}, pinned is {pinned}; nothing was compared with it",
            where="reference",
            remedy="use the reference that was frozen, or pin the new one (reference_sha256) and measure generation 1 again by it",
        )
    if found is None:
        lack = "no reference that is a file, so there is no hash to hold against the pinned one"
        return unstated(lack, "longtail audit DATA --reference HUMAN.jsonl --pipeline PIPELINE.toml")
    if pinned is None:
        return Verdict(
            status="warn",
            because="the pipeline pins no reference, so that a change of it would not be noticed",
            where="reference",
            remedy=f'pin it in the pipeline: reference_sha256 = "{found}"',
        )
    return Verdict(status="pass", because="the reference is the one that was pinned")


@RULES.add(
    "LT804",
    title="override expired",
    metric="overrides of the pipeline whose last day has passed",
    convention="any; fail",
    source="own definition",
)
def override_expired(evidence: Evidence) -> Verdict:
    """A finding was accepted until a day, and that day has passed.

    Why: exceptions that nobody renews become the rule.

    Symptoms: a waiver was forgotten; temporary exception became permanent; the suppression has run out.

    How measured: `expires` of each override against today; the last day itself still counts. While it holds, a finding of its code
    is shown as suppressed and fails nothing; once it has run out, that finding stands again, and this one beside it.

    Formula: a finding where expires < today for any override.

    Minimum: a pipeline.

    False positives: an audit after midnight in UTC, where the owner's day is not over yet.

    Fix: mend what was waived, or renew the override with a reason.

    Silence: renew the override, or take it out; no override holds this finding back.

    See it: `longtail lab experiment prevention-and-cure`: what a loss that was let go costs to bring back.
    """
    if evidence.pipeline is None or evidence.today is None:
        return no_pipeline()
    overrides = evidence.pipeline.overrides
    expired = [each for each in overrides if not each.holds_on(evidence.today)]
    if not expired:
        return Verdict(status="pass", because=f"{len(overrides)} override{'' if len(overrides) == 1 else 's'}, none of them expired")
    lines = tuple(f"{each.code} expired on {each.expires}, owner {each.owner}: {each.reason}" for each in expired)
    return Verdict(
        status="fail",
        because="; ".join(lines[:3]),
        where="candidate",
        evidence=lines,
        remedy="mend what was waived, or renew the override with a reason",
    )
