"""The compiled loops over relabellings against dicts and loops in Python."""

import numpy as np
import pytest
from scipy.special import digamma

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


def held_by(starts, unit, weights, column, sample):
    """What each type holds in the units that one relabelling gives to a sample."""
    return [
        sum(int(weights[row]) for row in range(starts[i], starts[i + 1]) if column[unit[row]] == sample) for i in range(len(starts) - 1)
    ]


@pytest.mark.parametrize("sizes", [(4, 4), (3, 6), (5, 2)])
@pytest.mark.parametrize("seed", [0, 1])
def test_presence_is_that_of_a_loop(sizes, seed):
    starts, unit, _, _ = rows(sum(sizes), seed=seed)
    table, chances = labels(sizes, 12, seed), tables(sizes)
    found = _kernels.presence(starts, unit, table, *chances)
    for b in range(13):
        for side in (0, 1):
            units = held_by(starts, unit, np.ones(len(unit)), table[:, b], side)
            assert found[side][b] == pytest.approx(sum(chances[side][k] for k in units))


def test_presence_at_equal_sizes_is_seen_or_not():
    left, right = tables((6, 6))
    assert left[:7].tolist() == right[:7].tolist() == [0.0] + [1.0] * 6


def test_presence_in_half_of_the_units_is_the_chance_to_be_among_them():
    left, _ = tables((8, 4))
    assert left[1] == pytest.approx(0.5)
    assert left[2] == pytest.approx(1 - 6 / 28)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_incidences_are_those_of_a_loop(seed):
    """Sides 0 and 1; units labelled 2 or more take no part."""
    starts, unit, _, documents = rows(12, seed=seed)
    table = labels((5, 4, 2, 1), 10, seed)
    counts = _kernels.incidences(starts, unit, documents, table)
    assert counts.shape == (2, 3, 11)
    for b in range(11):
        for side in (0, 1):
            held = held_by(starts, unit, documents, table[:, b], side)
            assert counts[side, :, b].tolist() == [sum(x > 0 for x in held), held.count(1), held.count(2)]


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("known", [8, 400], ids=["series", "table"])
def test_digamma_sums_are_those_of_a_loop(seed, known):
    """A table that ends early leaves the rest to the series."""
    starts, unit, tokens, _ = rows(12, seed=seed)
    tokens = np.where(tokens > 3, 30, tokens).astype(np.uint32)
    table, x = labels((5, 4, 2, 1), 10, seed), np.arange(known)
    counts, sums = _kernels.digamma_sums(starts, unit, tokens, table, np.where(x > 0, x * digamma(np.maximum(x, 1)), 0.0))
    assert (counts.shape, sums.shape) == ((2, 2, 11), (2, 11))
    for b in range(11):
        for side in (0, 1):
            held = held_by(starts, unit, tokens, table[:, b], side)
            assert counts[side, :, b].tolist() == [held.count(1), held.count(2)]
            assert sums[side, b] == pytest.approx(sum(t * digamma(t) for t in held if t), rel=1e-5)


@pytest.mark.parametrize("sizes", [(4, 4, 4), (3, 6, 5, 2)])
@pytest.mark.parametrize("seed", [0, 1])
def test_presence_of_each_is_that_of_a_loop(sizes, seed):
    starts, unit, _, _ = rows(sum(sizes), seed=seed)
    table, chances = labels(sizes, 12, seed), np.stack(tables(sizes))
    found = _kernels.presence_of_each(starts, unit, table, chances)
    for b in range(13):
        for sample in range(len(sizes)):
            units = held_by(starts, unit, np.ones(len(unit)), table[:, b], sample)
            assert found[sample, b] == pytest.approx(sum(chances[sample][k] for k in units))


def test_relabellings_taken_in_several_chunks_are_those_taken_one_by_one():
    """More relabellings than a chunk holds: what was counted in the first does not spill into the next."""
    runs, known = _kernels.CHUNK + 3, np.arange(64.0)
    starts, unit, tokens, documents = rows(8, types=6, seed=1)
    chances = tables((4, 4))

    def every(table):
        counts, sums = _kernels.digamma_sums(starts, unit, tokens, table, known)
        yield from (*_kernels.presence(starts, unit, table, *chances), counts, sums)
        yield _kernels.presence_of_each(starts, unit, table, np.stack(chances))
        yield _kernels.incidences(starts, unit, documents, table)

    table = labels((4, 4), runs, 0)
    for together, alone in zip(every(table), every(np.ascontiguousarray(table[:, -1:])), strict=True):
        assert together[..., -1] == pytest.approx(alone[..., 0])


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
