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
    if number := _other_number(asked, given):
        return f"the number {number!r}"
    if date := _other_date(asked, given):
        return f"the date {date!r}"
    if name := _other_name(asked, given):
        return f"the name {name!r}"
    return "" if tuple(RuleEntailment()([(passage, claim)])[0]) != CONTRADICTED else "it, and says otherwise"


def contained(claim: str, passage: str) -> bool:
    """Tell whether one passage has every content word of a claim, so that nothing in it had to be put together or put otherwise."""
    return reading_of(claim).keys <= {key for reading in readings_of(passage) for key in reading.keys}


def _other_number(asked: Reading, given: Sequence[Reading]) -> str:
    """Return the first number of a claim, with its unit, that the passage does not have."""
    there = [each for reading in given for each in reading.quantities]
    missing = (each for each in asked.quantities if not any(within(one, each) for one in there))
    return next((_words(asked, each.first, each.last) for each in missing), "")


def _other_date(asked: Reading, given: Sequence[Reading]) -> str:
    """Return the first date of a claim that the passage does not have."""
    there = [each for reading in given for each in reading.dates]
    missing = (each for each in asked.dates if not any(says(one, each) for one in there))
    return next((_words(asked, each.first, each.last) for each in missing), "")


def _words(reading: Reading, first: int, last: int) -> str:
    return " ".join(token.raw for token in reading.tokens[first:last])


def _other_name(asked: Reading, given: Sequence[Reading]) -> str:
    """Return the first capitalised word within a claim that the passage does not have."""
    words = {key for reading in given for key in reading.keys} | {word for reading in given for word in reading.words}
    missing = (item for item in asked.items if item.name and item.key not in words)
    return next((asked.tokens[item.at].raw for item in missing if asked.tokens[item.at].text not in words), "")
