"""The sample of vectors against brute force over documents."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from longtail.errors import IncompatibleSummaries, UsageError
from longtail.summaries.vectors import VectorSample
from longtail.testing.difference import difference
from longtail.views.keys import bin_of, half_of

from .made import texts

PARTS = st.sampled_from([0.0, -0.0, 1.5, -2.0, 1e-3, 3e38, math.nan, math.inf])
ROWS = st.lists(st.tuples(st.sampled_from("abcdefgh"), st.tuples(PARTS, PARTS)), max_size=6)


def batch(rows):
    return np.array([values for _, values in rows], np.float32).reshape(-1, 2), texts([name for name, _ in rows])


def drawn(count, width, seed=0):
    return np.random.default_rng(seed).normal(size=(count, width)).astype(np.float32)


def sampled(values, documents, size=2048):
    made = VectorSample("emb", values.shape[1], 0, size)
    made.add(values, texts(documents))
    return made


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


@pytest.mark.parametrize("size", [1, 7, 60])
def test_merged_samples_are_that_of_all_documents_and_survive_saving(size):
    values, documents = drawn(120, 3), [f"d{number % 50}" for number in range(120)]
    parts = [sampled(values[at::3], documents[at::3], size) for at in (2, 0, 1)]
    for other in parts[1:]:
        parts[0].merge(VectorSample.from_dict(other.to_dict()))
    assert difference(parts[0].to_dict(), sampled(values, documents, size).to_dict()) == ""
    assert (parts[0].given, len(parts[0])) == (120, min(size, 50))


def test_what_was_saved_does_not_change_with_the_sample():
    made = sampled(drawn(3, 2), ["a", "b", "c"])
    state = made.to_dict()
    made.add(drawn(4, 2, 1) - 9, texts(["a", "b", "c", "d"]))
    assert len(state["ids"]) == 3 and state["values"].min() > -5 and state["given"] == 3


def test_a_negative_nought_is_a_nought_and_what_overflows_single_precision_is_unfit():
    made = sampled(np.array([[-0.0, 0.0], [1e39, 0.0], [np.nan, np.nan]]), ["a", "b", "c"])
    assert not np.signbit(made.rows().values).any() and made.rows().values.dtype == np.float32
    assert (made.given, made.unfit, made.absent) == (1, 1, 1)


def test_no_documents_have_no_vectors():
    made = VectorSample("emb", 3, 0)
    made.add(np.zeros((0, 3)), texts([]))
    assert len(made) == 0 == len(made.rows(1)) and made.rows().values.shape == (0, 3) and made.bound == 1 << 64
    assert len(made.rows().below(5)) == 0


def test_samples_of_unlike_widths_are_not_compared_and_sizes_may_differ():
    made = VectorSample("emb", 3, 0)
    made.require_comparable(VectorSample("emb", 3, 0, 10))
    with pytest.raises(IncompatibleSummaries, match=r"width \(3 and 4\)"):
        made.require_comparable(VectorSample("emb", 4, 0))


def test_samples_of_unlike_settings_are_not_merged():
    with pytest.raises(IncompatibleSummaries, match=r"vector samples differ in size \(2048 and 5\)"):
        VectorSample("emb", 3, 0).merge(VectorSample("emb", 3, 0, 5))
    with pytest.raises(IncompatibleSummaries, match=r"column \(emb and other\), seed \(0 and 1\)"):
        VectorSample("emb", 3, 0).merge(VectorSample("other", 3, 1))


def test_vectors_of_another_width_or_number_are_refused():
    with pytest.raises(UsageError, match=r"shape \(1, 3\) for 1 documents .*'emb'; expected width 2"):
        VectorSample("emb", 2, 0).add(np.zeros((1, 3), np.float32), texts(["a"]))
    with pytest.raises(UsageError, match=r"shape \(1, 2\) for 2 documents"):
        VectorSample("emb", 2, 0).add(np.zeros((1, 2), np.float32), texts(["a", "b"]))
