"""Whether a class has gone, against scipy's exact tests."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import fisher_exact, poisson

from longtail.metrics.slices import labelled_slices
from longtail.metrics.tabular.presence import class_presence, disappearance
from longtail.records import NotMeasured

from .tables import CATEGORY, LAW, compared, kinds, with_kinds


@given(st.integers(0, 30), st.integers(0, 300), st.integers(0, 30), st.integers(1, 300))
def test_the_chance_is_that_of_fishers_exact_test(seen, others, known, other_known):
    found = disappearance(seen, seen + others, known, known + other_known)
    expected = fisher_exact([[seen, others], [known, other_known]], alternative="less").pvalue
    assert found.p == pytest.approx(expected, abs=1e-9)
    assert found.expected == pytest.approx((seen + known) * (seen + others) / (seen + others + known + other_known))
    assert found.is_auditable == (found.expected >= 3)


def test_none_of_six_where_both_sides_are_equal_is_one_in_sixty_four():
    found = disappearance(0, 10**7, 6, 10**7)
    assert (found.expected, found.is_auditable) == (3.0, True)
    assert found.p == pytest.approx(2**-6, rel=1e-5)


def test_no_documents_at_all_say_nothing():
    assert disappearance(0, 0, 0, 0) == (0.0, 1.0, False)


def test_a_class_that_is_gone_is_found_and_one_that_is_not_is_not():
    law = LAW * 1.0
    law[35] = 0
    here, there = with_kinds(kinds(16000, 1, law), "c"), with_kinds(kinds(40000, 2), "r")
    comparison = compared(here, there, CATEGORY)
    slices = {each.name: each for each in labelled_slices(comparison)}
    gone, kept = (class_presence(comparison, slices[name]) for name in ("kind 35", "kind 36"))
    assert (gone.value, gone.slice, gone.unit) == (0.0, "kind 35", "documents")
    assert gone.p < 0.05 < kept.p
    assert gone.high < gone.expected
    assert kept.low <= kept.expected <= kept.high
    assert gone.low == 0
    assert poisson.cdf(0, gone.high) == pytest.approx(0.025)
    assert poisson.sf(int(kept.value) - 1, kept.low) == pytest.approx(0.025)


def test_too_rare_classes_and_missing_sides_are_not_measured():
    comparison = compared(with_kinds(kinds(300, 1), "c"), with_kinds(kinds(3000, 2), "r"), CATEGORY)
    rare = [each for each in labelled_slices(comparison) if each.share < 0.002]
    found = class_presence(comparison, rare[0])
    assert isinstance(found, NotMeasured)
    assert found.reason.startswith("too rare to judge: ")
    small = compared(with_kinds(kinds(5, 1), "c"), with_kinds(kinds(3000, 2), "r"), CATEGORY)
    assert "5 distinct documents" in class_presence(small, rare[0]).reason
