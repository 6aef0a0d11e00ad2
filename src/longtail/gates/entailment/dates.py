"""Dates of a text: year, month and day, each where it is given."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from longtail.gates.entailment.lexicon import STOP, listed
from longtail.gates.entailment.quantities import MAGNITUDES, UNITS
from longtail.gates.entailment.words import Token, word_at


class Date(NamedTuple):
    """A date, or the part of one that is given.

    Attributes:
        year: The year, or the first of a decade.
        month: 1 to 12.
        day: Day of the month.
        decade: Whether the year stands for ten.
        side: "before", "after", "from" or "to" where such a word stands before it.
        first: Token at which it begins.
        last: Token behind it.
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    decade: bool = False
    side: str = ""
    first: int = 0
    last: int = 0


MONTHS = {
    name: number
    for number, names in enumerate(
        listed(
            "january|jan february|feb march|mar april|apr may june|jun july|jul august|aug september|sept|sep "
            "october|oct november|nov december|dec"
        ),
        1,
    )
    for name in names.split("|")
}
_SIDES = {"before": "before", "until": "to", "till": "to", "after": "after", "since": "from", "from": "from", "to": "to"}
_PLAINLY = frozenset(listed("in since until till during year circa early late mid"))
_PERHAPS = frozenset(["", "(", ",", *listed("of by from to and between before after around through")])


def dates_of(tokens: Sequence[Token], taken: set[int]) -> list[Date]:
    """Return the dates of a text and mark their tokens as taken."""
    found: list[Date] = []
    at = 0
    while at < len(tokens):
        date = _written(tokens, at) or _with_month(tokens, at) or _year_alone(tokens, at)
        if date is None:
            at += 1
            continue
        before = [token.text for token in tokens[max(0, at - 2) : at] if token.text != "the"]
        found.append(date._replace(side=_SIDES.get(before[-1], "") if before else "", first=at))
        taken.update(range(at, date.last))
        at = date.last
    return found


def says(given: Date, asked: Date) -> bool:
    """Tell whether a date that a source gives holds all that a claim asks for."""
    if given.side != asked.side and {given.side, asked.side} & {"before", "after", "from", "to"}:
        return False
    if asked.decade and not given.decade and given.year is not None and asked.year is not None:
        return given.year - given.year % 10 == asked.year
    return given.decade == asked.decade and all(part in (None, other) for part, other in zip(asked[:3], given[:3], strict=True))


def clashes(given: Date, asked: Date) -> bool:
    """Tell whether two dates, on the same side, differ in a part that both give."""
    if given.side != asked.side:
        return False
    if asked.decade or given.decade:
        return given.year is not None and asked.year is not None and given.year // 10 != asked.year // 10
    return any(part is not None and other is not None and part != other for part, other in zip(asked[:3], given[:3], strict=True))


def _written(tokens: Sequence[Token], at: int) -> Date | None:
    """Read 1998-05-17, whose hyphens are no tokens: three numbers, the first of four digits, two hyphens apart."""
    parts = [token.text for token in tokens[at : at + 3]]
    if len(parts) < 3 or not re.fullmatch(r"\d{4} \d{2} \d{2}", " ".join(parts)):
        return None
    if tokens[at + 1].at != tokens[at].at + 5 or tokens[at + 2].at != tokens[at].at + 8:
        return None
    year, month, day = map(int, parts)
    return Date(year, month, day, last=at + 3) if month <= 12 and day <= 31 else None


def _with_month(tokens: Sequence[Token], at: int) -> Date | None:
    """Read "7 February 1992", "February 7, 1992" and what is left of them without a year or a day."""
    day = _day(tokens, at)
    here = at + (0 if day is None else 2 if word_at(tokens, at + 1) == "of" else 1)
    month = _month(tokens, here)
    if month is None or (here == 0 and word_at(tokens, 0) == "may" and not word_at(tokens, 1)[:1].isdigit()):
        return None
    here += 1
    if day is None and (day := _day(tokens, here)) is not None:
        here += 1
    return _with_year(tokens, here, month, day)


def _with_year(tokens: Sequence[Token], at: int, month: int, day: int | None) -> Date:
    here = at + (word_at(tokens, at) == "," and _is_year(word_at(tokens, at + 1)))
    if not _is_year(word_at(tokens, here)):
        return Date(None, month, day, last=at)
    return Date(int(word_at(tokens, here)), month, day, last=here + 1)


def _month(tokens: Sequence[Token], at: int) -> int | None:
    """Return the month that a capitalised word names; "mar", "march" and "may" in lower case are other words."""
    return MONTHS.get(tokens[at].text) if at < len(tokens) and tokens[at].is_capital else None


def _day(tokens: Sequence[Token], at: int) -> int | None:
    found = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?", word_at(tokens, at))
    return int(found.group(1)) if found and 1 <= int(found.group(1)) <= 31 else None


def _year_alone(tokens: Sequence[Token], at: int) -> Date | None:
    text = tokens[at].text
    if re.fullmatch(r"1\d{2}0s|20\d0s", text):
        return Date(int(text[:-1]), decade=True, last=at + 1)
    if not _is_year(text):
        return None
    return Date(int(text), last=at + 1) if _stands_for_year(word_at(tokens, at - 1), word_at(tokens, at + 1)) else None


def _stands_for_year(before: str, after: str) -> bool:
    """Tell from the words around it whether a number of four digits is a year: "in 2000", but not "2000 people"."""
    if before in _PLAINLY:
        return after not in UNITS
    counted = after in UNITS or after in MAGNITUDES or (after[:1].isalpha() and after not in STOP)
    return not counted and (before in _PERHAPS or not after)


def _is_year(text: str) -> bool:
    return bool(re.fullmatch(r"1\d{3}|20\d{2}", text))
