"""Expected types by documents, with their jackknife, against brute force."""

from itertools import combinations

import numpy as np
import pytest

from longtail.diagnosis.voice.variety import error_of, unseen, variety
from longtail.stats.surface.corpus import corpus_of
from longtail.stats.surface.repetition import holders_of


def made(documents, seed=0):
    rng = np.random.default_rng(seed)
    return holders_of(corpus_of([rng.integers(0, 30, 8) for _ in range(documents)]).grams(1))


def held(holders, documents):
    return {kind for kind, document in zip(holders.kind.tolist(), holders.document.tolist(), strict=True) if document in documents}


def test_the_value_is_the_mean_over_all_draws():
    holders, inside = made(9), np.arange(9) < 7
    brute = np.mean([len(held(holders, set(each))) for each in combinations(range(7), 4)])
    assert variety(holders, inside, 4).value == pytest.approx(brute)


def test_types_that_others_hold_are_left_out_by_their_chance():
    holders = made(10)
    inside, beside = np.arange(10) < 6, np.arange(10) >= 6
    pairs = [(a, b) for a in combinations(range(6), 3) for b in combinations(range(6, 10), 3)]
    brute = np.mean([len(held(holders, set(a)) - held(holders, set(b))) for a, b in pairs])
    assert variety(holders, inside, 3, beside).value == pytest.approx(brute)
    assert unseen(holders, beside, 4).min() == 0


def test_the_error_is_that_of_leaving_out_each_document():
    holders, every = made(12), np.ones(12, bool)
    found = variety(holders, every, 8)
    left = np.array([variety(holders, np.arange(12) != each, 8).value for each in range(12)])
    brute = np.sqrt(11 / 12 * ((left - left.mean()) ** 2).sum()) / found.value
    assert error_of(found.influence, np.arange(12)) == pytest.approx(brute)


def test_the_error_is_no_smaller_than_the_spread_over_samples():
    rng = np.random.default_rng(1)
    logs, errors = [], []
    for _ in range(200):
        holders = holders_of(corpus_of([rng.integers(0, 200, 20) for _ in range(40)]).grams(1))
        found = variety(holders, np.ones(40, bool), 25)
        logs.append(np.log(found.value))
        errors.append(error_of(found.influence, np.arange(40)))
    assert 0.9 * np.std(logs) < np.mean(errors) < 2 * np.std(logs)


def test_documents_that_belong_together_widen_the_error():
    rng = np.random.default_rng(2)
    mould = [rng.integers(200 * at, 200 * at + 12, 20) for at in range(10)]
    holders = holders_of(corpus_of([each for each in mould for _ in range(4)]).grams(1))
    influence = variety(holders, np.ones(40, bool), 20).influence
    assert error_of(influence, np.repeat(np.arange(10), 4)) > 1.5 * error_of(influence, np.arange(40))


def test_too_few_documents_or_clusters_have_no_number():
    assert variety(made(5), np.arange(5) < 3, 3) is None
    assert error_of(np.array([0.1, -0.1]), np.array([1, 1])) is None


def test_documents_that_all_hold_the_same_types_leave_room_for_one_that_none_of_them_showed():
    holders = holders_of(corpus_of([np.arange(5) for _ in range(40)]).grams(1))
    found = variety(holders, np.ones(40, bool), 20)
    assert found.value == pytest.approx(5)
    assert error_of(found.influence, np.arange(40)) == 0
    error = error_of(found.influence, np.arange(40), found.least)
    # of 40 documents without another type three more at most are left at 95 %, of which half are drawn (rule of three)
    assert 1.96 * error == pytest.approx(3 * 20 / 40 / 5, rel=0.01)
