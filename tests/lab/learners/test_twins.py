from typing import ClassVar

import numpy
import pytest

from longtail.lab.learners import make
from longtail.lab.learners.row_data import RowData

TWINS = [
    ("gaussian", {}, ["replace", "accumulate", "augment", "fresh:0.3", "grown"]),
    ("gaussian", {"ddof": 1, "variance_scale": 0.8}, ["replace", "window:3"]),
    ("gaussian", {"dim": 3}, ["replace", "accumulate", "augment", "expanding:0.2"]),
    ("poisson", {"rate": 0.4}, ["replace", "accumulate", "augment", "fresh:0.3"]),
    ("gmm", {"components": 3}, ["replace", "accumulate", "fresh:0.3"]),
    ("linear_regression", {"dim": 3}, ["replace", "accumulate", "augment", "window:2", "fresh:0.4", "weighted:0.7"]),
    ("linear_regression", {"dim": 3, "inputs": "same"}, ["replace", "accumulate", "augment", "window:2"]),
    ("linear_regression", {"dim": 3, "foreign_share": 0.25, "noise": "1,0.5"}, ["replace", "expanding:0.5"]),
    ("linear_regression", {"dim": 50, "noise": 0.1}, ["replace", "accumulate", "augment"]),
    ("linear_regression", {"dim": 50, "noise": 0.0, "inputs": "same"}, ["replace", "accumulate"]),
]
CASES = [(family, options, policy) for family, options, policies in TWINS for policy in policies]


@pytest.mark.parametrize(("family", "options", "policy"), CASES)
def test_the_law_of_sums_and_the_rows_agree(family, options, policy, simulated, apart):
    replicates = 800 if options.get("dim") == 50 else 3000
    law = simulated(family, policy, options=options, seed=11, replicates=replicates)
    rows = simulated(family, policy, options=options, seed=12, replicates=replicates, rows=True)
    law.pop("nll", None)
    assert apart(law, rows) < 4


class Labels(RowData):
    """Types drawn one by one: data are (replicates, rows, 1)."""

    series: ClassVar = ("simpson", "support", "share", "present")
    gates: ClassVar = frozenset()

    def __init__(self, truth):
        self.truth = numpy.asarray(truth)

    def real(self, replicates, rows, rng, taken):
        return self.written(numpy.broadcast_to(self.truth, (replicates, len(self.truth))), rows, rng)

    def written(self, model, rows, rng):
        return numpy.stack([rng.choice(len(law), size=rows, p=law) for law in model])[:, :, None]

    def fit(self, data, before, rng):
        return (data == numpy.arange(len(self.truth))).mean(axis=1)

    def alive(self, model):
        return (model > 0).sum(axis=1) > 1

    def measure(self, model, wanted, rng):
        found = {"simpson": (model**2).sum(axis=1), "support": (model > 0).sum(axis=1)}
        return found | {"share": model[:, 0], "present": model[:, 0] > 0}


POLICIES = ["replace", "accumulate", "fixed_budget", "keep_original:0.3", "edit:0.4,0.5", "blend:0.5,0.25,0.25", "fresh:0.3,2"]


@pytest.mark.parametrize("policy", POLICIES)
def test_counts_of_types_and_labels_drawn_one_by_one_agree(policy, simulated, apart):
    truth = make("categorical", {"types": 6, "law": "zipf:1"}, rows=False).law.truth
    counts = simulated("categorical", policy, options={"types": 6, "law": "zipf:1"}, seed=5)
    labels = simulated("categorical", policy, learner=Labels(truth), replicates=1500, seed=6)
    shared = ("simpson", "support", "alive")
    assert apart({name: counts[name] for name in shared}, {name: labels[name].astype(float) for name in shared}) < 4


@pytest.mark.parametrize("policy", POLICIES)
def test_counts_of_yes_and_answers_drawn_one_by_one_agree(policy, simulated, apart):
    counts = simulated("bernoulli", policy, options={"p": 0.1}, seed=5)
    labels = simulated("bernoulli", policy, learner=Labels([0.1, 0.9]), replicates=1500, seed=6)
    shared = ("share", "present", "alive")
    assert apart({name: counts[name] for name in shared}, {name: labels[name].astype(float) for name in shared}) < 4


@pytest.mark.parametrize(("family", "series", "truth"), [("poisson", "rate", 1), ("bernoulli", "share", 0.5), ("gaussian", "total", 1)])
@pytest.mark.parametrize("told", [{"draws": "random"}, {"gate": "detector:0.9,0.2"}, {"gate": "detector:0.1,0.1"}])
def test_numbers_of_rows_left_to_chance_bias_nothing(family, series, truth, told, simulated, distance):
    found = simulated(family, "fresh:0.3", samples=12, generations=5, replicates=10_000, **told)
    if family == "gaussian":
        found["total"] = found["variance"] + found["mean_square"]
    assert distance(found[series], truth) < 4


@pytest.mark.parametrize("told", [{"draws": "random"}, {"gate": "detector:0.9,0.2"}])
def test_modes_may_have_rows_left_to_chance(told, simulated):
    found = simulated("gmm", "fresh:0.3", samples=30, replicates=500, **told)
    assert (found["modes_alive"] >= 1).all()
    assert (found["modes_alive"] <= 5).all()
    assert numpy.isfinite(found["variance"]).all()
