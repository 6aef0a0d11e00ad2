"""A part of a profile against the profile of just those documents."""

import numpy as np
import pyarrow as pa
import pytest

from longtail.errors import UsageError
from longtail.summaries.carve import carved
from longtail.summaries.profile import Profile
from longtail.summaries.rows import type_counts
from longtail.views.batch import texts_in
from longtail.views.keys import BINS, bin_of, half_of
from longtail.views.names import LABELS, LENGTHS

TEXTS = [f"w{number % 7} w{number % 31} rare{number} and so on {'more ' * (number % 5)}" for number in range(900)]
CLASSES = ["odd" if number % 2 else "even" for number in range(900)]


def batch(kept):
    chosen = [place for place, keep in enumerate(kept) if keep]
    columns = {"text": [TEXTS[place] for place in chosen], "by:class": [CLASSES[place] for place in chosen]}
    return pa.record_batch({name: pa.array(values, pa.string()) for name, values in columns.items()})


def profiled(kept):
    made = Profile(("words_1", "words_2"), seed=3, by=("class",))
    made.add(batch(kept))
    made.settle()
    return made


@pytest.fixture(scope="module")
def whole():
    return profiled([True] * len(TEXTS))


@pytest.fixture(scope="module")
def cells():
    return texts_in(batch([True] * len(TEXTS)), 3).cells


@pytest.mark.parametrize("half", [None, 0, 1])
def test_it_is_the_profile_of_the_documents_in_those_bins(whole, cells, half):
    bins = np.random.default_rng(0).permutation(BINS)[:700]
    kept = np.isin(bin_of(cells), bins) & (True if half is None else half_of(cells) == half)
    assert 50 < kept.sum() < 450
    part, alone = carved(whole, bins, half), profiled(kept)
    assert part.documents == kept.sum()
    for view in ("words_1", "words_2", "documents", LENGTHS, LABELS + "class"):
        for side in (None, 0, 1):
            ours, theirs = (type_counts(each.frequencies[view], side, each.frequencies[view].theta) for each in (part, alone))
            assert all(np.array_equal(one, other) for one, other in zip(ours, theirs, strict=True)), (view, side)
        for totals in ("documents", "tokens"):
            ours, theirs = (getattr(each.frequencies[view], totals).reshape(2, -1).sum(axis=1) for each in (part, alone))
            assert np.array_equal(ours, theirs), view
    assert part.labels["labels:class"].names == whole.labels["labels:class"].names
    assert part.key == whole.key


def test_the_rest_is_what_is_missing_and_the_profile_stays_as_it_is(whole):
    before = {name: frequencies.tokens.copy() for name, frequencies in whole.frequencies.items()}
    order = np.random.default_rng(1).permutation(BINS)
    parts = [carved(whole, order[:200]), carved(whole, order[200:])]
    assert sum(part.documents for part in parts) == whole.documents == len(TEXTS)
    assert sum(part.words for part in parts) == whole.words
    assert all(np.array_equal(before[name], frequencies.tokens) for name, frequencies in whole.frequencies.items())


@pytest.mark.parametrize("count", [32, 96, 1024, 2048])
def test_runs_of_the_new_bins_hold_equally_many_of_the_old_ones(count):
    """Every bin holds one document, so documents by run count the old bins in it."""
    profile = Profile(("words_1",))
    for frequencies in profile.frequencies.values():
        frequencies.documents[:BINS] = 1
    part = carved(profile, np.random.default_rng(2).permutation(BINS)[:count])
    runs = part.frequencies["words_1"].documents[:BINS].reshape(32, -1).sum(axis=1)
    assert set(runs) == {count // 32}


def test_the_order_of_the_bins_changes_nothing(whole):
    bins = np.arange(0, BINS, 3)
    one, other = (carved(whole, order).frequencies["words_1"].run() for order in (bins, bins[::-1]))
    assert np.array_equal(one.keys, other.keys) and np.array_equal(one.tokens, other.tokens)


@pytest.mark.parametrize("bins", [[], [-1, 4], [7, BINS]])
def test_bins_that_do_not_exist_are_refused(whole, bins):
    with pytest.raises(UsageError, match=f"name at least one of 0 to {BINS - 1}"):
        carved(whole, np.array(bins, np.int64))
