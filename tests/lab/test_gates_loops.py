import math

import numpy
import pytest

from longtail.errors import ConfigError
from longtail.gates import Gate
from longtail.lab.cases import CHECKS, verify
from longtail.lab.cases.documents import labels, values
from longtail.lab.cases.documents.through import passed, stage
from longtail.lab.theory.selection import unverified_loop_cosine, verified_loop_accuracy
from longtail.records import Origin

pytestmark = pytest.mark.slow

MINE = [check for check in CHECKS if check.simulated.__module__.startswith("longtail.lab.cases.documents")]
TOY = {"start": 0.668, "flipped": 0.2, "dim": 3, "rows": 1000}


def test_the_loops_of_each_case_go_through_recipes():
    assert {check.case for check in MINE} == {"23", "24", "25", "26"}
    assert all("recipe" in check.quantity or "all of which pass" in check.quantity for check in MINE)


@pytest.mark.parametrize(
    "check", [check for check in MINE if "all of which pass" not in check.quantity], ids=lambda check: check.quantity[:50]
)
def test_it_does_not_hold_where_everything_passes(check, monkeypatch):
    monkeypatch.setattr(Gate, "passes", lambda self, verdicts: numpy.ones(len(verdicts), bool))
    rows = verify([check], seed=7, drawn=0, quick=True, most=2000 if check.kind == "exact" else 60)
    assert any(not row.holds for row in rows)


def test_a_loop_without_a_gate_falls_and_with_one_rises_and_with_a_bad_one_still_rises():
    accuracy = {
        name: labels._accuracy(labels._loop({**TOY, **keep, "generations": 8, "rows": 200, "dim": 10}, 40, 3)).mean()
        for name, keep in (("none", labels.UNGATED), ("gate", labels.GATED), ("bad gate", labels.IMPERFECT))
    }
    assert accuracy["none"] < labels.START - 0.04 < 0.85 < accuracy["bad gate"] < accuracy["gate"]


def test_a_gate_with_a_wrong_centre_takes_the_mean_there_from_either_side():
    for start, radius in ((0.0, 1.0), (0.0, 0.5)):
        moved = values._moved({"centre": 0.5, "radius": radius, "rounds": 12, "rows": 400}, 20, 1)
        assert moved.mean() == pytest.approx(0.5, abs=0.05), start


def test_real_documents_pass_a_recipe_unjudged():
    recipe = stage("ball", radius=0.1)
    origins = [Origin.HUMAN, Origin.SYNTHETIC, Origin.SYNTHETIC]
    assert passed(recipe, "x", ["a", "b", "c"], origins, value=[5.0, 5.0, 0.0]).tolist() == [True, False, True]


def test_the_law_of_a_verified_loop_is_that_of_a_million_labels():
    rng = numpy.random.default_rng(0)
    angle, keep, flipped = math.pi * (1 - 0.668), (0.9, 0.3), 0.2
    inputs = rng.standard_normal((1_000_000, 2))
    said = numpy.sign(inputs @ [math.cos(angle), math.sin(angle)]) * numpy.where(rng.random(len(inputs)) < flipped, -1, 1)
    kept = rng.random(len(inputs)) < numpy.where(said == numpy.sign(inputs[:, 0]), *keep)
    along, across = (inputs * (said * kept)[:, None]).mean(axis=0)
    found = verified_loop_accuracy([1], start=0.668, flipped=flipped, keep_right=keep[0], keep_wrong=keep[1])[0]
    assert found == pytest.approx(1 - math.atan2(across, along) / math.pi, abs=0.003)


def test_with_unlimited_data_an_ungated_loop_stays_and_a_gated_one_goes_to_the_truth():
    stays = verified_loop_accuracy([1, 50], start=0.668, flipped=0.2, keep_right=0.7, keep_wrong=0.7)
    assert stays == pytest.approx([0.668, 0.668])
    assert verified_loop_accuracy([40], start=0.51, flipped=0.4, keep_right=0.9, keep_wrong=0.5)[0] > 0.999
    assert verified_loop_accuracy([40], start=0.9, flipped=0.1, keep_right=0.3, keep_wrong=0.9)[0] < 0.2
    assert unverified_loop_cosine([30], start=0.8, flipped=0.2, samples=10**7, dim=3)[0] == pytest.approx(math.cos(0.2 * math.pi), rel=1e-3)


@pytest.mark.parametrize("wrong", [{"start": 0.0}, {"start": 1.0}, {"flipped": 0.5}, {"flipped": -0.1}])
def test_settings_out_of_range_are_refused(wrong):
    with pytest.raises(ConfigError, match="needed"):
        verified_loop_accuracy([1], **{"start": 0.6, "flipped": 0.1, "keep_right": 1.0, "keep_wrong": 0.0, **wrong})
    with pytest.raises(ConfigError, match="dim=1"):
        unverified_loop_cosine([1], start=0.6, flipped=0.1, samples=10, dim=1)
