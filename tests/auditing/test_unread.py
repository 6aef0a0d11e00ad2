"""An audit of the process alone: what manifests and a pipeline say is judged, and nothing passes for want of documents."""

import json
from datetime import UTC, datetime

import pytest

import longtail
from longtail.auditing.pipeline import gather_manifests
from longtail.errors import UsageError
from longtail.ledger.manifest import Manifest
from longtail.report import render_text, to_json
from longtail.report.page.html import to_html
from longtail.rules import RULES, Override, Pipeline

NOW = datetime(2026, 11, 22, tzinfo=UTC)
KEPT = (
    Manifest(generation=1, rows=100, origins={"human": 100}, original=100, original_available=100),
    Manifest(generation=2, rows=200, origins={"human": 100, "synthetic": 100}, original=100, original_available=100),
)
REPLACED = (KEPT[0], Manifest(generation=2, rows=100, origins={"synthetic": 100}, original=0, original_available=100))


def codes(report):
    return {each.code for each in report.findings}


def test_real_data_that_were_dropped_are_found_from_manifests_alone():
    assert {"LT201", "LT202"} <= codes(longtail.audit(manifests=REPLACED, now=NOW))
    assert {"LT201", "LT202"} <= set(longtail.audit(manifests=KEPT, now=NOW).passed)


def test_a_limit_is_held_against_the_newest_training_set():
    assert "LT203" in codes(longtail.audit(manifests=KEPT, pipeline=Pipeline(max_synthetic=0.4), now=NOW))
    assert "LT203" in longtail.audit(manifests=KEPT, pipeline=Pipeline(max_synthetic=0.6), now=NOW).passed


def test_every_rule_on_documents_is_not_measured_and_each_code_stands_once():
    report = longtail.audit(manifests=REPLACED, pipeline=Pipeline(loop=True, metrics=("accuracy",)), now=NOW)
    told = [*(each.code for each in report.not_measured), *report.passed, *codes(report)]
    assert sorted(told) == sorted(entry.name for entry in RULES)
    spoken = codes(report) | set(report.passed)
    assert {code[:3] for code in spoken} <= {"LT2", "LT8"}, "nothing but the mix and the process can be judged"
    assert report.phase.name == "not_measured" and report.estimates == () and report.inputs == ()
    assert report.guarantee.text == "No test was made, so no error rate applies."


def test_a_required_rule_on_documents_fails_as_not_measured():
    report = longtail.audit(pipeline=Pipeline(), require=["LT101", "LT301"], now=NOW)
    assert [each.because.split(":")[0] for each in report.findings] == [
        "LT101 is required and was not measured", "LT301 is required and was not measured",
    ]  # fmt: skip


def test_an_override_of_a_rule_on_documents_is_not_called_unused():
    override = Override(code="LT101", reason="old files", owner="ann", expires=NOW.date())
    report = longtail.audit(pipeline=Pipeline(overrides=(override,)), now=NOW)
    assert "LT890" in {each.code for each in report.not_measured}


def test_every_form_of_the_report_says_that_no_data_were_read(capsys):
    from longtail.cli.options import console_of

    report = longtail.audit(manifests=REPLACED, now=NOW)
    render_text(report, console_of(True))
    for shown in (capsys.readouterr().out, to_html(report), to_json(report)):
        assert "No data were read" in " ".join(shown.split())


def test_the_summary_counts_what_could_be_checked_and_the_page_is_headed_by_it():
    report = longtail.audit(manifests=REPLACED, now=NOW)
    failed = [each.code for each in report.findings if each.status == "fail"]
    assert failed and f"{len(failed)} failed ({', '.join(failed)})" in report.summary
    assert f"{len(report.not_measured)} could not be made." in report.summary
    assert f'<h1 id="headline">{len(failed)} check' in to_html(report) and 'class="verdict fail"' in to_html(report)


def test_a_process_of_which_nothing_failed_is_not_headed_by_a_verdict():
    report = longtail.audit(pipeline=Pipeline(), now=NOW)
    assert not report.findings and f"Of the other checks {len(report.passed)} passed, and" in report.summary
    assert "Loss was not measured" in to_html(report)


def test_it_spends_no_alpha_and_is_no_audit_of_a_history(tmp_path):
    history = tmp_path / "audits.json"
    report = longtail.audit(manifests=KEPT, history=history, now=NOW)
    assert report.guarantee.alpha_spent == 0 and not history.exists()


@pytest.mark.parametrize("given", [{}, {"pipeline": Pipeline(), "before": "x.jsonl"}, {"pipeline": Pipeline(), "export": "gaps.jsonl"}])
def test_what_needs_data_is_refused_without_them(given):
    with pytest.raises(UsageError, match="data"):
        longtail.audit(**given)


def test_manifests_are_named_by_a_pattern(tmp_path):
    for made in REPLACED:
        (tmp_path / f"m{made.generation}.json").write_text(json.dumps({"generation": made.generation, "rows": made.rows}))
    assert [each.generation for each in gather_manifests([str(tmp_path / "m*.json")])] == [1, 2]


def test_the_same_input_gives_the_same_json_whatever_the_day():
    one, other = (longtail.audit(manifests=REPLACED, now=now).to_dict() for now in (NOW, NOW.replace(year=2030)))
    one.pop("created_at"), other.pop("created_at")
    assert one == other
