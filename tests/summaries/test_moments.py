"""Exact moments of vectors against numpy over documents."""

import numpy as np
import pytest

from longtail.errors import IncompatibleSummaries, UsageError
from longtail.summaries.moments import GROUPS, Moments, Standard, fit_standard
from longtail.testing.difference import difference

from .made import texts

STANDARD = Standard(np.array([0.5, 0.0], np.float32), np.array([2.0, 1.0], np.float32), np.array([[0.6, 0.8]], np.float32))
OTHER = Standard(STANDARD.mean, np.array([2.0, 1.5], np.float32), STANDARD.directions)


def drawn(count, width, seed=0):
    return np.random.default_rng(seed).normal(size=(count, width)).astype(np.float32)


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


def test_one_document_has_the_sums_by_hand():
    made = summed(np.array([[2.5, -2.0]], np.float32), ["a"], STANDARD)
    half, group = divmod(int(texts(["a"]).cells[0]) // (4096 // (2 * GROUPS)), GROUPS)
    assert made.rows[half, group] == 1 == made.rows.sum()
    assert made.sums[half, group].tolist() == [4096, -2 * 4096] and made.squares[half, group].tolist() == [4096**2, 4 * 4096**2]
    along = (1 * 0.6 - 2 * 0.8) / made.unit
    assert made.unit == 2.0**-11 and made.coordinates[half, group, 0] == round(along)
    assert made.products[half, group, 0, 0] == round(along) ** 2


def test_sums_are_the_same_to_the_last_bit_row_by_row_and_whatever_their_order():
    values, documents = (drawn(500, 96) * 50).astype(np.float32), [f"d{number}" for number in range(500)]
    standard = fit_standard(drawn(200, 96, 1))
    whole, parts = summed(values, documents, standard), Moments("emb", standard, 0)
    for at in np.random.default_rng(3).permutation(500):
        parts.add(values[at : at + 1], texts(documents[at : at + 1]))
    assert difference(whole.to_dict(), parts.to_dict()) == ""
    assert whole.clipped > 0


def test_merged_moments_are_those_of_all_documents_and_survive_saving():
    values, documents = drawn(300, 2) * 40, [f"d{number}" for number in range(300)]
    values[:7], values[9, 0] = np.nan, np.inf
    parts = [summed(values[at::3], documents[at::3], STANDARD) for at in (2, 0, 1)]
    for other in parts[1:]:
        parts[0].merge(Moments.from_dict(other.to_dict()))
    whole = summed(values, documents, STANDARD)
    assert difference(parts[0].to_dict(), whole.to_dict()) == ""
    assert (whole.absent, whole.unfit, whole.rows.sum()) == (7, 1, 292) and whole.clipped > 0


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


def test_rows_are_scaled_in_double_precision():
    assert STANDARD.scaled(np.array([[2.5, -1.0]], np.float32)).tolist() == [[1.0, -1.0]]
    assert STANDARD.scaled(np.zeros((1, 2), np.float32)).dtype == np.float64 and STANDARD.width == 2


def test_moments_of_unlike_standard_or_seed_are_not_merged():
    with pytest.raises(IncompatibleSummaries, match=rf"moments differ in standard \({STANDARD.hash} and {OTHER.hash}\)"):
        Moments("emb", STANDARD, 0).merge(Moments("emb", OTHER, 0))
    with pytest.raises(IncompatibleSummaries, match=r"column \(emb and other\), seed \(0 and 1\)"):
        Moments("emb", STANDARD, 0).require_alike(Moments("other", STANDARD, 1))


def test_vectors_of_another_width_or_number_are_refused():
    with pytest.raises(UsageError, match=r"shape \(1, 3\) for 1 documents .*'emb'; expected width 2"):
        Moments("emb", STANDARD, 0).add(np.zeros((1, 3), np.float32), texts(["a"]))
    with pytest.raises(UsageError, match=r"shape \(1, 2\) for 2 documents"):
        Moments("emb", STANDARD, 0).add(np.zeros((1, 2), np.float32), texts(["a", "b"]))
