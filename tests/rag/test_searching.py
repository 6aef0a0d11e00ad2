"""Search of a store: words as an index takes them, rankings joined, and the cap on what models wrote."""

import math
import sqlite3
from contextlib import closing

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from longtail.rag import Store
from longtail.rag.document import Document, Hit
from longtail.rag.searching import OFFSET, Index, by_vectors, capped, fused, index_of, query_of, rarest, words_of

SCORES = st.lists(st.floats(0, 10, allow_nan=False), max_size=8)


def hit(name, score=0.0, cosine=None):
    return Hit(Document(name, name), score, cosine)


def names(hits):
    return [each.document.id for each in hits]


def ranked(prefix, scores):
    return [hit(f"{prefix}{at}", score) for at, score in enumerate(sorted(scores, reverse=True))]


@given(SCORES, SCORES, st.integers(0, 10), st.floats(0, 1))
def test_the_cap_gives_the_greatest_sum_of_scores_that_it_allows(people, written, k, share):
    found = capped(ranked("p", people), ranked("w", written), k, share)
    most = min(math.floor(share * k + 1e-9), len(written), k)
    best = [sorted(people, reverse=True)[: k - many] + sorted(written, reverse=True)[:many] for many in range(most + 1)]
    longest = max(map(len, best))
    assert len(found) == longest
    assert sum(name.startswith("w") for name in names(found)) <= most
    assert sum(each.score for each in found) == pytest.approx(max(sum(scores) for scores in best if len(scores) == longest))
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)


@given(st.lists(st.permutations(list("abcdef")).map(lambda each: each[:4]), min_size=1, max_size=3), st.integers(0, 8))
def test_rankings_are_joined_by_the_sum_of_reciprocal_ranks(rankings, k):
    total = {name: sum(1 / (60 + each.index(name) + 1) for each in rankings if name in each) for name in "abcdef"}
    expected = sorted((name for name in total if total[name]), key=lambda name: (-round(total[name], 12), name))
    found = fused([[hit(name) for name in each] for each in rankings], k)
    assert OFFSET == 60
    assert names(found) == expected[:k]
    assert [each.score for each in found] == pytest.approx([total[name] for name in expected[:k]])


def test_a_joined_document_keeps_the_cosine_of_the_ranking_that_has_one():
    for rankings in ([[hit("a", 1.0)], [hit("a", 0.5, 0.5)]], [[hit("a", 0.5, 0.5)], [hit("a", 1.0)]]):
        assert fused(rankings, 1)[0].cosine == 0.5


def test_plain_words_are_searched_for_only_where_there_are_no_others():
    assert words_of("What is the fjord, and the Fjord's depth?") == words_of("fjord fjord's depth")
    assert words_of("the and of") == ["the", "and", "of"]
    assert words_of("… ! ?") == []


def test_words_stand_in_quotes_of_their_own():
    assert query_of(['say"so', "NEAR"]) == '"say""so" OR "NEAR"'
    assert query_of([]) == ""


def test_of_a_long_question_the_words_that_the_fewest_documents_have_are_searched_for(tmp_path):
    common = [f"word{chr(97 + at)}" for at in range(6)]
    with Store(tmp_path / "s.db") as store:
        for at in range(6):
            store.add(" ".join([*common[at:], "moonlight" if at == 0 else f"other{at}"]), origin="human")
    with closing(sqlite3.connect(tmp_path / "s.db")) as connection:
        asked = [*common, "moonlight", "missing"]
        assert rarest(connection, asked, 3) == ["worda", "moonlight", "missing"]
        assert rarest(connection, asked, 8) == asked


def test_the_index_holds_accepted_documents_of_one_length_and_tells_what_models_wrote(tmp_path):
    lengths = {"one": 2, "two": 2, "three": 3}
    with Store(tmp_path / "s.db", encode=lambda texts: [[1.0] * lengths[text] for text in texts]) as store:
        for text in lengths:
            store.add(text, origin="human")
        store.quarantine(names(store.search("two", by="words")), "doubtful")
    with closing(sqlite3.connect(tmp_path / "s.db")) as connection:
        found = index_of(connection)
        assert (found.numbers.tolist(), found.vectors.shape, found.written.tolist()) == ([1], (1, 2), [False])
        nothing = Index(np.zeros(0, np.int64), np.zeros((0, 0), np.float32), np.zeros(0, np.bool_))
        assert by_vectors(connection, nothing, np.ones(2, np.float32), 3) == []
        assert by_vectors(connection, found, np.ones(2, np.float32), 3, True) == []
        assert [each.document.text for each in by_vectors(connection, found, np.ones(2, np.float32), 3, False)] == ["one"]
