"""The reference: its halves have one role each."""

import numpy as np
import pytest

from longtail.errors import SameHalf, UsageError
from longtail.metrics.pairing import Pairing, Settings
from longtail.summaries.frequencies import ALL_TYPES
from longtail.summaries.reference import SMALL, Choosing, Measuring, Reference, check_roles, tokens_of_half
from longtail.summaries.strata import choose
from longtail.views.keys import half_of

from .made import documents, profiled, table

FOUND = documents(400, 5)


@pytest.fixture(scope="module")
def reference():
    return Reference(profiled(FOUND, views=["words_1"]))


def test_a_small_reference_is_cross_fitted_and_no_half_has_two_roles(reference):
    folds = list(reference.folds())
    assert reference.is_small
    assert [(chooser.half, measurer.half) for chooser, measurer in folds] == [(0, 1), (1, 0)]
    for chooser, measurer in folds:
        check_roles(chooser, measurer)


def test_a_large_reference_is_split_once():
    reference = Reference(profiled([f"w{number}" for number in range(SMALL)], views=["words_1"]))
    assert not reference.is_small
    assert [(chooser.half, measurer.half) for chooser, measurer in reference.folds()] == [(0, 1)]


@pytest.mark.parametrize("half", [0, 1])
def test_a_half_that_chose_cannot_measure(reference, half):
    for chosen in (half, None):
        with pytest.raises(SameHalf, match=rf"half {'AB'[half]} .*use Reference\.folds\(\)") as caught:
            check_roles(Choosing(reference.profile, chosen), Measuring(reference.profile, half))
        assert isinstance(caught.value, UsageError)


def test_a_comparison_cannot_be_made_with_one_half_in_both_roles(reference):
    for chooser in (Choosing(reference.profile, 1), reference.whole):
        with pytest.raises(SameHalf):
            Pairing(profiled(FOUND[:200]), "reference", [(chooser, reference.measurer)], Settings())


def test_another_reference_may_choose(reference):
    check_roles(Choosing(profiled(documents(50)), 1), reference.measurer)


def test_strata_come_from_the_choosing_half_alone(reference):
    for half in (0, 1, None):
        counts = {}
        for (kind, cell), (tokens, _) in table(FOUND).items():
            if half is None or half_of(np.uint16(cell)) == half:
                counts[kind] = counts.get(kind, 0) + tokens
        kinds = sorted(counts)
        tokens = np.array([counts[kind] for kind in kinds])
        expected = choose(np.array(kinds, np.uint64), tokens, int(tokens.sum()), 0.1)
        found = Choosing(reference.profile, half).strata("words_1", 0.1, ALL_TYPES)
        assert found.types.tolist() == expected.types.tolist()
        assert found.codes.tolist() == expected.codes.tolist()
        assert tokens_of_half(reference.profile, "words_1", half) == tokens.sum()


def test_the_halves_make_up_the_whole(reference):
    whole = tokens_of_half(reference.profile, "words_1", None)
    assert whole == sum(len(text.split()) for text in FOUND)
    assert whole == sum(tokens_of_half(reference.profile, "words_1", half) for half in (0, 1))
    assert reference.documents == len(FOUND)
