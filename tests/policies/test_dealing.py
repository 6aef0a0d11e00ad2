"""Sizes of batches with a floor, and cards that are dealt in turn."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from longtail.errors import UsageError
from longtail.policies.dealing import Deck, sizes_of


@given(st.integers(0, 300), st.integers(0, 300), st.integers(1, 40), st.integers(0, 20))
def test_every_batch_has_the_floor_and_every_row_its_place(real, written, batch, twentieths):
    share = Fraction(twentieths, 20)
    try:
        ours, theirs = sizes_of(real, written, batch, share)
    except UsageError:
        least = -(-share * batch // 1)
        assert written and (least >= batch or least > real)
        return
    assert theirs.sum() == written
    assert ours.sum() >= real
    assert (ours >= share * (ours + theirs)).all()
    assert ours.max(initial=0) <= real
    assert ((ours + theirs)[:-1] == batch).all() and (ours + theirs <= batch).all() and (ours + theirs > 0).all()


@pytest.mark.parametrize(
    ("real", "written", "share", "batches"), [(60, 140, 0.25, 10), (200, 0, 0.5, 10), (0, 40, 0, 2), (100, 100, 0.5, 10)]
)
def test_where_real_rows_are_enough_each_comes_once(real, written, share, batches):
    ours, theirs = sizes_of(real, written, 20, Fraction(str(share)))
    assert (ours.sum(), theirs.sum(), len(ours)) == (real, written, batches)
    assert np.ptp(ours) <= 1


def test_where_they_are_not_each_batch_has_just_the_floor():
    ours, theirs = sizes_of(10, 90, 10, Fraction(3, 10))
    assert (set(ours[:-1]), set(theirs[:-1])) == ({3}, {7})
    assert theirs.sum() == 90


@pytest.mark.parametrize(
    ("real", "batch", "share", "said"),
    [(5, 10, "0.6", "1 are missing"), (0, 10, "0.01", "0 distinct real rows"), (50, 10, "0.91", "leaves no place for the 30 rows")],
)
def test_a_floor_that_cannot_be_had_is_told_with_its_arithmetic(real, batch, share, said):
    with pytest.raises(UsageError, match=said):
        sizes_of(real, 30, batch, Fraction(share))


@given(st.lists(st.integers(0, 7), max_size=40), st.integers(7, 30), st.integers(0, 5))
def test_no_card_comes_again_before_all_have_come_and_none_twice_in_a_hand(sizes, size, seed):
    dealt = Deck(size, seed).dealt(np.array(sizes, np.int64))
    assert len(dealt) == sum(sizes)
    counts = np.bincount(dealt, minlength=size)
    assert np.ptp(counts) <= 1
    for hand in np.split(dealt, np.cumsum(sizes)[:-1]) if sizes else []:
        assert len(set(hand.tolist())) == len(hand)


def test_a_deck_goes_on_where_it_was():
    whole, parts = Deck(10, 3), Deck(10, 3)
    assert whole.dealt(np.array([4, 4, 4, 4])).tolist() == [*parts.dealt(np.array([4, 4])), *parts.dealt(np.array([4, 4]))]
