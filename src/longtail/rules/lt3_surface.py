"""LT303 and LT304: variety on the surface of texts. People ask for these numbers by name; alone they do no more than warn."""

from longtail.records import Estimate, Verdict
from longtail.rules.absent import unmeasured
from longtail.rules.catalogue import RULES
from longtail.rules.evidence import WITH_REFERENCE, Evidence
from longtail.rules.lt3_tails import BASELINES

LEVEL = 0.05
RATIO_MARGIN = 0.90
ABSURD_SHARE = 0.10
"""Share of documents cast in one mould that is worth a warning without anything to compare with."""

COMPARED = ("distinct_n", "openings", "self_bleu", "compression_ratio", "mattr", "hdd", "mtld", "self_repetition", "template_share")
"""Measures that are looked at together: each is held to the level over their number."""

_SPOKEN = {"distinct_n": "different words in a row", "openings": "different openings", "self_bleu": "self-BLEU"}
_REMEDY = "draw at a higher temperature and from more prompts; keep the real data and add to it instead of replacing it"


@RULES.add(
    "LT303",
    title="distinct n-grams and openings",
    metric="distinct_n, openings, opening_share",
    convention=f"warn where a whole interval is below {RATIO_MARGIN:.2f} of the baseline's and p is at most {LEVEL} over the number of"
    f" surface measures, or where more than {ABSURD_SHARE:.0%} of documents begin alike; conventions, not laws",
    source="Li et al. 2016; Hurlbert 1971; decision 0003",
)
def distinct_and_openings(evidence: Evidence) -> Verdict:
    """Fewer different word sequences, or fewer ways to begin, than in the baseline.

    Why: a model that narrows says the same things in the same order, and begins its answers alike. People see the first words
    first.

    Symptoms: fine-tuned model repeats itself; every answer begins the same way; fewer distinct n-grams; stock phrases at the start of each
    reply; low lexical diversity.

    How measured: different words and pairs of words among equally many, and different first three words among equally many
    documents, each over the baseline's; both samples are cut by document hash to equally many distinct documents, of which units
    are permuted. Of one sample alone, the share of documents that begin with its commonest three words.

    Formula: ratio = expected different n-grams, or openings, among equally many of the candidate / the same of the baseline; warn where its
    upper bound < 0.90 and p <= 0.05 / number of surface measures; alone, where the lower bound of the share of the commonest
    opening > 0.10.

    Minimum: 96 distinct documents on each side; at most 2,048 are looked at.

    False positives: a narrower subject than the baseline's; a form that is meant to begin alike, such as letters or logs.

    Fix: draw at a higher temperature and from more prompts; do not filter by typicality.

    Silence: no threshold of its own; it warns and does not fail an audit.

    See it: `longtail lab experiment text-repeats --quick`: a language model that learns from its own text becomes repetitive.
    """
    shares = [found for found in _values(evidence, "opening_share") if found.low > ABSURD_SHARE]
    return judged(evidence, ("distinct_n", "openings"), [f"{share_of(each)} begin with {each.slice!r}" for each in shares], _REMEDY)


@RULES.add(
    "LT304",
    title="self-BLEU",
    metric="self_bleu",
    convention=f"warn where the whole interval is above the baseline's over {RATIO_MARGIN:.2f} and p is at most {LEVEL} over the number of"
    " surface measures; a convention, not a law",
    source="Zhu et al. 2018; Papineni et al. 2002; decision 0003",
)
def self_similarity(evidence: Evidence) -> Verdict:
    """Documents foretell one another's words better than the baseline's do.

    Why: where answers are variations of a few, each is foretold by the others; self-BLEU is the number by which many papers
    report it.

    Symptoms: all answers say the same; self-BLEU went up; generated stories are variations of one; outputs too similar to one another.

    How measured: BLEU of each document against equally many others of its own sample, itself left out, n-grams of 1 to 4 words;
    its mean over the baseline's, with equally many documents and references on both sides. Units of documents are permuted.

    Formula: ratio = mean self-BLEU of the candidate / mean self-BLEU of the baseline; warn where its lower bound > 1 / 0.90 and p <= 0.05 /
    number of surface measures.

    Minimum: 96 distinct documents on each side; at most 2,048 are looked at.

    False positives: longer documents than the baseline's, or a narrower subject.

    Fix: draw at a higher temperature and from more prompts; drop near copies.

    Silence: no threshold of its own; it warns and does not fail an audit.

    See it: `longtail lab experiment late-phase`: a closed loop ends in a narrow, confident model, whose outputs are alike.
    """
    return judged(evidence, ("self_bleu",), [], _REMEDY)


def judged(evidence: Evidence, metrics: tuple[str, ...], alone: list[str], remedy: str) -> Verdict:
    """Return the verdict on some measures: what speaks against the candidate alone comes first, then what the comparison says."""
    compared = compared_of(evidence, *metrics)
    level = LEVEL / max(1, len(compared_of(evidence, *COMPARED)))
    lost = [sentence(each) for each in compared if is_lost(each, level)]
    told = tuple(map(sentence, compared))
    if alone or lost:
        return Verdict(status="warn", because="; ".join((*alone, *lost)), where="candidate", evidence=told, remedy=remedy)
    if not compared:
        return _unmeasured(evidence, metrics)
    return Verdict(status="pass", because="; ".join(told), evidence=told)


def compared_of(evidence: Evidence, *metrics: str) -> list[Estimate]:
    """Return the comparisons of some measures that have a p-value."""
    found = [each for each in evidence.of(*metrics) if isinstance(each, Estimate)]
    return [each for each in found if each.baseline is not None and each.p is not None]


def is_lost(estimate: Estimate, level: float) -> bool:
    """Tell whether a whole interval lies beyond its margin, on the side of less variety, with a p-value of at most `level`."""
    if estimate.p is None or estimate.p > level:
        return False
    if estimate.metric == "template_share":
        return estimate.low > 1 - RATIO_MARGIN
    if estimate.metric == "self_bleu":
        return estimate.low > 1 / RATIO_MARGIN
    return estimate.high < RATIO_MARGIN


def share_of(estimate: Estimate) -> str:
    """Return a share of documents in words, with its interval."""
    return f"{estimate.value:.1%} [{estimate.low:.1%}, {estimate.high:.1%}] of documents"


def sentence(estimate: Estimate) -> str:
    """Return a comparison in words, with its interval."""
    against, interval = BASELINES[estimate.baseline or "reference"], f"[{estimate.low:.2f}, {estimate.high:.2f}]"
    if estimate.metric == "template_share":
        return f"share of documents with a template {estimate.value:+.2f} beside {against} {interval}"
    name = _SPOKEN[estimate.metric]
    shown = f" ({estimate.view})" if estimate.metric == "distinct_n" else ""
    return f"{name}{shown} {estimate.value:.2f} of {against} {interval}"


def _values(evidence: Evidence, metric: str) -> list[Estimate]:
    return [each for each in evidence.of(metric) if isinstance(each, Estimate) and each.baseline is None]


def _unmeasured(evidence: Evidence, metrics: tuple[str, ...]) -> Verdict:
    if evidence.decided_on is None:
        return evidence.uncompared()
    return unmeasured(evidence.of(*metrics), "no text was compared", WITH_REFERENCE)
