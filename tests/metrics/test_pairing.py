"""Who is compared with whom: units, relabellings, and the cut to equal size."""

import numpy as np
import pytest

from longtail.errors import SameHalf
from longtail.metrics.comparison import against_reference, baseline_pairing, reference_pairing
from longtail.metrics.pairing import Pairing, Settings, differ_in_length, distinct_of, sums_of
from longtail.summaries.reference import Measuring, Reference

from .corpora import clustered, profiled

SETTINGS = Settings(permutations=99)


def held_against(candidate, reference):
    return reference_pairing(profiled(clustered(candidate, 1)), Reference(profiled(clustered(reference, 2))), SETTINGS)


def beside(candidate, baseline):
    """Two data sets with a reference that only chooses."""
    return baseline_pairing(candidate, baseline, Reference(profiled(clustered(300, 9))), SETTINGS)


def answers(prompts, each=1, seed=0):
    """Documents that answer numbered prompts."""
    names = [f"prompt {at}" for at in range(prompts) for _ in range(each)]
    return profiled(clustered(len(names), seed), prompts=names)


PAIRINGS = {
    "one half": (600, 2200),
    "both halves": (600, 1000),
    "small candidate": (100, 2200),
    "large candidate": (5000, 2100),
}


@pytest.mark.parametrize("sizes", PAIRINGS.values(), ids=PAIRINGS)
def test_both_sides_are_cut_to_equally_many_units_in_every_relabelling(sizes):
    pairing = held_against(*sizes)
    first, rest = pairing.sizes[0], sum(pairing.sizes[1:])
    cut = pairing.cut
    assert cut.shape == (first + rest, 100)
    for side in (0, 1):
        assert ((cut == side).sum(axis=0) == min(first, rest)).all()
    assert ((cut == 2).sum(axis=0) == max(first, rest) - min(first, rest)).all()
    assert (cut[:first, 0] != 1).all() and (cut[first:, 0] != 0).all()


@pytest.mark.parametrize("sizes", PAIRINGS.values(), ids=PAIRINGS)
def test_the_cut_leaves_units_out_and_moves_none_to_the_other_side(sizes):
    pairing = held_against(*sizes)
    kept = pairing.cut < 2
    assert (pairing.cut[kept] == np.minimum(pairing.labels, 1)[kept]).all()
    for sample, size in enumerate(pairing.sizes):
        assert ((pairing.labels == sample).sum(axis=0) == size).all()


def test_what_is_left_out_of_the_larger_side_is_spread_over_it():
    """Of both halves of a reference as much is left out, not all of the second."""
    pairing = held_against(100, 1900)
    first, here, _ = pairing.sizes
    out = pairing.cut[first:, 0] == 2
    assert out.sum() > 0
    assert out[:here].mean() == pytest.approx(out[here:].mean(), abs=0.03)
    gaps = np.diff(np.flatnonzero(~out))
    assert gaps.max() - gaps.min() <= 1


@pytest.mark.parametrize(("large", "small"), [(4000, 500), (500, 500)])
def test_units_of_both_samples_hold_equally_many_documents(large, small):
    pairing = beside(profiled(clustered(small, 1)), profiled(clustered(large, 2)))
    here, there = (pairing.side("words_1", sample) for sample in (pairing.candidate, pairing.measured[0]))
    bins = [np.bincount(side.units.of_bin[side.units.of_bin >= 0], minlength=side.units.count).mean() for side in (here, there)]
    assert bins[0] * small == pytest.approx(bins[1] * large, rel=0.1)


def test_documents_of_unlike_length_are_matched_by_tokens():
    long, short = profiled(clustered(800, 1)), profiled(clustered(800, 2)[:, :20])
    assert differ_in_length(sums_of(long), sums_of(short))
    assert not differ_in_length(sums_of(long), sums_of(profiled(clustered(800, 3))))
    pairing = beside(short, long)
    assert pairing.sizes[1] == pytest.approx(3 * pairing.sizes[0], abs=2)


def test_answers_to_the_same_prompts_are_paired_and_each_unit_stays_with_its_counterpart():
    pairing = beside(answers(300, each=2, seed=1), answers(300, each=3, seed=2))
    assert pairing.is_paired and pairing.refusal is None
    first, rest = pairing.sizes
    assert first == rest
    assert (pairing.labels[:first] + pairing.labels[first:] == 1).all()
    assert 0.4 < pairing.labels[:first, 1:].mean() < 0.6
    assert (pairing.cut == pairing.labels).all()


def test_documents_without_a_prompt_are_not_paired():
    assert not beside(answers(300), profiled(clustered(300, 2))).is_paired
    assert not beside(profiled(clustered(300, 2)), answers(300)).is_paired
    some = profiled(clustered(300, 1), prompts=[f"prompt {at}" if at else None for at in range(300)])
    assert not beside(some, answers(300)).is_paired


def test_a_reference_is_not_paired_with_answers():
    """Its half is chosen by hash, so its prompts are not the candidate's."""
    assert not reference_pairing(answers(300), Reference(answers(2200, seed=3)), SETTINGS).is_paired


def test_the_unit_of_a_test_is_the_prompt_where_several_documents_answer_one():
    assert distinct_of(answers(50, each=20)) == 50
    refusal = beside(answers(50, each=20, seed=1), answers(50, each=20, seed=2)).refusal
    assert "50 distinct prompts" in refusal.reason
    assert "prompts" in refusal.enable


def test_copies_share_a_cell_unless_they_answer_unlike_prompts():
    texts, prompts = ["the same words over and over"] * 200, [f"prompt {at}" for at in range(200)]
    alike, asked = profiled(texts), profiled(texts, prompts=prompts)
    assert (distinct_of(alike), distinct_of(asked)) == (1, 200)
    assert np.count_nonzero(alike.frequencies["words_1"].documents) == 1
    assert np.count_nonzero(asked.frequencies["words_1"].documents) > 150


def test_a_half_has_the_distinct_documents_that_fall_into_it():
    reference = profiled(clustered(500, 1))
    halves = [distinct_of(Measuring(reference, half)) for half in (0, 1)]
    assert sum(halves) == 500 and min(halves) > 200


def test_one_half_does_not_play_both_roles():
    reference, candidate = Reference(profiled(clustered(500, 1))), profiled(clustered(500, 2))
    for chooser, measured in ((reference.chooser, Measuring(reference.profile, 0)), (reference.whole, reference.measurer)):
        with pytest.raises(SameHalf, match="was asked to choose the tail and to measure it"):
            Pairing(candidate, "reference", [(chooser, measured)], SETTINGS)


@pytest.mark.parametrize(
    ("candidate", "baseline", "reason"),
    [
        (clustered(95, 1), clustered(500, 2), "the candidate has 95 distinct documents"),
        (clustered(500, 1), clustered(95, 2), "the baseline has 95 distinct documents"),
        (clustered(196, 1), clustered(13_000, 2), "at least 64 times"),
        (["!" * (at + 1) for at in range(200)], clustered(500, 2), "no words"),
    ],
    ids=["candidate", "baseline", "sizes", "no words"],
)
def test_what_cannot_be_compared_says_why(candidate, baseline, reason):
    refusal = beside(profiled(candidate), profiled(baseline)).refusal
    assert reason in refusal.reason and refusal.enable


def test_a_comparison_gives_itself_for_its_own_view_and_another_of_the_same_samples_for_others():
    words = against_reference(profiled(clustered(300, 1)), Reference(profiled(clustered(300, 2))), "words_1", Settings(permutations=9))
    assert words.of("words_1") is words
    assert (words.of("words_2").view, words.of("words_2").pairing) == ("words_2", words.pairing)
