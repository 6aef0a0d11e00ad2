"""LT5xx: what a model's own probabilities show."""

import math

from longtail.records import Estimate, Verdict
from longtail.rules.absent import unmeasured
from longtail.rules.catalogue import RULES
from longtail.rules.evidence import Evidence

_SCORES = "longtail audit DATA --scores CANDIDATE.jsonl --baseline-scores BASELINE.jsonl, each with rows of split own"
_REMEDY = "keep human text in training; a model that suits its own output better and human text worse is learning from itself"
_MOST_NATS = 20.0
"""Loss per token above which a perplexity is told as a power of e: it is beyond any vocabulary, and soon beyond any number."""


@RULES.add(
    "LT501",
    title="perplexity pair",
    metric="human_nll_change, own_nll_change",
    convention="fail where loss on human text rose by more than the margin (default 0.02 nats/token) and loss on own output did not; "
    "warn on a rise inside the margin, or where own output rose too or is open; bounds of 95 % intervals decide",
    source="Shumailov et al. 2024, Gerstgrasser et al. 2024; paired differences, delete-a-group jackknife (Kott 2001)",
)
def perplexity_pair(evidence: Evidence) -> Verdict:
    """A model predicts human text worse than its baseline did, and its own output as well or better.

    Why: a model that learns from itself moves towards what it writes and away from what people write. Either number alone misleads:
    own output gets easier at a lower temperature, and human text harder in another subject.

    Symptoms: perplexity on its own output falls; perplexity on human text rises; loss improves on synthetic validation data only; model is
    confident and wrong on real text.

    How measured: both models score the same held-out human documents (paired difference), and each model its own samples (rows of
    split own; difference of two means). Both changes are told as perplexities and in nats per token, each with its 95 % interval.

    Formula: change = loss per token of the candidate's model - that of the baseline's, on human text and on own output; fail where the
    lower bound on human text > margin and the upper bound on own output <= margin.

    Minimum: 96 human documents that both models scored, 16 samples of each model.

    False positives: own samples of unlike length or decoding settings; a candidate trained for another subject than the human text's.

    Fix: accumulate human data instead of replacing it; watch the pair at each checkpoint.

    Silence: set --margin nll=… before looking at the data; leave the rows of split own out.

    See it: `longtail lab experiment perplexity-pair`: what the two perplexities show of a collapse, and what they do not.
    """
    human, own = (next(iter(evidence.of(metric)), None) for metric in ("human_nll_change", "own_nll_change"))
    if not isinstance(human, Estimate) or not isinstance(own, Estimate):
        return unmeasured((human, own), "no scores of human text and of own output by two models were given", _SCORES)
    told = (_told("human text", human), _told("own output", own))
    because = "; ".join(told)
    if human.decision == "ok":
        return Verdict(status="pass", because=because, evidence=told)
    if human.decision == "inconclusive":
        return Verdict(status="not_measured", because=f"inconclusive: {because}", enable="scores of more held-out human documents")
    return Verdict(
        status="fail" if human.decision == "shrunk" and own.decision == "ok" else "warn",
        because=because,
        where="candidate",
        evidence=told,
        remedy=_REMEDY,
    )


def _told(name: str, change: Estimate) -> str:
    """Return a change as two perplexities and as a rise in nats, with its interval."""
    before = change.baseline_value or 0.0
    perplexities = f"{_perplexity(before)} -> {_perplexity(before + change.value)}"
    return f"perplexity of {name} {perplexities} ({change.value:+.3f} nats/token [{change.low:+.3f}, {change.high:+.3f}])"


def _perplexity(nats: float) -> str:
    return f"{math.exp(nats):.2f}" if nats <= _MOST_NATS else f"e^{nats:.1f}"
