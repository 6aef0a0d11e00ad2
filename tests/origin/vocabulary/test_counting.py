"""Document frequencies by period, and documents that hold a chosen word, against loops over the texts."""

import re
from collections import Counter

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from longtail.errors import ConfigError, IncompatibleSummaries, UsageError
from longtail.origin.dates.dating import days_of
from longtail.origin.vocabulary.batches import Dated, dated, hashes_of, words_of
from longtail.origin.vocabulary.choosing import ERRORS, NEVER
from longtail.origin.vocabulary.counting import DatedWords
from longtail.origin.vocabulary.hits import GROUPS, Hits, Sets
from longtail.testing.laws import check_summary

YEARS = (2019, 2020, 2023)
SOURCES = ("news", "notes")
WORDS = ["four", "WORDS", "tiny", "oak", "naïve", "don't", "it’s1", "abcd_", "r2d2x", "über", "Größe", "слово", "语言文字", "delve"]
DOCUMENTS = st.lists(
    st.tuples(
        st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join),
        st.sampled_from([None, "2019-05-01", "2020-01-01", "2021-06-01", "2023-12-31"]),
        st.sampled_from([None, "a", "b", "c"]),
        st.sampled_from([None, "news", "notes", "web"]),
    ),
    max_size=30,
)


def batch_of(rows):
    texts, dates, clusters, sources = zip(*rows, strict=True) if rows else ((), (), (), ())
    strings = (pa.array(column, pa.string()) for column in (clusters, sources))
    return Dated(pa.array(texts, pa.string()), days_of(dates), *strings)


def long_words(text):
    """Words of four letters or more, without digits, underscores and apostrophes; of Han, each letter stands alone."""
    return {word.lower() for word in re.findall(r"[\w'’]+", text) if re.fullmatch(r"[^\W\d_\u4e00-\u9fff]{4,}", word)}


def summed(rows):
    made = DatedWords("year", YEARS, SOURCES)
    made.add(batch_of(rows))
    return made


@given(DOCUMENTS)
@settings(max_examples=60)
def test_counts_are_those_of_a_loop_over_the_texts(rows):
    made, expected = summed(rows), Counter()
    for text, day, _, source in rows:
        if day and int(day[:4]) in YEARS:
            place = YEARS.index(int(day[:4])), SOURCES.index(source) if source in SOURCES else 2
            expected.update((word, *place) for word in long_words(text))
    table = made.table(1)
    assert table.totals.sum() + made.passed == len(rows)
    names = sorted({word for word, *_ in expected})
    rows_of = {int(each): row for row, each in enumerate(table.types)}
    assert len(rows_of) == len(names)
    for name in names:
        counts = table.counts[rows_of[int(hashes_of([name], 0)[0])]].sum(axis=0)
        assert {(name, *place): counts[place] for place in np.ndindex(counts.shape) if counts[place]} == {
            key: count for key, count in expected.items() if key[0] == name
        }


@given(DOCUMENTS)
@settings(max_examples=30)
def test_words_are_spelled_in_lower_case_and_hashed_alike(rows):
    batch = batch_of(rows)
    found = words_of(batch, 0)
    per_document = [set() for _ in rows]
    for index, document in enumerate(found.documents):
        per_document[document].add(found.spelled(index))
        assert found.types[index] == hashes_of([found.spelled(index)], 0)[0]
    assert per_document == [long_words(text) for text, *_ in rows]


PLACES = [(year, source) for year in YEARS for source in (*SOURCES, None)]
ROWS = [
    (f"{word} {other} common", f"{year}-01-01", f"c{(7 * one + two) % 11}", source)
    for one, word in enumerate(WORDS)
    for two, other in enumerate(WORDS[:4])
    for year, source in PLACES
]


def test_dated_words_keep_the_laws():
    batches = [batch_of(ROWS[start::5]) for start in range(5)]
    unlike = [
        lambda: DatedWords("month", YEARS, SOURCES),
        lambda: DatedWords("year", YEARS, SOURCES, seed=1),
        lambda: DatedWords("year", YEARS),
    ]
    check_summary(lambda: DatedWords("year", YEARS, SOURCES), batches, unlike=unlike)


def sets_of(words, seed=0):
    types = hashes_of(words, seed)
    levels = np.random.default_rng(0).integers(0, NEVER + 1, (len(types), 2, 2, len(ERRORS))).astype(np.uint8)
    return Sets("year", YEARS, np.array([[0, 1, 2], [-1, 0, 1]]), types, levels)


def test_hits_keep_the_laws():
    sets = sets_of(["four", "delve", "über", "common"])
    batches = [batch_of(ROWS[start::5]) for start in range(5)]
    check_summary(lambda: Hits(sets), batches, unlike=[lambda: Hits(sets, seed=1), lambda: Hits(sets_of(["four"]))])


def test_hits_are_those_of_a_loop_over_the_documents():
    words = ["four", "delve", "über", "missing"]
    sets, batch = sets_of(words), batch_of(ROWS)
    made = Hits(sets)
    made.add(batch)
    assert set(made.spelled.values()) == {"four", "delve", "über"}
    row_of = {word: int(np.searchsorted(sets.types, hashes_of([word], 0)[0])) for word in words}
    halves = words_of(batch, 0).halves
    expected = np.zeros(made.counts.shape[:4] + (NEVER + 1,), np.int64)
    for (text, day, *_), half in zip(ROWS, halves, strict=True):
        held = [row_of[word] for word in long_words(text) & set(words)]
        for contrast, role in enumerate(sets.roles[:, YEARS.index(int(day[:4]))]):
            if role >= 0:
                for strict in range(len(ERRORS)):
                    level = min([NEVER, *(int(sets.levels[row, contrast, 1 - half, strict]) for row in held)])
                    expected[contrast, half, strict, role, level] += 1
    assert (made.counts.sum(axis=4) == expected).all()
    assert made.counts.shape[4] == GROUPS


def test_documents_of_one_cluster_and_copies_share_a_half_and_a_bin():
    cells = words_of(batch_of([("one text", "2019", "a", None), ("another text", "2020", "a", None)]), 0).texts.cells
    copies = words_of(batch_of([("one text", "2019", None, None), (" one text ", "2020", None, None)]), 0).texts.cells
    assert len(set(cells.tolist())) == len(set(copies.tolist())) == 1


def test_many_batches_and_one_long_text_are_counted_like_one():
    rows = [(f"word{'abcdefgh'[number % 8] * 3} often", "2019-01-01", None, None) for number in range(9000)]
    rows.append((" ".join(["often", "enough"] * 50_000), "2020-01-01", None, None))
    table = summed(rows).table(100)
    counts = table.counts[int(np.searchsorted(table.types, hashes_of(["often"], 0)[0]))].sum(axis=(0, 2))
    assert counts.tolist() == [9000, 1, 0]


def test_unlike_settings_are_named():
    with pytest.raises(IncompatibleSummaries, match=r"differ in unit \(year and month\)"):
        DatedWords("year", YEARS).merge(DatedWords("month", YEARS))
    with pytest.raises(ConfigError, match="1000 periods of 3 sources are more than 2048"):
        DatedWords("month", range(1000), SOURCES)


def test_each_text_needs_a_date():
    with pytest.raises(UsageError, match="2 texts and 1 dates; give one for each text"):
        dated(["a", "b"], [2020])
