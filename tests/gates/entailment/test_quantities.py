import math

import numpy as np
import pytest

from longtail.gates.entailment.dates import clashes, dates_of, says
from longtail.gates.entailment.quantities import ABOUT, apart, quantities_of, within
from longtail.gates.entailment.words import opposite, stem, tokens_of

WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen "
    "twenty thirty forty fifty sixty seventy eighty ninety"
)
ONES, TENS = WORDS.split(" ")[:20], ["", "", *WORDS.split(" ")[20:]]


def spelled(n):
    """English for a number below a million, by division; independent of how it is read."""
    if n < 20:
        return ONES[n]
    if n < 100:
        return TENS[n // 10] + (f"-{ONES[n % 10]}" if n % 10 else "")
    size, word = (100, "hundred") if n < 1000 else (1000, "thousand")
    rest = n % size
    return f"{spelled(n // size)} {word}" + (f"{' and' if size == 100 or rest < 100 else ''} {spelled(rest)}" if rest else "")


def one(text):
    tokens, taken = tokens_of(text), set()
    dates_of(tokens, taken)
    (found,) = quantities_of(tokens, taken)
    return found


def date(text):
    (found,) = dates_of(tokens_of(text), set())
    return found


def test_every_spelled_number_is_the_number_in_digits():
    drawn = np.random.default_rng(0).integers(2, 1_000_000, 3000).tolist()
    for n in [*range(2, 300), *drawn]:
        assert one(f"they have {spelled(n)} goats").low == one(f"they have {n:,} goats").low == n, spelled(n)


@pytest.mark.parametrize(
    ("text", "kind", "low"),
    [
        ("it is 2.5 km long", "length", 2500),
        ("it is 100 feet long", "length", 30.48),
        ("it weighs 3 tonnes", "mass", 3000),
        ("it took 2 hours", "time", 7200),
        ("it grew 12 %", "percent", 12),
        ("it grew twelve per cent", "percent", 12),
        ("it cost $3.5 million", "money $", 3.5e6),
        ("it cost 40 euros", "money €", 40),
        ("it fell to -5 °C", "celsius", -5),
        ("it runs at 90 km/h", "speed", 90),
        ("a dozen eggs", "count", 12),
        ("the 3rd time", "ordinal", 3),
        ("the third time", "ordinal", 3),
        ("it has 1,234,567 lines", "count", 1234567),
        ("it is 0.75 full", "count", 0.75),
    ],
)
def test_a_number_is_read_with_its_unit(text, kind, low):
    found = one(text)
    assert found.kind == kind
    assert found.low == pytest.approx(low)
    assert found.high == found.low


def test_bounds_are_intervals():
    for words in ("more than", "over", "exceeding"):
        assert 100 < one(f"{words} 100 men").low < 100.0001
        assert one(f"{words} 100 men").high == math.inf
    assert one("at least 100 men").low == 100
    assert one("up to 100 men").high == one("no more than 100 men").high == 100
    assert one("fewer than 100 men").high < 100
    assert (one("about 100 men").low, one("about 100 men").high) == (100 * (1 - ABOUT), 100 * (1 + ABOUT))


@pytest.mark.parametrize(
    ("given", "asked", "holds", "conflicts"),
    [
        ("120 men", "more than 100 men", True, False),
        ("more than 100 men", "120 men", False, False),
        ("120 men", "fewer than 100 men", False, True),
        ("fewer than 100 men", "more than 200 men", False, True),
        ("at least 5 men", "more than 3 men", True, False),
        ("500 men", "about 490 men", True, False),
        ("about 500 men", "500 men", False, False),
        ("498 men", "500 men", False, False),
        ("498 men", "510 men", False, True),
        ("12 dogs", "13 cats", False, False),
        ("12 dogs", "12 cats", False, False),
        ("12 big dogs", "12 dogs", True, False),
        ("5 km", "5000 m", True, False),
        ("5 km", "5 miles", False, True),
        ("5 km", "5 hours", False, False),
        ("from 5 %", "to 5 %", False, False),
        ("30 %", "30 men", False, False),
    ],
)
def test_quantities_hold_or_conflict_or_neither(given, asked, holds, conflicts):
    assert (within(one(given), one(asked)), apart(one(given), one(asked))) == (holds, conflicts)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("on 7 February 1992", (1992, 2, 7)),
        ("on February 7, 1992", (1992, 2, 7)),
        ("on the 7th of February 1992", (1992, 2, 7)),
        ("on 1992-02-07", (1992, 2, 7)),
        ("in February 1992", (1992, 2, None)),
        ("on 7 February", (None, 2, 7)),
        ("it fell in 1992", (1992, None, None)),
        ("in May", (None, 5, None)),
    ],
)
def test_dates_are_read_however_they_are_written(text, parts):
    assert date(text)[:3] == parts


@pytest.mark.parametrize("text", ["it may rain", "they march on", "2000 people came", "it is 1500 km long", "It cost 1900 euros"])
def test_what_is_no_date_is_not_read_as_one(text):
    assert dates_of(tokens_of(text), set()) == []


@pytest.mark.parametrize(
    ("given", "asked", "holds", "conflicts"),
    [
        ("on 7 February 1992", "in February 1992", True, False),
        ("in February 1992", "on 7 February 1992", False, False),
        ("on 7 February 1992", "on 8 February 1992", False, True),
        ("in 1992", "in 1993", False, True),
        ("in the 1990s", "in 1995", False, False),
        ("in 1995", "in the 1990s", True, False),
        ("in 1985", "in the 1990s", False, True),
        ("before 1450", "in 1450", False, False),
        ("before 1450", "before 1450", True, False),
        ("since 1990", "in 1990", False, False),
    ],
)
def test_dates_hold_or_conflict_or_neither(given, asked, holds, conflicts):
    assert (says(date(given), date(asked)), clashes(date(given), date(asked))) == (holds, conflicts)


@pytest.mark.parametrize(
    "forms",
    [
        "increase increases increased increasing rise rose risen",
        "stop stops stopped stopping",
        "carry carries carried carrying",
        "write writes wrote written writing",
        "organise organized organizing",
        "colour colors",
        "city cities",
        "church churches",
        "metre meters",
        "control controlled controlling",
    ],
)
def test_forms_of_a_word_have_one_key(forms):
    assert len({stem(form) for form in forms.split()}) == 1


@pytest.mark.parametrize(
    "pair", ["bus bust", "news new", "university universe", "sing s", "process proceed", "found find", "policy police"]
)
def test_other_words_have_other_keys(pair):
    assert len({stem(word) for word in pair.split()}) == 2


def test_opposites_are_listed_or_formed():
    assert opposite(stem("rising"), stem("fell"))
    assert opposite(stem("known"), stem("unknown")) or opposite("usual", "unusual")
    assert not opposite("port", "import")
    assert not opposite("it", "unit")
