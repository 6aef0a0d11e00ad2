import math

import pytest

from longtail.lab.run import run
from longtail.lab.settings import Settings, parse_change

G, C, L = "gaussian", "categorical", "linear_regression"
HARMONIC = {"types": 20, "law": "harmonic"}
CASES = [
    (G, "replace", {"samples": 20, "options": {"ddof": 1}}, {"mean_square", "variance", "log_variance", "log_det", "trace", "w2_squared"}),
    (G, "replace", {"samples": 20, "options": {"variance_scale": 0.9}}, {"mean_square", "variance", "log_variance", "w2_squared"}),
    (G, "replace", {"samples": 20, "schedule": "linear"}, {"mean_square", "variance", "log_variance"}),
    (G, "replace", {"samples": 30, "options": {"dim": 3, "ddof": 1}}, {"mean_square", "variance", "log_variance", "log_det", "trace"}),
    (G, "replace", {"samples": 20, "options": {"known_variance": True}}, {"mean_square"}),
    (G, "grown", {"samples": 20}, {"mean_square", "variance"}),
    (G, "accumulate", {"samples": 10}, {"mean_square", "variance"}),
    (G, "accumulate", {"samples": 10, "real": 30}, {"mean_square", "variance"}),
    (G, "accumulate", {"samples": 10, "options": {"variance_scale": 0.8}}, {"mean_square", "variance"}),
    (G, "expanding:0.3", {"samples": 10, "real": 30}, {"mean_square", "variance"}),
    (G, "expanding:0.3", {"samples": 20, "options": {"dim": 2, "variance_scale": 0.8}}, {"mean_square", "variance"}),
    (G, "fixed_budget", {"samples": 10}, {"mean_square", "variance"}),
    (G, "fresh:0.2", {"samples": 50}, {"mean_square", "variance"}),
    (G, "fresh:0.2", {"samples": 50, "options": {"ddof": 1, "variance_scale": 0.8}}, {"mean_square", "variance"}),
    (G, "augment", {"samples": 80, "real": 20}, {"mean_square", "variance"}),
    (G, "weighted:golden", {"samples": 40, "options": {"known_variance": True}}, {"mean_square"}),
    (G, "weighted:0.3,0.2", {"samples": 40, "options": {"known_variance": True}}, {"mean_square"}),
    (G, "replace", {"samples": 50, "options": {"sampling_error": False, "modes": 2.0}}, {"variance"}),
    (C, "replace", {"samples": 50, "options": HARMONIC}, {"simpson", "support", "tail_mass", "tail_types"}),
    (C, "replace", {"samples": 600, "options": HARMONIC}, {"simpson", "support", "tail_mass", "tail_types"}),
    (C, "accumulate", {"samples": 50, "options": HARMONIC}, {"simpson", "support", "tail_mass", "tail_types"}),
    (C, "fixed_budget", {"samples": 20, "options": HARMONIC}, {"simpson", "tail_mass"}),
    (C, "fresh:0.1", {"samples": 50, "draws": "random", "options": HARMONIC}, {"simpson", "tail_mass"}),
    (C, "replace", {"samples": 50, "options": {**HARMONIC, "temperature": 0.8, "sampling_error": False}}, {"entropy"}),
    (C, "replace", {"samples": 50, "options": {**HARMONIC, "top_p": 0.9, "sampling_error": False}}, {"support"}),
    (C, "replace", {"samples": 20, "schedule": "linear", "options": HARMONIC}, {"simpson", "tail_mass"}),
    (C, "fresh:0.2", {"samples": 50, "options": HARMONIC}, {"simpson", "tail_mass"}),
    (C, "augment", {"samples": 40, "real": 20, "options": HARMONIC}, {"simpson", "tail_mass"}),
    (C, "expanding:0.3", {"samples": 20, "real": 50, "options": HARMONIC}, {"simpson", "tail_mass"}),
    ("bernoulli", "replace", {"samples": 50, "options": {"p": 0.05}}, {"present", "share", "heterozygosity", "alive"}),
    ("bernoulli", "fixed_budget", {"samples": 20, "options": {"p": 0.3}}, {"share", "heterozygosity"}),
    ("bernoulli", "expanding:0.2", {"samples": 20, "options": {"p": 0.3}}, {"share", "heterozygosity"}),
    ("poisson", "replace", {"samples": 10, "options": {"rate": 0.5}}, {"alive"}),
    ("gmm", "replace", {"samples": 50, "options": {"components": 10}}, {"modes_alive"}),
    ("kde", "replace", {"samples": 50, "options": {"bandwidth": 0.3}}, {"variance"}),
    ("kde", "fresh:0.2", {"samples": 50, "options": {"bandwidth": 0.3}}, {"variance"}),
    (L, "replace", {"samples": 40, "options": {"dim": 5}}, {"error"}),
    (L, "replace", {"samples": 40, "schedule": "list:60,40,30,80,20", "options": {"dim": 5, "noise": "0.25,1,0.5"}}, {"error"}),
    (L, "replace", {"samples": 40, "options": {"dim": 5, "noise": "0.25,1,0.5", "inputs": "same"}}, {"error"}),
    (L, "grown", {"samples": 40, "options": {"dim": 5}}, {"error"}),
    (L, "grown", {"samples": 40, "options": {"dim": 5, "inputs": "same"}}, {"error"}),
    (L, "accumulate", {"samples": 40, "options": {"dim": 5, "inputs": "same"}}, {"error"}),
    (L, "replace", {"samples": 20, "options": {"dim": 30, "noise": 0}}, {"error"}),
]


def name(case):
    family, policy, given, _ = case
    return f"{family} {policy} {given}"


@pytest.mark.parametrize("case", CASES, ids=map(name, CASES))
def test_every_exact_line_beside_a_run_is_what_the_run_shows(case):
    family, policy, given, expected = case
    found = run(Settings(family=family, policy=policy, generations=5, replicates=1500, seed=7, **given))
    assert expected <= set(found.theory)
    for series, theory in found.theory.items():
        shown = found.series[series]
        for value, mean, se in zip(theory.value, shown.mean, shown.se, strict=True):
            room = 4.5 * se + 1e-9 * abs(mean)
            if theory.kind == "exact":
                assert math.isclose(value, mean, abs_tol=room), (series, theory.value, shown.mean)
            if theory.kind == "bound_lower":
                assert mean >= value - room, (series, theory.value, shown.mean)


def test_a_selected_loop_and_a_fixed_budget_agree_within_their_order():
    selected = run(Settings(family=G, policy="accumulate", gate="top:0.5", generations=6, samples=1000, replicates=50), series=["variance"])
    assert selected.theory["variance"].kind == "asymptotic"
    assert selected.series["variance"].mean == pytest.approx(selected.theory["variance"].value, rel=0.02)
    budget = run(Settings(family=L, policy="fixed_budget", generations=4, samples=111, replicates=600), series=["error"])
    assert budget.series["error"].mean == pytest.approx(budget.theory["error"].value, rel=0.12)


def test_foreign_labels_leave_a_floor_that_the_chain_adds_to():
    options = {"dim": 5, "foreign_share": 0.1, "foreign_distance": 2.0}
    found = run(Settings(family=L, generations=3, samples=2000, replicates=400, options=options), series=["error"])
    assert found.theory["error"].kind == "asymptotic"
    assert found.series["error"].mean == pytest.approx(found.theory["error"].value, rel=0.03)


def test_the_entropy_line_agrees_while_the_loss_is_small():
    found = run(Settings(family=C, generations=5, samples=2000, replicates=300, options=HARMONIC), series=["entropy"])
    assert found.theory["entropy"].kind == "asymptotic"
    assert found.series["entropy"].mean == pytest.approx(found.theory["entropy"].value, rel=4e-3)


def test_one_edit_has_a_line_and_the_next_ones_have_none():
    chosen = Settings(family=L, policy="edit:0.5", generations=4, samples=300, replicates=600, options={"inputs": "same", "dim": 5})
    found = run(chosen)
    line, shown = found.theory["error"].value, found.series["error"]
    assert line[2:] == (None, None)
    assert shown.mean[1] == pytest.approx(line[1], abs=4 * shown.se[1] + 0.02 * line[1])


@pytest.mark.parametrize(
    "given",
    [
        {"changes": (parse_change("3:policy=accumulate"),)},
        {"policy": "window:2"},
        {"gate": "ball:2"},
        {"options": {"true_mean": 1.0}},
        {"options": {"pull": 0.5}},
        {"policy": "accumulate", "gate": "top:0.5", "schedule": "linear"},
        {"options": {"modes": 2.0, "sampling_error": False, "ddof": 1}},
    ],
)
def test_where_no_form_applies_there_is_no_line(given):
    assert run(Settings(family=G, generations=4, samples=20, replicates=5, **given)).theory == {}


@pytest.mark.parametrize(
    "given",
    [
        {"policy": "grown", "schedule": "quadratic"},
        {"policy": "grown", "real": 40},
        {"policy": "accumulate", "schedule": "linear", "options": {"inputs": "same", "dim": 3}},
        {"policy": "accumulate", "real": 10, "options": {"inputs": "same", "dim": 3}},
    ],
)
def test_where_no_form_of_a_regression_applies_there_is_no_line(given):
    assert run(Settings(family=L, **{"generations": 4, "samples": 20, "replicates": 5, "options": {"dim": 3}, **given})).theory == {}
