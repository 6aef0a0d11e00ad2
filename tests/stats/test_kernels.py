"""The compiled loops over relabellings against dicts and loops in Python."""

from collections import Counter

import numpy as np
import pytest

from longtail.stats import _kernels
from longtail.stats.permutation import labels
from longtail.stats.rarefaction import absence


def rows(units, types=25, seed=0):
    """Random rows: for each type a few units, with tokens and documents."""
    rng = np.random.default_rng(seed)
    held = [np.sort(rng.choice(units, rng.integers(1, units + 1), replace=False)) for _ in range(types)]
    starts = np.concatenate([[0], np.cumsum([len(some) for some in held])]).astype(np.int64)
    tokens = rng.integers(1, 5, starts[-1]).astype(np.uint32)
    documents = np.minimum(tokens, rng.integers(1, 3, starts[-1])).astype(np.uint32)
    return starts, np.concatenate(held).astype(np.uint16), tokens, documents


def tables(sizes):
    found = np.arange(sum(sizes) + 1)
    return [1 - absence(np.minimum(found, size), size, min(sizes)) for size in sizes]


@pytest.mark.parametrize("sizes", [(4, 4), (3, 6), (5, 2)])
@pytest.mark.parametrize("seed", [0, 1])
def test_presence_is_that_of_a_loop(sizes, seed):
    starts, unit, _, _ = rows(sum(sizes), seed=seed)
    stratum = np.random.default_rng(seed).integers(0, 3, len(starts) - 1).astype(np.uint8)
    table, (left, right) = labels(sizes, 12, seed), tables(sizes)
    found = _kernels.presence(starts, unit, stratum, table, left, right, 3)
    expected = np.zeros((2, 3, 13))
    for b in range(13):
        for i, s in enumerate(stratum):
            sides = Counter(table[u, b] for u in unit[starts[i] : starts[i + 1]])
            expected[0, s, b] += left[sides[0]]
            expected[1, s, b] += right[sides[1]]
    assert np.stack(found) == pytest.approx(expected)


def test_presence_at_equal_sizes_is_seen_or_not():
    left, right = tables((6, 6))
    assert left[:7].tolist() == right[:7].tolist() == [0.0] + [1.0] * 6


def test_presence_in_half_of_the_units_is_the_chance_to_be_among_them():
    left, _ = tables((8, 4))
    assert left[1] == pytest.approx(0.5)
    assert left[2] == pytest.approx(1 - 6 / 28)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_moments_are_those_of_a_loop(seed):
    starts, unit, tokens, documents = rows(9, seed=seed)
    use = np.array([1, 1, 1, 1, 0, 1, 1, 1, 1], np.uint8)
    table = labels((5, 4), 10, seed)
    counts, pairs = _kernels.moments(starts, unit, tokens, documents, table, use)
    for b in range(11):
        for side in (0, 1):
            seen = Counter()
            expected = 0
            for i in range(len(starts) - 1):
                here = [row for row in range(starts[i], starts[i + 1]) if use[unit[row]] and table[unit[row], b] == side]
                held, x = sum(int(documents[row]) for row in here), sum(int(tokens[row]) for row in here)
                seen.update({0: held > 0, 1: held == 1, 2: held == 2})
                expected += x * (x - 1)
            assert counts[side, :, b].tolist() == [seen[0], seen[1], seen[2]]
            assert pairs[side, b] == expected


def tail_of(tokens, total, tau, highest):
    """Types with count at most the smallest cutoff whose mass reaches tau, cutoffs up to `highest`."""
    for cutoff in range(1, highest + 1):
        if cutoff == highest or sum(x for x in tokens if 0 < x <= cutoff) >= tau * total:
            return [0 < x <= cutoff for x in tokens]
    return []


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("tau", [0.05, 0.3])
def test_cross_fitting_chooses_anew_in_every_relabelling(seed, tau):
    sizes = (6, 4, 4)
    starts, unit, tokens, _ = rows(sum(sizes), types=20, seed=seed)
    unit_tokens = np.bincount(unit, weights=tokens, minlength=sum(sizes)).astype(np.int64) + 3
    table, expected_presence = labels(sizes, 8, seed), np.stack(tables(sizes))
    mass, present = _kernels.cross_fit(starts, unit, tokens, table, unit_tokens, expected_presence, tau, 30)
    for b in range(9):
        held, found = np.zeros((20, 3), int), np.zeros((20, 3), int)
        for i in range(20):
            for row in range(starts[i], starts[i + 1]):
                held[i, table[unit[row], b]] += tokens[row]
                found[i, table[unit[row], b]] += 1
        for fold, (chooser, measurer) in enumerate([(1, 2), (2, 1)]):
            total = unit_tokens[table[:, b] == chooser].sum()
            tail = np.array(tail_of(held[:, chooser].tolist(), total, tau, 30))
            assert mass[fold, :, b].tolist() == [held[tail, 0].sum(), held[tail, measurer].sum()]
            by_hand = [expected_presence[side][found[tail, side]].sum() for side in (0, measurer)]
            assert present[fold, :, b] == pytest.approx(by_hand)
