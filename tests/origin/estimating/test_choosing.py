"""Which scorer is meant."""

import pytest

from longtail.errors import ConfigError, UnknownName
from longtail.origin.estimating.choosing import scorer_of
from longtail.origin.scorers import SCORERS
from longtail.origin.scorers.given import Given


def length(texts):
    return [len(text) for text in texts]


def test_a_name_is_the_member_of_the_catalogue():
    assert scorer_of("words") is SCORERS["words"].member


def test_what_scores_or_learns_is_taken_as_it_is_though_it_can_be_called():
    class Learner:
        def fit(self):
            return None

        def __call__(self, texts, labels):
            return None

    scorer, learner = Given(length), Learner()
    assert scorer_of(scorer) is scorer and scorer_of(learner) is learner


def test_a_function_scores_texts_under_its_own_name():
    scorer = scorer_of(length)
    assert scorer.scores(["a", "abc"]).tolist() == [[1.0], [3.0]]
    assert scorer.card.name == "length"


@pytest.mark.parametrize(("spec", "says"), [(7, "scorer is a int"), (None, "scorer is a NoneType"), (["words"], "scorer is a list")])
def test_what_is_no_scorer_is_named_by_its_type(spec, says):
    with pytest.raises(ConfigError, match=f"{says}; give a name, a scorer, or a function"):
        scorer_of(spec)


@pytest.mark.parametrize("spec", ["wrods", "wrods:order=2"])
def test_an_unknown_name_is_told_with_the_nearest(spec):
    with pytest.raises(UnknownName, match="did you mean 'words'"):
        scorer_of(spec)
