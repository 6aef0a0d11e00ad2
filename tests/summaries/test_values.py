"""A sample of the numbers of a column: what it keeps, whose halves, and how copies are counted."""

import numpy as np
import pyarrow as pa
import pytest

from longtail.errors import IncompatibleSummaries
from longtail.summaries.values import ALL, ValueSample
from longtail.views.batch import marks_of, texts_of
from longtail.views.keys import half_of
from longtail.views.numbers import numbers_of


def column(values):
    return pa.array(values, pa.string())


def batch(values, texts=None, seed=0):
    rows = [f"row {at}" for at in range(len(values))] if texts is None else texts
    return numbers_of(marks_of(column(values)), texts_of(column(rows), seed))


def sampled(values, texts=None, size=4096, seed=0):
    made = ValueSample("size", seed, size)
    made.add(batch(values, texts, seed))
    return made


def test_all_numbers_are_kept_while_there_is_room():
    sample = sampled([str(at) for at in range(500)])
    found = sample.values()
    assert sorted(found.values.tolist()) == list(range(500))
    assert found.copies.tolist() == [1] * 500
    assert sample.theta == ALL


def test_a_full_sample_is_that_of_the_smallest_hashes_and_says_which_share_it_is():
    whole, small = sampled([str(at) for at in range(5000)], size=5000), sampled([str(at) for at in range(5000)], size=100)
    assert small.values().values.tolist() == whole.values().values[:100].tolist()
    assert small.values().values.tolist() == whole.values(theta=small.theta).values.tolist()
    assert small.theta / ALL == pytest.approx(100 / 5000, rel=0.4)


def test_at_one_threshold_two_samples_hold_one_share_of_their_documents():
    many, few = (sampled([str(at) for at in range(count)], [f"{count} {at}" for at in range(count)], 1000) for count in (40000, 4000))
    theta = min(many.theta, few.theta)
    assert len(many.values(theta=theta).values) == 1000
    assert len(few.values(theta=theta).values) == pytest.approx(100, abs=4 * np.sqrt(100))


def test_a_sample_is_like_the_column_it_is_of():
    rng = np.random.default_rng(0)
    found = sampled([repr(value) for value in rng.normal(3.0, 2.0, 30000).tolist()]).values().values
    assert len(found) == 4096
    assert found.mean() == pytest.approx(3.0, abs=4 * 2 / 64)
    assert found.std() == pytest.approx(2.0, rel=0.06)


def test_numbers_beside_equal_texts_are_told_apart_and_sampled_without_regard_to_size():
    found = sampled([str(at) for at in range(20000)], ["the same"] * 20000, size=500)
    values = found.values().values
    assert len(set(values.tolist())) == 500
    assert values.mean() == pytest.approx(10000, abs=4 * 5774 / np.sqrt(500))


def test_copies_are_counted_and_what_is_not_finite_is_left_out_and_counted():
    sample = sampled(["1", "1", " 1.0", "2", "nan", "inf", "x", None], ["a", " a", "a", "a", "a", "b", "c", "d"])
    found = sample.values()
    assert dict(zip(found.values.tolist(), found.copies.tolist(), strict=True)) == {1.0: 3, 2.0: 1}
    assert (sample.stated, sample.not_finite) == (7, 3)


def test_a_half_is_that_of_its_documents():
    sample = sampled([str(at) for at in range(300)])
    halves = [sample.values(half) for half in (0, 1)]
    assert sorted(halves[0].values.tolist() + halves[1].values.tolist()) == list(range(300))
    for half, found in enumerate(halves):
        assert set(half_of(found.cells).tolist()) == {half}
    expected = half_of(texts_of(column([f"row {at}" for at in range(300)]), 0).cells.astype(np.uint16))
    assert sorted(halves[1].values.tolist()) == np.flatnonzero(expected).tolist()


@pytest.mark.parametrize("other", [ValueSample("age", 0), ValueSample("size", 1), ValueSample("size", 0, 5)])
def test_samples_of_other_settings_refuse_each_other_by_name(other):
    with pytest.raises(IncompatibleSummaries, match="samples of values differ in (column|seed|size) "):
        ValueSample("size", 0).merge(other)


def test_a_sample_that_was_merged_into_another_is_left_as_it_was():
    one, other = sampled(["1"], ["a"]), sampled(["2"], ["b"])
    before = other.to_dict()
    one.merge(other)
    assert other.to_dict() == before
    assert sorted(one.values().values.tolist()) == [1, 2]
