"""LT305: the tail falls while the average holds."""

from longtail.records import Estimate, Verdict
from longtail.rules.catalogue import RULES
from longtail.rules.evidence import Evidence

GAP_MARGIN = 0.05

_BOTH_SCORES = "longtail audit DATA --scores CANDIDATE.jsonl --baseline-scores BASELINE.jsonl (columns correct, tail)"


@RULES.add(
    "LT305",
    title="tail-average gap",
    metric="tail_gap, tail_accuracy, accuracy",
    convention=f"fail where the tail lost at least {GAP_MARGIN} more than the average (share of right answers, or nats per token), by the "
    "bound of the interval that is nearest 0; warn where that bound is past 0; a convention, not a law",
    source="own definition; paired difference, delete-a-group jackknife (Kott 2001); decision 0008",
)
def tail_average_gap(evidence: Evidence) -> Verdict:
    """A model loses on the rare documents of a frozen set what it does not lose on average.

    Why: an average over a frozen set is an average over its common cases; it barely moves while the rare ones go.

    Symptoms: accuracy is the same but rare cases fail; average loss improved and the tail got worse; regression on edge cases; minority
    performance drops.

    How measured: the tail is what the column `tail` of the scores marks, else the 5 % of documents with the greatest mean loss of both
    models. The change of the candidate against the baseline model on the tail, less its change on all documents, paired by
    document: of the share of right answers where both files have the column `correct`, else of the loss per token.

    Formula: gap = change of the candidate against the baseline model on the tail - its change on all documents; fail where the bound of its
    95 % interval nearest to 0 is a loss of at least 0.05, warn where it is a loss at all.

    Minimum: 96 documents that both models scored, those of the tail in 16 groups of 64.

    False positives: a tail that was chosen because the candidate does badly on it; a tail with other kinds of questions than the rest,
    where both models were trained for the rest.

    Fix: add real documents of the tail's kind; keep rare cases when filtering and when choosing what to train on.

    Silence: leave the column correct out of the scores, and losses are compared; leave --baseline-scores out.

    See it: `longtail lab experiment runway`: rare types go before the mean moves.
    """
    gaps = evidence.of("tail_gap")
    if not gaps:
        return Verdict(status="not_measured", because="no scores of two models were given", enable=_BOTH_SCORES)
    gap = gaps[0]
    if not isinstance(gap, Estimate):
        return Verdict(status="not_measured", because=gap.reason, enable=gap.enable or _BOTH_SCORES)
    nearest, furthest = _lost(gap)
    told = _told(gap, evidence)
    if nearest > 0:
        return _widened("fail" if nearest >= GAP_MARGIN else "warn", told, gap)
    if furthest < GAP_MARGIN:
        return Verdict(status="pass", because=told, evidence=(gap.method,))
    return Verdict(status="not_measured", because=f"inconclusive: {told}", enable="scores of more documents of the tail")


def _lost(gap: Estimate) -> tuple[float, float]:
    """Return the least and the most that the tail lost beyond the average, at the bounds of the interval."""
    return (gap.low, gap.high) if gap.unit == "nats/token" else (-gap.high, -gap.low)


def _widened(status: str, told: str, gap: Estimate) -> Verdict:
    return Verdict(
        status="fail" if status == "fail" else "warn",
        because=told,
        where="candidate",
        evidence=(gap.method,),
        remedy="add real documents of the tail's kind, and report the tail beside the average",
    )


def _told(gap: Estimate, evidence: Evidence) -> str:
    """Return both moves and the gap in words."""
    is_loss = gap.unit == "nats/token"
    names = {"tail_nll": "tail loss", "heldout_nll": "average loss"} if is_loss else {"tail_accuracy": "tail", "accuracy": "average"}
    moves = [f"{name} {_move(found)}" for metric, name in names.items() if (found := _estimate(evidence, metric)) is not None]
    lost = gap.value if is_loss else -gap.value
    nearest, furthest = _lost(gap)
    unit = "nats/token" if is_loss else "of answers"
    word = "the tail lost" if lost >= 0 else "the tail lost less:"
    return f"{', '.join([*moves, word])} {lost:.3f} {unit} beyond the average [{nearest:.3f}, {furthest:.3f}]"


def _estimate(evidence: Evidence, metric: str) -> Estimate | None:
    return next((found for found in evidence.of(metric) if isinstance(found, Estimate) and found.baseline_value is not None), None)


def _move(change: Estimate) -> str:
    before = change.baseline_value or 0.0
    return f"{before:.2f} -> {before + change.value:.2f}"
