"""Numbers, dates, names and denials of a claim that a passage does not hold, whatever a model says of the two.

Models of entailment read over a swapped number, another year or a "not" more often than over anything else, so each of these is
looked for by rules as well. What the rules cannot read they do not miss: a particular is held against a claim only where the claim
states it.
"""

from collections.abc import Sequence

from longtail.gates.entailment.dates import says
from longtail.gates.entailment.quantities import within
from longtail.gates.entailment.reading import Reading
from longtail.gates.entailment.rules import CONTRADICTED, RuleEntailment, reading_of, readings_of


def unheld(claim: str, passage: str) -> str:
    """Return, in words, the first particular of a claim that a passage does not hold; "" where it holds them all."""
    asked, given = reading_of(claim), readings_of(passage)
    for quantity in asked.quantities:
        if not any(within(each, quantity) for reading in given for each in reading.quantities):
            return f"the number {_words(asked, quantity.first, quantity.last)!r}"
    for date in asked.dates:
        if not any(says(each, date) for reading in given for each in reading.dates):
            return f"the date {_words(asked, date.first, date.last)!r}"
    if name := _other_name(asked, given):
        return f"the name {name!r}"
    return "" if tuple(RuleEntailment()([(passage, claim)])[0]) != CONTRADICTED else "it, and says otherwise"


def contained(claim: str, passage: str) -> bool:
    """Tell whether one passage has every content word of a claim, so that nothing in it had to be put together or put otherwise."""
    return reading_of(claim).keys <= {key for reading in readings_of(passage) for key in reading.keys}


def _words(reading: Reading, first: int, last: int) -> str:
    return " ".join(token.raw for token in reading.tokens[first:last])


def _other_name(asked: Reading, given: Sequence[Reading]) -> str:
    """Return the first capitalised word within a claim that the passage does not have."""
    words = {key for reading in given for key in reading.keys} | {word for reading in given for word in reading.words}
    missing = (item for item in asked.items if item.name and item.key not in words)
    return next((asked.tokens[item.at].raw for item in missing if asked.tokens[item.at].text not in words), "")
