"""The measurements of lineages: each must fail where lineages are misjudged, which is planted here."""

from types import SimpleNamespace

import numpy as np
import pytest

from bench import lineages
from bench.audits import Plan, stream
from bench.lineages import Judged, Trended, copied, learned, losing, worn
from bench.synthetic import Documents, drawn, zipf
from longtail.metrics.lineage import TREND_METRICS


def planned(*outcomes):
    """Return a plan of 200 repetitions whose outcomes are made up, taken in turn."""
    return Plan(200, lambda _, numbers: [outcomes[number % len(outcomes)] for number in numbers])


def trends(p, falling=()):
    return Trended(dict.fromkeys(TREND_METRICS, p), frozenset(falling), dict.fromkeys(TREND_METRICS, p))


def judged(onset=None, steps="ok", last="shrunk", direction="loss"):
    record = SimpleNamespace(onset=onset, steps=[SimpleNamespace(decision=steps)], trend=[SimpleNamespace(direction=direction)])
    return Judged(record, {"tail_types_retained": last})


def failing(rows):
    return {row["what"] for row in rows if row["holds"] is False}


def rates(rows):
    return {row["what"]: row["found"] for row in rows}


UNIFORM = [trends((at + 0.5) / 200) for at in range(200)]


def test_uniform_p_values_hold():
    rows = [row for row in lineages.null(planned(*UNIFORM), (3,)) if row["lineage"] != "one law, controls: one"]
    assert failing(rows) == set()
    assert rates(rows)["hill_2: p ≤ 0.05"] == pytest.approx(0.05)


@pytest.mark.parametrize(("power", "end"), [(2, "p ≤ 0.05"), (0.5, "p ≥ 0.95")])
def test_p_values_that_are_too_small_or_too_large_fail(power, end):
    skewed = [trends(((at + 0.5) / 200) ** power) for at in range(200)]
    assert {f"{metric}: {end}" for metric in TREND_METRICS} <= failing(lineages.null(planned(*skewed), (3,)))


def test_false_trends_fail_even_where_each_metric_holds():
    alarmed = [trends((at + 0.5) / 200, {"hill_2"} if at % 8 == 0 else ()) for at in range(200)]
    assert failing(lineages.null(planned(*alarmed), (3,))) == {"any trend called a loss"}


@pytest.mark.parametrize(("begins", "claim"), [(3, 2), (0, 5)])
def test_an_onset_before_the_true_one_fails_where_it_is_frequent(begins, claim):
    seldom = [judged(claim if at % 100 == 0 else 4 if begins else None) for at in range(200)]
    often = [judged(claim if at % 8 == 0 else 4 if begins else None) for at in range(200)]
    assert failing(lineages.onset(planned(*seldom), (begins,))) == set()
    assert len(failing(lineages.onset(planned(*often), (begins,)))) == 1


def test_an_onset_is_late_by_the_generations_after_the_true_one():
    rows = rates(lineages.onset(planned(judged(3), judged(6), judged(None), judged(None)), (3,)))
    assert rows["generations stated late, on average"] == 1.5
    assert rows["onset stated"] == 0.5


def test_a_steady_loss_is_counted_where_no_step_and_both_the_end_and_the_trend_show_it():
    outcomes = [judged(), judged(steps="watch"), judged(last="ok"), judged(direction="none")]
    half = [judged(), judged(direction="none")]
    found = rates(lineages.steady(planned(*outcomes)))
    assert found["all three: steps unseen, end shrunk, trend a loss"] == 0.25
    assert (found["one step of eight seen"], found["all eight steps within noise"]) == (0.25, 0.75)
    assert failing(lineages.steady(planned(*half))) == {"trend called a loss"}


def test_a_foretold_loss_that_is_not_the_observed_one_fails_for_independent_tokens_only():
    rng = np.random.default_rng(0)
    right, wrong = ([[mean + each] for each in rng.normal(0, 0.05, 200)] for mean in (1.0, 1.1))
    assert failing(lineages.neutral(planned(*right))) == set()
    rows = list(lineages.neutral(planned(*wrong)))
    assert {row["lineage"] for row in rows if row["holds"] is False} == {"resampling alone, independent tokens"}


def test_a_law_that_is_worn_keeps_the_share_of_its_rare_types_and_loses_the_same_ones_first():
    law, chances = zipf(), stream(0).random(8_000)
    half, most = worn(law, 0.5, chances), worn(law, 0.8, chances)
    assert half.shares.sum() == pytest.approx(1)
    assert half.shares[law.rare].sum() / law.shares[law.rare].sum() == pytest.approx(0.5, abs=0.03)
    assert (most.shares[half.shares > 0] > 0).all()
    assert worn(law, 1.0, chances).shares == pytest.approx(law.shares)


def test_a_copy_draws_only_from_what_it_was_shown_and_keeps_shares_on_average():
    shown = Documents(np.array([0, 0, 0, 5]), np.array([4]), np.zeros(1, np.uint64), None)
    shares = learned(zipf(), shown).shares
    assert (shares[0], shares[5], shares.sum()) == (0.75, 0.25, 1.0)
    law = zipf()
    ends = [learned(law, copied(law, 3, 200, stream(seed))[-1]).shares[law.tail].sum() for seed in range(40)]
    assert np.mean(ends) == pytest.approx(law.tail_mass, abs=4 * np.std(ends) / np.sqrt(40))


def test_lineages_of_losses_have_a_data_set_for_each_share_kept():
    types = [len(np.unique(each.types)) for each in losing(zipf(), [1.0, 0.6, 0.2], 400, stream(0))]
    assert types == sorted(types, reverse=True)
    assert all(len(each) == 400 for each in losing(zipf(), [1.0, 0.6], 400, stream(0)))


def test_ranks_of_three_generations_cannot_be_significant():
    rng = stream(5)
    profiles = lineages.of_all([drawn(worn(zipf(), kept, rng.random(8_000)), 150, rng) for kept in (1.0, 0.6, 0.3)], 0)
    found = lineages.trended(profiles, profiles[0])
    assert found.ranks["tail_types_retained"] == pytest.approx(1 / 6)
    assert "tail_types_retained" in found.falling


def test_a_command_of_longtail_is_timed():
    seconds, cpu = lineages.timed(["--version"])
    assert seconds > 0 and cpu > 0
