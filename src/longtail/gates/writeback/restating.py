"""Whether a store already says what an answer says, or says otherwise.

What is already said is merged with, not stored twice: without this a true answer that is asked for often crowds out the rest.
"""

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple, TypeAlias

from longtail.gates.entailment.claims import claims_of
from longtail.gates.entailment.lexicon import STOP
from longtail.gates.entailment.particulars import unheld
from longtail.gates.entailment.rules import RuleEntailment
from longtail.gates.entailment.support import LEAST, MOST_CONTRADICTED
from longtail.summaries.normal import normal

Likeness: TypeAlias = Literal["same", "against", "other"]
ALIKE = 0.95
"""Cosine from which two texts are near duplicates, where no particular differs."""


WORTH_READING = 0.4
"""Share of a claim's words below which a stored document is not about the same thing."""
_WORD = re.compile(r"\w+")


class Stored(NamedTuple):
    """A document of the store that an answer is compared with.

    Attributes:
        id: Its id.
        text: What it says.
        cosine: Of its vector and that of the answer, None without vectors.
    """

    id: str
    text: str
    cosine: float | None = None


def likeness(answer: str, stored: Stored) -> Likeness:
    """Return whether a stored document says all that an answer says ("same"), contradicts it ("against"), or neither."""
    if normal(answer) == normal(stored.text):
        return "same"
    claims = [claim.text for claim in claims_of(answer)]
    near = (stored.cosine or 0.0) > ALIKE
    worth = near or any(_shares_words(claim, stored.text) for claim in claims)
    return _read(answer, claims, stored.text, near) if claims and worth else "other"


def _read(answer: str, claims: Sequence[str], stored: str, near: bool) -> Likeness:
    """Return how a stored text stands to the claims of an answer, by the rules."""
    rows = RuleEntailment()([(stored, claim) for claim in claims])
    if rows[:, 2].max() > MOST_CONTRADICTED:
        return "against"
    same = rows[:, 0].min() >= LEAST or (near and _same_particulars(claims, stored, answer))
    return "same" if same else "other"


def _shares_words(claim: str, text: str) -> bool:
    """Tell whether enough words of a claim stand in a text that it is worth reading; a quick look, for inflections are missed."""
    words = {word for word in _WORD.findall(claim.lower()) if word not in STOP}
    return len(words & set(_WORD.findall(text.lower()))) >= WORTH_READING * len(words)


def _same_particulars(claims: Sequence[str], stored: str, answer: str) -> bool:
    there = not any(unheld(claim, stored) for claim in claims)
    return there and not any(unheld(claim.text, answer) for claim in claims_of(stored))
