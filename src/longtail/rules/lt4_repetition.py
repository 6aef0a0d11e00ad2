"""LT4xx: repetition."""

from longtail.records import Estimate, NotMeasured, Verdict
from longtail.rules.catalogue import RULES
from longtail.rules.evidence import Evidence

WARN_SHARE = 0.01
FAIL_SHARE = 0.10

_COPIES = "keep one of each: sort by text, or drop repeated hashes, before training"
_CLUSTERS = "keep one of each cluster: longtail gate with near_duplicates, before training"


@RULES.add(
    "LT402",
    title="duplicates",
    metric="exact_duplicate_share, near_duplicate_share",
    convention=f"warn from {WARN_SHARE:.0%} of documents, fail from {FAIL_SHARE:.0%}, of exact copies or of exact and near ones "
    "together; conventions, not laws",
    source="exact count; Broder 1997, Indyk & Motwani 1998",
)
def duplicates(evidence: Evidence) -> Verdict:
    """Documents repeat one another, word for word or nearly.

    Why: a repeated document counts as often as it stands there; the model learns it by heart and says it again, and
    every count of variety is too high for what there is.

    Symptoms: duplicate rows in training data; the model memorises and recites; near-duplicate documents; the same answer many times.

    How measured: documents are compared by a hash of their text (Unicode NFC, white space around it aside); every
    copy after the first counts. Near copies share one of 16 bands of 8 values of a MinHash signature over runs of five words
    with a document before them: 6 % of pairs do at a similarity of .5, 61 % at .7, 95 % at .8. Where near copies were not
    looked for, exact ones decide alone.

    Formula: share = documents that repeat an earlier one / documents; warn where share >= 0.01, fail where share >= 0.10.

    Minimum: one document; exact copies need no sample, near ones are looked for with the view near_duplicates.

    False positives: short stock phrases that are meant to repeat; forms and tables that differ in a few fields.

    Fix: drop copies before training; keep one of each (longtail gate, near_duplicates).

    Silence: no threshold of its own; drop the copies (longtail gate).

    See it: `longtail audit longtail-demo/replace/gen5.jsonl` after `longtail demo`: copies in what a loop without human text writes.
    """
    exact = evidence.duplicates
    if isinstance(exact, NotMeasured):
        return Verdict(status="not_measured", because=exact.reason, enable="longtail audit DATA")
    near = [found for found in evidence.of("near_duplicate_share") if isinstance(found, Estimate)]
    counted = dict(zip(("exact", "exact or near"), (exact, *near[:1]), strict=False))
    greatest = max(found.value for found in counted.values())
    because = f"{exact.value:.1%} of documents are exact copies of another"
    if near:
        because += f", {near[0].value:.1%} exact or near ones"
    if greatest < WARN_SHARE:
        return Verdict(status="pass", because=because)
    return Verdict(
        status="fail" if greatest >= FAIL_SHARE else "warn",
        because=because,
        where="candidate",
        evidence=tuple(f"{round(found.value * found.n):,} of {found.n:,} documents, {kind}" for kind, found in counted.items()),
        remedy=_COPIES if exact.value >= WARN_SHARE else _CLUSTERS,
    )
