"""Richness, coverage, Hill numbers and presence of every relabelling against counting anew from the rows."""

import numpy as np
import pytest

from longtail.metrics.comparison import presence_by_side, presence_tables
from longtail.metrics.moments import equal_pairs, hill_of, richness_of
from longtail.records import NotMeasured
from longtail.stats.coverage import chao_jost_incidence
from longtail.stats.hill import asymptotic
from longtail.stats.permutation import labels
from longtail.stats.richness import chao2
from longtail.summaries.rows import Rows

SIZES = (6, 8)
RUNS = 12


def table(seed=0, out=3):
    """Labels of both sides, and of some units that take no part."""
    drawn = labels((SIZES[0], SIZES[1] - out, out), RUNS, seed)
    return np.ascontiguousarray(drawn)


def made(types=60, seed=0, most=6):
    """Random rows of which many types are in one unit or in two, as in real text."""
    rng, units = np.random.default_rng(seed), sum(SIZES)
    held = [np.sort(rng.choice(units, min(units, rng.geometric(0.3)), replace=False)) for _ in range(types)]
    starts = np.concatenate([[0], np.cumsum([len(some) for some in held])]).astype(np.int64)
    unit = np.concatenate(held).astype(np.uint16)
    tokens = rng.integers(1, most, len(unit)).astype(np.uint32)
    documents = np.minimum(tokens, rng.integers(1, 3, len(unit))).astype(np.uint32)
    totals = np.bincount(unit, weights=tokens, minlength=units).astype(np.int64)
    return Rows(np.arange(types, dtype=np.uint64), starts, unit, tokens, documents, SIZES, totals, np.full(units, 9))


def held_by(rows, weights, column, side):
    """What each type holds on one side."""
    return np.add.reduceat(np.where(column[rows.unit] == side, weights, 0).astype(int), rows.starts[:-1])


def without_what_size_explains(logs, size):
    """Residuals of a least-squares line over all relabellings, its height at size 0 left in."""
    return logs - np.polyfit(size, logs, 1)[0] * size


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("most", [6, 9000], ids=["few tokens", "more than are tabulated"])
def test_hill_numbers_are_those_of_each_side_counted_anew(seed, most):
    rows, given = made(seed=seed, most=most), table(seed)
    found = hill_of(rows, given, "words_1")
    for order, logs in ((1, found.hill_1), (2, found.hill_2)):
        sides = [[asymptotic(held_by(rows, rows.tokens, column, side), order) for column in given.T] for side in (0, 1)]
        assert logs == pytest.approx(np.log(np.divide(*sides)), rel=1e-7, abs=1e-9)
        assert found.baseline[f"hill_{order}"] == pytest.approx(sides[1][0])


@pytest.mark.parametrize("seed", range(4))
def test_richness_and_coverage_are_those_of_each_side_counted_anew(seed):
    rows, given = made(seed=seed), table(seed)
    found = richness_of(rows, given, "words_1")
    documents = [[int(rows.unit_documents[column == side].sum()) for column in given.T] for side in (0, 1)]
    tokens = [[int(rows.unit_tokens[column == side].sum()) for column in given.T] for side in (0, 1)]
    size = np.log(np.divide(*tokens))
    for name, by_hand in (("hill_0", chao2), ("sample_coverage", chao_jost_incidence)):
        sides = [
            [by_hand(held_by(rows, rows.documents, column, side), n) for column, n in zip(given.T, documents[side], strict=True)]
            for side in (0, 1)
        ]
        assert getattr(found, name) == pytest.approx(without_what_size_explains(np.log(np.divide(*sides)), size), abs=1e-9)
        assert found.baseline[name] == pytest.approx(sides[1][0])


def test_the_contrast_is_richness_less_common_types():
    rows, given = made(), table()
    found = richness_of(rows, given, "words_1")
    assert found.contrast == pytest.approx(found.hill_0 - hill_of(rows, given, "words_1").hill_2)


def test_a_side_on_which_no_word_occurs_twice_has_no_numbers():
    rows = made(most=2)
    once = Rows(rows.types, np.arange(len(rows.types) + 1), rows.unit[rows.starts[:-1]], np.ones(len(rows.types), np.uint32),
                np.ones(len(rows.types), np.uint32), SIZES, rows.unit_tokens, rows.unit_documents)  # fmt: skip
    for counted in (hill_of, richness_of):
        found = counted(once, table(), "words_2")
        assert isinstance(found, NotMeasured) and (found.reason, found.view) == ("no word occurs twice", "words_2")


@pytest.mark.parametrize("seed", range(4))
def test_expected_types_are_those_of_a_loop_over_types_and_relabellings(seed):
    rows, given = made(seed=seed), labels(SIZES, RUNS, seed)
    found, expected = presence_by_side(rows, given), presence_tables(SIZES)
    for side in (0, 1):
        for b, column in enumerate(given.T):
            units = held_by(rows, np.ones(len(rows.unit)), column, side)
            assert found[side][b] == pytest.approx(sum(expected[side][k] for k in units))


def test_pairs_of_equal_words_are_those_of_a_loop_on_every_side():
    counted, sides = made(seed=5), table(5)
    pairs = equal_pairs(counted, sides, 3)
    for side in range(3):
        for b in range(sides.shape[1]):
            held = held_by(counted, counted.tokens, sides[:, b], side)
            assert pairs[side][b] == sum(t * (t - 1) for t in held)
