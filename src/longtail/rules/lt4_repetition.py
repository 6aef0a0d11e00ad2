"""LT4xx: repetition."""

from longtail.records import NotMeasured, Verdict
from longtail.rules.catalogue import RULES
from longtail.rules.evidence import Evidence

WARN_SHARE = 0.01
FAIL_SHARE = 0.10


@RULES.add(
    "LT402",
    title="duplicates",
    metric="exact_duplicate_share",
    convention=f"warn from {WARN_SHARE:.0%} of documents, fail from {FAIL_SHARE:.0%}; conventions, not laws",
    source="own definition; exact count",
)
def duplicates(evidence: Evidence) -> Verdict:
    """Documents repeat one another word for word.

    Why: a repeated document counts as often as it stands there; the model learns it by heart and says it again, and
    every count of variety is too high for what there is.

    How measured: documents are compared by a hash of their text (Unicode NFC, white space around it aside); every
    copy after the first counts. Exact copies only.

    False positives: short stock phrases that are meant to repeat.

    Fix: drop copies before training; keep one of each.

    Silence: none yet.
    """
    share = evidence.duplicates
    if isinstance(share, NotMeasured):
        return Verdict(status="not_measured", because=share.reason, enable="longtail audit DATA")
    because = f"{share.value:.1%} of documents are exact copies of another"
    if share.value < WARN_SHARE:
        return Verdict(status="pass", because=because)
    return Verdict(
        status="fail" if share.value >= FAIL_SHARE else "warn",
        because=because,
        where="candidate",
        evidence=(f"{round(share.value * share.n):,} of {share.n:,} documents",),
        remedy="keep one of each: sort by text, or drop repeated hashes, before training",
    )
