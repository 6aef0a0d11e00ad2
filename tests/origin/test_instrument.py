from functools import partial

import numpy as np
import pytest

from longtail.origin.instrument import Instrument, unseen_origins
from longtail.origin.reference import Reference
from longtail.origin.scorers import SCORERS
from longtail.origin.scorers.card import ScorerCard
from longtail.origin.settings import Settings

from .drawn import FOREIGN, HUMAN, MODEL, OTHER, Style, blend, reference

QUICK = Settings(folds=3, replicates=30)


@pytest.fixture(scope="module")
def known():
    return reference(np.random.default_rng(0), [HUMAN, MODEL, OTHER], 80)


@pytest.fixture(scope="module")
def instrument(known):
    return Instrument(known, QUICK)


@pytest.fixture(scope="module")
def target():
    return blend(np.random.default_rng(1), [HUMAN, MODEL, OTHER], [0.5, 0.3, 0.2], 120)


def test_shares_are_about_those_of_the_target(instrument, target):
    texts, kinds = target
    shares = instrument.shares(instrument.read(texts))
    np.testing.assert_allclose(shares, np.bincount(kinds)[1:] / len(kinds), atol=0.1)
    second = instrument.second_opinion(instrument.read(texts))
    np.testing.assert_allclose(second.sum(), (kinds > 0).mean(), atol=0.2)


def test_replicates_lie_around_the_shares_and_do_not_depend_on_how_they_are_cut(instrument, target, monkeypatch):
    read, clusters = instrument.read(target[0]), np.arange(120)
    drawn = instrument.drawn(read, clusters)
    assert drawn.shape == (30, 2)
    np.testing.assert_allclose(np.median(drawn, axis=0), instrument.shares(read), atol=0.08)
    assert (drawn.std(0) > 0.01).all()
    monkeypatch.setattr("longtail.origin.instrument.CHUNK", 5 * (120 + 240))
    np.testing.assert_array_equal(instrument.drawn(read, clusters), drawn)


def test_fewer_independent_documents_make_replicates_wider(instrument, target):
    """Authors who each write one kind of text only."""
    read = instrument.read([target[0][at] for at in np.argsort(target[1])])
    alone, together = (instrument.drawn(read, np.arange(120) // size).sum(1).std() for size in (1, 10))
    assert together > 1.5 * alone


def test_some_rows_of_what_was_read_are_what_those_texts_give(instrument, target):
    rows = np.array([5, 3, 77])
    part, anew = instrument.read(target[0]).take(rows), instrument.read([target[0][at] for at in rows])
    np.testing.assert_allclose(part.scores, anew.scores, atol=1e-9)
    np.testing.assert_allclose(part.second, anew.second, atol=1e-9)
    np.testing.assert_array_equal(part.features.style, anew.features.style)


def test_scores_made_elsewhere_are_taken_as_they_are(known, target):
    texts, kinds = target
    right = np.eye(3)[known.labels][:, 1:] * 4.0 + np.random.default_rng(2).normal(size=(240, 2))
    made = Instrument(known, QUICK, scores=right)
    assert made.fitted is None
    theirs = np.eye(3)[kinds][:, 1:] * 4.0 + np.random.default_rng(3).normal(size=(120, 2))
    shares = made.shares(made.read(texts, theirs))
    np.testing.assert_allclose(shares, np.bincount(kinds)[1:] / 120, atol=0.05)


def test_a_scorer_without_features_is_asked_for_scores_of_texts(known, target):
    class Length:
        card = ScorerCard("length", "1", "test")

        def scores(self, texts):
            return np.array([[len(text), text.count(",")] for text in texts], dtype=float)

    made = Instrument(known, QUICK, Length())
    np.testing.assert_array_equal(made.read(["a, b", "c"]).scores, [[4, 1], [1, 0]])


def test_an_order_of_n_grams_other_than_the_instruments_is_read_from_the_texts(known):
    scorer = partial(SCORERS["words"].member.__class__(order=2))
    made = Instrument(known, QUICK, scorer)
    texts = HUMAN.texts(np.random.default_rng(4), 3)
    np.testing.assert_allclose(made.read(texts).scores, made.fitted.scorer.scores(texts), atol=1e-12)


def test_an_unseen_twin_of_a_known_origin_is_counted_and_one_that_is_human_but_for_its_name_is_missed():
    rng = np.random.default_rng(5)
    human, machine = Style(1, 0.9), Style(2, 0.9)
    texts = {"one": machine.texts(rng, 60), "its twin": machine.texts(rng, 60), "like people": human.texts(rng, 60)}
    known = Reference.of(human.texts(rng, 60), texts)
    found = unseen_origins(known, QUICK, SCORERS["words"].member)
    assert list(found) == ["one", "its twin", "like people"]
    assert min(found["one"], found["its twin"]) > 0.9 and found["like people"] < 0.1


def test_of_one_machine_origin_none_can_be_left_out():
    assert unseen_origins(reference(np.random.default_rng(0), [HUMAN, FOREIGN], 10), QUICK, None) == {}
