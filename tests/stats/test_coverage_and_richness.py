"""Numbers of independent packages (iNEXT, scikit-bio, copia) on three samples, to the printed digits."""

import pytest

from longtail.stats.coverage import (
    chao_jost,
    chao_jost_incidence,
    coverage_at,
    coverage_from,
    coverage_interval,
    good_turing,
    histogram,
    singletons,
)
from longtail.stats.hill import asymptotic, plugin
from longtail.stats.rarefaction import expected_types
from longtail.stats.richness import chao1, chao1_bias_corrected, chao1_classic, chao2, chao_error, chao_interval, richness_from

GIRDLED = [46, 22, 17, 15, 15, 9, 8, 6, 6, 4, 2, 2, 2, 2, *[1] * 12]
LOGGED = [88, 22, 16, 15, 13, 10, 8, 8, 7, 7, 7, 5, 4, 4, 4, 3, 3, 3, 3, 2, 2, 2, 2, *[1] * 14]
F2 = [10, 8, 7, 5, 3, 3, 2, 2, 2, 1, 1, 1, 1, 1, 1]
ANT = {"h50m": (599, 5976, 227, 49, 23), "h500m": (230, 2943, 241, 71, 34), "h1070m": (150, 1730, 122, 28, 16)}


def digits(value, places):
    """Equal to the printed digits; some of them were rounded twice, so a little more than half of the last one."""
    return pytest.approx(value, abs=0.56 * 10**-places)


def test_the_spider_counts_are_those_of_the_paper():
    assert (sum(GIRDLED), len(GIRDLED), *singletons(GIRDLED)) == (168, 26, 12, 4)
    assert (sum(LOGGED), len(LOGGED), *singletons(LOGGED)) == (252, 37, 14, 4)


@pytest.mark.parametrize(("counts", "value"), [(GIRDLED, 0.9289), (LOGGED, 0.9446)])
def test_f1_coverage(counts, value):
    assert chao_jost(counts) == digits(value, 4)


@pytest.mark.parametrize(
    ("counts", "value", "error", "low", "high"),
    [(GIRDLED, 43.8928571, 14.3056, 30.511, 96.971), (LOGGED, 61.4027778, 18.5315, 43.502, 128.583)],
)
def test_f1_chao1_with_its_error_and_interval(counts, value, error, low, high):
    seen, (once, twice), size = len(counts), singletons(counts), sum(counts)
    assert chao1(counts) == digits(value, 7)
    assert chao_error(seen, once, twice, size=size) == digits(error, 4)
    assert chao_interval(chao1(counts), chao_error(seen, once, twice, size=size), seen) == (digits(low, 3), digits(high, 3))


@pytest.mark.parametrize(
    ("counts", "order", "observed", "observed_places", "estimate"),
    [
        (GIRDLED, 1, 12.0597, 4, 13.8262535),
        (LOGGED, 1, 14.4210, 4, 16.3370688),
        (GIRDLED, 2, 7.84, 7, 8.1748252),
        (LOGGED, 2, 6.7614992, 7, 6.9203501),
    ],
)
def test_f1_hill_numbers(counts, order, observed, observed_places, estimate):
    assert plugin(counts, order) == digits(observed, observed_places)
    assert asymptotic(counts, order) == digits(estimate, 7)


@pytest.mark.parametrize(("counts", "value"), [(GIRDLED, 20.4594262), (LOGGED, 25.6423418)])
def test_f1_rarefied_types(counts, value):
    assert expected_types(counts, 100) == digits(value, 7)


def test_f2_richness_in_its_three_forms():
    assert chao1_bias_corrected(F2) == 18.75
    assert chao1_classic(F2) == 21.0
    assert chao1(F2) == asymptotic(F2, 0) == 20.875


def test_f2_coverage_in_its_two_forms_and_its_interval():
    assert good_turing(F2) == 0.875
    assert chao_jost(F2) == digits(0.8776041667, 10)
    assert coverage_at(F2, 20) == digits(0.74526, 5)
    assert coverage_interval(F2) == (digits(-0.01196, 5), digits(0.26196, 5))


def test_f2_hill_numbers():
    assert plugin(F2, 1) == digits(10.6923006, 7)
    assert plugin(F2, 2) == digits(8.4087591, 7)
    assert asymptotic(F2, 1) == digits(13.50963953, 8)
    assert asymptotic(F2, 2) == digits(9.98230088, 8)


@pytest.mark.parametrize(
    ("site", "coverage", "richness"), [("h50m", 0.9918, 279.109), ("h500m", 0.9760, 314.810), ("h1070m", 0.9839, 146.337)]
)
def test_f8_incidence_coverage_and_chao2(site, coverage, richness):
    size, total, seen, once, twice = ANT[site]
    assert coverage_from(once, twice, total, size) == digits(coverage, 4)
    assert richness_from(seen, once, twice, size=size) == digits(richness, 3)


def test_incidences_are_counted_from_document_frequencies():
    documents = [1, 1, 1, 2, 2, 5, 0]
    assert chao2(documents, 10) == richness_from(6, 3, 2, size=10)
    assert chao_jost_incidence(documents, 10) == coverage_from(3, 2, 12, 10)


@pytest.mark.parametrize(
    ("function", "counts", "value"),
    [
        (chao_jost, [], 0.0),
        (chao_jost, [5, 3], 1.0),
        (chao_jost, [1], 0.0),
        (good_turing, [], 0.0),
        (good_turing, [0, 0], 0.0),
        (chao1, [], 0.0),
        (chao1, [5, 3, 0], 2.0),
        (chao1, [1, 1, 1], 3 + 2 / 3 * 3),
        (chao1_bias_corrected, [1, 1, 1], 6.0),
        (chao1_classic, [1, 1, 1], 6.0),
    ],
)
def test_samples_without_singletons_doubletons_or_anything_have_defined_answers(function, counts, value):
    assert function(counts) == pytest.approx(value)


def test_an_interval_of_a_bound_that_found_nothing_unseen_is_a_point():
    assert chao_interval(5.0, 0.0, 5) == (5.0, 5.0)
    assert chao_error(2, 0, 0, size=8) == 0.0
    assert histogram([0, 2, 2, 1])[0].tolist() == [1, 2]


def test_another_order_is_refused():
    with pytest.raises(ValueError, match="choose 0, 1 or 2"):
        asymptotic(F2, 3)
    assert asymptotic([1, 1], 2) == float("inf")
