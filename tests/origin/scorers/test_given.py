import numpy as np
import pytest

from longtail.errors import UsageError
from longtail.origin.scorers.card import ScorerCard
from longtail.origin.scorers.given import Given


def lengths(texts):
    return [len(text) for text in texts]


def test_a_function_is_a_scorer_of_one_column_named_after_it():
    scorer = Given(lengths)
    assert scorer.scores(["a", "abc"]).tolist() == [[1.0], [3.0]]
    assert scorer.card.name == "lengths"


def test_columns_stay_none_is_no_score_and_a_card_is_kept():
    card = ScorerCard("mine", "2", "me")
    scorer = Given(lambda texts: np.array([[1, 2]] * len(texts)), card)
    assert scorer.scores(["a"]).tolist() == [[1.0, 2.0]]
    assert scorer.card is card
    assert np.isnan(Given(lambda texts: [None] * len(texts)).scores(["a"])).all()


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ([1.0], r"shape \(1, 1\) for 2 texts"),
        (["x", "y"], "not all numbers"),
        ([1.0, float("inf")], "infinite score for text 2"),
        (3.0, "not all numbers"),
    ],
)
def test_what_is_no_row_of_numbers_for_each_text_is_refused(answer, words):
    with pytest.raises(UsageError, match=words):
        Given(lambda texts: answer).scores(["a", "b"])
