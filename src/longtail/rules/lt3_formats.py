"""LT306: whether the documents have become one format."""

from collections.abc import Sequence

import msgspec

from longtail.metrics.rollouts.conventions import FACTS, TAKEN
from longtail.records import Estimate, Outcome, Verdict
from longtail.rules.absent import unmeasured
from longtail.rules.catalogue import RULES
from longtail.rules.evidence import Evidence
from longtail.rules.lt3_tails import BASELINES

MARGIN, ALONE = 0.90, 0.95
"""Ratio of the effective number of formats that counts as kept; share of one format that is told without a baseline."""
PLAIN = "prose"
FEWEST = 30
"""Documents below which shares of formats are not judged without a baseline."""

_REMEDY = "keep documents of the other formats in the mix, with fixed quotas; reward formats alike where answers are alike"


@RULES.add(
    "LT306",
    title="format share",
    metric="format_share, effective_formats",
    convention=f"warn where the upper bound of the effective number of formats over the baseline's is below {MARGIN:.2f}; fail where one "
    f"format then holds {TAKEN:.2f} of the documents or more; alone, warn from {ALONE:.2f} of any format but prose; of rollouts, beside "
    f"the begin of the run: {FACTS['LT306']['convention']}",
    source="Hill 1973; Zhao et al. 2025 (convergence on one format under reinforcement); own heuristics of formats",
)
def format_share(evidence: Evidence) -> Verdict:
    """One format of documents has pushed out the others.

    Why: under reinforcement, and over generations, models settle on one format of answers, such as code, within a few steps. It
    need not be the best one, and what was only written in the others goes with them.

    Symptoms: the model answers everything as a list; every output is code now; format collapse after reinforcement learning; bullet points
    everywhere.

    How measured: each document has one format (prose, list, table, code, mathematics, JSON, markup, YAML, dialogue, other), by fixed
    rules. Their effective number, the exponential of the entropy of their shares, is divided by the baseline's; in a lineage the
    last generation is held against the first. With --rollouts the completions in the last window of a training run are held against
    the first window, and a format that won although another succeeded more often is named: won, not better.

    Formula: N = exp(-sum of s ln s), where s is the share of a format; warn where the upper bound of N / N of the baseline < 0.90, fail
    where moreover one s >= 0.80.

    Minimum: 30 documents without a baseline; of a training run 64 groups of completions over two steps or more.

    False positives: a candidate that was asked for one format; formats are told by rules of thumb, and mixed documents by the first
    that fits.

    Fix: keep documents of the other formats in the mix, with fixed quotas; reward formats alike where answers are alike.

    Silence: no threshold of its own; ask for the format that is meant in the baseline as well.

    See it: `longtail lab experiment selection-and-editing`: selection by one taste narrows faster than no selection.
    """
    documents = _of_documents(evidence)
    return documents if evidence.rollouts is None else _gravest(documents, evidence.rollouts["LT306"])


def _gravest(documents: Verdict, rollouts: Verdict) -> Verdict:
    """Return the graver of two verdicts, which tells of the other: a run that was named and could not be judged is no pass."""
    order = ("fail", "warn", "pass") if documents.status in ("fail", "warn") else ("fail", "warn", "not_measured", "pass")
    said = msgspec.structs.replace(rollouts, because=f"rollouts: {rollouts.because}")
    told = [each for each in (documents, said) if each.status in order and (each is said or each.status != "not_measured")]
    first = min(told, key=lambda each: order.index(each.status))
    because = "; ".join(each.because for each in told)
    return msgspec.structs.replace(first, because=because, evidence=tuple(line for each in told for line in each.evidence))


def _of_documents(evidence: Evidence) -> Verdict:
    """Return the verdict on the documents."""
    outcomes = evidence.of("format_share", "effective_formats")
    shares, ratios = _estimates(outcomes, "format_share", "value"), _estimates(outcomes, "effective_formats", "ratio")
    if not shares:
        return unmeasured(outcomes, "no view of formats was counted", "audit texts")
    top = _top(shares, _last(shares))
    if ratios:
        return _compared(top, ratios[-1], shares)
    if len({share.generation for share in shares}) > 1:
        return _over_generations(top, shares)
    return _alone(top, shares)


def _estimates(outcomes: Sequence[Outcome], metric: str, kind: str) -> list[Estimate]:
    return [each for each in outcomes if isinstance(each, Estimate) and each.metric == metric and each.kind == kind]


def _last(shares: Sequence[Estimate]) -> int | None:
    """Return the last generation, or None where shares name none."""
    return max((share.generation for share in shares if share.generation is not None), default=None)


def _top(shares: Sequence[Estimate], generation: int | None) -> Estimate:
    return max((share for share in shares if share.generation == generation), key=lambda share: share.value)


def _compared(top: Estimate, ratio: Estimate, shares: Sequence[Estimate]) -> Verdict:
    against = BASELINES[ratio.baseline or "reference"]
    said = f"{ratio.value:.2f} of the effective formats of {against} [{ratio.low:.2f}, {ratio.high:.2f}]; {_share(top)}"
    if ratio.high >= MARGIN:
        return Verdict(status="pass", because=said, evidence=_told(shares, top.generation))
    return _found("fail" if top.value >= TAKEN else "warn", said, shares, top)


def _over_generations(top: Estimate, shares: Sequence[Estimate]) -> Verdict:
    course = {share.generation: share for share in shares if share.slice == top.slice and share.generation is not None}
    first = min(share.generation for share in shares if share.generation is not None)
    began = course.get(first)
    taken = [generation for generation, share in course.items() if share.value >= TAKEN]
    said = f"{_share(top)} in generation {top.generation}, {began.value if began else 0.0:.1%} in generation {first}"
    if top.value < TAKEN or (began is not None and top.low <= began.high):
        return Verdict(status="pass", because=said, evidence=_told(shares, top.generation))
    return _found("fail", f"{said}; it passed {TAKEN:.2f} in generation {min(taken)}", shares, top)


def _alone(top: Estimate, shares: Sequence[Estimate]) -> Verdict:
    if top.n < FEWEST:
        return Verdict(status="not_measured", because=f"{top.n} documents", enable=f"audit at least {FEWEST} documents")
    if top.value < ALONE or top.slice == PLAIN:
        return Verdict(status="pass", because=_share(top), evidence=_told(shares, top.generation))
    return _found("warn", f"{_share(top)}; there is nothing to compare it with", shares, top)


def _share(top: Estimate) -> str:
    return f"{top.slice} is the format of {top.value:.1%} of the documents [{top.low:.1%}, {top.high:.1%}]"


def _told(shares: Sequence[Estimate], generation: int | None) -> tuple[str, ...]:
    return tuple(f"{share.slice}: {share.value:.1%}" for share in shares if share.generation == generation)


def _found(status: str, because: str, shares: Sequence[Estimate], top: Estimate) -> Verdict:
    return Verdict(
        status="fail" if status == "fail" else "warn",
        because=because,
        where="candidate",
        evidence=_told(shares, top.generation),
        remedy=_REMEDY,
    )
