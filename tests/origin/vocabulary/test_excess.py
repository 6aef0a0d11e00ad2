"""Excess vocabulary from texts to bounds."""

from datetime import date
from pydoc_data.topics import topics

import msgspec
import numpy as np
import pytest

from longtail.errors import ConfigError
from longtail.origin.vocabulary.batches import dated
from longtail.origin.vocabulary.choosing import Excess
from longtail.origin.vocabulary.excess import Settings, excess_vocabulary
from longtail.origin.vocabulary.result import ExcessVocabulary

MARKERS = ["underscores", "intricate", "showcasing", "pivotal", "nuanced", "realm", "tapestry", "multifaceted", "meticulous", "delves"]
COMMON = [
    "about",
    "after",
    "again",
    "also",
    "because",
    "before",
    "being",
    "between",
    "could",
    "every",
    "first",
    "found",
    "great",
    "however",
]
YEARS = range(2014, 2025)
EDITED = {2023: 0.2, 2024: 0.4}


def texts_of(rng, years, alphas, markers=MARKERS, usual=0.004, pi=0.9):
    """Random prose with markers that every document holds now and then, and edited ones often."""
    texts = []
    each = 1 - (1 - pi) ** (1 / len(markers))
    for year in years:
        words = list(rng.choice(COMMON, 12))
        rate = each if rng.random() < alphas.get(year, 0) else usual
        texts.append(" ".join(words + [marker for marker in markers if rng.random() < rate]) + f" no. {rng.integers(1 << 40)}")
    return texts


@pytest.fixture(scope="module")
def rising():
    rng = np.random.default_rng(1)
    years = rng.choice(list(YEARS), 22_000).tolist()
    return texts_of(rng, years, EDITED), years


def by_period(found):
    return {each.period: each for each in found.periods}


def test_a_rising_mix_is_bounded_from_below_in_each_later_year(rising):
    found = excess_vocabulary(dated(*rising))
    assert (found.status, found.reasons, found.unit, found.undated) == ("ok", (), "year", 0)
    assert list(by_period(found)) == ["2023", "2024"]
    for name, each in by_period(found).items():
        truth = EDITED[int(name)]
        assert 0.5 * truth <= each.low <= each.value <= truth + 0.03
        assert each.low <= truth
        assert each.baseline == ("2020", "2021")
        assert {carrier.word for carrier in each.carriers[: len(MARKERS)]} == set(MARKERS)
        assert all(carrier.gap == pytest.approx(carrier.share - carrier.expected) for carrier in each.carriers)
        assert len(each.controls) >= 3
    assert found.best().period == "2024"


def test_the_record_goes_to_json_and_back_and_is_the_same_each_time(rising):
    here, there = (excess_vocabulary(dated(*rising)) for _ in range(2))
    assert here == there == msgspec.json.decode(msgspec.json.encode(here), type=ExcessVocabulary)


def test_words_left_out_carry_nothing(rising):
    found = excess_vocabulary(dated(*rising), Settings(exclude=[marker.upper() for marker in MARKERS]))
    assert all(each.low == 0 for each in found.periods)


def test_a_topic_that_nobody_knew_before_is_no_sign_of_a_model():
    rng = np.random.default_rng(2)
    years = rng.choice(list(YEARS), 11_000).tolist()
    texts = [text + " pandemic" * (year >= 2023 and rng.random() < 0.3) for text, year in zip(texts_of(rng, years, {}), years, strict=True)]
    assert excess_vocabulary(dated(texts, years)).periods[0].low == 0
    found = excess_vocabulary(dated(texts, years), Settings(rule=Excess(known=0))).periods[0]
    assert (found.status, found.carriers[0].word) == ("weak", "pandemic")
    assert found.low > 0.2
    assert "one word, 'pandemic', carries more than half of it" in found.reasons[0]


def test_a_topic_of_one_source_is_left_out_where_sources_are_told_apart():
    rng = np.random.default_rng(3)
    years = rng.choice(list(YEARS), 22_000).tolist()
    sources = rng.choice(["news", "blogs", "notes"], len(years)).tolist()
    texts = texts_of(rng, years, {})
    for place, (year, source) in enumerate(zip(years, sources, strict=True)):
        texts[place] += " election" * bool(rng.random() < (0.4 if source == "news" and year >= 2023 else 0.01))
    assert excess_vocabulary(dated(texts, years)).periods[0].low > 0.05
    told = Settings(sources=("news", "blogs", "notes"))
    assert excess_vocabulary(dated(texts, years, sources=sources), told).periods[0].low == 0


def test_words_in_excess_in_every_source_count_where_sources_are_told_apart(rising):
    sources = [("news", "blogs", "notes", None)[number % 4] for number in range(len(rising[0]))]
    found = excess_vocabulary(dated(*rising, sources=sources), Settings(sources=("news", "blogs", "notes")))
    assert found.periods[1].low > 0.5 * EDITED[2024]


def test_topics_that_come_and_go_fail_the_control():
    rng = np.random.default_rng(4)
    years = rng.choice(list(YEARS), 22_000).tolist()
    topics_of = {year: [f"topic{chr(97 + year - 2014)}{chr(97 + number)}x" for number in range(6)] for year in YEARS}
    every = [word for words in topics_of.values() for word in words]
    texts = []
    for text, year in zip(texts_of(rng, years, {}), years, strict=True):
        rates = {word: 0.08 if word in topics_of[year] else 0.004 for word in every}
        texts.append(text + " " + " ".join(word for word, rate in rates.items() if rng.random() < rate))
    found = excess_vocabulary(dated(texts, years)).periods[0]
    assert (found.status, found.low) == ("refused", None)
    assert "the control fails: the same measurement before the cut-off comes to" in found.reasons[0]


def test_few_authors_are_refused_and_many_are_not(rising):
    texts, years = rising
    few = excess_vocabulary(dated(texts, years, clusters=[f"author {len(text) % 9}" for text in texts]))
    assert few.status == "refused"
    assert "independent bins, 30 are needed" in few.periods[0].reasons[0]
    many = excess_vocabulary(dated(texts, years, clusters=[f"author {number % 3000}" for number in range(len(texts))]))
    assert many.periods[1].low > 0.15


def since(rising, first):
    kept = [place for place, year in enumerate(rising[1]) if year >= first]
    return excess_vocabulary(dated([rising[0][place] for place in kept], [rising[1][place] for place in kept]))


def test_without_controls_a_bound_is_refused_and_with_few_it_is_weak(rising):
    none, one = since(rising, 2020).periods[0], since(rising, 2018).periods[0]
    assert (none.status, none.low, none.drift) == ("refused", None, None)
    assert "no control" in none.reasons[0]
    assert "add documents from 4 periods before the cut-off" in none.reasons[0]
    assert (one.status, len(one.controls)) == ("weak", 1)
    assert "few controls: 1, and 3 would say" in one.reasons[0]


def test_words_of_other_books_are_not_taken_for_those_of_a_model(shared_prose):
    years = np.repeat([1613, 2003, 1851, 1714, 1906], 1 + len(shared_prose) // 5)[: len(shared_prose)].tolist()
    found = excess_vocabulary(dated(shared_prose, years), Settings(cutoff=date(1900, 1, 1)))
    assert {each.status for each in found.periods} == {"refused"}


@pytest.mark.parametrize(
    ("dates", "settings", "reason"),
    [
        ([None], Settings(), "no document has a date; name the column with --date-column NAME"),
        ([2019, 2020, 2023], Settings(kind="crawled"), "the dates are crawled: when it was fetched"),
        ([2020, 2023], Settings(), "no baseline: fewer than 2 periods before 2022-11-30 hold 500 documents (1000 documents there in all)"),
        ([2019, 2020, 2021], Settings(), "no period after 2022-11-30 holds 500 documents (0 documents there in all)"),
        ([2019, 2020, 2023], Settings(documents=900), "no baseline: fewer than 2 periods before 2022-11-30 hold 900 documents"),
        ([2019, 2020, 2023], Settings(cutoff=date(2018, 1, 1)), "no baseline"),
    ],
)
def test_what_cannot_be_measured_is_refused_with_the_reason(dates, settings, reason):
    texts = [f"some words of text {number}" for number in range(2000)]
    found = excess_vocabulary(dated(texts, [dates[number % len(dates)] for number in range(2000)]), settings)
    assert (found.status, found.periods, found.best()) == ("refused", (), None)
    assert reason in found.reasons[0]


def test_settings_out_of_range_are_named():
    with pytest.raises(ConfigError, match="30 documents for a period"):
        Settings(documents=30)
    with pytest.raises(ConfigError, match="16 sources; at most 15 are told apart"):
        Settings(sources=[str(number) for number in range(16)])
    with pytest.raises(ConfigError, match="share=2 of excess words; it must lie between 0 and 1"):
        Excess(share=2)
    with pytest.raises(ConfigError, match="documents=0, known=2 of excess words"):
        Excess(documents=0)


def test_technical_prose_in_random_years_gives_no_bound():
    paragraphs = [part for text in topics.values() for part in text.split("\n\n") if len(part.split()) >= 5]
    above = []
    for draw in range(8):
        years = np.random.default_rng([5, draw]).choice([2017, 2018, 2019, 2020, 2021, 2023], len(paragraphs)).tolist()
        above.append(excess_vocabulary(dated(paragraphs, years), Settings(documents=200)).periods[0].low)
    assert sum(low > 0 for low in above) <= 1


def test_old_prose_in_random_years_gives_no_bound(shared_prose):
    above = []
    for draw in range(4):
        years = np.random.default_rng([6, draw]).choice(list(range(2016, 2022)) + [2023], len(shared_prose)).tolist()
        above.append(excess_vocabulary(dated(shared_prose, years)).periods[0].low)
    assert above == [0.0] * 4
