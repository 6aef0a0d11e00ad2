"""When two answers say the same, by hand and by sets of runs of words."""

import pytest

from longtail.errors import UsageError
from longtail.metrics.surface.answers import overlapping, same_words


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Paris.", "paris", True),
        ("  The  Eiffel\nTower!", "the eiffel tower", True),
        ("the tower", "tower the", False),
        ("caf\u00e9", "cafe\u0301", True),
        ("1.5", "15", False),
        ("", "", True),
        ("", "a", False),
        (" ? ", "?", True),
        ("?", "!", False),
    ],
)
def test_answers_of_the_same_words_are_alike(one, other, alike):
    assert same_words(one, other) is alike
    assert overlapping(1.0)(one, other) is alike
    assert same_words(other, one) is alike


def jaccard(one, other):
    left, right = ({tuple(words[at : at + 3]) for at in range(len(words) - 2)} for words in (one.split(), other.split()))
    return len(left & right) / len(left | right)


def test_the_overlap_is_that_of_runs_of_three_words():
    one, other = "a b c d e f g", "a b c d e x y"
    assert jaccard(one, other) == pytest.approx(3 / 7)
    assert overlapping(3 / 7)(one, other) and not overlapping(0.43)(one, other)
    assert not overlapping(0.2, 6)(one, other) and overlapping(0.5, 1)(one, other)


def test_short_answers_are_runs_of_all_their_words():
    assert overlapping()("Paris", "PARIS!") and not overlapping()("Paris", "Rome")
    assert not overlapping()("in Paris", "Paris")


@pytest.mark.parametrize(("threshold", "words"), [(0, 3), (1.5, 3), (0.5, 0)])
def test_settings_out_of_range_are_refused(threshold, words):
    with pytest.raises(UsageError, match="answers are alike from a Jaccard index"):
        overlapping(threshold, words)
