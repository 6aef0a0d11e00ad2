"""How far a filter moved the words, beside random filters."""

from collections import Counter

import numpy as np
import pytest
from scipy.spatial.distance import jensenshannon

from longtail import profile
from longtail.metrics.divergence import jensen_shannon
from longtail.metrics.thinning import thinning
from longtail.stats import hill
from tests.metrics.corpora import clustered, written


def counted(texts):
    return profile(texts, views=("words_1",))


def chosen(texts, kept):
    return [text for text, is_kept in zip(texts, kept, strict=True) if is_kept]


@pytest.mark.parametrize("seed", range(4))
def test_the_divergence_is_that_of_scipy(seed):
    one, other = np.random.default_rng(seed).integers(0, 4, (2, 50))
    assert jensen_shannon(one, other) == pytest.approx(jensenshannon(one, other, base=2) ** 2, abs=1e-12)


def test_nothing_in_common_is_one_bit_and_equal_shares_none():
    assert jensen_shannon([3, 0], [0, 5]) == 1 and jensen_shannon([1, 2], [10, 20]) == 0


def test_the_numbers_are_those_of_brute_force():
    texts = written(clustered(300, 1))
    kept = np.random.default_rng(1).random(300) < 0.5
    before, after = (Counter(word for text in side for word in text.split()) for side in (texts, chosen(texts, kept)))
    found = thinning(counted(texts), counted(chosen(texts, kept)), draws=9)
    words = sorted(before)
    assert found.divergence.value == pytest.approx(jensenshannon([before[w] for w in words], [after[w] for w in words], base=2) ** 2)
    expected = hill.asymptotic(list(after.values()), 1) / hill.asymptotic(list(before.values()), 1)
    assert found.effective.value == pytest.approx(expected) == pytest.approx(found.effective_kept.value)
    assert found.effective_kept.low < expected < found.effective_kept.high


def test_random_filters_are_what_documents_drawn_at_random_give():
    texts, rng = written(clustered(300, 2)), np.random.default_rng(3)
    found = thinning(counted(texts), counted(texts[:150]), draws=60)
    words = sorted({word for text in texts for word in text.split()})
    before = Counter(word for text in texts for word in text.split())
    drawn = []
    for _ in range(60):
        after = Counter(word for at in rng.permutation(300)[:150] for word in texts[at].split())
        drawn.append(jensenshannon([before[w] for w in words], [after[w] for w in words], base=2) ** 2)
    assert found.divergence.expected == pytest.approx(np.mean(drawn), rel=0.02)


def test_a_random_filter_is_rarely_called_a_move():
    """At .05 of 40 filters; more than 7 of either has a chance of .001."""
    moved = fewer = 0
    for seed in range(40):
        texts = written(clustered(200, seed))
        found = thinning(counted(texts), counted(chosen(texts, np.random.default_rng(seed + 500).random(200) < 0.7)), draws=39)
        moved, fewer = moved + (found.divergence.p <= 0.05), fewer + (found.effective.p <= 0.05)
    assert moved <= 7 and fewer <= 7


def test_a_filter_that_cuts_rare_words_moves_more_and_leaves_fewer_than_random_ones():
    texts = sorted(written(clustered(400, 4)), key=lambda text: np.mean([int(word[1:]) for word in text.split()]))
    found = thinning(counted(texts), counted(texts[:300]))
    assert found.divergence.p == found.effective.p == 0.01
    assert found.divergence.value > found.divergence.high and found.effective.value < found.effective.low
    assert found.effective_kept.high < found.effective_kept.baseline_value
    assert found == thinning(counted(texts), counted(texts[:300]))


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [(200, 4, "too few for random filters"), (100, 200, "no part of the other"), (100, -50, "not in what it was kept from")],
)
def test_what_cannot_be_measured_says_why(before, after, told):
    texts, others = written(clustered(200, 5)), written(clustered(50, 6))
    found = thinning(counted(texts[:before]), counted(others if after < 0 else texts[:after]))
    assert found.divergence is None is found.effective and told in found.not_measured[0].reason
