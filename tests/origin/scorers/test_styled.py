import numpy as np
import pytest

from longtail.origin.crossfit import Steps
from longtail.origin.scorers import SCORERS
from longtail.origin.scorers.features import Features
from longtail.origin.scorers.styled import Style
from tests.origin.drawn import HUMAN, MODEL, OTHER, reference


def auc(scores, labels, kind):
    return (scores[labels == kind, None] > scores[labels == 0]).mean()


@pytest.fixture(scope="module")
def learnt():
    rng = np.random.default_rng(0)
    known, unseen = reference(rng, [HUMAN, MODEL, OTHER], 80), reference(rng, [HUMAN, MODEL, OTHER], 80)
    return SCORERS["style"].member(known.texts, known.labels), unseen


def test_style_tells_unseen_texts_of_each_origin_from_human_ones(learnt):
    scorer, unseen = learnt
    scores = scorer.scores(unseen.texts)
    assert scores.shape == (240, 2)
    assert min(auc(scores[:, at], unseen.labels, at + 1) for at in range(2)) > 0.75


def test_other_words_of_the_same_shape_change_nothing(learnt):
    scorer, unseen = learnt
    letters, others = "bcdfghklmnprst", "cdfghklmnprstb"
    swap = str.maketrans(letters + letters.upper(), others + others.upper())
    swapped = [text.translate(swap) for text in unseen.texts]
    np.testing.assert_allclose(scorer.scores(swapped), scorer.scores(unseen.texts), atol=1e-9)


def test_a_text_without_a_word_has_no_score_and_teaches_nothing(learnt):
    scorer, unseen = learnt
    assert np.isnan(scorer.scores(["", "?!"])).all()
    texts, labels = list(unseen.texts), unseen.labels
    more = Style()([*texts, "", "?!"], np.concatenate([labels, [0, 1]]))
    np.testing.assert_allclose(more.scores(texts), Style()(texts, labels).scores(texts), atol=1e-9)


def test_features_at_hand_give_the_scores_of_texts(learnt):
    scorer, unseen = learnt
    np.testing.assert_array_equal(scorer.scores_of(Features.of(unseen.texts, 3)), scorer.scores(unseen.texts))
    assert isinstance(Style(), Steps)


def test_the_weight_of_the_data_is_a_setting():
    known = reference(np.random.default_rng(1), [HUMAN, MODEL], 40)
    spread = [float(np.std(Style(strength)(known.texts, known.labels).scores(known.texts))) for strength in (0.001, 1.0, 100.0)]
    assert spread == sorted(spread) and spread[0] < 0.2 * spread[2]
