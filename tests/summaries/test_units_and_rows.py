"""Permutation units, joined rows and strata against brute force."""

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from longtail.summaries.frequencies import Frequencies
from longtail.summaries.rows import Side, join, type_counts
from longtail.summaries.runs import empty_run
from longtail.summaries.strata import BEYOND, HEAD, TAIL, TORSO, choose
from longtail.summaries.units import FEWEST_DOCUMENTS, FEWEST_UNITS, MOST_TIMES, MOST_UNITS, Units, even, plan
from longtail.views.keys import BINS, half_of

from .made import bin_number, counted, documents, table

PLENTY = 10_000


@given(st.lists(st.floats(1, 60), min_size=1, max_size=3), st.floats(1, 1e9), st.integers(FEWEST_DOCUMENTS, PLENTY))
def test_units_hold_the_same_expected_number_of_tokens_in_every_sample(times, tokens, enough):
    sizes = [tokens, *(tokens * factor for factor in times)]
    units = plan(sizes, enough)
    assert units is not None
    held = [size * (unit.of_bin >= 0).mean() / unit.count for size, unit in zip(sizes, units, strict=True)]
    rounding = [unit.count / (unit.of_bin >= 0).sum() for unit in units]
    assert held == pytest.approx([held[0]] * len(held), rel=max(rounding))
    assert min(unit.count for unit in units) >= FEWEST_UNITS
    assert max(unit.count for unit in units) <= MOST_UNITS * MOST_TIMES


@given(st.floats(1, 60))
def test_each_unit_is_a_run_of_bins_and_they_follow_one_another(times):
    for unit in plan([1.0, times], PLENTY):
        used = unit.of_bin[unit.of_bin >= 0]
        assert (np.diff(used) >= 0).all()
        assert (unit.of_bin[: len(used)] == used).all()
        widths = np.bincount(used, minlength=unit.count)
        assert widths.min() >= 1
        assert widths.max() - widths.min() <= 1


def test_units_nest_in_those_of_a_sample_twice_as_large():
    one, two = plan([1.0, 2.0], PLENTY)
    assert two.count == 2 * one.count
    assert (two.of_bin // 2 == one.of_bin).all()


def test_a_larger_sample_leaves_out_what_would_make_more_than_eight_times_the_units():
    small, large = plan([1.0, 32.0], PLENTY)
    assert large.count == MOST_TIMES * small.count
    assert (large.of_bin >= 0).mean() == pytest.approx(MOST_TIMES / 32)


@pytest.mark.parametrize(
    ("sizes", "enough"), [([1.0, 0.0], PLENTY), ([0.0], PLENTY), ([1.0, 1.0], FEWEST_DOCUMENTS - 1), ([1.0, 500.0], PLENTY)]
)
def test_what_cannot_be_cut_into_equal_units_has_no_plan(sizes, enough):
    assert plan(sizes, enough) is None


def test_the_fewest_documents_make_the_fewest_units():
    assert plan([1.0], FEWEST_DOCUMENTS)[0].count == FEWEST_UNITS
    assert plan([1.0], PLENTY)[0].count == MOST_UNITS


def test_even_units_leave_no_bin_out():
    assert np.bincount(even(32).of_bin).tolist() == [64] * 32


@pytest.mark.parametrize("half", [None, 0, 1])
def test_joined_rows_are_those_of_a_dict(half):
    found = [documents(120, 1), documents(80, 2)]
    left_out = Units(5, np.where(np.arange(BINS) < 1500, np.arange(BINS) // 300, -1))
    sides = [Side(counted(found[0]), half, even(7)), Side(counted(found[1]), None, left_out)]
    expected = defaultdict(lambda: [0, 0])
    for side, some, first in zip(sides, found, (0, 7), strict=True):
        for (kind, cell), row in table(some).items():
            unit = side.units.of_bin[bin_number(cell)]
            if unit >= 0 and (side.half is None or half_of(np.uint16(cell)) == side.half):
                expected[kind, unit + first] = [a + b for a, b in zip(expected[kind, unit + first], row, strict=True)]
    rows = join(sides)
    owner = np.repeat(rows.types, np.diff(rows.starts))
    places = list(zip(owner.tolist(), rows.unit.tolist(), strict=True))
    assert places == sorted(places)
    assert dict(zip(places, map(list, zip(rows.tokens.tolist(), rows.documents.tolist(), strict=True)), strict=True)) == expected
    assert rows.sizes == (7, 5)
    totals = np.zeros(12)
    for (_, unit), (tokens, _) in expected.items():
        totals[unit] += tokens
    assert rows.unit_tokens.tolist() == totals.tolist()
    assert rows.per_unit(np.ones(len(rows.types), bool)).tolist() == totals.tolist()
    assert rows.of_sample(0, rows.tokens).sum() == totals[:7].sum()


def test_rows_of_some_types_keep_the_totals_of_all():
    rows = join([Side(counted(documents(60)), None, even(4))])
    kept = np.arange(len(rows.types)) % 3 == 0
    some = rows.only(kept)
    assert some.types.tolist() == rows.types[kept].tolist()
    assert some.of_sample(0, some.tokens).tolist() == rows.of_sample(0, rows.tokens)[kept].tolist()
    assert some.unit_tokens.tolist() == rows.unit_tokens.tolist()


@pytest.mark.parametrize("half", [None, 0, 1])
@pytest.mark.parametrize("spilled", [False, True])
def test_counts_of_types_are_those_of_a_dict(half, spilled):
    found, expected = documents(150, 5), defaultdict(lambda: [0, 0])
    frequencies, theta = counted(found, parts=3), 1 << 51
    if spilled:
        frequencies = Frequencies.from_dict(frequencies.to_dict())
        frequencies._spool._memory_rows = 0
        frequencies._spool.push(empty_run())
        frequencies._spool._spill()
    for (kind, cell), row in table(found).items():
        if kind < theta and half in (None, half_of(np.uint16(cell))):
            expected[kind] = [a + b for a, b in zip(expected[kind], row, strict=True)]
    types, tokens, held = type_counts(frequencies, half, theta)
    assert types.tolist() == sorted(expected)
    assert list(zip(tokens.tolist(), held.tolist(), strict=True)) == [tuple(expected[kind]) for kind in types.tolist()]


def test_rows_add_up_by_sample_by_unit_and_by_pair_of_units():
    rows = join([Side(counted(documents(90, seed)), None, even(70 + seed)) for seed in (1, 2, 3)])
    dense = np.zeros((len(rows.types), sum(rows.sizes)), np.int64)
    dense[np.repeat(np.arange(len(rows.types)), np.diff(rows.starts)), rows.unit] = rows.tokens
    edges = np.cumsum([0, *rows.sizes])
    for sample in range(3):
        assert (rows.of_sample(sample, rows.tokens) == dense[:, edges[sample] : edges[sample + 1]].sum(axis=1)).all()
    chosen = rows.types % np.uint64(2) == 0
    assert rows.per_unit(chosen).tolist() == dense[chosen].sum(axis=0).tolist()
    assert rows.products.tolist() == (dense.T @ dense).tolist()


def test_units_need_not_follow_the_bins():
    found = documents(120, 4)
    units = Units(3, np.random.default_rng(0).integers(-1, 3, BINS))
    expected = defaultdict(int)
    for (kind, cell), (tokens, _) in table(found).items():
        expected[kind, int(units.of_bin[bin_number(cell)])] += tokens
    rows = join([Side(counted(found), None, units)])
    places = zip(np.repeat(rows.types, np.diff(rows.starts)).tolist(), rows.unit.tolist(), strict=True)
    assert dict(zip(places, rows.tokens.tolist(), strict=True)) == {place: n for place, n in expected.items() if place[1] >= 0}


def test_no_documents_join_to_no_rows():
    rows = join([Side(counted([]), None, even(4)), Side(counted(["", "!"]), None, even(4))])
    assert (len(rows.types), rows.starts.tolist(), rows.unit_documents.sum()) == (0, [0], 2)


def test_only_types_below_every_threshold_are_joined_also_before_anything_was_counted():
    found, others = documents(60, 1), documents(60, 2)
    sides = [Side(counted(found, 7), None, even(4)), Side(counted(others, 11), None, even(4))]
    theta = min(counted(found, 7).theta, counted(others, 11).theta)
    expected = {kind for some in (found, others) for kind, _ in table(some) if kind < theta}
    assert set(join(sides).types.tolist()) == expected


def strata_by_hand(tokens, total, tau):
    """Tail, head and realised tau by trying every cutoff, ties going in whole."""
    mass = {c: sum(x for x in tokens if x <= c) / total for c in sorted(set(tokens))}
    cutoff = next((c for c in mass if mass[c] >= tau), max(tokens))
    head = next((c for c in mass if mass[c] >= 0.5), max(tokens))
    codes = [TAIL if x <= cutoff else HEAD if x > head else TORSO for x in tokens]
    return codes, cutoff, mass[cutoff]


@given(st.lists(st.integers(1, 12), min_size=1, max_size=40), st.floats(0.01, 0.9))
@settings(max_examples=200)
def test_strata_are_those_of_trying_every_cutoff(tokens, tau):
    strata = choose(np.arange(len(tokens), dtype=np.uint64), np.array(tokens), sum(tokens), tau)
    codes, cutoff, realised = strata_by_hand(tokens, sum(tokens), tau)
    assert strata.codes.tolist() == codes
    assert strata.cutoff == cutoff
    assert strata.realised_tau == pytest.approx(realised)
    assert strata.is_too_sparse == (realised > 0.25)


def test_types_of_equal_count_are_never_parted():
    strata = choose(np.arange(12, dtype=np.uint64), np.array([1] * 10 + [90, 100]), 200, 0.01)
    assert strata.codes[:10].tolist() == [TAIL] * 10
    assert strata.realised_tau == 0.05


def test_a_sample_of_types_holds_its_share_of_the_mass():
    tokens = np.array([1] * 10 + [40])
    strata = choose(np.arange(11, dtype=np.uint64), tokens, 500, 0.1, sampling_share=0.1)
    assert strata.realised_tau == pytest.approx(10 / 50)
    assert strata.cutoff == 1


def test_unseen_types_are_beyond_and_an_empty_reference_knows_none():
    strata = choose(np.array([5, 9], np.uint64), np.array([1, 9]), 10, 0.1)
    assert strata.of(np.array([1, 5, 7, 9, 12], np.uint64)).tolist() == [BEYOND, TAIL, BEYOND, TORSO, BEYOND]
    empty = choose(np.zeros(0, np.uint64), np.zeros(0, np.int64), 0, 0.1)
    assert empty.of(np.array([3], np.uint64)).tolist() == [BEYOND]
    assert not empty.is_too_sparse
