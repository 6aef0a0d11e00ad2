"""Green lists: ids and vocabularies at their limits, and laws that a favour leaves alone."""

import numpy as np
import pytest

from bench.watermarks import key_of
from longtail.errors import UsageError
from longtail.origin.watermarks.greenlist import bias, green, greens, ids, tilted

KEY = key_of(7)
LAST = [1, 2]


@pytest.mark.parametrize("kind", [np.int8, np.uint16, np.int32, np.uint32, np.int64])
def test_a_token_is_green_whatever_the_width_of_its_id(kind):
    context, tokens = np.array(LAST, dtype=kind), np.arange(100, dtype=kind)
    assert greens(KEY, context, tokens).tolist() == greens(KEY, LAST, 100).tolist()
    assert green(KEY, np.tile(context, (100, 1)), tokens).tolist() == greens(KEY, LAST, 100).tolist()
    assert 0 < greens(KEY, LAST, 100).sum() < 100


def test_the_order_of_a_vocabulary_is_that_of_its_flags():
    order = np.random.default_rng(0).permutation(300)
    assert greens(KEY, LAST, order).tolist() == greens(KEY, LAST, 300)[order].tolist()


def test_a_vocabulary_of_nothing_has_no_flags():
    assert greens(KEY, LAST, 0).shape == greens(KEY, LAST, np.array([])).shape == (0,)
    assert greens(KEY, [], 4).tolist() == [False] * 4
    assert green(KEY, np.zeros((0, 2), dtype=np.int64), np.array([])).shape == (0,)


def test_contexts_in_another_order_are_other_contexts():
    assert greens(KEY, [1, 2], 300).tolist() != greens(KEY, [2, 1], 300).tolist()


def test_a_larger_share_of_green_keeps_every_token_that_was_green():
    flags = [greens(key_of(7, gamma=gamma), LAST, 4000) for gamma in (0.1, 0.25, 0.5, 0.9)]
    for fewer, more in zip(flags, flags[1:], strict=False):
        assert (more | ~fewer).all()
    assert [each.mean() for each in flags] == pytest.approx([0.1, 0.25, 0.5, 0.9], abs=0.04)


@pytest.mark.parametrize(("given", "kind"), [([1.0], "float64"), ([True], "bool"), (["1"], "<U1"), ([2**64], "object"), ([None], "object")])
def test_ids_that_are_no_whole_numbers_of_64_bits_are_refused(given, kind):
    with pytest.raises(UsageError, match=f"token ids are of type {kind}; give whole numbers"):
        ids(given)


def test_no_ids_are_ids_and_ids_of_that_kind_are_not_copied():
    assert ids([]).dtype == ids(()).dtype == np.int64
    given = np.arange(3)
    assert ids(given) is given


@pytest.mark.parametrize("shape", [(3, 1), (2, 2), (3, 3), (3,)])
def test_contexts_of_another_shape_are_refused_with_the_shape_needed(shape):
    with pytest.raises(UsageError, match=r"3 tokens and this key need \(3, 2\)"):
        green(KEY, np.zeros(shape, dtype=np.int64), np.arange(3))


def test_a_favour_of_nothing_changes_nothing():
    key, law = key_of(7, delta=0.0), np.array([0.5, 0.3, 0.2])
    assert tilted(key, LAST, law) == pytest.approx(law)
    assert bias(key, LAST, [1, 2, 3]).tolist() == [1, 2, 3]


def test_logits_given_are_not_written_to_and_whole_ones_are_not_cut():
    logits = np.zeros(50)
    assert bias(key_of(7, delta=0.5), LAST, logits).max() == 0.5 and not logits.any()
    assert set(bias(key_of(7, delta=0.5), LAST, np.zeros(50, dtype=np.int64))) == {0.0, 0.5}


def test_a_token_that_is_ruled_out_stays_ruled_out():
    logits = np.where(np.arange(50) % 2, -np.inf, 0.0)
    assert np.isneginf(bias(KEY, LAST, logits)).tolist() == np.isneginf(logits).tolist()


def test_a_tilted_law_is_that_of_its_weights_and_gains_the_odds_of_delta():
    weights = np.random.default_rng(1).random(200)
    found, flags = tilted(KEY, LAST, weights), greens(KEY, LAST, 200)
    assert found.sum() == pytest.approx(1) and found == pytest.approx(tilted(KEY, LAST, 40 * weights))
    odds = found[flags].sum() / found[~flags].sum()
    assert odds == pytest.approx(np.exp(KEY.delta) * weights[flags].sum() / weights[~flags].sum())


@pytest.mark.parametrize("law", [[0.0, 0.0], [np.nan, 1.0], [-1.0, -1.0], [np.inf, 1.0], []])
def test_a_law_without_a_finite_mass_is_refused(law):
    with pytest.raises(UsageError, match="give weights from 0 up"):
        tilted(KEY, LAST, law)


@pytest.mark.parametrize("call", [bias, tilted])
@pytest.mark.parametrize("size", [0, 2, 4])
def test_a_vocabulary_of_another_length_is_refused(call, size):
    with pytest.raises(UsageError, match=f"3 numbers for {size} tokens; give one for each"):
        call(KEY, LAST, [1.0, 1.0, 1.0], np.arange(size))


def test_a_strong_favour_leaves_a_law_and_negative_weights_are_refused():
    strong = key_of(1, delta=2000.0)
    law = tilted(strong, [1, 2], np.full(64, 1 / 64))
    assert law.sum() == pytest.approx(1) and np.ptp(law[law > 0]) == 0 and 0 < (law > 0).sum() < 64
    with pytest.raises(UsageError, match="least weight is -0.1"):
        tilted(strong, [1, 2], [-0.1, 0.9])
