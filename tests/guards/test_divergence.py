"""The guard on drift from the reference model."""

from .test_guards import alarms, run, statuses, steady


def test_a_budget_of_drift_is_held_and_a_breach_of_it_fails():
    def logged(apart):
        return run(6, steady, n_tokens=lambda rng, step: 30, mean_logp=lambda rng, step: -0.5, ref_mean_logp=lambda rng, step: -0.5 - apart)

    assert set(statuses(alarms(logged(0.04), "divergence", budget=0.05))) == {"pass"}
    assert set(statuses(alarms(logged(0.08), "divergence", budget=0.05))) == {"fail"}
    assert set(statuses(alarms(logged(0.20), "divergence"))) == {"not_measured"}
    assert set(statuses(alarms(run(6, steady), "divergence", budget=0.05))) == {"not_measured"}


def test_a_divergence_that_moves_inside_its_window_is_no_pass():
    away = run(9, steady, groups=6, n_tokens=lambda rng, step: 30, mean_logp=lambda rng, step: -0.5, ref_mean_logp=lambda rng, step: -step)
    found = alarms(away, "divergence", fewest=18, budget=0.05)
    assert statuses(found) == ["not_measured", "not_measured"]
    assert "groups move inside the windows" in found[0].verdict.because
