"""The sample of vectors and the exact moments against brute force over documents."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from longtail.errors import IncompatibleSummaries, UsageError
from longtail.summaries.moments import GROUPS, Moments, Standard, fit_standard
from longtail.summaries.vectors import VectorSample
from longtail.testing.difference import difference
from longtail.views.keys import bin_of, half_of

from .made import texts

PARTS = st.sampled_from([0.0, -0.0, 1.5, -2.0, 1e-3, 3e38, math.nan, math.inf])
ROWS = st.lists(st.tuples(st.sampled_from("abcdefgh"), st.tuples(PARTS, PARTS)), max_size=6)
STANDARD = Standard(np.array([0.5, 0.0], np.float32), np.array([2.0, 1.0], np.float32), np.array([[0.6, 0.8]], np.float32))
OTHER = Standard(STANDARD.mean, np.array([2.0, 1.5], np.float32), STANDARD.directions)


def batch(rows):
    return np.array([values for _, values in rows], np.float32).reshape(-1, 2), texts([name for name, _ in rows])


@settings(max_examples=60, deadline=None)
@given(ROWS, st.sampled_from([1, 3, 100]))
def test_the_documents_of_the_smallest_hashes_are_kept_once_each_with_the_least_vector(rows, size):
    made = VectorSample("emb", 2, 0, size)
    made.add(*batch(rows))
    ranks = {name: int(texts([name]).ranks(0, "vector")[0]) for name, _ in rows}
    fit = [(ranks[name], values) for name, values in rows if np.isfinite(values).all()]
    least = {rank: min(values for other, values in fit if other == rank) for rank, _ in fit}
    kept = sorted(least)[:size]
    assert made.rows().ranks.tolist() == kept
    assert made.rows().values.tolist() == [list(np.float32(least[rank])) for rank in kept]
    assert made.bound == (sorted(least)[size] if len(least) > size else 1 << 64)
    absent = sum(not np.isfinite(values).any() for _, values in rows)
    assert (made.given, made.absent, made.unfit) == (len(fit), absent, len(rows) - len(fit) - absent)


def drawn(count, width, seed=0):
    return np.random.default_rng(seed).normal(size=(count, width)).astype(np.float32)


def test_rows_come_by_half_and_by_bound_with_their_ids_and_cells():
    documents, values = [f"d{number}" for number in range(400)], drawn(400, 3)
    made = VectorSample("emb", 3, 0, 250)
    made.add(values, texts(documents))
    whole, halves = made.rows(), [made.rows(half) for half in (0, 1)]
    assert len(whole) == 250 == len(halves[0]) + len(halves[1]) == len(made)
    assert all((half_of(half.cells) == at).all() for at, half in enumerate(halves))
    at = {texts([text]).id(0): (row, int(texts([text]).cells[0])) for text, row in zip(documents, values, strict=True)}
    assert all(
        (at[name][0] == row).all() and at[name][1] == cell for name, row, cell in zip(whole.ids, whole.values, whole.cells, strict=True)
    )
    assert (halves[1].bins == bin_of(halves[1].cells)).all()
    smaller = VectorSample("emb", 3, 0, 100)
    smaller.add(values, texts(documents))
    below = whole.below(smaller.bound)
    assert below.ids == smaller.rows().ids and below.bound == smaller.bound and len(below) == 100
    assert whole.below(1 << 64) == whole or len(whole.below(1 << 64)) == 250


def test_samples_of_unlike_widths_are_not_compared_and_sizes_may_differ():
    made = VectorSample("emb", 3, 0)
    made.require_comparable(VectorSample("emb", 3, 0, 10))
    with pytest.raises(IncompatibleSummaries, match=r"width \(3 and 4\)"):
        made.require_comparable(VectorSample("emb", 4, 0))


@pytest.mark.parametrize("make", [lambda: VectorSample("emb", 2, 0), lambda: Moments("emb", STANDARD, 0)])
def test_vectors_of_another_width_are_refused(make):
    with pytest.raises(UsageError, match=r"shape \(1, 3\) for 1 documents .*'emb'; expected width 2"):
        make().add(np.zeros((1, 3), np.float32), texts(["a"]))


def summed(values, documents, standard):
    made = Moments("emb", standard, 0)
    made.add(values, texts(documents))
    return made


@pytest.mark.parametrize("width", [1, 5, 40])
def test_moments_are_those_of_the_scaled_rows_by_half_and_group(width):
    values, documents = drawn(600, width) * 3 + 7, [f"d{number}" for number in range(600)]
    standard = fit_standard(values[:300])
    made, cells = summed(values, documents, standard), texts(documents).cells.astype(int)
    scaled = standard.scaled(values)
    along = scaled @ standard.directions.T.astype(float)
    for half, group in ((0, 3), (1, 31)):
        here = cells // (4096 // (2 * GROUPS)) == half * GROUPS + group
        assert made.rows[half, group] == here.sum()
        assert made.sums[half, group] / 4096 == pytest.approx(scaled[here].sum(axis=0), abs=here.sum() / 8192 + 1e-9)
        assert made.squares[half, group] / 4096**2 == pytest.approx((scaled[here] ** 2).sum(axis=0), rel=1e-3, abs=1e-3)
        products = made.products[half, group] * made.unit**2
        assert products == pytest.approx(along[here].T @ along[here], rel=0.02, abs=0.02 * here.sum())
    assert made.rows.sum() == 600 and made.clipped == 0


def test_sums_are_the_same_to_the_last_bit_row_by_row_and_whatever_their_order():
    values, documents = (drawn(500, 96) * 50).astype(np.float32), [f"d{number}" for number in range(500)]
    standard = fit_standard(drawn(200, 96, 1))
    whole, parts = summed(values, documents, standard), Moments("emb", standard, 0)
    for at in np.random.default_rng(3).permutation(500):
        parts.add(values[at : at + 1], texts(documents[at : at + 1]))
    assert difference(whole.to_dict(), parts.to_dict()) == ""
    assert whole.clipped > 0


def test_parts_beyond_all_measure_are_cut_off_and_counted():
    made = summed(np.array([[3e38, 0.0], [0.5, 0.0]], np.float32), ["a", "b"], STANDARD)
    assert made.clipped == 1 and made.sums.max() == 64 * 4096


def test_a_standard_has_the_moments_of_its_rows_and_its_leading_directions():
    values = drawn(500, 6) @ np.diag([5, 3, 1, 1, 1, 0]).astype(np.float32) + np.float32(4)
    values[:, 1] += values[:, 0]
    made = fit_standard(values, 3)
    assert made.mean == pytest.approx(values.mean(axis=0), rel=1e-5)
    assert made.scale[:5] == pytest.approx(values.std(axis=0)[:5], rel=1e-5) and made.scale[5] == 1
    correlations = np.corrcoef(values[:, :5].T)
    leading = np.linalg.eigh(correlations)[1][:, ::-1][:, :3].T
    assert np.abs((made.directions[:, :5] * leading).sum(axis=1)) == pytest.approx([1] * 3, abs=1e-4)
    assert (np.take_along_axis(made.directions, np.abs(made.directions).argmax(axis=1)[:, None], axis=1) > 0).all()
    assert fit_standard(values[:2]).directions.shape == (1, 6) and fit_standard(values[:1]).directions.shape == (1, 6)


def test_a_standard_is_known_by_its_hash_and_survives_saving():
    assert STANDARD.hash != OTHER.hash and len(STANDARD.hash) == 16
    assert Standard.from_dict(STANDARD.to_dict()).hash == STANDARD.hash
    with pytest.raises(UsageError, match=r"shape \(0, 4\)"):
        fit_standard(np.zeros((0, 4), np.float32))
