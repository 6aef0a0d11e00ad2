"""What is recounted in every relabelling, against brute force on each side."""

from collections import Counter

import numpy as np
import pytest

from longtail.metrics.surface.excerpts import Excerpts
from longtail.metrics.surface.pair import Pair
from longtail.stats.rarefaction import expected_types
from longtail.stats.surface import _relabelled, repetition


def pair_of(seed, documents=120, types=40, length=14):
    rng = np.random.default_rng(seed)
    law = 1 / np.arange(1, types + 1)
    texts = [" ".join(f"w{word}" for word in rng.choice(types, rng.integers(3, length), p=law / law.sum())) for _ in range(2 * documents)]
    cells = rng.permutation(4096)[: 2 * documents].astype(np.uint16)
    sides = [Excerpts(tuple(texts[at : at + documents]), cells[at : at + documents]) for at in (0, documents)]
    return Pair(*sides, "reference", permutations=20, seed=seed)


def sides_of(pair, relabelling):
    """Numbers of the documents on both sides in one relabelling."""
    side = pair.labels[relabelling][pair.unit]
    return [np.flatnonzero(side == each) for each in (0, 1)]


@pytest.mark.parametrize("order", [1, 2])
def test_rarefied_types_of_each_side(order):
    pair = pair_of(order)
    grams = pair.both.corpus.grams(order)
    values, drawn = pair.rarefied(grams.ids, grams.documents, grams.lengths)
    for relabelling in (0, 1, 20):
        for side, documents in enumerate(sides_of(pair, relabelling)):
            counts = Counter(grams.ids[np.isin(grams.documents, documents)].tolist())
            assert values[side, relabelling] == pytest.approx(expected_types(list(counts.values()), drawn), rel=1e-9)
    lengths = [grams.lengths[documents].sum() for b in range(21) for documents in sides_of(pair, b)]
    assert drawn == min(lengths)


@pytest.mark.parametrize("least", [3, 5])
def test_templates_and_repeats_of_each_side(least):
    pair = pair_of(7, types=4)
    corpus, ones = pair.both.corpus, np.ones(len(pair.both), np.int64)
    holders = repetition.holders_of(corpus.grams(4), 2)
    starts = np.searchsorted(holders.document, np.arange(len(corpus) + 1))
    held = _relabelled.templated(holders.kind, starts, holders.types, pair.unit, pair.labels, least)
    logs = _relabelled.repeated(holders.kind, starts, holders.types, pair.unit, pair.labels)
    for relabelling in (0, 3, 20):
        for side, documents in enumerate(sides_of(pair, relabelling)):
            alone = corpus.take(documents)
            assert held[side, relabelling] == repetition.in_template(alone, least, 4).sum() > 0
            assert logs[side, relabelling] == pytest.approx(repetition.self_repetition(alone, 4).sum())
            assert pair.totals(ones)[side, relabelling] == len(documents)


def test_means_over_documents_leave_out_those_without_a_value():
    pair = pair_of(3)
    values = np.where(np.arange(240) % 3, np.arange(240.0), np.nan)
    for relabelling in (0, 5):
        for side, documents in enumerate(sides_of(pair, relabelling)):
            assert pair.means(values)[side, relabelling] == pytest.approx(np.nanmean(values[documents]))
