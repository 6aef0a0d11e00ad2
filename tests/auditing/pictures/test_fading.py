"""Items by sample against a count of the texts, and what chance misses against the drawing of documents."""

from itertools import combinations

import pytest

import longtail
from longtail.auditing.inputs import Inputs
from longtail.auditing.options import Options
from longtail.auditing.pictures.fading import fading_of, missed_by_chance
from longtail.auditing.vanished import vanished
from longtail.summaries.reference import Reference

HUMAN = ["oak elm ash", "oak elm fir", "oak yew fir", "oak ash gum"]
FIRST = ["oak elm", "oak elm fir", "oak yew x", "oak ash"]
SECOND = ["oak elm", "oak pine", "oak fir u", "oak v"]
THIRD = ["oak pine", "oak a", "oak b", "oak c"]


def profile(texts):
    return longtail.profile(texts, views=["words_1"])


def holding(texts, word):
    return sum(word in text.split() for text in texts)


@pytest.fixture(scope="module")
def lineage():
    human, first, second, third = map(profile, (HUMAN, FIRST, SECOND, THIRD))
    return [Inputs(each, Reference(human), first, None) for each in (second, third)]


def test_documents_by_sample_are_those_that_hold_the_item(lineage):
    panel = vanished(lineage[-1], "words_1", Options())
    found = fading_of(lineage, panel)
    assert [row["name"] for row in found["samples"]] == ["reference", "generation 1", "generation 2", "generation 3"]
    wanted = [[holding(texts, row["type"]) for texts in (HUMAN, FIRST, SECOND, THIRD)] for row in panel["rows"]]
    assert found["rows"] == wanted and {row["type"] for row in panel["rows"]} == {"elm", "ash", "fir"}
    assert found["held"] is None


def test_what_the_training_data_hold_is_counted():
    human, first, last, trained = map(profile, (HUMAN, FIRST, THIRD, ["elm here", "elm there"]))
    inputs = Inputs(last, Reference(human), first, trained)
    panel = vanished(inputs, "words_1", Options())
    held = dict(zip([row["type"] for row in panel["rows"]], fading_of([inputs], panel)["held"], strict=True))
    assert held == {"elm": 2, "ash": 0, "fir": 0}


def expected(left, right, counts):
    """Mean number of the counted words that a random half of all documents misses, over every way to draw it."""
    documents = left + right
    ways = list(combinations(range(len(documents)), len(right)))
    words = {word for text in documents for word in text.split() if counts(word)}
    missed = [sum(all(word not in documents[at].split() for at in way) for word in words) for way in ways]
    return sum(missed) / len(ways)


def test_chance_misses_as_many_as_random_halves_do_beside_a_baseline(lineage):
    assert missed_by_chance(lineage[-1], "words_1") == pytest.approx(expected(FIRST, THIRD, lambda word: holding(HUMAN, word) > 1))


def test_chance_misses_as_many_as_random_halves_do_beside_the_reference():
    inputs = Inputs(profile(THIRD), Reference(profile(HUMAN)), None, None)
    both = [*HUMAN, *THIRD]
    assert missed_by_chance(inputs, "words_1") == pytest.approx(expected(HUMAN, THIRD, lambda word: holding(both, word) > 1))


def test_a_data_set_alone_has_nothing_to_be_missed_from():
    assert missed_by_chance(Inputs(profile(HUMAN), None, None, None), "words_1") is None
