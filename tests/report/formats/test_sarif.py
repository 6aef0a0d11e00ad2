"""SARIF, judged by the schema of SARIF 2.1.0."""

import json
from pathlib import Path

import msgspec
import pytest

from longtail.records import Finding
from longtail.report.formats.github import to_github
from longtail.report.formats.sarif import MOST, to_sarif
from longtail.rules import RULES
from tests.report.formats.hostile import SHOWN, planted

SCHEMA = Path(__file__).parent / "data" / "sarif-2.1.0.json"


@pytest.fixture(scope="module")
def faults():
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema holds SARIF to its schema")
    validator = jsonschema.Draft202012Validator(
        json.loads(SCHEMA.read_text(encoding="utf-8")), format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )
    return lambda text: [error.message for error in validator.iter_errors(json.loads(text))]


def run_of(report):
    return json.loads(to_sarif(report))["runs"][0]


def test_every_report_is_valid_sarif(report, faults):
    crowd = msgspec.structs.replace(report, findings=report.findings * (MOST + 1))
    assert faults(to_sarif(report)) == faults(to_sarif(crowd)) == []


def test_hostile_text_is_valid_sarif_and_shown(report, faults):
    hostile = planted(report)
    assert faults(to_sarif(hostile)) == []
    assert all(SHOWN[:100] in each["message"]["text"] for each in run_of(hostile)["results"])


def test_a_planted_fault_is_found(full, faults):
    broken = json.loads(to_sarif(full))
    broken["runs"][0]["results"][0]["level"] = "fatal"
    assert faults(json.dumps(broken)) != []


def test_a_finding_is_a_result_of_its_rule_at_its_file(full):
    run = run_of(full)
    results = {each["ruleId"]: each for each in run["results"]}
    assert {code: each["level"] for code, each in results.items()} == {"LT301": "error", "LT402": "warning"}
    assert results["LT301"]["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": "runs/gen5.jsonl", "uriBaseId": "%SRCROOT%"}
    rules = run["tool"]["driver"]["rules"]
    assert all(rules[each["ruleIndex"]]["id"] == each["ruleId"] for each in run["results"])
    tail = next(rule for rule in rules if rule["id"] == "LT301")
    assert tail["helpUri"] == "urn:longtail:docs:rules/LT301/"
    assert "Why: a model that learns" in tail["help"]["text"]


@pytest.mark.parametrize(("until", "level"), [("2999-01-01", "warning"), ("2000-01-01", "error"), (None, "error")])
def test_a_failure_is_a_warning_as_long_as_findings_do_not_fail_yet(full, until, level):
    settings = full.settings | ({"warn_until": until} if until else {})
    held = msgspec.structs.replace(full, settings=settings)
    assert {each["level"] for each in run_of(held)["results"] if each["ruleId"] == "LT301"} == {level}
    assert to_github(held).startswith(f"::{level} ")
    assert to_github(held).count("::error ") == (level == "error")


def test_the_day_from_which_findings_fail_is_told_by_errors(full):
    day = full.created_at[:10]
    assert '"level": "error"' in to_sarif(msgspec.structs.replace(full, settings=full.settings | {"warn_until": day}))


def test_what_was_not_measured_is_a_notification_and_no_result(full):
    run = run_of(full)
    notifications = run["invocations"][0]["toolExecutionNotifications"]
    told = {each["associatedRule"]["id"]: each for each in notifications if each["descriptor"]["id"] == "not-measured"}
    assert set(told) == {absent.code for absent in full.not_measured}
    assert told["LT501"]["level"] == "note"
    assert told["LT501"]["message"]["text"] == (
        "LT501 not measured: no per-document scores were given; enable: longtail audit gen5.jsonl --scores nll.parquet"
    )
    assert not set(told) & {each["ruleId"] for each in run["results"]}


def test_a_document_set_aside_stands_at_its_line(full):
    panels = {"read": {"quarantined": 1, "quarantine": [{"path": "data/a b.jsonl", "line": 12, "reason": "no JSON"}]}}
    run = run_of(msgspec.structs.replace(full, panels=panels))
    place = next(each for each in run["invocations"][0]["toolExecutionNotifications"] if each["level"] == "warning")
    assert place["locations"][0]["physicalLocation"]["region"] == {"startLine": 12}
    assert place["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "data/a%20b.jsonl"


def test_fingerprints_stay_where_numbers_and_words_change(full):
    later = [msgspec.structs.replace(found, because="other words, 12 %", evidence=("new",), status="fail") for found in full.findings]
    changed = msgspec.structs.replace(full, findings=tuple(reversed(later)), created_at="2030-01-01", panels={}, longtail_version="9")

    def prints(report):
        return {each["ruleId"]: each["partialFingerprints"] for each in run_of(report)["results"]}

    assert prints(full) == prints(changed)
    assert len({each["primaryLocationLineHash"] for each in prints(full).values()}) == 2


def test_fingerprints_differ_by_rule_place_slice_and_the_rule_that_was_required(full):
    def prints(settings=None, **fields):
        found = msgspec.structs.replace(full.findings[0], **fields)
        made = msgspec.structs.replace(full, findings=(found,), settings=settings or {})
        return run_of(made)["results"][0]["partialFingerprints"]["longtailFinding/v1"]

    required = [prints(code="LT900", because=f"{code} is required and was not measured") for code in ("LT101", "LT301")]
    others = [prints(), prints(code="LT303"), prints(where="reference"), prints(settings={"by": ["topic"]}), *required]
    assert len(set(others)) == len(others)


def test_a_rule_has_a_hundred_results_at_most_and_says_how_many_more(full):
    many = tuple(msgspec.structs.replace(full.findings[0], title=f"finding {at}") for at in range(MOST + 40))
    run = run_of(msgspec.structs.replace(full, findings=many))
    assert len(run["results"]) == MOST
    assert run["properties"]["resultsLeftOut"] == {"LT402": 40}
    assert "(40 more of LT402 are in the JSON report)" in run["results"][-1]["message"]["text"]


def test_a_finding_that_is_held_back_is_a_suppressed_note(full):
    row = {
        "finding": msgspec.to_builtins(full.findings[0]),
        "overrides": [{"code": "LT402", "reason": "known", "owner": "ann", "expires": "2027-01-01"}],
    }
    held = msgspec.structs.replace(full, findings=(), panels={"suppressed": [row]})
    (result,) = run_of(held)["results"]
    assert (result["ruleId"], result["level"]) == ("LT402", "note")
    assert result["suppressions"] == [
        {"kind": "external", "status": "accepted", "justification": "until 2027-01-01, owner ann: known"},
    ]


@pytest.mark.parametrize(
    ("path", "parts", "uri"),
    [
        ("-", 1, "stdin"),
        ("<memory>", 1, "memory"),
        ("./a/b.parquet", 1, "a/b.parquet"),
        ("a.jsonl, b.jsonl", 2, "a.jsonl"),
        ("/elsewhere/x y.csv", 1, "file:///elsewhere/x%20y.csv"),
        ("caf\udce9#?.jsonl", 1, "caf%EF%BF%BD%23%3F.jsonl"),
    ],
)
def test_where_a_file_lies(full, path, parts, uri):
    sources = (msgspec.structs.replace(full.inputs[0], path=path, parts=parts), *full.inputs[1:])
    moved = msgspec.structs.replace(full, inputs=sources)
    assert run_of(moved)["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri


def test_a_path_below_the_working_folder_is_relative_to_it(full, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    sources = (msgspec.structs.replace(full.inputs[0], path=str(tmp_path / "runs" / "g.jsonl")),)
    place = run_of(msgspec.structs.replace(full, inputs=sources))["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "runs/g.jsonl", "uriBaseId": "%SRCROOT%"}


def test_a_finding_of_an_earlier_generation_points_to_its_file(lineage):
    source = msgspec.structs.replace(lineage.inputs[0], role="generation", path="runs/gen3.jsonl", generation=3)
    found = msgspec.structs.replace(lineage.findings[0], generation=3)
    placed = msgspec.structs.replace(lineage, inputs=(*lineage.inputs, source), findings=(found,))
    assert run_of(placed)["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "runs/gen3.jsonl"


def test_every_rule_can_be_described(full, faults):
    every = tuple(
        Finding(code=entry.name, status="warn", title="t", because="b", where="candidate", evidence=(), remedy="") for entry in RULES
    )
    assert faults(to_sarif(msgspec.structs.replace(full, findings=every, not_measured=()))) == []
