"""Nearest histograms: exact mixtures, a search by the published distance, and replicates one at a time."""

import numpy as np
import pytest

from longtail.origin.quantifiers.hdy import BINS, hdy
from longtail.origin.quantifiers.sample import Scored


def reference(seed=0, n=60, gap=1.5):
    rng = np.random.default_rng(seed)
    labels = np.arange(n) % 2
    return (gap * rng.normal(size=n) + gap**2 * (labels - 0.5))[:, None], labels


def searched(target, known, labels):
    """Return the share by Hellinger's distance of histograms, one share and one number of bins at a time."""
    odds = (labels == 1).sum() / (labels == 0).sum()
    sought, seen = (odds * np.exp(each[:, 0]) / (1 + odds * np.exp(each[:, 0])) for each in (target, known))
    found = []
    for bins in BINS:
        human, machine, here = (
            np.histogram(values, bins=bins, range=(0, 1))[0] / len(values) for values in (seen[labels == 0], seen[labels == 1], sought)
        )
        grid = np.arange(101) / 100
        apart = [np.sqrt(((np.sqrt((1 - share) * human + share * machine) - np.sqrt(here)) ** 2).sum()) for share in grid]
        found.append(grid[int(np.argmin(apart))])
    return np.median(found)


@pytest.mark.parametrize("tenths", range(11))
@pytest.mark.parametrize("times", [1, 3])
def test_an_exact_mixture_of_the_reference_is_found_whatever_the_share_of_the_reference(tenths, times):
    known, labels = reference()
    weights = np.where(labels == 1, tenths, 10 - tenths)[None]
    ours = np.where(labels == 1, times, 1)[None]
    assert hdy(Scored(known, known, labels, weights, ours)) == pytest.approx(np.array([[tenths / 10]]))


@pytest.mark.parametrize("seed", range(6))
def test_the_share_is_that_of_a_search_by_the_published_distance(seed):
    known, labels = reference(seed, n=90)
    labels = np.where(np.arange(90) % 6 == 0, 0, labels)
    rng = np.random.default_rng(100 + seed)
    target = known[rng.integers(0, 90, 70)] + rng.normal(0, 0.3, (70, 1))
    assert hdy(Scored(target, known, labels))[0, 0] == pytest.approx(searched(target, known, labels), abs=1e-9)


@pytest.mark.parametrize("certain", [50.0, 1e6, np.inf])
def test_of_scores_that_leave_no_doubt_the_share_is_a_count(certain):
    labels = np.repeat([0, 1], [5, 15])
    known = np.where(labels == 1, certain, -certain)[:, None]
    target = np.where(np.arange(100) < 37, certain, -certain)[:, None]
    assert hdy(Scored(target, known, labels)) == pytest.approx(np.array([[0.37]]))


def test_a_target_where_one_origin_alone_lies_is_all_of_that_origin():
    known, labels = reference()
    least, most = np.argmin(known), np.argmax(known)
    assert (labels[least], labels[most]) == (0, 1)
    assert [hdy(Scored(np.repeat(known[[at]], 9, axis=0), known, labels))[0, 0] for at in (least, most)] == [0, 1]


def test_each_replicate_is_answered_as_if_it_were_alone():
    known, labels = reference()
    rng = np.random.default_rng(3)
    targets, references = (rng.normal(size=(4, 1, 1)) * 0.3 + known[None] for _ in range(2))
    theirs, ours = rng.poisson(1, (4, 60)), rng.poisson(1, (4, 60))
    together = hdy(Scored(targets, references, labels, theirs, ours))
    alone = [hdy(Scored(targets[at], references[at], labels, theirs[[at]], ours[[at]]))[0] for at in range(4)]
    np.testing.assert_array_equal(together, alone)
    assert len(np.unique(together)) > 1


def test_a_replicate_that_drew_no_document_of_an_origin_has_no_answer_and_leaves_the_others_theirs():
    known, labels = reference()
    ours = np.stack([np.ones(60, np.int64), labels, 1 - labels, np.ones(60, np.int64)])
    theirs = np.stack([np.ones(60, np.int64)] * 3 + [np.zeros(60, np.int64)])
    found = hdy(Scored(known, known, labels, theirs, ours))[:, 0]
    assert np.isnan(found).tolist() == [False, True, True, True]
    assert found[0] == pytest.approx(0.5)


def test_a_target_beyond_every_bin_of_the_reference_has_no_answer():
    labels = np.repeat([0, 1], 20)
    reference = np.where(labels == 0, -2.0, 2.0)[:, None]
    assert np.isnan(hdy(Scored(np.full((9, 1), 40.0), reference, labels))).all()
    assert hdy(Scored(np.full((9, 1), 2.0), reference, labels))[0, 0] == 1.0
