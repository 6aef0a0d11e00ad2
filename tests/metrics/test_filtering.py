"""What a filter took of the rare and of the common."""

import numpy as np
import pytest

from longtail import profile
from longtail.metrics.filtering import filter_loss
from longtail.records import NotMeasured

WORDS = np.array([f"w{at}" for at in range(3000)])
LAW = 1 / np.arange(1, 3001)
LAW /= LAW.sum()


def corpus(seed, documents=400):
    rng = np.random.default_rng(seed)
    return [" ".join(rng.choice(WORDS, rng.integers(20, 120), p=LAW)) for _ in range(documents)]


def loss(before, after, margin=0.9):
    return filter_loss(*(profile(texts, views=("words_1",)) for texts in (before, after)), "words_1", 0.1, margin)


def rarity(text):
    return np.mean([int(word[1:]) for word in text.split()])


def test_what_is_taken_is_counted():
    before = corpus(1)
    after = before[100:]
    found = loss(before, after)
    assert found.removed == 0.25
    assert found.rare_loss == pytest.approx(0.25, abs=0.1) and found.common_loss == pytest.approx(0.25, abs=0.1)


def test_a_filter_that_keeps_everything_takes_nothing():
    found = loss(corpus(1), corpus(1))
    assert (found.rare_loss, found.common_loss, found.ratio.value, found.ratio.decision) == (0.0, 0.0, 1.0, "ok")


def test_a_filter_that_cuts_what_is_least_typical_is_found():
    before = sorted(corpus(2, 1500), key=rarity)
    found = loss(before, before[:1350])
    assert found.rare_loss > 1.3 * found.common_loss and found.ratio.high < 1 and found.ratio.decision in ("shrunk", "watch")
    found = loss(before, before[:750])
    assert found.ratio.decision == "shrunk"


def test_a_random_filter_is_rarely_called_a_loss():
    """Two-sided 95 %: high < 1 in 2.5 % of filters that draw at random; the bound is 99.9 % of Binomial(100, .025)."""
    alarms = 0
    for seed in range(100):
        before = corpus(seed, 250)
        kept = np.random.default_rng(1000 + seed).random(len(before)) < 0.7
        found = loss(before, [text for text, is_kept in zip(before, kept, strict=True) if is_kept])
        alarms += found.ratio.high < 1
    assert alarms <= 9


def test_the_ratio_is_that_of_brute_force_counts():
    before = corpus(5)
    after = before[: len(before) // 2]
    found = loss(before, after)
    sides = [profile(texts, views=("words_1",)) for texts in (before, after)]
    assert found.ratio.low < found.ratio.value < found.ratio.high
    counts = [side.frequencies["words_1"].tokens.sum() for side in sides]
    assert 1 - counts[1] / counts[0] == pytest.approx(found.common_loss, abs=0.05)


@pytest.mark.parametrize(("documents", "kept", "words"), [(50, 40, "96 are needed"), (400, 500, "no part")])
def test_what_cannot_be_measured_says_why(documents, kept, words):
    found = loss(corpus(1, documents), corpus(1, kept))
    assert isinstance(found.ratio, NotMeasured) and words in found.ratio.reason
