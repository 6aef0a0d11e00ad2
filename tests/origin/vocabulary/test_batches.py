"""Documents in memory as batches, and the words that each holds."""

import numpy as np
import pyarrow as pa
import pytest

from longtail.errors import UsageError
from longtail.origin.dates.dating import days_of
from longtail.origin.vocabulary.batches import MOST, Dated, dated, hashes_of, words_of


def batch_of(texts, **columns):
    return next(iter(dated(texts, [2020] * len(texts), **columns)()))


@pytest.mark.parametrize("size", [1, 3, 7, 100])
def test_slices_hold_every_document_once_and_in_order(size):
    (whole,) = dated(list("abcdefg"), range(2010, 2017), list("ABCDEFG"), list("1234567"))()
    parts = list(whole.slices(size))
    assert [len(part) for part in parts[:-1]] == [size] * (len(parts) - 1)
    for name in ("texts", "clusters", "sources"):
        assert [value for part in parts for value in getattr(part, name).to_pylist()] == getattr(whole, name).to_pylist()
    assert (np.concatenate([part.days for part in parts]) == whole.days).all()


def test_columns_that_are_missing_stay_so_in_slices():
    (part,) = Dated(pa.array(["a"]), days_of([2020])).slices()
    assert (part.clusters, part.sources) == (None, None)


def test_documents_in_memory_can_be_read_again_in_parts_that_fit_a_key():
    batches = dated(["text"] * (MOST + 1), [2020] * (MOST + 1))
    assert [[len(each) for each in batches()] for _ in range(2)] == [[MOST, 1]] * 2


def test_no_documents_are_no_batches():
    assert list(dated([], [])()) == []


def test_clusters_and_sources_of_any_kind_are_taken_as_text_and_none_stays_unknown():
    batch = batch_of(["a", "b", "c"], clusters=[7, None, "x"], sources=[None, 2.5, ""])
    assert batch.clusters.to_pylist() == ["7", None, "x"]
    assert batch.sources.to_pylist() == [None, "2.5", ""]


def test_days_are_taken_as_they_are_and_dates_are_read():
    days = np.array(["2020-02-29", "NaT"], "datetime64[D]")
    (given,), (read,) = dated(["a", "b"], days)(), dated(["a", "b"], ["2020-02-29", None])()
    assert given.days is not read.days
    assert np.array_equal(given.days, read.days, equal_nan=True)


@pytest.mark.parametrize("name", ["clusters", "sources"])
def test_each_text_needs_one_of_every_column_given(name):
    with pytest.raises(UsageError, match=f"2 texts and 3 {name}; give one for each text"):
        dated(["a", "b"], [2020, 2021], **{name: ["x", "y", "z"]})


def test_a_word_is_found_once_in_each_document_that_holds_it():
    found = words_of(batch_of(["delve Delve DELVE", "nothing", "we delve"]), 0)
    held = sorted((found.spelled(index), int(document)) for index, document in enumerate(found.documents))
    assert held == [("delve", 0), ("delve", 2), ("nothing", 1)]
    assert set(found.types.tolist()) == set(hashes_of(["delve", "nothing"], 0).tolist())


def test_halves_are_those_of_the_cells_and_both_occur():
    found = words_of(batch_of([f"text {number}" for number in range(64)]), 0)
    assert found.halves.tolist() == [int(cell) // 2048 for cell in found.texts.cells]
    assert set(found.halves.tolist()) == {0, 1}


def test_null_clusters_do_not_bind_documents_together():
    texts = [f"text {number}" for number in range(64)]
    cells = words_of(batch_of(texts, clusters=[None] * 64), 0).texts.cells
    assert len(set(cells.tolist())) > 32
    assert len(set(words_of(batch_of(texts, clusters=["one"] * 64), 0).texts.cells.tolist())) == 1


def test_hashes_are_ascending_without_repeats_short_words_and_lower_bits():
    found = hashes_of(["delve", "realm", "Delve", "oak", "r2d2"], 0)
    assert len(found) == 2
    assert found[0] < found[1]
    assert not (found % np.uint64(MOST)).any()
    assert found.tolist() == sorted(int(hashes_of([word], 0)[0]) for word in ("realm", "delve"))
    assert len(hashes_of([], 0)) == 0


def test_hashes_depend_on_the_seed():
    assert hashes_of(["delve"], 0) != hashes_of(["delve"], 1)
