"""How far evidence supports claims, and what is decided on it."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from longtail.errors import ConfigError
from longtail.gates.entailment.claims import Claim
from longtail.gates.entailment.passages import Passage
from longtail.gates.entailment.verifier import Entailment, asked
from longtail.gates.filters import probability
from longtail.gates.verdicts import Judgement

LEAST, REVIEW, MOST_CONTRADICTED = 0.9, 0.8, 0.05
"""Thresholds of our own for a gate that writes back; Chinthala (arXiv:2512.22199) takes 0.65 of one sentence."""
_SHOWN = 120


class Support(NamedTuple):
    """What the evidence says of one claim.

    Attributes:
        claim: The claim.
        entailed: Greatest probability of entailment over the passages.
        by: Id of the passage that has it, None without passages.
        contradicted: Greatest probability of contradiction over them.
        against: Id of the passage that has that.
    """

    claim: Claim
    entailed: float = 0.0
    by: str | None = None
    contradicted: float = 0.0
    against: str | None = None


class Bounds(NamedTuple):
    """Thresholds of a decision.

    Attributes:
        least: Least entailment of every claim that is kept.
        review: Least entailment of every claim for review.
        most_contradicted: Greatest contradiction of any claim.
    """

    least: float = LEAST
    review: float = REVIEW
    most_contradicted: float = MOST_CONTRADICTED


def checked(gate: str, bounds: Bounds) -> Bounds:
    """Return thresholds that are in range.

    Raises:
        ConfigError: One is no probability, `least` is 0, or `review` is above it.
    """
    probability(gate, "least", bounds.least, least=False)
    probability(gate, "review", bounds.review, least=False)
    probability(gate, "most_contradicted", bounds.most_contradicted)
    if bounds.review > bounds.least:
        raise ConfigError(f"{gate}: review is {bounds.review!r}, above least ({bounds.least!r}); take at most that")
    return bounds


def grid(
    claims: Sequence[Claim], passages: Sequence[Passage], verifier: Entailment, timeout: float | None = None
) -> npt.NDArray[np.float64]:
    """Return entailment, neutral and contradiction of every claim by every passage, shape (claims, passages, 3).

    Raises:
        UsageError: The verifier answers too late, or with what is no probability.
    """
    pairs = [(passage.text, claim.text) for claim in claims for passage in passages]
    return asked(verifier, pairs, timeout).reshape(len(claims), len(passages), 3)


def supported(claims: Sequence[Claim], passages: Sequence[Passage], verifier: Entailment, timeout: float | None = None) -> list[Support]:
    """Return what the evidence says of each claim: the greatest entailment and the greatest contradiction over all passages.

    Raises:
        UsageError: The verifier answers too late, or with what is no probability.
    """
    if not passages:
        return [Support(claim) for claim in claims]
    return [support(claim, passages, rows) for claim, rows in zip(claims, grid(claims, passages, verifier, timeout), strict=True)]


def support(claim: Claim, passages: Sequence[Passage], rows: npt.NDArray[np.float64]) -> Support:
    """Return what passages say of a claim, from their probabilities, shape (passages, 3)."""
    best, worst = int(rows[:, 0].argmax()), int(rows[:, 2].argmax())
    return Support(claim, float(rows[best, 0]), passages[best].id, float(rows[worst, 2]), passages[worst].id)


def decided(supports: Sequence[Support], bounds: Bounds) -> Judgement:
    """Return the decision on a document: its worst claim decides, and a contradiction by any passage outweighs all support.

    Args:
        supports: Its claims, one or more.
        bounds: The thresholds.
    """
    disputed = max(supports, key=lambda each: each.contradicted)
    worst = min(supports, key=lambda each: each.entailed)
    if disputed.contradicted > bounds.most_contradicted:
        told = f"{shown(supports, disputed)} is contradicted by {disputed.against!r} ({disputed.contradicted:.2f})"
        return Judgement("reject", told, worst.entailed, disputed.against)
    if worst.entailed >= bounds.least:
        return Judgement(score=worst.entailed, matched_id=worst.by)
    decision = "review" if worst.entailed >= bounds.review else "reject"
    told = f"{shown(supports, worst)} is not entailed by the evidence ({worst.entailed:.2f}, at least {bounds.least:g})"
    return Judgement(decision, told, worst.entailed, worst.by)


def shown(supports: Sequence[Support], one: Support) -> str:
    """Return how a claim is named in a reason."""
    text = one.claim.text if len(one.claim.text) <= _SHOWN else f"{one.claim.text[:_SHOWN]}…"
    return f"claim {list(supports).index(one) + 1} of {len(supports)}, {text!r},"
