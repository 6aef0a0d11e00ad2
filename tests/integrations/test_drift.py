"""A budget of drift: its numbers against divergences in closed form, its verdicts, and the weight of the KL term that it suggests."""

import numpy as np
import pytest

from longtail.errors import ConfigError
from longtail.integrations.drift import DriftBudget, Route
from longtail.metrics.rollouts.drift import exact_kl

P, Q = np.array([0.6, 0.3, 0.1]), np.array([0.2, 0.3, 0.5])


def drawn(writer, other, prompts=40, tokens=200, seed=0):
    """Completions of independent tokens of one law, with their log-probabilities under both."""
    rng = np.random.default_rng(seed)
    kinds = rng.choice(len(writer), (prompts, tokens), p=writer)
    return [Route(str(at), np.log(writer)[row], np.log(other)[row]) for at, row in enumerate(kinds)]


def test_both_directions_and_both_estimators_cover_the_exact_divergence():
    found = DriftBudget().look(0, drawn(P, Q), drawn(Q, P, seed=1))
    for one, exact in ((found.reverse, exact_kl(P, Q)), (found.reverse_k3, exact_kl(P, Q)), (found.forward, exact_kl(Q, P))):
        assert one.low < exact < one.high
        assert one.value == pytest.approx(exact, rel=0.1)
    assert found.per_sequence == pytest.approx(200 * found.reverse.value)
    assert found.status == "not_measured"
    assert "no budget" in found.because


def test_one_model_beside_itself_has_not_moved():
    found = DriftBudget(0.1).look(0, drawn(P, P), drawn(P, P))
    assert [one.value for one in (found.reverse, found.reverse_k3, found.forward)] == [0, 0, 0]
    assert found.status == "pass"


@pytest.mark.parametrize(("times", "status"), [(0.4, "fail"), (0.7, "warn"), (1.5, "pass")])
def test_a_budget_warns_where_it_is_passed_and_fails_at_twice_that(times, status):
    exact = exact_kl(P, Q)
    found = DriftBudget(times * exact).look(3, drawn(P, Q))
    assert (found.step, found.status) == (3, status)
    assert f"budget {times * exact:.3f}" in found.because


def test_a_way_of_writing_that_was_left_shows_on_the_text_of_the_base_alone():
    base, policy = np.array([0.9, 0.1]), np.array([1 - 1e-6, 1e-6])
    found = DriftBudget(0.3).look(0, drawn(policy, base), drawn(base, policy))
    assert found.reverse.value < 0.15 < 1 < found.forward.value
    assert found.status == "fail"


@pytest.mark.parametrize(("times", "factor"), [(0.5, 2.0), (1.0, 1.0), (2.0, 0.5)])
def test_the_weight_of_the_kl_term_moves_where_the_divergence_is_surely_off_its_target(times, factor):
    budget = DriftBudget(times * exact_kl(P, Q), beta=0.1)
    assert budget.look(0, drawn(P, Q)).beta == pytest.approx(0.1 * factor)
    assert budget.beta == 0.1


def test_a_controller_of_beta_holds_a_law_near_its_budget():
    """The policy is the base tilted by a reward against beta times KL, as in the optimum of regularised reinforcement."""
    budget, reward = DriftBudget(0.1, beta=0.01), np.array([1.0, 0.0, 0.0])
    seen = []
    for step in range(40):
        law = Q * np.exp(reward / budget.beta / 10)
        law /= law.sum()
        found = budget.look(step, drawn(law, Q, seed=step))
        budget.beta = found.beta
        seen.append(exact_kl(law, Q))
    assert seen[0] > 1
    assert all(0.1 / 3 < each < 0.3 for each in seen[-5:])


def test_a_log_probability_that_is_no_number_is_left_out_and_counted():
    rows = drawn(P, Q)
    broken = [
        Route("x", np.array([np.nan]), np.array([-1.0])),
        Route("y", np.array([]), np.array([])),
        Route("z", np.zeros(1), np.array([-np.inf])),
    ]
    found = DriftBudget(0.1).look(0, [*rows, *broken])
    assert found.left_out == 3
    assert found.reverse == DriftBudget(0.1).look(0, rows).reverse


@pytest.mark.parametrize("rows", [[], drawn(P, Q, prompts=1), [Route("a", np.full(3, np.nan), np.zeros(3))] * 2])
def test_too_little_is_not_measured_and_no_pass(rows):
    found = DriftBudget(0.1, beta=0.2).look(0, rows)
    assert (found.status, found.reverse, found.beta) == ("not_measured", None, 0.2)


@pytest.mark.slow
def test_a_run_inside_its_budget_is_rarely_told_to_have_left_it():
    """Each of 200 runs looks 20 times at a divergence that is exactly the budget."""
    told = 0
    for run in range(200):
        budget = DriftBudget(exact_kl(P, Q), horizon=20)
        told += any(budget.look(step, drawn(P, Q, 20, 30, seed=1000 * run + step)).status != "pass" for step in range(20))
    assert told <= 200 * 0.05


@pytest.mark.parametrize("settings", [{"budget": 0.0}, {"budget": np.nan}, {"beta": -1.0}, {"alpha": 1.0}, {"horizon": 0}])
def test_settings_out_of_range_are_refused(settings):
    with pytest.raises(ConfigError):
        DriftBudget(**settings)
