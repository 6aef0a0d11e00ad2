"""The sanity checks: each criterion can fail, an ideal measure passes, and ours do what the page says."""

import numpy as np
import pytest

from bench.sanity import __main__ as sanity
from bench.sanity import criteria, laws
from bench.sanity.checks import CHECKS
from bench.sanity.criteria import Answer
from bench.sanity.measures import KINDS, measured, standardised

BY_NAME = {check.name: check for check in CHECKS}
PLACES = (-2.0, -1.0, 0.0, 1.0, 2.0)


def curve(*values):
    return dict(zip(PLACES, values, strict=True))


@pytest.mark.parametrize(
    ("criterion", "passing", "failing"),
    [
        (criteria.near(0.0, 1), curve(0, 0, 0.96, 0, 0), curve(1, 1, 0.94, 1, 1)),
        (criteria.near(min, 0), curve(0.05, 1, 1, 1, 1), curve(0.06, 0, 0, 0, 0)),
        (criteria.near_either(max), curve(0, 0, 0, 0, 0.97), curve(0, 0, 0, 0, 0.5)),
        (criteria.bell(0.0), curve(0.1, 0.5, 0.95, 0.4, 0), curve(0.1, 0.5, 0.2, 0.4, 0)),
        (criteria.falls(), curve(1, 0.8, 0.5, 0.3, 0.1), curve(1, 0.8, 0.5, 0.1, 0.9)),
        (criteria.falls(0.5), curve(1, 0.95, 0.85, 0.3, 0.1), curve(1, 0.95, 0.95, 0.3, 0.1)),
        (criteria.rises, curve(0.1, 0.3, 0.5, 0.8, 1), curve(1, 0.8, 0.5, 0.3, 0.1)),
        (criteria.flat, curve(0.5, 0.52, 0.5, 0.48, 0.5), curve(0.5, 0.56, 0.5, 0.5, 0.5)),
        (criteria.settles, curve(0, 0.3, 0.5, 0.52, 0.5), curve(0.5, 0.5, 0.5, 0.4, 0.5)),
    ],
)
def test_a_criterion_passes_what_it_asks_for_and_fails_what_it_does_not(criterion, passing, failing):
    assert criterion(passing).passes
    assert not criterion(failing).passes


def test_a_measure_may_follow_one_of_two_conventions_but_not_both():
    shape = criteria.either(criteria.bell(0.0), criteria.rises)
    low, high = shape(curve(0, 0.5, 1, 0.5, 0)), shape(curve(0, 0.3, 0.5, 0.8, 1))
    assert (low.side, high.side) == ("low", "high")
    assert criteria.together([high, high]) == Answer(True, "", "high")
    assert not criteria.together([low, high]).passes
    assert not shape(curve(0.5, 0.5, 0.5, 0.5, 0.5)).passes


def test_laws_are_those_that_are_stated():
    rng = np.random.default_rng(0)
    assert np.linalg.norm(laws.on_a_sphere(16, 0.7)(rng), axis=1) == pytest.approx(0.7)
    ball = laws.in_a_ball(3, 0.8, 20_000)(rng)
    assert (np.linalg.norm(ball, axis=1) <= 0.4).mean() == pytest.approx(0.125, abs=0.01)
    torus = laws.in_a_torus(1_000)(rng)
    assert np.hypot(np.hypot(torus[:, 0], torus[:, 1]) - 1, torus[:, 2]).max() <= 0.1
    cubes = [point for point in laws.size_differs() if point.case == "8 wide"]
    assert (cubes[-1].synthetic(rng) < 1).all(axis=1).mean() == pytest.approx(laws.OVERLAP, abs=0.02)
    fading = [point for point in laws.modes_fade() if point.case == "1 wide"]
    assert np.abs(fading[-1].synthetic(rng)).max() < 1.2


def test_every_point_of_every_sweep_draws_rows_of_one_width():
    rng = np.random.default_rng(0)
    for check in CHECKS:
        points = list(check.sweep())
        assert {tuple(check.of(point.case)) for point in points} == {("fidelity", "diversity")}
        for point in (points[0], points[-1]):
            assert point.real(rng).shape[1] == point.synthetic(rng).shape[1]


def ideal(chooser, reference, candidate):
    """What is true of two normal laws or two cubes, to the checks' own precision."""
    apart = float(np.abs(reference.mean(axis=0) - candidate.mean(axis=0)).max())
    return {"precision": np.exp(-3 * max(apart - 0.3, 0)), "coverage": np.exp(-3 * max(apart - 0.3, 0))}


def passing(name, measure, repetitions=1):
    found = sanity.outcomes(BY_NAME[name], sanity.curves(BY_NAME[name], measure, repetitions))
    return {(one.measure, one.desideratum): one.answer.passes for one in found}


def test_a_measure_that_is_right_passes_and_one_that_never_moves_fails():
    assert all(passing("mean differs, heavy tail beside it", lambda *rows: ideal(*(each[:, :1] for each in rows))).values())
    always = passing("mean differs", lambda *rows: {"precision": 1.0, "coverage": 1.0})
    assert set(always.values()) == {False}
    exact = passing("both sizes", lambda *rows: {"coverage": 0.2})
    assert exact == {("coverage", "data"): True, ("coverage", "purpose"): True}


def test_draws_are_the_same_each_time():
    made = [sanity.curves(BY_NAME["unit of one coordinate"], lambda a, b, c: {"recall": float(b.sum() + c.sum())}, 1) for _ in range(2)]
    assert made[0] == made[1]


def test_ours_see_apart_what_is_apart_and_are_blind_where_many_coordinates_agree():
    units = passing("unit of one coordinate", measured)
    assert {name for name, _ in units} == set(KINDS)
    assert all(holds for (name, asked), holds in units.items() if asked == "bounds" or name == "coverage")
    drowned = passing("one coordinate apart", measured)
    assert not any(drowned.values())


def test_wide_data_shrunk_to_a_third_of_their_spread_cover_everything_and_narrow_ones_do_not():
    rng = np.random.default_rng(0)
    for width, covered in ((64, True), (1, False)):
        a, b = (laws.normal(width)(rng) for _ in range(2))
        assert (measured(a, b, laws.normal(width, 0.0, 10**-0.5)(rng))["coverage"] >= 0.95) == covered


def test_the_scale_comes_from_the_half_that_chooses():
    rng = np.random.default_rng(0)
    chooser, other = rng.normal(5, 3, (50, 2)), rng.normal(size=(50, 2))
    first, second = standardised(chooser, other)
    assert first.mean(axis=0) == pytest.approx(0, abs=1e-12)
    assert second == pytest.approx((other - chooser.mean(axis=0)) / chooser.std(axis=0))
    assert np.isfinite(standardised(np.ones((5, 1)), np.zeros((5, 1)))[1]).all()


def test_the_page_counts_what_passed_and_names_what_failed():
    check = BY_NAME["mean differs"]
    found = [
        sanity.Outcome(check, "purpose", "precision", Answer(True, "")),
        sanity.Outcome(check, "bounds", "precision", Answer(False, "8 wide: 0.80 at 0, should be 1")),
    ]
    page = sanity.page(found, 5)
    assert "precision 1 of 2" in page
    assert "| bounds | mean differs | **no** |" in page
    assert "| mean differs | bounds | precision | 8 wide: 0.80 at 0, should be 1 |" in page
    assert check.meaning in page
