import pytest

from longtail.errors import ConfigError, UnknownName, UsageError
from longtail.gates.audit import audit
from longtail.lab.gated import tried
from longtail.lab.theory.selection import effective_real_samples, selection_ratio


def measured(spec, *, options=None, rows=40_000, **more):
    return audit(tried(spec, family="gaussian", options=options or {}, rows=rows, **more))


def holds(estimate, truth):
    half = max(estimate.high - estimate.value, estimate.value - estimate.low)
    return abs(estimate.value - truth) < 2 * half


def test_a_gate_on_positions_narrows_as_its_closed_form_says():
    found = measured("top:0.5")
    assert holds(found.get("variance_ratio"), selection_ratio(alpha=0.5))
    assert found.get("keep_rate").value == 0.5
    assert holds(measured("random:0.3").get("variance_ratio"), 1.0)


def test_an_oracle_shows_its_own_rates():
    found = measured("oracle:0.9,0.3", wrong=0.2)
    assert holds(found.get("keep_right"), 0.9) and holds(found.get("keep_wrong"), 0.3) and holds(found.get("break_point"), 0.75)


def test_a_detector_shows_its_worth():
    worth = measured("detector:0.8,0.2", rows=4000, real_share=0.2).get("effective_real_rows")
    assert holds(worth, effective_real_samples(samples=4000, share=0.2, true_positive=0.8, false_positive=0.2))


def test_the_draws_follow_the_options_of_the_family_and_the_seed():
    assert tried("top:0.5", family="gaussian", options={"true_mean": 3}, rows=1000).value.mean() == pytest.approx(3, abs=0.2)
    assert measured("top:0.5", rows=100) == measured("top:0.5", rows=100) != measured("top:0.5", rows=100, seed=1)


@pytest.mark.parametrize(
    ("spec", "more", "error", "told"),
    [
        ("none", {}, UsageError, "judges no row by itself"),
        ("choose:3", {}, UsageError, "judges no row by itself"),
        ("tp:0.5", {}, UnknownName, "did you mean 'top'"),
        ("top:0.5", {"family": "categorical"}, ConfigError, "show no position"),
        ("top:0.5", {"rows": 0}, ConfigError, "rows is 0"),
        ("oracle:0.9,0.3", {"wrong": 1.5}, ConfigError, "wrong is 1.5"),
    ],
)
def test_what_cannot_be_tried_is_refused(spec, more, error, told):
    with pytest.raises(error, match=told):
        tried(spec, **({"family": "gaussian", "options": {}, "rows": 100} | more))
