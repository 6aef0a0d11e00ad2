import numpy
import pytest
from scipy import stats

from longtail.gates import bound
from longtail.lab.rows import TRIES, drawn, passed, rewritten


def writer(rng, replicates=3000, dim=1):
    return lambda rows: rng.standard_normal((replicates, rows, dim))


def test_without_a_gate_rows_come_as_they_are_written():
    given = numpy.arange(12.0).reshape(2, 6, 1)
    assert passed(lambda rows: given[:, :rows], 4, None, numpy.random.default_rng(0)) is not None
    assert numpy.array_equal(passed(lambda rows: given[:, :rows], 4, None, numpy.random.default_rng(0)), given[:, :4])


def test_a_gate_is_asked_until_every_replicate_has_its_rows():
    rng = numpy.random.default_rng(0)
    found = passed(writer(rng), 20, bound("ball:0.5"), rng)
    assert found.shape == (3000, 20, 1)
    assert (numpy.abs(found) <= 0.5).all()
    cut = stats.truncnorm(-0.5, 0.5)
    assert stats.kstest(found.ravel(), cut.cdf).pvalue > 1e-4
    assert len(numpy.unique(found)) == found.size


def test_a_random_gate_changes_no_law():
    rng = numpy.random.default_rng(1)
    assert stats.kstest(passed(writer(rng), 10, bound("random:0.3"), rng).ravel(), stats.norm.cdf).pvalue > 1e-4


def test_a_gate_that_compares_rows_keeps_the_nearest_of_a_batch():
    rng = numpy.random.default_rng(2)
    seen = []

    def write(rows):
        seen.append(rng.standard_normal((50, rows, 2)))
        return seen[-1]

    found = passed(write, 5, bound("top:0.25"), rng)
    length = numpy.sort(numpy.square(seen[0]).sum(axis=2), axis=1)
    assert seen[0].shape == (50, 20, 2)
    assert numpy.sort(numpy.square(found).sum(axis=2), axis=1) == pytest.approx(length[:, :5])


def test_where_nothing_passes_every_place_holds_the_same_row():
    calls = []

    def write(rows):
        calls.append(rows)
        return numpy.tile(numpy.array([[5.0], [7.0]]), (2, rows // 2, 1))

    found = passed(write, 4, bound("ball:1"), numpy.random.default_rng(0))
    assert (found == found[:, :1]).all()
    assert len(calls) == TRIES + 1


def test_where_too_few_pass_those_that_did_are_repeated():
    given = [numpy.array([[[0.1], [9.0], [0.2], [9.0], [9.0]]])]

    def write(rows):
        return given.pop() if given else numpy.full((1, rows, 1), 9.0)

    found = passed(write, 5, bound("ball:1"), numpy.random.default_rng(0))
    assert found.ravel().tolist() == [0.1, 0.2, 0.1, 0.2, 0.1]


def test_every_subset_is_drawn_equally_often_and_no_row_twice():
    data = numpy.tile(numpy.arange(4), (24_000, 1))
    found = numpy.sort(drawn(data, 2, numpy.random.default_rng(0)), axis=1)
    assert (found[:, 0] < found[:, 1]).all()
    _, counts = numpy.unique(found @ numpy.array([10, 1]), return_counts=True)
    assert len(counts) == 6
    assert stats.chisquare(counts).pvalue > 1e-4


def test_rows_stay_whole_and_all_or_none_may_be_drawn():
    data = numpy.random.default_rng(0).standard_normal((5, 6, 3))
    found = drawn(data, 6, numpy.random.default_rng(0))
    assert numpy.sort(found, axis=1) == pytest.approx(numpy.sort(data, axis=1))
    assert all(any(numpy.array_equal(row, other) for other in data[0]) for row in found[0])


@pytest.mark.parametrize("new", [1, 3, 6])
def test_as_many_rows_are_replaced_as_are_new(new):
    data = numpy.tile(numpy.arange(6.0), (4, 1))[:, :, None]
    found = rewritten(data, numpy.full((4, new, 1), -1.0), numpy.random.default_rng(0))
    assert found.shape == data.shape
    assert ((found == -1).sum(axis=(1, 2)) == new).all()
    assert all(len(numpy.unique(each)) == 6 - new + 1 for each in found)
