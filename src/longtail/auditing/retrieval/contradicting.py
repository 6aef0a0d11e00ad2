"""Items of a store that cannot both be right: of those that speak of the same, in a bounded number of pairs."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from longtail.auditing.retrieval.linking import nearest_earlier
from longtail.auditing.retrieval.timeline import Timeline
from longtail.gates.entailment import RuleEntailment

MOST_PAIRS = 400
LEAST_SHARED = 0.3
"""Least share of the later one's wording, by weight, that a pair has in common, to be compared."""
MOST_WORDS = 40
"""Different words above which an item is no single statement and is left out."""
CONTRADICTED = 0.9


class Contradicting(NamedTuple):
    """Pairs that contradict, the earlier one first, and how many were compared."""

    pairs: list[tuple[int, int]]
    compared: int


def contradicting(timeline: Timeline, among: npt.NDArray[np.bool_]) -> Contradicting:
    """Return which items contradict an earlier one, by the rules that know numbers, dates, denials and names of English."""
    short = among & (timeline.wording.sizes[: len(timeline.items)] <= MOST_WORDS)
    children, found, parents = nearest_earlier(timeline, short)
    near = np.flatnonzero((found.places >= 0) & (found.shares >= LEAST_SHARED) & (found.shares < 1.0))
    near = near[np.argsort(-found.shares[near], kind="stable")][:MOST_PAIRS]
    pairs = [(int(parents[found.places[at]]), int(children[at])) for at in near.tolist()]
    texts = [(timeline.items[first].text, timeline.items[second].text) for first, second in pairs]
    grades = RuleEntailment()(texts)
    return Contradicting([pair for pair, grade in zip(pairs, grades, strict=True) if grade[2] >= CONTRADICTED], len(pairs))
