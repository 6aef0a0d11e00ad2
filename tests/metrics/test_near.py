"""The share of near duplicates against counting by hand, and its interval against draws."""

import numpy as np
import pyarrow as pa
import pytest

from longtail.metrics.near import near_duplicate_share
from longtail.metrics.repetition import exact_duplicate_share
from longtail.records import NotMeasured
from longtail.summaries.bands import Bands
from longtail.views.batch import texts_of

from .corpora import profiled

WORDS = np.array([f"w{number}" for number in range(4000)])


def banded(texts, seed=0):
    made = Bands(seed)
    made.add(texts_of(pa.array(texts, pa.string()), seed))
    return made


def drawn(clusters, seed, repeated=0.3, copies=2):
    """Texts of which a share is followed by copies that differ in the last word."""
    rng = np.random.default_rng(seed)
    texts = []
    for number in range(clusters):
        text = " ".join(rng.choice(WORDS, 60))
        texts.append(text)
        if rng.random() < repeated:
            texts += [f"{text} copy{number}x{each}" for each in range(copies)]
    return texts


def test_exact_and_near_copies_are_counted_and_told_apart():
    texts = drawn(100, 0, repeated=0.0)
    near = [text + " more" for text in texts[:10]]
    exact = texts[50:55] * 2
    found = near_duplicate_share(banded(texts + near + exact))
    assert found.value == pytest.approx(20 / 120)
    assert f"{10 / 110:.2%} of distinct documents without" in found.method
    assert found.n == 120
    assert found.low <= found.value <= found.high


def test_without_near_copies_it_is_the_share_of_exact_ones():
    texts = drawn(80, 1, repeated=0.0) * 2
    near, exact = near_duplicate_share(banded(texts)), exact_duplicate_share(profiled(texts).frequencies["documents"])
    assert near.value == exact.value == 0.5


def test_one_document_alike_ones_and_none():
    assert near_duplicate_share(banded(["just one document"])).value == 0.0
    alike = near_duplicate_share(banded(["the same words again and again"] * 40))
    assert (alike.value, alike.low, alike.high) == (39 / 40, 39 / 40, 39 / 40)
    assert isinstance(near_duplicate_share(Bands()), NotMeasured)


def test_the_interval_holds_the_share_of_the_law():
    """Clusters stay together in a group, so the interval is that of clusters, not of documents."""
    truth = 0.3 * 2 / (1 + 0.3 * 2)
    found = [near_duplicate_share(banded(drawn(400, seed))) for seed in range(60)]
    held = sum(estimate.low <= truth <= estimate.high for estimate in found)
    assert 52 <= held <= 60
    halves = np.mean([estimate.high - estimate.value for estimate in found])
    assert halves / 2.04 == pytest.approx(np.std([estimate.value for estimate in found]), rel=0.35)
