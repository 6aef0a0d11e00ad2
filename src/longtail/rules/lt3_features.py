"""LT302 and LT307: what features show of the distribution, its spread and its distance from the baseline."""

from collections.abc import Callable

from longtail.records import Estimate, Status, Verdict
from longtail.rules.absent import unmeasured
from longtail.rules.catalogue import RULES
from longtail.rules.evidence import Evidence
from longtail.rules.lt3_tails import BASELINES

LEAST_SPREAD = 0.75
SPREADS = {"total_variance": "total variance", "effective_rank": "effective rank"}
DISTANCES = {"mmd2": "MMD^2", "energy_distance": "energy distance", "total_variation": "total variation"}
WITH_VECTORS = "longtail audit DATA --reference HUMAN.parquet --view regions:COLUMN"

_NEVER_NEGATIVE = ("energy_distance", "total_variation")
_SHOWN = 5


@RULES.add(
    "LT302",
    title="variance and rank",
    metric="total_variance, effective_rank, each relative to the baseline",
    convention=f"fail where the upper bound of a ratio is below {LEAST_SPREAD}; warn on a significant loss inside it",
    source="Shumailov et al. 2024; Roy & Vetterli 2007; Schuirmann 1987",
)
def variance_and_rank(evidence: Evidence) -> Verdict:
    """Features vary less than in the baseline, or in fewer directions, more than the convention allows.

    Why: a model that is trained on its own output narrows: each generation's variance is estimated from the last, and errors
    add up towards less. It shows in features before averages move.

    Symptoms: generated images look alike; embeddings collapse; variance shrinks with every generation; mode collapse; features fall into
    fewer directions.

    How measured: vectors of both sides, scaled by the reference's choosing half, give the ratio of their total variances and,
    over its leading directions, of their effective ranks; columns of numbers give a ratio each. Groups of whole documents are
    permuted between the sides, and the interval is that of a delete-a-group jackknife.

    Formula: retained = value of the candidate / value of the baseline; fail if its upper bound < 0.75.

    Minimum: 96 documents with a vector on each side.

    False positives: a candidate that was asked for fewer kinds of things; features that were cut or rounded on one side.

    Fix: keep real data of every kind in the training set; look for the step that cuts the spread, such as a guidance scale, a low
    temperature or a filter by typicality.

    Silence: leave the column out of the profile.

    See it: `longtail lab experiment curse`: the variance of a normal law that learns from its own output falls by the factor 1 - 1/n in
    each generation, on average, where n is the number of rows.
    """
    found = [outcome for outcome in evidence.of(*SPREADS) if isinstance(outcome, Estimate) and outcome.kind == "ratio"]
    if not found:
        return _absent(evidence, tuple(SPREADS))
    gone = [estimate for estimate in found if estimate.high < LEAST_SPREAD]
    if gone:
        return _less("fail", gone, found)
    less = [estimate for estimate in found if _is_significant_loss(estimate)]
    if less:
        return _less("warn", less, found)
    unclear = [estimate for estimate in found if estimate.low < LEAST_SPREAD]
    if unclear:
        enable = "audit more documents, on both sides"
        return Verdict(status="not_measured", because=f"inconclusive: {_some(unclear, _spread)}", enable=enable)
    return Verdict(status="pass", because=_some(found, _spread), evidence=tuple(map(_spread, found)))


@RULES.add(
    "LT307",
    title="distance from the baseline",
    metric="mmd2, energy_distance, total_variation",
    convention="warn where the p-value of a group permutation is at most 0.05 over the number of distances; no fail, a shift is no loss",
    source="Gretton et al. 2012; Székely & Rizzo 2013; Phipson & Smyth 2010",
)
def distance_from_baseline(evidence: Evidence) -> Verdict:
    """Candidate and baseline differ by more than chance, in whichever way.

    Why: a distance says that something moved, and says it early. It does not say what, and it is no loss by itself: new
    subjects, another style or another template move it as well. Read it beside tail and spread.

    Symptoms: data drift between training sets; the distribution shifted; two corpora differ; distribution of outputs changed after
    fine-tuning.

    How measured: between feature vectors the squared maximum mean discrepancy and the energy distance, between words the
    total variation over buckets that the reference fixed. Groups of whole documents are permuted between the sides. The size
    of the effect is told as a multiple of what the distance comes to where nothing changed, since most distances shrink as
    samples grow.

    Formula: multiple = distance / mean distance over relabellings; warn where p = (1 + relabellings with at least as great a distance) / (1
    + relabellings) <= 0.05 / number of distances.

    Minimum: 96 documents on each side.

    False positives: a change of subject, length or format that is wanted; large samples find small differences, so look at
    the multiple.

    Fix: look at what moved (longtail audit --export); if it is the subject, compare with a baseline on the same prompts.

    Silence: no threshold of its own; it warns and does not fail.

    See it: `longtail lab experiment shifted-test`: what a shift does beside collapse.
    """
    found = [outcome for outcome in evidence.of(*DISTANCES) if isinstance(outcome, Estimate) and outcome.p is not None]
    if not found:
        return _absent(evidence, tuple(DISTANCES))
    told = tuple(map(_distance, found))
    apart = [estimate for estimate in found if (estimate.p or 0.0) <= _alpha(estimate) / len(found)]
    if not apart:
        return Verdict(status="pass", because=f"no more than chance: {_some(found, _distance)}", evidence=told)
    return Verdict(
        status="warn",
        because=f"a shift, which need not be a loss: {_some(apart, _distance)}",
        where="candidate",
        evidence=told,
        remedy="look at what moved before training on it; compare on the same prompts, and read tail and spread beside it",
    )


def _absent(evidence: Evidence, metrics: tuple[str, ...]) -> Verdict:
    if evidence.decided_on is None:
        return evidence.uncompared()
    return unmeasured(evidence.of(*metrics), "no column of feature vectors or numbers was compared", WITH_VECTORS)


def _is_significant_loss(estimate: Estimate) -> bool:
    if estimate.decision is not None:
        return estimate.decision in ("watch", "shrunk")
    return estimate.value < 1 and estimate.p is not None and estimate.p <= _alpha(estimate)


def _alpha(estimate: Estimate) -> float:
    return 1 - estimate.level


def _spread(estimate: Estimate) -> str:
    """Return a ratio in words, with its interval."""
    against = BASELINES[estimate.baseline or "reference"]
    return f"{SPREADS[estimate.metric]} ({estimate.view}) {estimate.value:.2f} of {against} [{estimate.low:.2f}, {estimate.high:.2f}]"


def _distance(estimate: Estimate) -> str:
    """Return a distance in words, with the multiple of what it comes to under no change where that is above 0."""
    times = ""
    if estimate.metric in _NEVER_NEGATIVE and estimate.expected:
        times = f", {estimate.value / estimate.expected:.1f} times what it comes to where nothing changed"
    return f"{DISTANCES[estimate.metric]} ({estimate.view}) {estimate.value:.3g}{times}, p = {estimate.p:.3g}"


def _less(status: Status, less: list[Estimate], found: list[Estimate]) -> Verdict:
    return Verdict(
        status=status,
        because=_some(less, _spread),
        where="candidate",
        evidence=tuple(map(_spread, found)),
        remedy="keep the real data and accumulate instead of replacing; sample at temperature 1; check what filters remove",
    )


def _some(estimates: list[Estimate], sentence: Callable[[Estimate], str]) -> str:
    more = f" and {len(estimates) - _SHOWN} more" if len(estimates) > _SHOWN else ""
    return "; ".join(map(sentence, estimates[:_SHOWN])) + more
