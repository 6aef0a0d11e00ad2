"""MAUVE of regions: its value by hand, what it comes to where nothing changed, and vectors without any."""

import numpy as np
import pytest
from scipy.stats import binom

import longtail
from longtail.metrics.features.regions import mauve, region_counts
from longtail.records import NotMeasured
from longtail.stats import mauve as curves
from longtail.summaries.frequencies import Frequencies
from longtail.views.batch import one_each, texts_of
from tests.metrics.tabular.tables import compared, profiled, rows

REGIONS = "regions:emb"


def zipf(regions):
    law = 1 / np.arange(1, regions + 1)
    return law / law.sum()


def with_regions(law, count, seed, tag, given=True):
    """A profile of documents in regions drawn from a law."""
    made, texts = profiled(rows(count, tag)), texts_of(rows(count, tag), 0)
    of = np.random.default_rng(seed).choice(len(law), count, p=law).astype(np.uint64)
    made.frequencies[REGIONS] = Frequencies(REGIONS, "regions-1/made", 0)
    made.frequencies[REGIONS].add(one_each(of, texts, np.full(count, given)))
    return made


def case(here, law, seed=0, sizes=(800, 2000)):
    candidate = with_regions(here, sizes[0], 2 * seed, f"c{seed}")
    return compared(candidate, with_regions(law, sizes[1], 2 * seed + 1, f"r{seed}"), REGIONS, permutations=99)


def test_the_value_is_that_of_the_counts_and_says_its_regions():
    comparison = case(zipf(20), zipf(20))
    fold = comparison.folds[0]
    counts = region_counts(fold, 25)
    assert counts.shape == (25, sum(fold.rows.sizes)) and not counts[20:].any()
    assert counts.sum() == fold.rows.unit_tokens.sum()
    here, there = counts[:, : fold.rows.sizes[0]].sum(axis=1), counts[:, fold.rows.sizes[0] :].sum(axis=1)
    found = mauve(comparison, 25)
    assert found.value == pytest.approx(float(curves.mauve(here, there)))
    assert found.value != pytest.approx(mauve(comparison, 20).value, abs=1e-6)
    assert "25 regions fixed on half A, half a document added" in found.method
    assert found.method.startswith("read-out, no part of the verdict: ")
    assert found.decision is None and found.low <= found.value <= found.high <= 1


@pytest.mark.parametrize("regions", [10, 40])
def test_where_nothing_changed_the_value_has_what_was_expected_in_its_interval(regions):
    law = zipf(regions)
    found = [mauve(case(law, law, seed), regions) for seed in range(200)]
    assert sum(each.low <= each.expected <= each.high for each in found) >= binom.ppf(0.001, 200, 0.95)
    assert sum(each.p <= 0.05 for each in found) <= binom.ppf(0.999, 200, 0.05)
    assert np.mean([each.value - each.expected for each in found]) == pytest.approx(0, abs=2e-3)


def test_lost_regions_lower_it_and_its_p():
    law = zipf(40)
    cut = np.where(np.arange(40) < 8, law, 0) / law[:8].sum()
    found = mauve(case(cut, law), 40)
    assert found.value < 0.7 and found.high < found.expected and found.p == pytest.approx(0.01)


def test_one_document_and_no_vectors_are_not_measured():
    law = zipf(5)
    reference = with_regions(law, 2000, 1, "r")
    for candidate, reason in (
        (with_regions(law, 1, 0, "c"), "1 distinct documents"),
        (with_regions(law, 500, 0, "c", given=False), "no document of the candidate has a value in the column 'emb'"),
    ):
        found = mauve(compared(candidate, reference, REGIONS), 5)
        assert isinstance(found, NotMeasured) and reason in found.reason and found.metric == "mauve"


def test_an_audit_of_vectors_reads_it_out_without_a_verdict():
    rng = np.random.default_rng(0)
    centres = rng.normal(0, 3, (12, 6))
    human, made = (centres[rng.integers(0, kinds, count)] + rng.normal(size=(count, 6)) for kinds, count in ((12, 1600), (4, 600)))
    report = longtail.audit(made, reference=human)
    found = next(each for each in report.estimates if each.metric == "mauve")
    assert found.view == "regions:features" and found.baseline == "reference" and found.decision is None
    assert found.high < found.expected <= 1
    assert not [each for each in report.findings if "mauve" in f"{each.because} {each.evidence}".lower()]
