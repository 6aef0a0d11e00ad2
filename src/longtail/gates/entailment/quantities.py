"""Numbers of a text as intervals with a unit, so that "more than 2 km", "2,100 metres" and "about two thousand" can be compared."""

import math
import re
from collections.abc import Sequence
from typing import NamedTuple

from longtail.gates.entailment.lexicon import STOP, listed
from longtail.gates.entailment.words import Token, stem, word_at

ABOUT = 0.05
"""Relative distance within which "about" agrees; our own choice."""


class Quantity(NamedTuple):
    """A number with its unit.

    Attributes:
        low: Least value, in the base unit.
        high: Greatest value.
        kind: What it measures: "length", "money $", "percent", "ordinal", ..., or "count".
        of: Keys of what is counted, where it is a count.
        side: "from" or "to" where that word stands before it.
        precise: Size of the last digit that was written, in the base unit.
        first: Token at which it begins.
        last: Token behind it.
    """

    low: float
    high: float
    kind: str
    of: frozenset[str]
    side: str
    precise: float
    first: int
    last: int


SMALL: dict[str, float] = {
    word: float(value)
    for value, word in enumerate(
        listed(
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
            "sixteen seventeen eighteen nineteen"
        )
    )
}
SMALL |= {word: 10.0 * tens for tens, word in enumerate(listed("twenty thirty forty fifty sixty seventy eighty ninety"), 2)}
MAGNITUDES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "dozen": 12.0, "bn": 1e9}
ORDINALS = {
    word: float(value)
    for value, word in enumerate(listed("first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"), 1)
}
_MEASURES: dict[str, dict[str, float]] = {
    "length": {
        "mm millimetre millimeter": 1e-3,
        "cm centimetre centimeter": 1e-2,
        "m metre meter": 1,
        "km kilometre kilometer": 1e3,
        "mile miles mi": 1609.344,
        "foot feet ft": 0.3048,
        "inch inches": 0.0254,
        "yard": 0.9144,
    },
    "mass": {"mg milligram": 1e-6, "g gram": 1e-3, "kg kilogram kilo": 1, "tonne ton tons tonnes": 1e3, "lb lbs pound": 0.45359237},
    "time": {"second sec": 1, "minute min": 60, "hour h hr": 3600, "day": 86400, "week": 604800, "month": 2629800, "year yr": 31557600},
    "area": {"hectare ha": 1, "acre": 0.40468564},
    "volume": {"litre liter l": 1, "ml millilitre milliliter": 1e-3, "gallon": 3.785411784},
    "percent": {"% percent percentage": 1},
    "speed": {"km/h kph": 1, "mph": 1.609344, "m/s": 3.6},
    "celsius": {"°c celsius": 1},
    "fahrenheit": {"°f fahrenheit": 1},
    "money $": {"$ dollar usd": 1},
    "money €": {"€ euro eur": 1},
    "money £": {"£ gbp sterling": 1},
    "money ¥": {"¥ yen": 1},
    "bytes": {"kb": 1e3, "mb": 1e6, "gb": 1e9, "tb": 1e12},
    "power": {"w watt": 1, "kw kilowatt": 1e3, "mw megawatt": 1e6, "gw gigawatt": 1e9},
}
UNITS: dict[str, tuple[str, float]] = {
    word: (kind, factor) for kind, rows in _MEASURES.items() for words, factor in rows.items() for word in listed(words)
}
"""Unit to what it measures and its size in the base unit; a tonne and a ton, and months and years of any length, are one."""
UNITS |= {f"{word}s": found for word, found in list(UNITS.items()) if len(word) > 2 and not word.endswith("s")}

_ABOVE = re.compile(r"\b(no less than|no fewer than|(?<!no )more than|greater than|over|above|exceed\w*|upwards of|at least|minimum of)$")
_BELOW = re.compile(r"\b(?<!no )(less than|fewer than|under|below|at most|up to|maximum of)$|\bno more than$")
_NEAR = re.compile(r"\b(about|around|approximately|roughly|approx|circa|some|nearly|almost|close to)$")
_CLOSED = re.compile(r"at least|at most|no |up to|mum of")


def quantities_of(tokens: Sequence[Token], taken: set[int]) -> list[Quantity]:
    """Return the quantities of a text and mark their tokens as taken; dates must be taken before."""
    found: list[Quantity] = []
    at = 0
    while at < len(tokens):
        value = None if at in taken else _number(tokens, at)
        if value is None:
            at += 1
            continue
        quantity = _quantity(tokens, at, *value)
        taken.update(range(quantity.first, quantity.last))
        found.append(quantity)
        at = quantity.last
    return found


def within(given: Quantity, asked: Quantity) -> bool:
    """Tell whether a quantity that a source gives lies wholly within the one that a claim asks for."""
    slack = 1e-9 * max(abs(asked.low), abs(asked.high), 1.0) if math.isfinite(asked.low + asked.high) else 0.0
    return comparable(given, asked) and given.low >= asked.low - slack and given.high <= asked.high + slack


def apart(given: Quantity, asked: Quantity) -> bool:
    """Tell whether two quantities of one kind cannot both hold, the coarser one taken to be rounded."""
    if not comparable(given, asked) or (given.kind == "count" and not (given.of & asked.of or not (given.of or asked.of))):
        return False
    coarse = given if given.precise > asked.precise else asked
    size = abs(coarse.low) if math.isfinite(coarse.low) else 0.0
    rounded = min(coarse.precise / 2, ABOUT * size) if given.precise != asked.precise else 0.0
    return given.low > asked.high + rounded or given.high < asked.low - rounded


def comparable(given: Quantity, asked: Quantity) -> bool:
    """Tell whether two quantities measure the same thing at the same end."""
    if given.kind != asked.kind or (given.side and asked.side and given.side != asked.side):
        return False
    return given.kind != "count" or bool(given.of & asked.of) or not (given.of and asked.of)


def _number(tokens: Sequence[Token], at: int) -> tuple[float, float, str, int] | None:
    """Return value, size of its last digit, kind and the token behind a number that begins at a token, or None."""
    if tokens[at].raw in ("-", "−") and at + 1 < len(tokens):
        found = _number(tokens, at + 1)
        return found and (-found[0], *found[1:])
    if tokens[at].is_number:
        return _digits(tokens, at)
    word = tokens[at].text
    if word in ORDINALS and not (word == "second" and at and tokens[at - 1].text in ("a", "per", "each")):
        return ORDINALS[word], 1.0, "ordinal", at + 1
    return _spelled(tokens, at)


def _digits(tokens: Sequence[Token], at: int) -> tuple[float, float, str, int]:
    text = tokens[at].text
    digits = text.rstrip("stndrh")
    kind = "ordinal" if digits != text and not text.endswith("0s") else "count"
    plain = re.sub(r",(?=\d{3}(?:\D|$))", "", digits).replace(",", ".")
    whole, _, part = plain.partition(".")
    value = float(f"{whole}.{part.replace('.', '') or 0}")
    zeros = len(whole) - len(whole.rstrip("0")) if whole.strip("0") and not part else 0
    precise = 10.0 ** (zeros - len(part))
    factor, behind = _magnitude(tokens, at + 1)
    return value * factor, precise * factor, kind, behind


def _spelled(tokens: Sequence[Token], at: int) -> tuple[float, float, str, int] | None:
    if not _begins_number(tokens, at):
        return None
    total, part, here = 0.0, 0.0, at
    while here < len(tokens):
        word = tokens[here].text
        if word in SMALL:
            part += SMALL[word]
        elif word == "hundred":
            part = (part or 1) * 100
        elif word in MAGNITUDES:
            total, part = total + (part or 1) * MAGNITUDES[word], 0.0
        elif not _joins(tokens, here):
            break
        here += 1
    value = total + part
    return value, _digit_size(value), "count", here


def _joins(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether a word is the "and" of "two hundred and five"."""
    return tokens[at].text == "and" and word_at(tokens, at + 1) in SMALL and word_at(tokens, at - 1) in MAGNITUDES


def _begins_number(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether a spelled number begins here; "one of the" and a magnitude by itself are none, "a dozen" is one."""
    word = tokens[at].text
    if word == "one":
        return word_at(tokens, at + 1) not in ("of", "s", "another")
    return word in SMALL or (word in MAGNITUDES and word_at(tokens, at - 1) in ("a", "per", "one"))


def _digit_size(value: float) -> float:
    size = 1.0
    while value and value % (size * 10) == 0:
        size *= 10
    return size


def _magnitude(tokens: Sequence[Token], at: int) -> tuple[float, int]:
    factor = 1.0
    while at < len(tokens) and tokens[at].text in MAGNITUDES:
        factor *= MAGNITUDES[tokens[at].text]
        at += 1
    return factor, at


def _quantity(tokens: Sequence[Token], first: int, value: float, precise: float, kind: str, behind: int) -> Quantity:
    kind, factor, of, last, start = _unit(tokens, first, kind, behind)
    before = " ".join(token.text for token in tokens[max(0, start - 3) : start])
    value, precise = value * factor, precise * factor
    low, high, words = _bounds(before, value)
    side = tokens[start - words - 1].text if start > words else ""
    return Quantity(low, high, kind, of, side if side in ("from", "to") else "", precise, start - words, last)


def _unit(tokens: Sequence[Token], first: int, kind: str, behind: int) -> tuple[str, float, frozenset[str], int, int]:
    """Return kind, size of the unit, what is counted, the token behind the unit and the token at which it all begins."""
    sign = word_at(tokens, first - 1)
    if UNITS.get(sign, ("",))[0].startswith("money"):
        return UNITS[sign][0], 1.0, frozenset(), behind, first - 1
    if kind != "count":
        return kind, 1.0, frozenset(), behind, first
    word = word_at(tokens, behind).replace(" ", "")
    if word == "per" and word_at(tokens, behind + 1) == "cent":
        return "percent", 1.0, frozenset(), behind + 2, first
    if word in UNITS:
        return *UNITS[word], frozenset(), behind + 1, first
    return kind, 1.0, _counted(tokens, behind), behind, first


def _counted(tokens: Sequence[Token], at: int) -> frozenset[str]:
    """Return the keys of up to three words that follow directly: "12 new hospital beds"; "12 of the patients" counts patients."""
    while at < len(tokens) and tokens[at].text in ("of", "the", "its", "their", "these", "those"):
        at += 1
    found: list[str] = []
    for token in tokens[at : at + 3]:
        if not token.is_word or token.text in STOP:
            break
        found.append(stem(token.text))
    return frozenset(found)


def _bounds(before: str, value: float) -> tuple[float, float, int]:
    """Return the least and greatest value that the words before a number allow, and how many of these words say so."""
    if found := _ABOVE.search(before):
        return value if _CLOSED.search(found.group()) else math.nextafter(value, math.inf), math.inf, len(found.group().split())
    if found := _BELOW.search(before):
        return -math.inf, value if _CLOSED.search(found.group()) else math.nextafter(value, -math.inf), len(found.group().split())
    if found := _NEAR.search(before):
        return value - ABOUT * abs(value), value + ABOUT * abs(value), len(found.group().split())
    return value, value, 0
