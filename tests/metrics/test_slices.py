"""Classes of documents: their shares by hand, which of them can be audited, and who chooses them."""

import math

import numpy as np
import pyarrow as pa
import pytest
from scipy.stats import binom, poisson

from longtail.metrics.comparison import Comparison, baseline_pairing, reference_pairing
from longtail.metrics.pairing import Settings
from longtail.metrics.slices import MOST_CLASSES, Slice, chooser_of, class_share, labelled_slices, length_slices, slice_endpoint
from longtail.records import Estimate, NotMeasured
from longtail.summaries.reference import Reference
from longtail.views.batch import texts_of
from longtail.views.keys import bin_of, half_of

from .corpora import clustered, profiled, written

TOPICS, SHARES = ["common", "usual", "rare", "rarest"], [0.6, 0.3, 0.08, 0.02]


def classed(count, seed, shares=SHARES, names=TOPICS):
    """Documents and the class of each."""
    return clustered(count, seed), np.random.default_rng(seed).choice(names, count, p=shares).tolist()


def made(count, seed, shares=SHARES, names=TOPICS):
    numbers, labels = classed(count, seed, shares, names)
    return profiled(numbers, by={"topic": labels})


def compared(candidate, reference, baseline=None, permutations=199, view="labels:topic"):
    settings = Settings(permutations=permutations)
    if baseline is None:
        return Comparison(reference_pairing(candidate, Reference(reference), settings), view)
    return Comparison(baseline_pairing(candidate, baseline, Reference(reference), settings), view)


def cells_of(numbers):
    return texts_of(pa.array(written(numbers), pa.string()), 0).cells.astype(np.uint16)


def share_in(documents, name, units, half=None):
    """The share of a class among the documents of one half whose bin belongs to a unit."""
    cells = cells_of(documents[0])
    taken = units.of_bin[bin_of(cells)] >= 0
    if half is not None:
        taken &= half_of(cells) == half
    return np.mean([label == name for label, is_in in zip(documents[1], taken, strict=True) if is_in])


def by_name(comparison):
    return {each.name: each for each in labelled_slices(comparison)}


@pytest.mark.parametrize("documents", [2200, 1500], ids=["one half", "halves in turn"])
def test_the_share_of_a_class_is_that_of_documents_counted_by_hand(documents):
    """Half A names the classes, half B is measured, for small references too."""
    here, there = classed(700, 1, [0.7, 0.25, 0.04, 0.01]), classed(documents, 2)
    comparison = compared(profiled(here[0], by={"topic": here[1]}), profiled(there[0], by={"topic": there[1]}))
    units = comparison.pairing._units
    for name, found in by_name(comparison).items():
        estimate = class_share(comparison, found)
        before = share_in(there, name, units[1], 1)
        assert estimate.value == pytest.approx(share_in(here, name, units[0]) / before)
        assert estimate.baseline_value == pytest.approx(before)
        assert (estimate.slice, estimate.metric, estimate.n) == (name, "class_share", 700)


def test_shares_and_expectations_are_those_of_the_sample_that_chooses():
    numbers, labels = classed(2200, 2)
    comparison = compared(made(700, 1), profiled(numbers, by={"topic": labels}))
    chosen = [label for label, half in zip(labels, half_of(cells_of(numbers)), strict=True) if half == 0]
    found = labelled_slices(comparison)
    assert [each.name for each in found] == TOPICS
    for each in found:
        assert each.share == pytest.approx(chosen.count(each.name) / len(chosen))
        assert each.expected == pytest.approx(700 * each.share)
    assert sum(each.seen for each in found) == 700


def test_documents_without_a_value_are_no_part_of_the_shares():
    """A third of the documents have none: the others' shares are as they were."""
    numbers, labels = classed(2100, 1)
    holed = [None if at % 3 == 0 else label for at, label in enumerate(labels)]
    comparison = compared(profiled(numbers, by={"topic": holed}), made(2200, 2))
    estimate = class_share(comparison, by_name(comparison)["common"])
    assert estimate.n == 1400
    assert estimate.value == pytest.approx(1, abs=0.08)


@pytest.mark.parametrize("kept", [0.5, 0.25])
def test_the_interval_of_a_class_that_lost_its_share_holds_what_is_left(kept):
    lost = [0.6 + 0.3 * (1 - kept), 0.3 * kept, 0.08, 0.02]
    comparison = compared(made(1500, 1, lost), made(3000, 2))
    estimate = class_share(comparison, by_name(comparison)["usual"])
    assert estimate.low <= kept <= estimate.high < 0.9
    assert estimate.p == pytest.approx(1 / 200)


def test_a_class_that_is_gone_altogether_is_a_number_and_not_infinite():
    comparison = compared(made(1500, 1, [0.62, 0.3, 0.08, 0.0]), made(3000, 2))
    found = by_name(comparison)
    assert found["rarest"].seen == 0
    estimate = class_share(comparison, found["rarest"])
    assert isinstance(estimate, Estimate)
    assert 0 < estimate.low <= estimate.value < 0.15 and math.isfinite(estimate.high)


@pytest.fixture(scope="module")
def nulls():
    """Every class on random splits of one corpus: what a candidate and its baseline say where nothing changed."""
    numbers, labels = classed(1800, 4)
    chooser, found = made(300, 8, [0.25] * 4), []
    for split in range(60):
        order = np.random.default_rng(split).permutation(1800)
        sides = [profiled(numbers[part], by={"topic": [labels[at] for at in part]}) for part in (order[:600], order[600:])]
        comparison = compared(sides[0], chooser, sides[1], 99)
        found.append({name: class_share(comparison, each) for name, each in by_name(comparison).items()})
    return found


@pytest.mark.parametrize("name", TOPICS)
def test_where_no_class_changed_small_p_values_are_rare_and_intervals_hold_one(name, nulls):
    estimates = [found[name] for found in nulls]
    assert sum(each.p <= 0.05 for each in estimates) <= binom.ppf(0.999, 60, 0.06)
    assert sum(each.low <= 1 <= each.high for each in estimates) >= binom.ppf(0.001, 60, 0.95)


def one(expected):
    return Slice("rare", np.zeros(1, np.uint64), 0.01, expected, 0)


@pytest.mark.parametrize("alpha", [0.05, 0.01, 0.0001])
@pytest.mark.parametrize("classes", [1, 10, 200])
def test_a_class_can_be_audited_where_chance_alone_would_hardly_make_it_vanish(alpha, classes):
    """Poisson: the chance of no document where so many are expected, for each of the classes at the level of all."""
    for expected in np.linspace(0.55, 20.05, 79):
        assert one(expected).is_auditable(alpha, classes) == (poisson.pmf(0, expected) <= alpha / classes and expected >= 3)


def test_more_classes_than_can_be_tested_together_are_not_tested():
    names = [f"class {at}" for at in range(MOST_CLASSES + 1)]
    many, few = (profiled(clustered(6000, 2), by={"topic": [names[at % count] for at in range(6000)]}) for count in (201, 200))
    found = labelled_slices(compared(made(500, 1), many))
    assert isinstance(found, NotMeasured)
    assert "201 classes, more than the 200" in found.reason
    assert len(labelled_slices(compared(made(500, 1), few))) == MOST_CLASSES


def test_a_column_of_names_without_end_is_not_a_column_of_classes():
    reference = profiled(clustered(5000, 2), by={"topic": [f"row {at}" for at in range(5000)]})
    found = labelled_slices(compared(made(500, 1), reference))
    assert isinstance(found, NotMeasured) and "and more classes, more than the 200" in found.reason


def test_classes_come_from_the_reference_and_not_from_the_candidate():
    comparison = compared(made(700, 1, [0.5, 0.5], ["common", "new"]), made(2200, 2))
    assert list(by_name(comparison)) == TOPICS
    assert chooser_of(comparison).half == 0


def test_the_whole_reference_chooses_where_a_baseline_is_measured_and_the_baseline_where_the_reference_has_no_classes():
    candidate, baseline = made(700, 1), made(700, 3, [0.5, 0.5], ["common", "usual"])
    chooser = chooser_of(compared(candidate, made(2200, 2), baseline))
    assert chooser.half is None and chooser.profile.documents == 2200
    comparison = compared(candidate, profiled(clustered(2200, 2), by={"topic": [None] * 2200}), baseline)
    assert chooser_of(comparison).profile is baseline
    assert set(by_name(comparison)) == {"common", "usual"}


def test_without_any_classes_on_the_other_side_there_are_none():
    bare = profiled(clustered(2200, 2), by={"topic": [None] * 2200})
    for baseline, name in ((None, "reference"), (bare, "baseline")):
        found = labelled_slices(compared(made(700, 1), bare, baseline))
        assert isinstance(found, NotMeasured) and f"no document of the {name}" in found.reason


def test_classes_of_too_few_documents_are_not_measured():
    found = slice_endpoint(compared(made(50, 1), made(2200, 2)), one(5.0))
    assert isinstance(found, NotMeasured) and "documents" in found.reason


def lengthy(count, seed, shortest=5, longest=60):
    """Documents of lengths spread evenly over a range."""
    rng = np.random.default_rng(seed)
    return [" ".join(f"w{number}" for number in document[: rng.integers(shortest, longest)]) for document in clustered(count, seed)]


def test_the_ends_of_the_lengths_hold_about_a_tenth_each():
    short, long = length_slices(compared(profiled(lengthy(900, 1)), profiled(lengthy(3000, 2)), view="lengths"))
    assert (short.name, long.name) == ("shortest documents", "longest documents")
    assert 0.02 < short.share < 0.2 and 0.02 < long.share < 0.3
    assert not np.isin(short.types, long.types).any()


def test_long_documents_that_are_gone_are_missed_among_the_longest_only():
    cut = [" ".join(text.split()[:40]) for text in lengthy(900, 1)]
    comparison = compared(profiled(cut), profiled(lengthy(3000, 2)), view="lengths")
    short, long = (class_share(comparison, each) for each in length_slices(comparison))
    assert long.high < 0.5
    assert short.high > 0.9
