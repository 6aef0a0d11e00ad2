"""Numbers beside documents: how they are read, which bins a reference fixes, and how values are counted by them."""

import math
from collections import Counter

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from longtail.errors import ConfigError
from longtail.views.batch import marks_of, texts_of
from longtail.views.keys import cells_of, types_of
from longtail.views.numbers import (
    ABOVE_ALL,
    BELOW_ALL,
    LEVELS,
    NAN,
    UNREADABLE,
    Edges,
    fit_edges,
    numbers,
    numbers_of,
    parsed,
)

FINITE = st.floats(allow_nan=False, allow_infinity=False)
TEXTS = st.one_of(st.none(), FINITE.map(repr), st.integers().map(str), st.text(max_size=6), st.sampled_from(["nan", "-inf", " 3 ", "1e3"]))


def column(values):
    return pa.array(values, pa.string())


def beside(values, seed=0):
    return numbers_of(marks_of(column(values)), texts_of(column([f"row {at}" for at in range(len(values))]), seed))


def types(values, edges):
    return types_of(numbers(beside(values), edges).first).tolist()


@pytest.mark.parametrize(
    ("text", "number"),
    [("1", 1), ("-2.5", -2.5), ("+3", 3), (".5", 0.5), ("5.", 5), (" 7\n", 7), ("1E-3", 0.001), ("1e999", math.inf),
     ("-Infinity", -math.inf), ("iNF", math.inf), ("-0", 0), ("1e-400", 0)],
)  # fmt: skip
@pytest.mark.parametrize("beside", [[], ["no number"]], ids=["all numbers", "not all"])
def test_a_number_is_read_in_every_form_that_json_and_people_use(text, number, beside):
    assert parsed(marks_of(column([text, *beside])))[0] == number


@pytest.mark.parametrize("text", ["", "x", "1,5", "1_000", "0x10", "1 2", "e5", "-", ".", "٣", "5%", "NaN0", "１２", "+-3", "1e5.5"])
def test_what_is_no_number_is_told_from_nan_and_from_none(text):
    found = beside([text, "nan", None, "2"])
    assert np.isnan(found.values).tolist() == [True, True, True, False]
    assert found.readable.tolist() == [False, True, False, True]
    assert found.given.tolist() == [True, True, False, True]


@given(st.lists(FINITE, max_size=20), st.booleans())
def test_numbers_survive_writing_and_reading(values, spoiled):
    found = parsed(marks_of(column([repr(value) for value in values] + ["?"] * spoiled)))
    assert found[: len(values)].tolist() == values
    assert not np.signbit(found[found == 0]).any()


@given(st.lists(TEXTS, max_size=20), st.integers(0, 3))
def test_a_column_that_is_a_slice_is_read_from_where_it_begins(values, first):
    whole, part = marks_of(column(["9", *values])), marks_of(column(["9", *values]).slice(min(first, len(values))))
    np.testing.assert_array_equal(parsed(whole)[min(first, len(values)) :], parsed(part))


def test_bins_end_at_the_quantiles_of_the_values():
    values = np.random.default_rng(0).permutation(np.arange(1, 10001)).astype(float)
    edges = fit_edges("size", values)
    assert edges.values.tolist() == [50, 100, 500, *range(1000, 10000, 1000), 9500, 9900, 9950]
    assert len(edges.values) == len(LEVELS)
    assert np.bincount(edges.bins(values).astype(int)).tolist() == [50, 50, 400, 500, *[1000] * 8, 500, 400, 50, 50]
    assert (edges.bins(values) < edges.low).mean() == 0.01
    assert (edges.bins(values) >= edges.high).mean() == 0.01
    assert (edges.fitted, edges.left_out, edges.deviation) == (10000, 0, pytest.approx(values.std()))


@given(st.lists(st.one_of(FINITE, st.integers(-3, 3).map(float)), min_size=1, max_size=60))
def test_extremes_are_what_lies_strictly_beyond_a_shared_quantile(values):
    found = np.array(values)
    edges = fit_edges("size", found)
    assert np.all(np.diff(edges.values) > 0)
    kept = np.sort(found)
    low, high = kept[math.ceil(len(kept) * 0.01) - 1], kept[math.ceil(round(len(kept) * 0.99, 6)) - 1]
    bins = edges.bins(found)
    assert np.isin(bins, edges.above).tolist() == (found > high).tolist()
    assert set(np.flatnonzero(np.isin(bins, edges.below))) <= set(np.flatnonzero(found <= low))
    assert set(np.flatnonzero(found < low)) <= set(np.flatnonzero(np.isin(bins, edges.below)))


def test_a_few_distinct_values_have_a_bin_each_and_what_lies_between_has_others():
    edges = fit_edges("grade", np.repeat([1.0, 2.0, 3.0], [70, 25, 5]))
    assert types(["1", "2", "3"], edges) == [1, 3, 5]
    assert types(["0", "1.5", "2.5", "4"], edges) == [0, 2, 4, 6]
    assert edges.below.tolist() == [0]
    assert edges.above.tolist() == [6]


def test_a_value_that_many_documents_share_is_told_from_what_lies_beyond_it():
    rng = np.random.default_rng(1)
    edges = fit_edges("amount", np.concatenate([np.zeros(3000), rng.exponential(size=7000)]))
    zero = edges.bins(np.zeros(1))[0]
    assert zero not in edges.below
    assert edges.bins(np.array([-1e-300]))[0] in edges.below
    assert edges.bins(np.array([1e-12]))[0] == zero + 1


@pytest.mark.parametrize("value", [0.0, -7.5, 1.7976931348623157e308, -1.7976931348623157e308])
def test_a_constant_column_has_its_value_and_what_lies_on_either_side(value):
    edges = fit_edges("flat", np.full(9, value))
    below, here, above = (
        int(edges.bins(np.array([side]))[0]) for side in (math.nextafter(value, -math.inf), value, math.nextafter(value, math.inf))
    )
    assert above == here + 1
    assert below == max(0, here - 1)
    assert (edges.below.tolist(), edges.above.tolist()) == ([below][:here], [above])
    assert edges.deviation == 0


def test_what_is_not_finite_has_types_of_its_own_and_what_is_not_stated_takes_no_part():
    edges = fit_edges("size", np.array([1.0, 2.0, np.nan, np.inf]))
    assert (edges.fitted, edges.left_out) == (2, 2)
    found = numbers(beside(["nan", "inf", "-inf", "1e999", "x", "", None, "1"]), edges)
    assert types_of(found.first).tolist() == [NAN, ABOVE_ALL, BELOW_ALL, ABOVE_ALL, UNREADABLE, UNREADABLE, 1]
    assert found.documents.sum() == found.tokens.sum() == 7


@given(st.lists(TEXTS, min_size=1, max_size=30), st.lists(FINITE, min_size=1, max_size=40))
def test_counts_are_those_of_brute_force(values, fitted):
    edges = fit_edges("size", np.array(fitted))
    found, batch = beside(values), numbers(beside(values), edges)
    expected = Counter()
    for value, given_, readable in zip(found.values.tolist(), found.given.tolist(), found.readable.tolist(), strict=True):
        if not given_:
            continue
        if not readable:
            expected[int(UNREADABLE)] += 1
        elif not math.isfinite(value):
            expected[int(NAN if math.isnan(value) else ABOVE_ALL if value > 0 else BELOW_ALL)] += 1
        else:
            expected[sum(edge < value for edge in edges.values.tolist())] += 1
    assert Counter(types_of(batch.first).tolist()) == expected
    assert cells_of(batch.first).tolist() == found.texts.cells[found.given].tolist()


@pytest.mark.parametrize("values", [[], [np.nan], [np.inf, -np.inf]])
def test_a_column_without_a_number_is_refused_by_name(values):
    with pytest.raises(ConfigError, match=r"column 'colour' holds no finite number .*category:colour"):
        fit_edges("colour", np.array(values, float))


@given(st.lists(FINITE, min_size=1, max_size=30))
def test_edges_survive_saving_and_their_order_of_values_does_not_matter(values):
    edges = fit_edges("size", np.array(values))
    again = Edges.from_dict(edges.to_dict())
    assert again.to_dict() == edges.to_dict()
    assert again.hash == edges.hash == fit_edges("size", np.array(values[::-1])).hash
    assert again.version == f"numbers-1/{edges.hash}"


def test_other_bins_have_another_hash():
    one, other = (fit_edges("size", np.random.default_rng(seed).normal(size=100)) for seed in (1, 2))
    assert one.hash != other.hash
