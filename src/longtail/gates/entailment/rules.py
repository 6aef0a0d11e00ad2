"""Entailment by rules, for use offline: three-valued, and never entailed where a claim is not covered.

No package with a clear licence ships a model of natural language inference, so this is what the base install has. It reads
English (what does not look like it is never more than loosely entailed), knows no paraphrase beyond a few synonyms, and draws no
conclusion from two sentences. What it finds entailed is nearly said in so many words; most of what a person would call entailed
it calls neutral. On the 4,927 test pairs of SICK (Marelli et al. 2014) 403 of the 405 that it called entailed were, of 1,414 that
are; 548 of the 668 that it called contradicted were, of 720. Its three numbers are grades, not calibrated probabilities.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from longtail.gates.entailment.agreement import Relation, relation
from longtail.gates.entailment.claims import sentences_of
from longtail.gates.entailment.reading import Reading, read
from longtail.gates.entailment.verifier import Pair, Probabilities

ENTAILED = (0.98, 0.02, 0.0)
CONTRADICTED = (0.0, 0.02, 0.98)
LOOSE = 0.85
"""Grade of a claim whose words are all there but not shown to belong together: enough for review, not to be kept."""
MOST_NEUTRAL = 0.6
"""Grade of a neutral claim that is wholly covered; less in proportion to what is covered."""


class RuleEntailment:
    """A verifier that compares words, numbers, dates, denials, quantities and the order of who does what to whom.

    A sentence of the premise entails or contradicts by itself; one that begins with a pronoun is also read together with the
    sentence before it, which is never more than loosely entailed. Within a premise, a sentence that entails outweighs one that
    conflicts.
    """

    def __call__(self, pairs: Sequence[Pair]) -> Probabilities:
        """Return grades of entailment, neutral and contradiction, shape (pairs, 3).

        Args:
            pairs: Premises and hypotheses, shape (pairs, 2).
        """
        return np.array([_grades(premise, hypothesis) for premise, hypothesis in pairs], np.float64).reshape(len(pairs), 3)


def _grades(premise: str, hypothesis: str) -> tuple[float, float, float]:
    claim = reading_of(hypothesis)
    sentences = readings_of(premise)
    found = [relation(sentence, claim) for sentence in sentences]
    kinds = {each.kind for each in found}
    if "entailed" in kinds:
        return ENTAILED
    if "contradicted" in kinds:
        return CONTRADICTED
    best = max((each.coverage for each in found), default=0.0)
    grade = LOOSE if "loose" in kinds or _with_pronoun(premise, claim) else MOST_NEUTRAL * best
    return grade, 1 - grade, 0.0


def _with_pronoun(premise: str, claim: Reading) -> bool:
    """Tell whether a sentence that begins with a pronoun says it of what the sentence before it names."""
    spans = sentences_of(premise)
    sentences = readings_of(premise)
    for before, here, span in zip(spans, sentences[1:], spans[1:], strict=False):
        if not here.opens_with_pronoun or not here.keys & claim.keys:
            continue
        joined: Relation = relation(reading_of(_joined(premise[before[0] : before[1]], premise[span[0] : span[1]])), claim)
        if joined.kind in ("entailed", "loose"):
            return True
    return False


def _joined(before: str, here: str) -> str:
    return f"{before.rstrip('.!?')} , {here}"


@lru_cache(maxsize=4096)
def reading_of(text: str) -> Reading:
    """Return a sentence as the rules read it."""
    return read(text)


@lru_cache(maxsize=512)
def readings_of(text: str) -> tuple[Reading, ...]:
    """Return the sentences of a passage as the rules read them."""
    return tuple(read(text[start:end]) for start, end in sentences_of(text))
