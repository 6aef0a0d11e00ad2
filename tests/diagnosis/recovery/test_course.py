"""The closed form of a course of generations, against frozen numbers and brute force."""

import numpy as np
import pytest

from longtail.diagnosis.recovery.course import Course, Source, absence, mass, present, rarefied
from longtail.lab.theory.recovery import accumulate_recovery, window_mean_deviation

MANY = 10**12


def law(shares, name="law"):
    """A source so large that drawing rows of it is drawing from its law."""
    return Source(name, MANY, np.round(np.asarray(shares) * MANY))


def nothing(types=1):
    return Source("nothing", 0, np.zeros(types))


def alive(shares, rows, fits):
    """Chance that a type is in the training set of fit `fits`, where each generation learns from the last one only."""
    start = law(shares)
    return present(Course(rows, 0.0, "replace", nothing(start.held.size), start), fits, 1e9 * rows)


@pytest.mark.parametrize(
    ("fits", "factor"), [(1, 1.0), (2, 0.63212), (3, 0.46854), (4, 0.37408), (5, 0.31208), (10, 0.17225), (50, 0.03838)]
)
def test_replacement_follows_the_factor_of_survival(fits, factor):
    assert alive([0.01], 100, fits)[0] == pytest.approx(1 - np.exp(-factor), abs=2e-5)


def test_words_left_of_a_zipf_vocabulary_are_those_of_the_exact_chain():
    shares = 1 / (np.arange(1, 1001) + 2.7)
    left = [alive(shares / shares.sum(), 1000, fits).sum() for fits in range(1, 11)]
    measured = [390.00, 292.47, 239.26, 204.53, 179.66, 160.79, 145.90, 133.79, 123.72, 115.19]
    assert left == pytest.approx(measured, rel=0.011)  # the Poisson law lies below the binomial one


@pytest.mark.parametrize(
    ("real", "expected"),
    [
        (0.0, (6.86e-2, 2.19e-2, 7.92e-3, 6.05e-3, 6.05e-3, 6.05e-3)),
        (0.01, (6.86e-2, 2.19e-2, 7.90e-3, 5.93e-3, 5.03e-3, 2.18e-3)),
        (0.1, (6.87e-2, 2.19e-2, 7.80e-3, 5.03e-3, 2.18e-3, 6.90e-4)),
    ],
)
def test_real_rows_end_the_plateau_of_a_memoriser_where_they_should(real, expected):
    shares = 1.0 / np.arange(1, 200_001) ** 2
    shares /= shares.sum()
    cut = np.where(np.arange(1, 200_001) <= 100, shares, 0.0)
    human, model = law(shares), law(cut / cut.sum())
    for power, loss in enumerate(expected, 2):
        course = Course(10**power, real, "replace", human, model)
        assert shares @ (1 - present(course, 1, 1e12)) == pytest.approx(loss, rel=0.02)


@pytest.mark.parametrize("window", [1, 4, 16])
def test_mean_mass_relaxes_as_a_window_does(window):
    human, bad = law([0.5]), law([0.0])
    told = window_mean_deviation([2, 5, 30], share=0.05, window=window, history=(1.0,) * window)
    course = Course(100, 0.05, "keep", human, bad, (bad,) * (window - 1), window=window)
    # the first new batch is made of what the collapsed model wrote: its fit then sees the window
    reached = []
    series = [1.0] * window
    for _ in range(30):
        series.append((1 - 0.05) * np.mean(series[-window:]))
    for generations in (1, 4, 29):
        reached.append(1 - mass(course, generations) / 0.5)
        batches = series[window - 1 + 1 : window + generations]
        assert reached[-1] == pytest.approx(np.mean(([1.0] * window + batches)[-window:]), rel=1e-9)
    assert told[0] == pytest.approx(0.95)


@pytest.mark.parametrize(("share", "left"), [(0.1, (0.9341, 0.8529, 0.7959)), (0.3, (0.8144, 0.6196, 0.5036))])
def test_a_pool_that_keeps_twenty_bad_batches_recovers_by_the_power_law(share, left):
    human, bad = law([0.5]), law([0.0])
    course = Course(100, share, "keep", human, bad, (bad,) * 20)
    reached = [1 - mass(course, batches - 20) / 0.5 for batches in (40, 100, 200)]
    assert reached == pytest.approx(left, abs=1e-4)
    assert reached == pytest.approx(accumulate_recovery([40, 100, 200], collapsed=20, share=share))


def test_dropping_the_bad_batches_recovers_at_once_what_keeping_them_does_not():
    human, bad = law([0.02]), law([0.0])
    keep, drop = (Course(1000, 0.1, policy, human, bad, (bad,) * 20) for policy in ("keep", "drop"))
    assert mass(drop, 3) / 0.02 == pytest.approx((0.1 + 0.19 + (0.1 + 0.9 * 0.145)) / 3)
    assert mass(drop, 3) > 5 * mass(keep, 3)


def test_a_lost_type_comes_back_after_the_wait_that_is_known():
    back = present(Course(1000, 0.1, "replace", law([0.002]), law([0.0])), 1, 1e12)[0]
    assert 1 / back == pytest.approx(5.516, abs=2e-3)


def test_all_rows_of_a_reservoir_hold_all_its_types():
    reservoir, outputs = Source("r", 100, np.array([1, 0])), Source("o", 900, np.array([0, 0]))
    assert present(Course(1000, 0.1, "replace", reservoir, outputs), 1, 1e9).tolist() == [1.0, 0.0]


def test_half_of_the_rows_of_a_reservoir_hold_a_type_of_two_documents_three_times_of_four():
    reservoir, outputs = Source("r", 1000, np.array([2])), Source("o", 500, np.array([0]))
    assert present(Course(1000, 0.5, "replace", reservoir, outputs), 1, 1e9)[0] == pytest.approx(0.75)


@pytest.mark.parametrize("policy", ["drop", "keep", "replace"])
@pytest.mark.parametrize("gap", [1.0, 0.8])
def test_the_closed_form_is_that_of_documents_drawn_one_by_one(policy, gap):
    rng = np.random.default_rng(7)
    rows, share, generations, measured, loops = 120, 0.25, 3, 100, 4000
    reservoir, start, bad = Source("r", 40, np.array([3, 0])), Source("o", 120, np.array([1, 4])), Source("b", 120, np.array([0, 2]))
    course = Course(rows, share, policy, reservoir, start, (bad, start), gap)
    shown = np.zeros((loops, 2))
    for loop in range(loops):
        pool = [bad.held, start.held] if policy == "keep" else []
        for batch in range(generations):
            if batch == 0:
                law_of = None
                other = rng.hypergeometric(start.held, 120 - start.held, 90)
            else:
                law_of = gap * np.mean(pool if policy != "replace" else pool[-1:], axis=0) / rows
                other = rng.binomial(90, law_of)
            pool.append(rng.hypergeometric(reservoir.held, 40 - reservoir.held, 30) + other)
        written = gap * np.mean(pool if policy != "replace" else pool[-1:], axis=0) / rows
        shown[loop] = rng.binomial(measured, written)
    error = 5 * shown.std(axis=0) / np.sqrt(loops) / measured
    held = np.array(
        [mass(Course(rows, share, policy, _one(reservoir, at), _one(start, at), (_one(bad, at), _one(start, at)), gap), 3) for at in (0, 1)]
    )
    assert np.abs(shown.mean(axis=0) / measured - held).max() < error.max()
    seen = (shown > 0).mean(axis=0)
    assert np.abs(present(course, generations, measured) - seen).max() < 0.035


def _one(source, at):
    return Source(source.name, source.documents, source.held[at : at + 1])


def test_rarefied_types_are_those_of_random_documents():
    source = Source("s", 50, np.array([1, 5, 0, 50]))
    assert rarefied(source, 10) == pytest.approx(0.2 + (1 - np.prod([(45 - i) / (50 - i) for i in range(10)])) + 1)


def test_absence_weighs_sources_alone():
    course = Course(100, 0.3, "drop", Source("r", 50, np.array([1, 2])), Source("o", 100, np.array([0, 0])))
    weights = absence(course, 2, 100)
    assert weights.of(course)[1] == pytest.approx(weights.of(course)[0] ** 2)
