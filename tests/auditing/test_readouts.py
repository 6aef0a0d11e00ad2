"""What an audit measures beside the families that decide."""

import numpy as np
import pyarrow as pa
import pytest

import longtail
from longtail.auditing.inputs import Inputs
from longtail.auditing.modelside import of_model, of_models
from longtail.auditing.options import Options
from longtail.auditing.readouts import concentration_endpoints, of_benchmark, ratios_of, spread_endpoints, values_of
from longtail.auditing.vanished import vanished
from longtail.metrics.comparison import reference_pairing
from longtail.metrics.endpoint import Endpoint
from longtail.metrics.pairing import Settings
from longtail.readers.scores import scores_of
from longtail.records import Estimate
from longtail.summaries.reference import Reference

WORDS = [f"word{i}" for i in range(400)]


def prose(n, seed, kinds=400):
    rng = np.random.default_rng(seed)
    often = 1 / np.arange(1, kinds + 1)
    return [" ".join(rng.choice(WORDS[:kinds], 80, p=often / often.sum())) + f" number{seed}x{i}" for i in range(n)]


def table(n, seed):
    rng = np.random.default_rng(seed)
    return pa.table({"kind": rng.choice(list("abcd"), n), "size": rng.normal(0, 1, n), "emb": list(rng.normal(size=(n, 3)).astype("f4"))})


def beside(candidate, reference):
    pairing = reference_pairing(candidate, Reference(reference), Settings(permutations=199))
    return Inputs(candidate, Reference(reference), None, None), pairing


@pytest.fixture(scope="module")
def texts():
    reference = longtail.profile(prose(600, 1))
    candidate = longtail.profile(prose(300, 2))
    return beside(candidate, reference)


@pytest.fixture(scope="module")
def tables():
    reference = longtail.profile(table(1200, 1), views=["table"], by=["kind"])
    candidate = longtail.profile(table(600, 2), views=["table"], by=["kind"], like=reference)
    return beside(candidate, reference)


def names(outcomes):
    return {outcome.metric for outcome in outcomes}


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


def test_vanished_classes_and_regions_are_named_with_an_example(tables):
    inputs, _ = tables
    apart = np.repeat([0.0, 50.0], 300)[:, None]
    reference = longtail.profile(apart + np.random.default_rng(0).normal(size=(600, 2)))
    lost = longtail.profile(np.random.default_rng(1).normal(size=(300, 2)), like=reference)
    found = vanished(Inputs(lost, Reference(reference), None, None), "regions:features", Options())
    assert found["rows"] and all(row["type"].startswith("region ") and row["example"] for row in found["rows"])
    kept = vanished(inputs, "category:kind", Options())
    assert kept["total"] == 0


def scored(seed, shift=0.0, own=False):
    rng = np.random.default_rng(seed)
    ids, nll = [f"d{i}" for i in range(400)], 3 + np.random.default_rng(9).gamma(2, 1, 400) + rng.normal(0, 0.05, 400) + shift
    rows = {"lt_id": ids, "nll": nll * 50, "tokens": [50] * 400, "correct": (nll < 6).astype(float)}
    if own:
        rows = {name: [*values, *values[:200]] for name, values in rows.items()}
        rows["lt_id"][400:] = [f"own{i}" for i in range(200)]
        rows["split"] = ["heldout"] * 400 + ["own"] * 200
    return scores_of(rows)


def test_scores_of_one_model_say_what_they_state_and_nothing_else():
    assert "self_gap" not in names(of_model(scored(1)))
    assert names(of_model(scored(1, own=True))) >= {"heldout_nll", "nll_q99", "nll_cvar95", "self_gap"}


def test_scores_of_two_models_give_the_pair_and_the_gap(texts):
    inputs, _ = texts
    both = Inputs(inputs.candidate, inputs.reference, None, None, scores=scored(1, 0.5, own=True), baseline_scores=scored(2, own=True))
    found = {outcome.metric: outcome for outcome in of_models(both, Options(), 0.05)}
    assert found["human_nll_change"].value == pytest.approx(0.5, abs=0.05)
    assert found["human_nll_change"].decision == "shrunk"
    assert of_models(inputs, Options(), 0.05) == ()
