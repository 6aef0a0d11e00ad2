"""Extremes of a column of numbers: shares by hand, their loss, and columns that have none."""

import numpy as np
import pytest
from scipy.stats import binom

from longtail.metrics.endpoint import Endpoint
from longtail.metrics.family import decide_family
from longtail.metrics.tabular.exceedance import exceedance, exceedance_endpoints
from longtail.records import Estimate, NotMeasured
from longtail.summaries.frequencies import Frequencies
from longtail.views.batch import texts_of
from longtail.views.keys import bin_of, half_of

from .tables import NUMBER, compared, fitted, number_case, profiled, rows, with_numbers


def drawn(count, seed):
    return np.random.default_rng(seed).standard_t(4, count)


def within(values, low, high):
    return values[(values > low) & (values < high)]


def by_end(candidate, reference, **settings):
    comparison, _, _, edges = number_case(candidate, reference, **settings)
    return dict(zip(("low", "high"), exceedance_endpoints(comparison, edges), strict=True))


def test_the_share_beyond_is_that_of_documents_counted_by_hand():
    here, there = drawn(3000, 1), drawn(6000, 2)
    comparison, _, _, edges = number_case(here, there)
    units = [comparison.pairing.side(NUMBER, sample).units for sample in (comparison.pairing.candidate, comparison.pairing.roles[0][1])]
    cells = [texts_of(rows(len(values), tag), 0).cells.astype(np.uint16) for values, tag in ((here, "candidate"), (there, "reference"))]
    taken = [unit.of_bin[bin_of(cell)] >= 0 for unit, cell in zip(units, cells, strict=True)]
    taken[1] &= half_of(cells[1]) == 1
    low, high = edges.values[edges.low - 1], edges.values[edges.high - 1]
    for end, beyond in (("low", lambda values: values <= low), ("high", lambda values: values > high)):
        shares = [beyond(values[kept]).mean() for values, kept in zip((here, there), taken, strict=True)]
        estimate = exceedance(comparison, edges, end)
        assert estimate.value == pytest.approx(shares[0] / shares[1])
        assert estimate.baseline_value == pytest.approx(shares[1])
        assert (estimate.metric, estimate.slice, estimate.n, estimate.unit) == ("exceedance", end, 3000, "ratio")
        assert estimate.low < estimate.value < estimate.high


def test_tails_that_were_cut_are_decided_lost_and_one_tail_is_told_from_the_other():
    there = drawn(10000, 2)
    low, high = np.quantile(there, [0.01, 0.99])
    both = by_end(within(drawn(5000, 1), low, high), there, permutations=999)
    assert [each.decision for each in decide_family(list(both.values()), 0.04)] == ["shrunk", "shrunk"]
    one = by_end(within(drawn(5000, 1), low, np.inf), there, permutations=999)
    assert [each.decision for each in decide_family(list(one.values()), 0.04)][0] == "shrunk"
    assert one["high"].observed > -0.4


def test_where_nothing_changed_p_is_small_as_often_as_its_level():
    edges = fitted(drawn(3000, 0), "reference")
    there = with_numbers(drawn(3000, 0), "reference", edges)[0]
    found = []
    for seed in range(1, 41):
        here = profiled(rows(600, f"c{seed}"))
        other = with_numbers(drawn(600, seed), f"c{seed}", edges)[0]
        here.frequencies[NUMBER] = other.frequencies[NUMBER]
        found += [each.p for each in exceedance_endpoints(compared(here, there, NUMBER), edges)]
    assert sum(p <= 0.1 for p in found) <= binom.ppf(0.9999, len(found), 0.15)
    assert np.mean(found) == pytest.approx(0.5, abs=0.15)


def test_too_few_documents_for_an_extreme_are_not_measured():
    found = by_end(drawn(200, 1), drawn(4000, 2))
    for end, each in found.items():
        assert isinstance(each, NotMeasured)
        assert each.reason.startswith("too rare to judge: ") and "1 % quantile" in each.reason or "99 % quantile" in each.reason
        assert (each.metric, each.slice, each.view) == ("exceedance", end, NUMBER)


@pytest.mark.parametrize("values", [np.full(4000, 3.0), np.resize([0.0, 1.0], 4000)], ids=["constant", "two values"])
def test_a_column_whose_end_values_are_common_has_no_extremes(values):
    for each in by_end(values[:500], values).values():
        assert isinstance(each, NotMeasured)
        assert "nothing lies beyond the" in each.reason and "'size'" in each.reason


def test_zeros_that_most_documents_share_are_no_extreme():
    values = np.where(np.random.default_rng(0).random(8000) < 0.3, 0.0, np.random.default_rng(1).exponential(size=8000))
    found = by_end(values[:2000], values)
    assert isinstance(found["low"], NotMeasured)
    assert isinstance(found["high"], Endpoint)


def test_missing_columns_and_few_documents_have_their_reasons():
    edges = fitted(drawn(3000, 2), "reference")
    there = with_numbers(drawn(3000, 2), "reference", edges)[0]
    bare = profiled(rows(500, "c"))
    bare.frequencies[NUMBER] = Frequencies(NUMBER, edges.version, 0)
    one = with_numbers(drawn(1, 1), "one", edges)[0]
    for here, reason in ((bare, "no document of the candidate has a value in the column 'size'"), (one, "the candidate has 1 distinct")):
        for each in exceedance_endpoints(compared(here, there, NUMBER), edges):
            assert reason in each.reason
            assert (each.metric, each.view) == ("exceedance", NUMBER)
    assert isinstance(exceedance(compared(bare, there, NUMBER), edges, "low"), NotMeasured)


def test_numbers_that_are_missing_or_infinite_lower_the_share_of_what_lies_beyond():
    there, here = drawn(6000, 2), drawn(3000, 1)
    spoiled = np.where(np.random.default_rng(3).random(3000) < 0.6, np.nan, here)
    found = by_end(spoiled, there)
    assert all(np.exp(each.observed) < 0.7 for each in found.values())


def test_a_generation_is_held_against_another_where_the_reference_only_fixes_the_bins():
    reference = drawn(4000, 2)
    edges = fitted(reference, "reference")
    profiles = [
        with_numbers(values, tag, edges)[0] for values, tag in ((drawn(1500, 1), "c"), (reference, "reference"), (drawn(1500, 3), "b"))
    ]
    comparison = compared(profiles[0], profiles[1], NUMBER, baseline=profiles[2])
    for end in ("low", "high"):
        estimate = exceedance(comparison, edges, end)
        assert isinstance(estimate, Estimate)
        assert (estimate.baseline, estimate.low < 1 < estimate.high) == ("generation_1", True)
