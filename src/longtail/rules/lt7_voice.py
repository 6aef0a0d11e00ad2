"""LT701: dated content whose voice turned and has less variety since."""

from longtail.records import Estimate, NotMeasured, Verdict
from longtail.rules.absent import unmeasured
from longtail.rules.catalogue import RULES
from longtail.rules.evidence import Evidence

METRIC = "voice_variety"
MARGIN = 0.90
ENABLE = "longtail watch DATA --date-column COLUMN"
_REMEDY = (
    "read the two pieces side by side; bring back briefs, writers and examples from before the turn, and keep finished posts out of"
    " what new posts are made from"
)


@RULES.add(
    "LT701",
    title="voice flattening",
    metric=METRIC,
    convention=f"fail where a turn is found and the whole interval of what is left of the variety is below {MARGIN:.2f} of the baseline"
    " periods', warn where a turn is found and it is not; a convention, not a law",
    source="Andrews 1993; Freedman & Lane 1983; Colwell et al. 2012",
)
def voice_flattening(evidence: Evidence) -> Verdict:
    """From one date on, dated content says less varied things than it did in its first periods.

    Why: each piece reads fine; what is lost is the difference between pieces, which nobody sees who reads them one by one.

    Symptoms: our blog posts all sound alike since we use AI; the brand voice became generic; content lost its variety; posts read fine and
    say nothing new.

    How measured: different words, openings and runs of four words in equally many documents of equally many words, period by period,
    and runs that the period before does not hold. A turn is a fall at one date that fits better than a flat series, and better than
    a steady drift; both are tested by relabelling the periods, with the search over dates in the p-value. What neighbouring periods
    have in common is kept beside a flat series.

    Formula: kept = variety after the turn / variety of the baseline periods; fail where a turn is found and its upper bound < 0.90, warn
    where a turn is found.

    Minimum: eight periods of 20 documents each.

    False positives: a change of subjects or of format at one date; watch the parts of --by to tell it. Subjects that last for several
    periods make neighbours alike; that is allowed for: with a correlation of half a turn is told in one flat series of fifty.

    Fix: bring back the briefs and examples of before the turn; do not make new posts from old ones alone.

    Silence: no threshold of its own; a slow drift is told and does not fail.

    See it: `longtail lab scenario content`: a production loop over quarters, dated to the quarter in which it turned.
    """
    found = evidence.of(METRIC)
    told = next((each for each in found if isinstance(each, Estimate) and each.decision is not None), None)
    if told is None:
        absent = [each for each in found if isinstance(each, NotMeasured)]
        return unmeasured(absent, "no dated content", ENABLE)
    because = _because(told)
    if told.decision == "inconclusive":
        return Verdict(status="not_measured", because=because, enable="more documents, or longer periods (--period)")
    if told.decision == "ok":
        return Verdict(status="pass", because=because, evidence=(because,))
    return Verdict(
        status="fail" if told.decision == "shrunk" else "warn", because=because, evidence=(because,), where="candidate", remedy=_REMEDY
    )


def _because(told: Estimate) -> str:
    interval = f"{told.value:.2f} [{told.low:.2f}, {told.high:.2f}] of that of the baseline periods"
    if told.decision in ("shrunk", "watch"):
        return f"a turn at {told.slice}: after it the variety is {interval}"
    if told.decision == "ok":
        return f"no turn was found; the variety of the last periods is {interval}"
    return f"no turn can be told; the variety of the last periods is {interval}"
