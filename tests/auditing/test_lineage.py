"""A lineage through the audit: what is said of its end, its trend, its onset, and what each generation shows."""

import json
import math

import msgspec
import numpy as np
import pytest

import longtail
from bench.audits import stream
from bench.lineages import QUIET, declining, losing, of_all
from bench.synthetic import drawn, profiled, shards, zipf
from longtail.auditing.lineage import onset_of
from longtail.summaries.profiling import merge
from tests.metrics.corpora import clustered, written
from tests.metrics.test_likelihood import drawn as drawn_losses

ALARMS = ("watch", "shrunk")


def audited(generations, reference, **options):
    return longtail.audit(lineage=generations, reference=reference, views=("words_1",), **options)


@pytest.fixture(scope="module")
def reference():
    return profiled(drawn(zipf(), 2000, stream(1)), 0)


@pytest.fixture(scope="module")
def documents():
    """Five generations, of which each keeps 85 % of the rare types of the one before."""
    return losing(zipf(), [0.85**step for step in range(5)], 400, stream(2))


@pytest.fixture(scope="module")
def falling(documents):
    return of_all(documents, 0)


@pytest.fixture(scope="module")
def fallen(falling, reference):
    return audited(falling, reference)


def directions(report):
    return {trend.metric: trend.direction for trend in report.lineage.trend}


@pytest.mark.parametrize(
    ("is_lost", "onset"),
    [
        ([], None),
        ([False], None),
        ([True], 2),
        ([True, True, True], 2),
        ([False, True, True], 3),
        ([True, False, True], 4),
        ([True, True, False], None),
        ([False, False, True], 4),
        ([False] * 8, None),
    ],
)
def test_the_onset_is_the_first_of_the_unbroken_run_of_losses_that_ends_with_the_last(is_lost, onset):
    assert onset_of(is_lost) == onset


def test_eight_steps_inside_noise_add_up_to_a_loss_that_the_end_and_the_trend_show():
    found = declining(0.96, 110, repetition=0)
    assert len(found.record.steps) == 16
    assert {step.decision for step in found.record.steps} <= set(QUIET)
    assert {step.baseline for step in found.record.steps} == {"previous"}
    assert "shrunk" in found.last.values()
    assert {trend.metric: trend.direction for trend in found.record.trend}["tail_types_retained"] == "loss"
    assert found.record.trend_statement.startswith("Change in the direction of loss over the generations: ")
    assert "not called collapse" in found.record.trend_statement


def test_a_falling_lineage_fails_says_since_when_and_names_the_generation(fallen):
    assert fallen.phase.name in ("early", "narrowing")
    assert fallen.lineage.onset in (2, 3)
    assert f"The loss began not later than generation {fallen.lineage.onset}:" in fallen.lineage.onset_statement
    assert f"It began not later than generation {fallen.lineage.onset}." in fallen.summary
    assert {(finding.code, finding.generation) for finding in fallen.findings if finding.status == "fail"} == {("LT301", 5)}
    assert directions(fallen)["tail_types_retained"] == "loss"
    assert fallen.lineage.baseline == "generation_1"


def test_the_same_lineage_backwards_gains_and_loses_nothing(falling, reference):
    report = audited(falling[::-1], reference)
    assert report.lineage.onset is None
    assert report.lineage.onset_statement == "Generation 5 shows no significant loss beside generation 1, so no onset is stated."
    assert set(directions(report).values()) == {"none"}
    assert all(trend.p > 0.95 and trend.slope > 0 for trend in report.lineage.trend if trend.metric.startswith("tail"))
    assert report.worst() != "fail"
    types = next(
        each for each in report.estimates if (each.metric, each.generation, each.baseline) == ("tail_types_retained", 5, "generation_1")
    )
    assert types.low > 1


def test_generations_in_parts_give_the_same_lineage_to_the_last_byte(documents, reference, fallen):
    parts = [list(shards(each, 3)) for each in documents]
    merged = [merge(profiled(part, 0) for part in parts_of_one[::-1]) for parts_of_one in parts]
    report = audited(merged, reference)
    for name in ("lineage", "estimates", "phase", "findings", "passed", "not_measured", "guarantee", "summary", "differential"):
        assert msgspec.json.encode(getattr(report, name)) == msgspec.json.encode(getattr(fallen, name)), name


def test_files_in_parts_give_the_same_lineage_but_for_the_paths(write_rows):
    texts = [written(clustered(120, seed)) for seed in range(3)]
    reference, first, whole = (write_rows(f"{number}.jsonl", each) for number, each in enumerate(texts))
    parts = [write_rows(f"part{part}.jsonl", texts[2][part::3]) for part in (2, 0, 1)]
    told = [msgspec.to_builtins(audited([first, given], reference).lineage) for given in (whole, parts)]
    for lineage in told:
        for generation in lineage["generations"]:
            del generation["path"]
    assert json.dumps(told[0]) == json.dumps(told[1])


def test_a_fall_like_the_control_s_is_no_loss_and_without_the_control_it_is(falling, reference, fallen):
    controls = of_all(losing(zipf(), [0.85**step for step in range(1, 5)], 400, stream(3)), 0)
    report = audited(falling, reference, control=controls)
    assert report.lineage.baseline == "control"
    assert report.phase.name not in ("early", "narrowing", "late", "watch")
    assert report.lineage.onset is None and "beside the control" in report.lineage.onset_statement
    assert set(directions(report).values()) == {"none"}
    assert "over the generations beside the control" in report.lineage.trend_statement
    assert report.lineage.neutral == ()
    assert fallen.phase.name in ("early", "narrowing")
    assert directions(fallen)["tail_types_retained"] == "loss"


def test_a_fall_beside_controls_that_keep_all_is_a_loss(falling, reference):
    controls = of_all(losing(zipf(), [1.0] * 4, 400, stream(4)), 0)
    for given in (controls, controls[:1]):
        report = audited(falling, reference, control=given)
        assert report.lineage.baseline == "control"
        assert report.phase.name in ("early", "narrowing")
        assert directions(report)["tail_types_retained"] == "loss"


def test_what_each_generation_shows_is_what_an_audit_of_it_alone_shows(falling, reference, fallen):
    alone = longtail.audit(falling[2], reference=reference, baseline=falling[0], views=("words_1",))
    third = fallen.lineage.generations[2]
    assert (third.generation, third.phase, third.labels, third.decided_by) == (
        3,
        alone.phase.name,
        alone.phase.labels,
        alone.phase.decided_by,
    )
    estimates = [msgspec.structs.replace(each, generation=None) for each in fallen.estimates if each.generation == 3]
    assert estimates == [each for each in alone.estimates if each in estimates]
    assert {"tail_types_retained", "tail_mass_retained", "hill_1", "hill_2", "hill_0"} <= {each.metric for each in estimates}
    assert fallen.lineage.generations[0].phase is None


def test_lead_times_are_those_of_the_decisions(fallen):
    alarms = {}
    for each in fallen.estimates:
        if each.decision is not None:
            alarms.setdefault(f"{each.metric}@{each.view}", []).extend([each.generation] if each.decision in ALARMS else [])
    expected = {signal: (min(seen), 5 - min(seen)) if seen else (None, None) for signal, seen in alarms.items()}
    found = {each.signal: (each.first_alarm, each.generations_before_last) for each in fallen.lineage.lead_times}
    assert found.pop("total_variation")[0] in (2, 3, 4, 5)
    assert found == expected
    assert found["tail_types_retained@words_1"][0] is not None


def test_under_replacement_the_loss_is_about_what_resampling_alone_foretells(five_generations):
    report = audited(list(five_generations.lineages["replace"]), five_generations.human)
    assert [each.generation for each in report.lineage.neutral] == [2, 3, 4, 5]
    for each in report.lineage.neutral:
        assert each.observed_loss == pytest.approx(each.expected_loss, abs=0.03)
        assert each.excess == pytest.approx(each.observed_loss / each.expected_loss)
        assert each.low < 1 < each.high
    observed = [each.observed_loss for each in report.lineage.neutral]
    assert observed == sorted(observed) and observed[-1] > 0.3
    assert report.lineage.onset == 2
    assert directions(report)["tail_types_retained"] == "loss"


def test_a_loss_of_other_causes_is_in_excess_of_resampling(reference):
    kept = of_all(losing(zipf(), [1.0, 0.4], 400, stream(5)), 0)
    (neutral,) = audited(kept, reference).lineage.neutral
    assert neutral.observed_loss > 0.4
    assert neutral.expected_loss == pytest.approx(0.3, abs=0.1)
    assert neutral.low > 1


@pytest.fixture
def scored(tmp_path):
    """Scores of five models on the same texts, the later ones worse by .05 nats a token each."""
    tokens, (loss, _) = drawn_losses(np.random.default_rng(6), 400)
    paths = [tmp_path / f"scores{generation}.jsonl" for generation in range(1, 6)]
    for worse, path in enumerate(paths):
        costs = ((loss + 0.05 * worse) * tokens).tolist()
        rows = [{"lt_id": f"d{at}", "nll": cost, "tokens": int(tokens[at])} for at, cost in enumerate(costs)]
        path.write_bytes(b"".join(msgspec.json.encode(row) + b"\n" for row in rows))
    return paths


def test_scores_are_held_against_those_of_the_first_generation(falling, reference, scored):
    report = audited(falling, reference, scores=scored)
    losses = {each.generation: each for each in report.estimates if each.metric == "heldout_nll" and each.baseline}
    assert {generation: each.value for generation, each in losses.items()} == pytest.approx({k: 0.05 * (k - 1) for k in (2, 3, 4, 5)})
    assert {each.baseline for each in losses.values()} == {"generation_1"}
    assert losses[5].decision == "shrunk"
    assert "heldout_nll@scores" in report.phase.decided_by
    signals = {each.signal: each.first_alarm for each in report.lineage.lead_times}
    assert signals["heldout_nll@scores"] == min(generation for generation, each in losses.items() if each.decision in ALARMS)


def test_two_generations_have_an_end_and_no_trend(falling, reference):
    report = audited([falling[0], falling[4]], reference)
    assert report.lineage.trend == ()
    assert report.lineage.trend_statement == "Trend not measured: 2 generations; a trend needs 3."
    assert report.lineage.onset == 2
    assert {step.generation for step in report.lineage.steps} == {2}


def test_progress_counts_the_generations(falling, reference):
    told = []
    audited(falling[:3], reference, on_progress=told.append)
    assert [(each.done, each.total) for each in told if each.stage == "compare generations"] == [(1, 2), (2, 2)]


def test_no_number_of_a_lineage_is_nan(fallen):
    plain = json.loads(msgspec.json.encode(fallen.to_dict()), parse_constant=pytest.fail)
    assert all(math.isfinite(trend["p"]) and 0 < trend["p"] <= trend["p_adjusted"] <= 1 for trend in plain["lineage"]["trend"])
