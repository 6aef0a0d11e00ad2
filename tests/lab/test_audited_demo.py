"""What the demo promises to show, audited as a user would audit it."""

import pytest

from longtail.auditing import audit
from longtail.lab.scenarios.audited import audit_demo
from longtail.lab.scenarios.stdlib import write_demo
from longtail.summaries.profiling import profile


def status_of(report, code="LT301"):
    return next((finding.status for finding in report.findings if finding.code == code), None)


def deciding(report, metric, view="words_1"):
    return next(e for e in report.estimates if e.metric == metric and e.view == view and e.decision)


@pytest.fixture(scope="module")
def audited(five_generations):
    return audit_demo(five_generations)


@pytest.fixture
def reports(audited):
    return audited.reports


def expect_replacement_to_lose_types_and_accumulation_not(reports):
    replaced, accumulated = reports["replace"], reports["accumulate"]
    assert status_of(replaced) == "fail"
    assert "tail_types_retained@words_1" in replaced.phase.decided_by
    assert "tail_mass_retained@words_1" not in replaced.phase.decided_by
    assert status_of(accumulated) != "fail"
    assert status_of(reports["replace_t0.8"]) == "fail"
    assert deciding(replaced, "tail_types_retained").high < deciding(accumulated, "tail_types_retained").low


def test_replacement_fails_on_the_number_of_rare_words_and_accumulation_does_not(reports):
    expect_replacement_to_lose_types_and_accumulation_not(reports)


def test_under_replacement_the_share_of_rare_words_stays_and_the_summary_says_why(reports):
    report = reports["replace"]
    assert deciding(report, "tail_mass_retained").decision == "ok"
    assert "this share alone would miss the loss" in report.summary
    assert "used more often" in report.summary


def test_a_cooled_model_loses_the_share_too(reports):
    mass = deciding(reports["replace_t0.8"], "tail_mass_retained")
    assert mass.value < mass.high < 1
    assert mass.decision in ("shrunk", "watch")


def test_every_generation_of_every_lineage_is_in_the_table_and_replacement_only_falls(five_generations, audited):
    kept = audited.kept
    assert [(row.lineage, row.generation) for row in kept] == [
        (lineage, generation) for lineage in five_generations.lineages for generation in range(2, 6)
    ]
    left = [row.tail_types[0] for row in kept if row.lineage == "replace"]
    assert left == sorted(left, reverse=True)
    assert all(low <= value <= high for row in kept for value, low, high in (row.head_mass, row.tail_mass, row.tail_types))


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_other_seeds_of_the_demo_tell_the_same_story(seed, tmp_path):
    expect_replacement_to_lose_types_and_accumulation_not(audit_demo(write_demo(tmp_path, seed=seed), seed=seed).reports)


def test_the_first_generation_against_itself_has_lost_nothing(five_generations):
    first = profile(five_generations.lineages["replace"][0])
    report = audit(first, five_generations.human, first)
    assert report.phase.name == "healthy"
    assert deciding(report, "tail_types_retained").value == pytest.approx(1)
