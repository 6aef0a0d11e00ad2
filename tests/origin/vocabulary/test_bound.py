"""The bound and its limit, against closed forms and on corpora whose truth is known."""

import numpy as np
import pytest
from scipy.stats import norm
from scipy.stats import t as student

from longtail.origin.vocabulary.bound import Bound, critical, drift, limited, lowered, measured, usable
from longtail.origin.vocabulary.choosing import ERRORS, NEVER
from longtail.origin.vocabulary.concluding import MOST_DRIFT
from longtail.origin.vocabulary.contrasts import BASE, BEFORE, TARGET
from longtail.origin.vocabulary.hits import GROUPS

from .simulated import bounds, corpus, edited, linear, still, wandering


def counted(rng, shares, documents, level=0):
    """Counts of one set only, whose words a share of the documents of each role holds; both halves alike in law."""
    counts = np.zeros((2, len(ERRORS), 3, GROUPS, NEVER + 1), np.int64)
    for half in range(2):
        for role, share in zip((BEFORE, BASE, TARGET), shares, strict=True):
            bins = rng.multinomial(documents, np.full(GROUPS, 1 / GROUPS))
            hits = rng.binomial(bins, share)
            counts[half, 0, role, :, level], counts[half, 0, role, :, NEVER] = hits, bins - hits
            counts[half, 1:, role, :, NEVER] = bins
    return counts


@pytest.mark.parametrize(
    ("shares", "reach", "expected"),
    [
        ((0.10, 0.10, 0.28), 2, 0.2),
        ((0.20, 0.10, 0.28), 2, 0.2),  # a fall before is no credit
        ((0.05, 0.10, 0.28), 2, 0.1),  # the line through both leads to 0.2
        ((0.05, 0.10, 0.20), 2, 0.0),
    ],
)
def test_the_bound_is_the_gap_over_what_it_could_be(shares, reach, expected):
    found = measured(counted(np.random.default_rng(1), shares, 400_000), reach)
    assert found.values[:, 0, 0].min() == pytest.approx(expected, abs=0.01)


def test_the_bound_never_exceeds_the_share_whatever_share_of_edited_documents_holds_a_word():
    rng = np.random.default_rng(2)
    for alpha, pi, q in rng.uniform(0.05, 0.9, (30, 3)):
        p = (1 - alpha) * q + alpha * max(pi, q)
        counts = counted(rng, (q, q, p), 100_000)
        assert measured(counts, 1).values[:, 0, 0].min() <= alpha + 0.01


@pytest.mark.parametrize(("shares", "most"), [((0.1, 0.1, 0.1), 1.15), ((0.05, 0.1, 0.3), 1.15), ((0.001, 0.001, 0.002), 1.6)])
def test_errors_are_the_spread_over_draws_and_of_rare_words_rather_more(shares, most):
    drawn = [measured(counted(np.random.default_rng([3, draw]), shares, 2000), 2) for draw in range(400)]
    spread = np.std([each.values[:, 0, 0] for each in drawn], axis=0)
    said = np.mean([each.errors[:, 0, 0] for each in drawn], axis=0)
    assert (said > 0.9 * spread).all()
    assert (said < most * spread).all()


def test_documents_that_are_alike_within_bins_widen_the_limit():
    rng = np.random.default_rng(4)
    counts = counted(rng, (0.1, 0.1, 0.3), 5000)
    clustered = counts.copy()
    size = counts[:, 0, TARGET].sum(axis=-1)
    clustered[:, 0, TARGET, :, 0] = np.where(rng.random(size.shape) < 0.3, size, 0)
    clustered[:, 0, TARGET, :, NEVER] = size - clustered[:, 0, TARGET, :, 0]
    assert (measured(clustered, 2).errors[:, 0, 0] > 2 * measured(counts, 2).errors[:, 0, 0])[0]


@pytest.mark.parametrize("sets", [1, 5, 20])
def test_the_critical_value_of_independent_sets_is_that_of_sidak(sets):
    scores = np.eye(2 * sets).reshape(2, sets, 2 * sets)
    assert critical(scores, 0) == pytest.approx(norm.ppf(0.95 ** (1 / (2 * sets))), abs=0.12)


def test_the_critical_value_of_sets_that_are_the_same_is_that_of_one():
    scores = np.tile(np.random.default_rng(0).normal(size=256), (2, 20, 1))
    assert critical(scores, 0) == pytest.approx(norm.ppf(0.95), abs=0.12)


def test_without_words_in_excess_the_bound_is_zero():
    counts = counted(np.random.default_rng(5), (0.1, 0.1, 0.3), 1000, level=NEVER)
    assert limited(measured(counts, 2)) == Bound(0.0, 0.0, 0.0, None)


def test_drift_is_what_controls_vary_beyond_their_errors():
    controls = [Bound(value, 0, 0.01, (0, 0)) for value in (0.01, 0.02, 0.06, -0.01)]
    expected = student.ppf(0.95, 4) * np.sqrt((0.01**2 + 0.02**2 + 0.06**2 + 0.01**2) / 4 - 0.01**2)
    assert drift(controls) == pytest.approx(expected)
    assert drift([Bound(0.01, 0, 0.02, (0, 0))] * 3) == 0
    assert drift([Bound(0.0, 0, 0.0, None)] * 3) == 0
    assert drift([]) is None


def test_a_control_that_is_measured_much_worse_is_left_out():
    good, bad = [Bound(0.0, 0, 0.005, (0, 0))] * 4, Bound(-0.4, 0, 0.5, (0, 0))
    assert usable(Bound(0.2, 0.1, 0.01, (0, 0)), [*good, bad]) == good
    assert usable(Bound(0.0, 0.0, 0.0, None), [*good, bad]) == [*good, bad]


@pytest.mark.parametrize("controls", [1, 3, 8])
def test_drift_as_large_as_that_of_the_controls_is_within_its_limit(controls):
    rng = np.random.default_rng(controls)
    above = 0
    for _ in range(2000):
        truth, noise = rng.normal(0, 0.03, controls + 1), rng.normal(0, 0.01, controls + 1)
        found = [Bound(value, value - 0.02, 0.01, (0, 0)) for value in truth + noise]
        above += lowered(found[0]._replace(low=found[0].value - 1.645 * 0.01), drift(found[1:])) > 0
    assert above / 2000 <= 0.06


def test_sampling_error_and_drift_are_taken_off_together():
    assert lowered(Bound(0.2, 0.17, 0.02, (0, 0)), 0.04) == pytest.approx(0.15)
    assert lowered(Bound(0.2, 0.17, 0.02, (0, 0)), None) == pytest.approx(0.17)


def drawn(law, documents, draws, seed, alpha=0.0, pi=0.9):
    found = []
    for draw in range(draws):
        rng = np.random.default_rng([seed, draw])
        pairs = corpus(rng, law(rng), documents)
        found.append(bounds(rng, edited(rng, pairs, documents, alpha, pi), documents))
    return found


def refused(controls):
    return not controls or np.mean([each.value for each in controls]) > MOST_DRIFT


def exceeding(found, truth):
    return np.mean([lowered(target, drift(controls)) > truth and not refused(controls) for target, controls, _ in found])


def test_choosing_and_measuring_on_one_half_finds_what_is_not_there_and_two_halves_do_not():
    found = drawn(still, 600, 20, 21)
    assert exceeding(found, 0) <= 0.15  # 3 of 20; the long run is tested below
    assert np.mean([same.low > 0 for _, _, same in found]) > 0.5
    assert np.mean([same.value for _, _, same in found]) > 0.08
    assert abs(np.mean([target.value for target, _, _ in found])) < 0.02


def test_a_known_share_is_bounded_from_below_and_half_of_it_is_found():
    found = drawn(still, 3000, 6, 22, alpha=0.3, pi=0.9)
    lows = np.array([lowered(target, drift(controls)) for target, controls, _ in found])
    assert (lows <= 0.3).all()
    assert (lows >= 0.15).all()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("law", "alpha"), [(still, 0.0), (linear, 0.0), (still, 0.1), (linear, 0.1)], ids=["still", "linear", "still, 10 %", "linear, 10 %"]
)
def test_of_five_hundred_corpora_at_most_one_in_twenty_has_a_limit_above_the_truth(law, alpha):
    assert exceeding(drawn(law, 1000, 500, 23, alpha), alpha) <= 0.05


@pytest.mark.slow
@pytest.mark.parametrize("spread", [0.1, 0.3])
def test_frequencies_that_wander_are_covered_by_the_controls_alone(spread):
    found = drawn(lambda rng: wandering(rng, spread), 1000, 500, 24)
    assert exceeding(found, 0) <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / 500)
    assert np.mean([target.low > 0 for target, _, _ in found]) > exceeding(found, 0)
