import numpy as np
import pyarrow as pa
import pytest
from scipy.cluster.vq import vq
from scipy.spatial.distance import cdist

from longtail.errors import ConfigError
from longtail.views.batch import texts_of
from longtail.views.codebook import FEWEST_ROWS, MOST_REGIONS, Codebook, fit_codebook, nearest, regions
from longtail.views.keys import types_of


def blobs(n=600, width=5, kinds=6, seed=0):
    rng = np.random.default_rng(seed)
    centres = rng.normal(0, 20, (kinds, width))
    of = rng.integers(0, kinds, n)
    return (centres[of] + rng.normal(0, 0.5, (n, width))).astype(np.float32), of


def texts(n):
    return texts_of(pa.array([f"row {i}" for i in range(n)]), 0)


def test_the_nearest_centre_is_that_of_scipy():
    rows, _ = blobs()
    centres = np.random.default_rng(1).normal(0, 20, (37, 5))
    of, squared = nearest(rows, centres)
    other, distance = vq(rows.astype(float), centres)
    assert (of == other).all() and np.allclose(np.sqrt(squared), distance, atol=1e-9)


def test_the_cell_of_a_row_does_not_depend_on_the_batch_it_comes_in():
    rows, _ = blobs(1000, 64)
    book = fit_codebook("f", rows[:500], 0)
    whole = book.regions(rows)
    assert (np.concatenate([book.regions(rows[i : i + 7]) for i in range(0, 1000, 7)]) == whole).all()


def test_separate_kinds_lie_in_separate_cells():
    rows, of = blobs()
    book = fit_codebook("f", rows, 0)
    found = book.regions(rows)
    inside = found != book.outside
    assert inside.mean() > 0.97
    for cell in np.unique(found[inside]):
        assert len(np.unique(of[found == cell])) == 1


def test_lloyd_ends_where_no_centre_moves():
    rows, _ = blobs(400, 3)
    book = fit_codebook("f", rows, 3)
    of = cdist(rows.astype(float), book.centres).argmin(axis=1)
    assert all(np.allclose(rows[of == cell].astype(float).mean(axis=0), book.centres[cell], atol=1e-5) for cell in np.unique(of))


def test_far_rows_have_a_cell_of_their_own_and_one_row_in_a_hundred_of_half_a_lies_there():
    rows, _ = blobs(2000)
    book = fit_codebook("f", rows, 0)
    assert (book.regions(rows + 1000) == book.outside).all()
    assert 0.005 <= (book.regions(rows) == book.outside).mean() <= 0.015


def test_rows_without_a_finite_vector_do_not_take_part():
    rows, _ = blobs(50)
    book = fit_codebook("f", rows, 0)
    rows[3] = np.nan
    rows[4, 2] = np.inf
    batch = regions(rows, texts(50), book)
    assert batch.documents.sum() == batch.tokens.sum() == len(batch.first) == 48
    assert types_of(batch.first).max() <= book.outside


@pytest.mark.parametrize("rows", [np.ones((1, 3)), np.ones((40, 3)), np.zeros((9, 1))])
def test_constant_rows_make_one_cell(rows):
    book = fit_codebook("f", rows.astype(np.float32), 0)
    assert len(book.centres) == 1 and book.radius == 0
    assert book.regions(rows.astype(np.float32)).tolist() == [0] * len(rows)
    assert book.regions((rows + 1).astype(np.float32)).tolist() == [book.outside] * len(rows)


def test_there_are_no_more_cells_than_one_for_eight_rows():
    rows = np.random.default_rng(0).normal(size=(5000, 4)).astype(np.float32)
    assert 2 <= len(fit_codebook("f", rows[:80], 0).centres) <= 10
    book = fit_codebook("f", rows, 0)
    assert 100 <= len(book.centres) <= MOST_REGIONS
    assert np.bincount(nearest(rows, book.centres)[0]).min() >= FEWEST_ROWS


def test_a_codebook_is_the_same_after_saving_and_its_hash_tells_it_from_others():
    rows, _ = blobs()
    book = fit_codebook("f", rows, 0)
    again = Codebook.from_dict(book.to_dict())
    assert again.hash == book.hash == fit_codebook("f", rows, 0).hash
    assert fit_codebook("f", rows[:-1], 0).hash != book.hash
    assert (again.regions(rows) == book.regions(rows)).all()


def test_vectors_of_another_length_are_refused_with_both_lengths():
    book = fit_codebook("f", blobs()[0], 0)
    with pytest.raises(ConfigError, match="length 4, its codebook was fitted on length 5"):
        book.regions(np.zeros((2, 4), np.float32))


def test_no_finite_row_is_refused():
    with pytest.raises(ConfigError, match="no finite vector in half A"):
        fit_codebook("f", np.zeros((0, 3), np.float32), 0)
