"""What an audit measures beside the families that decide."""

import numpy as np
import pytest

import longtail
from longtail.auditing.inputs import Inputs
from longtail.auditing.readouts import concentration_endpoints, of_benchmark, ratios_of, spread_endpoints, values_of
from longtail.metrics.endpoint import Endpoint
from longtail.records import Estimate

from .made import WORDS, against, names, prose, table


@pytest.fixture(scope="module")
def texts():
    reference = longtail.profile(prose(600, 1))
    candidate = longtail.profile(prose(300, 2))
    return against(candidate, reference)


@pytest.fixture(scope="module")
def tables():
    reference = longtail.profile(table(1200, 1), views=["table"], by=["kind"])
    candidate = longtail.profile(table(600, 2), views=["table"], by=["kind"], like=reference)
    return against(candidate, reference)


def test_texts_have_their_named_metrics_alone_and_beside_a_reference(texts):
    inputs, pairing = texts
    alone = names(values_of(inputs.candidate))
    assert alone >= {"self_bleu", "hdd", "mtld", "mattr", "compression_ratio", "format_share", "entropy", "distinct_n"}
    assert "near_duplicate_share" in alone
    beside = {outcome.metric: outcome for outcome in ratios_of(inputs, pairing)}
    assert beside.keys() >= {"self_bleu", "hdd", "mtld", "mattr", "openings", "template_share", "effective_formats"}
    assert all(outcome.decision is None for outcome in beside.values() if isinstance(outcome, Estimate))
    assert beside["hdd"].low <= 1 <= beside["hdd"].high


def test_columns_and_vectors_have_theirs(tables):
    inputs, pairing = tables
    assert names(values_of(inputs.candidate)) >= {"rke", "vendi", "effective_rank", "total_variance", "hill_1"}
    beside = ratios_of(inputs, pairing)
    assert names(beside) >= {"psi", "tvd", "js", "ks", "wasserstein_1", "class_presence"}
    assert names(beside) >= {"mmd2", "coverage_corrected", "tail_coverage", "frechet"}
    assert {outcome.view for outcome in beside} >= {"category:kind", "number:size", "vector:emb", "labels:kind"}
    psi = next(outcome for outcome in beside if outcome.metric == "psi" and outcome.view == "number:size")
    assert psi.expected > 0 and psi.p > 0.001


def test_endpoints_of_vectors_and_columns_are_relabelled_with_the_others(tables):
    _, pairing = tables
    for endpoint in (*concentration_endpoints(pairing), *spread_endpoints(pairing)):
        assert isinstance(endpoint, Endpoint) and endpoint.statistics.shape == (200,)
    assert {endpoint.view for endpoint in spread_endpoints(pairing)} == {"vector:emb", "number:size"}


def test_a_benchmark_of_common_words_is_told_to_be_blind(texts):
    inputs, _ = texts
    rng = np.random.default_rng(3)
    items = longtail.profile([" ".join(rng.choice(WORDS[:20], 30)) for _ in range(60)])
    found = of_benchmark(Inputs(inputs.candidate, inputs.reference, None, None, benchmark=items), 0.1)
    assert [outcome.metric for outcome in found] == ["benchmark_blindness", "benchmark_common_mass"]
    assert found[0].value >= 0.9
    assert of_benchmark(inputs, 0.1) == ()
    report = longtail.audit(inputs.candidate, reference=inputs.reference, benchmark=items)
    assert "benchmark-blind" in report.panels["benchmark"]["warning"]
    assert [each.documents for each in report.inputs if each.role == "benchmark"] == [60]
