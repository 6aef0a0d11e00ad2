import numpy as np
import pytest

from longtail.origin.scorers import SCORERS
from longtail.origin.scorers.features import STYLE_LIMIT, STYLE_WEIGHT, Features, Scale
from longtail.origin.scorers.tokens import tokens
from longtail.origin.scorers.words import Words, words

HUMAN = [f"honestly the {a} was {b}; we left, tired" for a in ("dog", "bus", "night", "road") for b in ("old", "cold", "long")]
MACHINE = [f"It is important to note that the {a} was {b}." for a in ("dog", "bus", "night", "road") for b in ("old", "cold", "long")]
TEXTS, LABELS = HUMAN + MACHINE, np.repeat([0, 1], 12)


def auc(scores, labels):
    return (scores[labels == 1][:, None] > scores[labels == 0]).mean()


def test_it_is_in_the_catalogue_and_its_card_states_its_source():
    assert SCORERS["words"].member is words
    assert words(TEXTS, LABELS).card.source


def test_machine_text_scores_higher_and_text_without_a_word_has_no_score():
    scorer = words(TEXTS, LABELS)
    found = scorer.scores(["it is important to note that cats were here.", "honestly, we left", "", "?! ..."])
    assert found[0, 0] > found[1, 0]
    assert np.isnan(found[2:]).all()


def test_learning_from_rows_is_learning_from_those_texts_alone():
    rows = np.r_[0:6, 12:20]
    steps = words.fit(words.features(TEXTS), LABELS, rows)
    alone = words([TEXTS[at] for at in rows], LABELS[rows])
    np.testing.assert_allclose(steps.scores(TEXTS), alone.scores(TEXTS), rtol=1e-9)


def test_a_fit_is_the_same_again_and_scores_do_not_depend_on_company():
    first, second = words(TEXTS, LABELS).scores(TEXTS), words(TEXTS, LABELS).scores(TEXTS)
    assert first.tobytes() == second.tobytes()
    np.testing.assert_allclose(words(TEXTS, LABELS).scores(TEXTS[:1])[0], first[0], rtol=1e-12)


def test_several_origins_get_a_column_each():
    third = [text.replace("It is important to note that", "Certainly!") for text in MACHINE]
    scorer = words(TEXTS + third, np.r_[LABELS, np.full(12, 2)])
    found = scorer.scores(["It is important to note that the cat was old.", "Certainly! the cat was old."])
    assert found.shape == (2, 2)
    assert found[0, 0] > found[0, 1]
    assert found[1, 1] > found[1, 0]


def test_the_matrix_is_that_of_scikit_learn_beside_style():
    vectorizer = pytest.importorskip("sklearn.feature_extraction.text", reason="scikit-learn is the oracle").TfidfVectorizer
    theirs = vectorizer(analyzer=lambda text: grams(text, 2), sublinear_tf=True, min_df=2).fit_transform(TEXTS)
    features = Features.of(TEXTS, 2)
    scale, matrix = Scale.of(features, np.arange(len(TEXTS)))
    ours = matrix.toarray()[:, : len(scale.grams)]
    np.testing.assert_allclose(ours @ ours.T, (theirs @ theirs.T).toarray(), atol=1e-12)
    style = matrix.toarray()[:, len(scale.grams) :]
    assert np.abs(style).max() <= STYLE_LIMIT * STYLE_WEIGHT
    np.testing.assert_allclose(scale.matrix(features).toarray(), matrix.toarray(), atol=1e-15)


def grams(text, order):
    cut = [token.casefold() for token in tokens(text)]
    return [" ".join(cut[at : at + size]) for size in range(1, order + 1) for at in range(len(cut) - size + 1)]


def test_more_n_grams_than_there_is_room_for_leave_the_commonest(monkeypatch):
    monkeypatch.setattr("longtail.origin.scorers.features.MOST_GRAMS", 8)
    scorer = Words()(TEXTS, LABELS)
    assert 0 < len(scorer.scale.grams) <= 8


@pytest.mark.parametrize(("name", "least"), [("pubmed_gpt-4", 0.97), ("pubmed_davinci", 0.85), ("squad_gpt2-xl", 0.95)])
def test_half_of_the_pairs_rank_the_other_half(human_vs_model, name, least):
    rows = human_vs_model(name)
    order = np.random.default_rng(0).permutation(len(rows))
    known, new = ([rows[at] for at in half] for half in np.array_split(order, 2))
    labels = np.repeat([0, 1], len(known))
    scorer = words([row["human"] for row in known] + [row["model"] for row in known], labels)
    scores = scorer.scores([row["human"] for row in new] + [row["model"] for row in new])[:, 0]
    assert auc(scores, np.repeat([0, 1], len(new))) >= least
