"""Ratios against brute force over the same documents, and against planted losses."""

from collections import Counter

import numpy as np
import pyarrow as pa
import pytest

from longtail.errors import IncompatibleSummaries
from longtail.records import Estimate, NotMeasured
from longtail.stats.hill import asymptotic
from longtail.summaries.units import Units
from longtail.views.batch import texts_of
from longtail.views.keys import bin_of, half_of

from .corpora import VOCABULARY, clustered, compared, profiled, ratio, written

TAILS = ("tail_mass_retained", "tail_types_retained")


@pytest.fixture(scope="module")
def reference():
    return clustered(2200, 2)


@pytest.fixture(scope="module")
def candidate():
    return clustered(600, 5)


@pytest.fixture(scope="module")
def comparison(candidate, reference):
    return compared(candidate, reference)


def lost(types, count=600, seed=9):
    """A candidate from which types are gone."""
    kept = np.ones(VOCABULARY, bool)
    kept[types] = False
    return clustered(count, seed, kept=kept)


def tokens_of(numbers, half=None, units=None):
    """Tokens by type of the documents of one half whose bin belongs to a unit."""
    cells = texts_of(pa.array(written(numbers), pa.string()), 0).cells.astype(np.uint16)
    taken = np.ones(len(numbers), bool) if half is None else half_of(cells) == half
    if units is not None:
        taken &= units.of_bin[bin_of(cells)] >= 0
    return Counter(numbers[taken].ravel().tolist())


def tail_by_hand(counts, tau=0.1):
    total, mass = sum(counts.values()), 0
    for cutoff, types in sorted(Counter(counts.values()).items()):
        mass += cutoff * types
        if mass >= tau * total:
            return {kind for kind, count in counts.items() if count <= cutoff}, mass / total
    raise AssertionError("the mass of all types is all the mass")


def both_sides(comparison, candidate, reference):
    units = comparison._units
    return tokens_of(candidate, None, units[0]), tokens_of(reference, 1, units[1])


def test_tail_mass_is_that_of_brute_force(comparison, candidate, reference):
    tail, realised = tail_by_hand(tokens_of(reference, 0))
    here, there = both_sides(comparison, candidate, reference)
    shares = [sum(counts[kind] for kind in tail) / sum(counts.values()) for counts in (here, there)]
    found = ratio("tail_mass_retained", comparison)
    assert found.value == pytest.approx(shares[0] / shares[1])
    assert found.baseline_value == pytest.approx(shares[1])
    assert found.tau == pytest.approx(realised)


def test_novel_mass_is_that_of_brute_force(comparison, candidate, reference):
    known = set(tokens_of(reference, 0))
    here, there = both_sides(comparison, candidate, reference)
    shares = [sum(count for kind, count in counts.items() if kind not in known) / sum(counts.values()) for counts in (here, there)]
    assert ratio("novel_mass", comparison).value == pytest.approx(shares[0] / shares[1])


def first(units, size):
    """The first `size` units: what both sides are cut to."""
    return Units(size, np.where(units.of_bin < size, units.of_bin, -1))


@pytest.mark.parametrize("order", [1, 2])
def test_smooth_hill_ratios_are_those_of_the_estimates_apart(comparison, candidate, reference, order):
    sides = [(candidate, None, comparison._units[0]), (reference, 1, comparison._units[1])]
    size = min(units.count for _, _, units in sides)
    here, there = (asymptotic(list(tokens_of(sample, half, first(units, size)).values()), order) for sample, half, units in sides)
    found = ratio(f"hill_{order}", comparison)
    assert found.value == pytest.approx(here / there)
    assert found.baseline_value == pytest.approx(there)


@pytest.mark.parametrize("name", TAILS)
@pytest.mark.parametrize("documents", [2200, 900])
def test_half_of_the_rare_types_gone_reads_one_half(name, documents):
    found = ratio(name, compared(lost(slice(300, None, 2)), clustered(documents, 2)))
    assert found.low <= 0.5 <= found.high
    assert found.value == pytest.approx(0.5, abs=0.06)
    assert found.p == pytest.approx(1 / 200)


def test_a_loss_in_the_candidate_is_not_a_gain_in_the_baseline(reference):
    """The mirror image: a candidate that holds more rare types than the reference reads above 1."""
    found = ratio("tail_types_retained", compared(clustered(600, 5), lost(slice(300, None, 2), 2200)))
    assert found.p > 0.05
    assert found.high >= 1


def test_rare_types_gone_first_give_a_negative_contrast(reference):
    found = ratio("tail_first_contrast", compared(lost(slice(1000, None)), reference))
    assert found.high < 0
    assert found.p < 0.05


def test_sharpening_gives_a_positive_contrast_and_fewer_common_types(reference):
    comparison = compared(clustered(600, 7, temperature=0.5), reference)
    assert ratio("tail_first_contrast", comparison).low > 0
    assert ratio("hill_1", comparison).high < 0.5
    assert ratio("hill_2", comparison).high < 0.5
    assert ratio("tail_mass_retained", comparison).high < 0.5


def test_lost_types_raise_coverage_and_lower_richness(reference):
    comparison = compared(lost(slice(800, None)), reference)
    assert ratio("sample_coverage", comparison).low > 1
    assert ratio("hill_0", comparison).high < 1


def test_where_neither_side_has_a_new_word_there_is_no_ratio_of_them():
    few = [profiled(clustered(count, seed) % 20) for count, seed in ((600, 1), (2200, 2))]
    found = ratio("novel_mass", compared(*few))
    assert isinstance(found, NotMeasured) or found.low <= 1 <= found.high


@pytest.mark.parametrize("name", [*TAILS, "novel_mass", "hill_0", "hill_1", "hill_2", "sample_coverage", "tail_first_contrast"])
@pytest.mark.parametrize("kinds", [1, 3])
def test_a_candidate_of_one_or_three_documents_over_and_over_has_a_defined_answer(name, kinds, reference):
    collapsed = [f"w1 w2 w1 w{at % kinds + 3} w3" for at in range(400)]
    found = ratio(name, compared(profiled(collapsed), reference))
    assert isinstance(found, (Estimate, NotMeasured))
    if name in TAILS:
        assert isinstance(found, NotMeasured) or found.value < 0.5


def test_words_that_no_human_wrote_are_novel_mass(reference):
    swapped = [" ".join(f"new{number}" if number % 3 == 0 else f"w{number}" for number in document) for document in clustered(600, 5)]
    assert ratio("novel_mass", compared(profiled(swapped), reference)).low > 2


@pytest.mark.parametrize("name", [*TAILS, "novel_mass", "hill_0", "hill_1", "hill_2", "sample_coverage", "tail_first_contrast"])
def test_too_few_documents_are_not_measured(name, reference):
    absence = ratio(name, compared(clustered(20, 1), reference))
    assert isinstance(absence, NotMeasured)
    assert "documents" in absence.reason
    assert absence.enable


@pytest.mark.parametrize("name", ["novel_mass", "hill_0", "hill_1", "hill_2", "sample_coverage", "tail_first_contrast"])
def test_a_sample_of_types_measures_the_tail_and_nothing_else(name, candidate, reference):
    comparison = compared(profiled(candidate, capacity=1500), profiled(reference, capacity=1500))
    absence = ratio(name, comparison)
    assert isinstance(absence, NotMeasured)
    assert absence.reason.startswith("needs exact counts")
    assert "--exact" in absence.enable


@pytest.mark.parametrize("name", TAILS)
def test_a_sample_of_types_gives_the_tail_with_a_wider_interval(name, reference):
    gone = lost(slice(300, None, 2))
    sampled, exact = (ratio(name, compared(profiled(gone, capacity=c), profiled(reference, capacity=c))) for c in (1500, None))
    assert sampled.low <= 0.5 <= sampled.high
    assert sampled.high / sampled.low > exact.high / exact.low
    assert sampled.value == pytest.approx(exact.value, rel=0.15)


@pytest.mark.parametrize("name", TAILS)
def test_a_reference_of_rare_words_only_has_no_tail_to_tell_apart(name):
    sparse = [" ".join(f"u{document}x{at}" for at in range(9)) + " the" for document in range(400)]
    absence = ratio(name, compared(profiled(sparse[:150]), profiled(sparse)))
    assert isinstance(absence, NotMeasured)
    assert absence.reason.startswith("too sparse")


@pytest.mark.parametrize("name", ["hill_1", "hill_2", "hill_0", "sample_coverage", "tail_first_contrast"])
def test_documents_without_words_are_not_measured(name, reference):
    assert isinstance(ratio(name, compared(profiled(["!" * (at + 1) for at in range(300)]), reference)), NotMeasured)


def test_samples_of_unlike_seeds_are_not_compared(candidate, reference):
    with pytest.raises(IncompatibleSummaries):
        ratio("tail_mass_retained", compared(profiled(candidate, seed=1), profiled(reference, seed=0)))


def test_estimates_name_what_they_are(comparison):
    for name in (*TAILS, "novel_mass", "hill_0", "hill_1", "hill_2", "sample_coverage", "tail_first_contrast"):
        found = ratio(name, comparison)
        assert isinstance(found, Estimate)
        assert (found.metric, found.view, found.baseline, found.n, found.resampling_unit) == (name, "words_1", "reference", 600, "document")
