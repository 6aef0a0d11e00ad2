from dataclasses import dataclass

import numpy as np
import pytest

from longtail.errors import UsageError
from longtail.origin.crossfit import crossfit, fold_of
from longtail.origin.reference import Reference
from longtail.origin.scorers import SCORERS
from longtail.origin.scorers.card import ScorerCard
from longtail.origin.scorers.given import Given
from longtail.origin.scorers.words import words

CARD = ScorerCard("memory", "1", "test")


def paired(count):
    made = [f"text {at} by hand" for at in range(count)], [f"text {at} by rote" for at in range(count)]
    return Reference.of(*made, [list(range(count))] * 2)


@dataclass
class Memory:
    """Knows the texts and the numbers in them that it has learnt from."""

    texts: frozenset
    numbers: frozenset
    card: ScorerCard = CARD

    def scores(self, texts):
        return np.array([[float(text in self.texts or text.split()[1] in self.numbers)] for text in texts])


def remember(texts, labels):
    return Memory(frozenset(texts), frozenset(text.split()[1] for text in texts))


def test_no_text_is_scored_by_a_model_that_saw_it_or_its_twin():
    reference = paired(37)
    found = crossfit(reference, remember, folds=5)
    assert not found.scores.any()
    assert found.scorer.scores(reference.texts).all()


@pytest.mark.parametrize("seed", [0, 1])
def test_groups_stay_whole_and_parts_hold_as_much_of_each_origin(seed):
    rng = np.random.default_rng(seed)
    labels, groups = rng.integers(0, 3, 600), rng.integers(0, 200, 600)
    reference = Reference(tuple(map(str, range(600))), labels, groups, ("a", "b"))
    folds = fold_of(reference, 10, seed)
    assert all(len(set(folds[groups == group])) == 1 for group in set(groups.tolist()))
    shares = np.array([np.bincount(labels[folds == part], minlength=3) for part in range(10)]) / np.bincount(labels)
    assert np.abs(shares - 0.1).max() < 0.03


def test_parts_depend_on_the_seed_and_on_nothing_else():
    reference = paired(50)
    assert fold_of(reference, 10, 3).tolist() == fold_of(reference, 10, 3).tolist() != fold_of(reference, 10, 4).tolist()


def test_fewer_groups_than_parts_make_fewer_parts_and_one_group_is_refused():
    assert set(fold_of(paired(3), 10)) == {0, 1, 2}
    with pytest.raises(UsageError, match="all human texts of the reference are one group"):
        crossfit(Reference.of(["a b"] * 4, ["c d", "e f"]), remember)


def test_an_origin_that_falls_into_one_part_is_refused():
    groups = np.array([1, 3, 2, 0, 1, 0, 4, 0, 3, 0, 4, 2, 0])
    labels = np.array([2, 3, 0, 3, 1, 0, 2, 2, 1, 2, 0, 0, 3])
    with pytest.raises(UsageError, match="all c texts fall into one part of 2"):
        fold_of(Reference(tuple(map(str, range(13))), labels, groups, ("a", "b", "c")))


def test_a_scorer_that_learns_nothing_is_passed_through():
    reference, scorer = paired(4), Given(lambda texts: np.arange(len(texts)))
    found = crossfit(reference, scorer)
    assert found.scorer is scorer
    assert found.scores[:, 0].tolist() == list(range(8))


def test_scores_of_another_shape_are_refused():
    with pytest.raises(UsageError, match=r"shape \(8, 2\); \(8, 1\)"):
        crossfit(paired(4), Given(lambda texts: np.zeros((len(texts), 2))))


def test_features_made_once_give_the_scores_of_learning_from_texts_anew():
    reference = paired(20)
    quick, plain = crossfit(reference, SCORERS.bind("words")), crossfit(reference, lambda texts, labels: words(texts, labels))
    np.testing.assert_allclose(quick.scores, plain.scores, atol=1e-9)
    assert quick.folds.tolist() == plain.folds.tolist()


def test_twins_that_are_told_apart_by_their_twin_score_worse_than_chance_when_groups_are_ignored(human_vs_model):
    rows = human_vs_model("pubmed_davinci")[:100]
    texts = [row["human"] for row in rows], [row["model"] for row in rows]
    known = Reference.of(*texts, [list(range(100))] * 2)
    blind = Reference(known.texts, known.labels, np.arange(200), known.origins)
    ranks = [crossfit(each, words).scores[:, 0] for each in (known, blind)]
    right, wrong = ((scores[100:, None] > scores[:100]).mean() for scores in ranks)
    assert right > wrong + 0.02
