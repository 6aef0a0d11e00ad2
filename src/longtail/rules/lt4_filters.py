"""LT4xx: what a filter did."""

from longtail.metrics.filtering import FilterLoss
from longtail.records import NotMeasured, Verdict
from longtail.rules.catalogue import RULES
from longtail.rules.evidence import Evidence

_ENABLE = "longtail audit --before ALL.jsonl --after KEPT.jsonl"


@RULES.add(
    "LT401",
    title="filter cuts the tail",
    metric="filter_tail_kept",
    convention="fail where the upper bound of the ratio is below the margin (default 0.90); warn on a significant loss inside it",
    source="own definition; ratio estimator with delete-a-group jackknife (Kott 2001)",
)
def filter_cuts_the_tail(evidence: Evidence) -> Verdict:
    """A filter took more of the rare words than of the common ones.

    Why: what is least like the rest is what a filter on likeness, perplexity or length throws out first, and it is where rare
    but right cases live. Averages improve; the tail is gone on purpose.

    Symptoms: quality filter removes rare cases; perplexity filter hurts diversity; deduplication or filtering made the model worse; the
    filter throws out dialect.

    How measured: one half of the documents before the filter chooses its rare words (the lowest 10 % of the mass). The share of
    their tokens that was kept is divided by the same share of the common words, the first half of the mass; 1 means that the
    filter took both alike. Documents are the units, the same ones before and after.

    Formula: kept = (tokens of rare words after / before) / (tokens of common words after / before); fail where its upper bound < margin.

    Minimum: 96 documents before the filter.

    False positives: a filter that takes documents in another language or of pure noise, whose words are all rare; look at what
    was rejected.

    Fix: keep what is rare and valid: filter by what makes a document wrong, not by how usual it is; when unsure, keep.

    Silence: set --margin tail=… before looking at the data.

    See it: `longtail lab experiment similarity-filter`: a filter that drops the texts least like the real ones narrows what is left.
    """
    if evidence.filtered is None:
        return Verdict(status="not_measured", because="no data set before a filter was named", enable=_ENABLE)
    return verdict_on(evidence.filtered)


def verdict_on(found: FilterLoss) -> Verdict:
    """Return what LT401 says of what a filter took."""
    if isinstance(found.ratio, NotMeasured):
        return Verdict(status="not_measured", because=found.ratio.reason, enable=_ENABLE)
    told = _told(found)
    match found.ratio.decision:
        case "shrunk" | "watch" as decision:
            return Verdict(
                status="fail" if decision == "shrunk" else "warn",
                because=told,
                where="candidate",
                evidence=(f"rare words lost {found.rare_loss:.3f}", f"common words lost {found.common_loss:.3f}"),
                remedy="filter by what makes a document wrong, not by how usual it is; keep what is rare and valid, and what is unsure",
            )
        case "inconclusive":
            return Verdict(
                status="not_measured", because=f"inconclusive: {told}", enable="give more of what the filter saw, before and after"
            )
    return Verdict(status="pass", because=told)


def _told(found: FilterLoss) -> str:
    """Return what the filter took, in words."""
    ratio = found.ratio
    assert not isinstance(ratio, NotMeasured)
    return (
        f"the filter took {found.removed:.0%} of the documents, {found.rare_loss:.0%} of the rare words and {found.common_loss:.0%} of "
        f"the common ones: of rare words {ratio.value:.2f} is kept for 1 of common ones [{ratio.low:.2f}, {ratio.high:.2f}]"
    )
