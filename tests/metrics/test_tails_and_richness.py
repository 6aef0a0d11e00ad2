"""Ratios against brute force over the same documents, and against planted losses."""

from collections import Counter

import numpy as np
import pyarrow as pa
import pytest

from longtail.errors import IncompatibleSummaries
from longtail.metrics.tails import head_kept, tail_found
from longtail.records import Estimate, NotMeasured
from longtail.stats.hill import asymptotic
from longtail.summaries.reference import Reference
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
    units = comparison.pairing._units
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


def taken(units, marked):
    """The units that are marked: what one side is cut to."""
    return Units(units.count, np.where((units.of_bin >= 0) & marked[units.of_bin], units.of_bin, -1))


@pytest.mark.parametrize("order", [1, 2])
def test_smooth_hill_ratios_are_those_of_the_estimates_apart(comparison, candidate, reference, order):
    side, size = comparison.pairing.cut[:, 0], comparison.pairing.sizes[0]
    here, there = comparison.pairing._units
    samples = [(candidate, None, taken(here, side[:size] == 0)), (reference, 1, taken(there, side[size:] == 1))]
    here, there = (asymptotic(list(tokens_of(*sample).values()), order) for sample in samples)
    found = ratio(f"hill_{order}", comparison)
    assert found.value == pytest.approx(here / there)
    assert found.baseline_value == pytest.approx(there)


@pytest.mark.parametrize("order", [1, 2])
def test_hill_ratios_have_the_p_value_of_their_relabellings(comparison, order):
    """Counted anew from the rows of every relabelling, without the sums that the loops keep."""
    rows, cut = comparison.joint, comparison.pairing.cut
    logs = []
    for column in cut.T:
        sides = [np.add.reduceat(np.where(column[rows.unit] == side, rows.tokens, 0).astype(int), rows.starts[:-1]) for side in (0, 1)]
        logs.append(np.log(asymptotic(sides[0], order) / asymptotic(sides[1], order)))
    logs = np.round(logs, 9)
    assert ratio(f"hill_{order}", comparison).p == pytest.approx(np.mean(logs <= logs[0]))


def test_the_head_of_the_reference_is_kept_by_the_same_law_and_lost_with_the_language(candidate, reference):
    chooser = Reference(profiled(reference)).whole
    assert head_kept(profiled(candidate), chooser, "words_1", 0.1) == pytest.approx(1, abs=0.05)
    foreign = [" ".join(f"mot{number}" for number in document) for document in candidate]
    assert head_kept(profiled(foreign), chooser, "words_1", 0.1) == 0
    half = [" ".join(f"{'w' if at % 2 else 'mot'}{number}" for at, number in enumerate(document)) for document in candidate]
    assert head_kept(profiled(half), chooser, "words_1", 0.1) == pytest.approx(0.5, abs=0.05)
    assert head_kept(profiled(candidate), Reference(profiled([])).whole, "words_1", 0.1) is None


def test_the_head_kept_is_the_ratio_of_shares_counted_by_hand(candidate, reference):
    counts = tokens_of(reference)
    total, mass, head = sum(counts.values()), 0, set()
    for count, types in sorted(Counter(counts.values()).items()):
        mass += count * types
        if mass >= total / 2:
            head = {kind for kind, held in counts.items() if held > count}
            break
    shares = [sum(held[kind] for kind in head) / sum(held.values()) for held in (tokens_of(candidate), counts)]
    assert head_kept(profiled(candidate), Reference(profiled(reference)).whole, "words_1", 0.1) == pytest.approx(shares[0] / shares[1])


def test_the_tail_found_in_the_baseline_is_the_share_of_its_types_that_are_there(comparison, candidate, reference):
    tail, _ = tail_by_hand(tokens_of(reference, 0))
    _, there = both_sides(comparison, candidate, reference)
    sizes = comparison.pairing.sizes
    if sizes[0] >= sizes[1]:  # the baseline is the smaller side, so its types are counted as they are
        assert tail_found(comparison) == pytest.approx(len(tail & there.keys()) / len(tail))
    assert tail_found(comparison) <= len(tail & there.keys()) / len(tail) + 1e-9


def test_the_tail_of_a_large_repetitive_sample_is_found_whole():
    """Twenty words in every document: none can be missed. Of a long tail a part is."""
    few = compared(clustered(600, 1) % 20, clustered(2200, 2) % 20)
    assert tail_found(few) == pytest.approx(1)
    assert tail_found(compared(clustered(600, 1), clustered(2200, 2))) < 0.99


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
