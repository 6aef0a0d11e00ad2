"""The JSON report, key by key as the contract has it."""

import json
import math
import shlex

import pytest

from longtail.auditing import audit

PHASES = ["healthy", "watch", "early", "concentrating", "narrowing", "late", "drift", "inconclusive", "not_measured"]
CODES = [
    *(f"LT10{number}" for number in range(1, 7)),
    *(f"LT20{number}" for number in range(1, 7)),
    *("LT210", "LT211"),
    *(f"LT30{number}" for number in range(1, 9)),
    *("LT401", "LT402", "LT403"),
    *(f"LT50{number}" for number in range(1, 6)),
    *(f"LT60{number}" for number in range(1, 5)),
    "LT701",
    *(f"LT80{number}" for number in range(1, 6)),
    "LT890",
    *(f"LT90{number}" for number in range(1, 6)),
]
LOOP = {"LT104", "LT106", "LT201", "LT202", "LT203", "LT210", "LT211", "LT401", "LT801", "LT802", "LT803", "LT804"}
LOOP |= {"LT502", "LT503", "LT504", "LT505", "LT601", "LT602", "LT603", "LT604", "LT701", "LT890"}
"""What one data set without ledger, manifests, pipeline, history, rollouts, a store of answers and what a filter was given cannot show."""
REPORT = [
    "schema_version",
    "longtail_version",
    "created_at",
    "command",
    "seed",
    "inputs",
    "phase",
    "guarantee",
    "estimates",
    "lineage",
    "findings",
    "not_measured",
    "passed",
    "regime",
    "timing",
]
INPUT = ["role", "parts", "path", "documents", "bytes", "quarantined", "sha256", "view"]
ESTIMATE = [
    "metric",
    "view",
    "generation",
    "kind",
    "baseline",
    "baseline_value",
    "tau",
    "level",
    "value",
    "low",
    "high",
    "n",
    "unit",
    "resampling_unit",
    "method",
    "decision",
    "p",
]
FINDING = ["code", "status", "generation", "title", "because", "where", "evidence", "remedy", "unlocks"]

HELD = {
    "alone": (),
    "reference": ("--reference",),
    "baseline": ("--baseline",),
    "both": ("--baseline", "--reference"),
}


@pytest.fixture(params=HELD)
def report(request, cli, five_generations):
    lineage = five_generations.lineages["replace"]
    given = {"--baseline": lineage[0], "--reference": five_generations.human}
    ran = cli("audit", lineage[-1], *(part for name in HELD[request.param] for part in (name, given[name])), "--json")
    assert ran.err == ""
    return request.param, ran


def numbers(value):
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from numbers(inner)
    elif isinstance(value, float):
        yield value


def test_the_report_has_every_field_of_the_contract_and_every_value_is_one_of_those_listed(report):
    _, ran = report
    found = json.loads(ran.out, parse_constant=lambda name: pytest.fail(f"{name} in the JSON"))
    assert set(REPORT) <= set(found)
    assert set(found) - set(REPORT) == {"summary", "panels", "settings", "differential"}
    assert found["schema_version"] == "1.0"
    assert found["regime"] in ("replace", "accumulate", "fixed_budget", "mixed", "unknown")
    assert found["lineage"] is None
    assert all(math.isfinite(number) for number in numbers(found))
    assert isinstance(found["timing"], dict) and isinstance(found["seed"], int)


def test_inputs_phase_and_guarantee_are_as_the_contract_has_them(report):
    how, ran = report
    found = ran.report
    roles = {"candidate"} | {name.strip("-") for name in HELD[how]}
    assert {given["role"] for given in found["inputs"]} == roles
    for given in found["inputs"]:
        assert set(INPUT) <= set(given)
        assert given["documents"] > 3000 and given["bytes"] > 0 and given["quarantined"] == 0 and len(given["sha256"]) == 64
    assert {"name", "decided_by", "definition", "documents_needed"} <= set(found["phase"])
    assert found["phase"]["name"] in PHASES
    known = {f"{e['metric']}@{e['view']}" for e in found["estimates"] if e["decision"]}
    assert set(found["phase"]["decided_by"]) <= known
    assert set(found["guarantee"]) == {"text", "alpha", "alpha_spent", "audit_number", "level", "alpha_here", "alpha_left"}
    assert found["guarantee"]["level"] in ("sample", "checkpoint", "pipeline")


def test_estimates_are_as_the_contract_has_them(report):
    how, ran = report
    for estimate in ran.report["estimates"]:
        assert set(ESTIMATE) <= set(estimate)
        assert estimate["low"] <= estimate["value"] <= estimate["high"]
        assert estimate["kind"] in ("value", "ratio")
        assert estimate["baseline"] in (None, "reference", "generation_1", "previous", "control", "begin")
        assert estimate["kind"] == "value" or estimate["baseline"] is not None
        assert estimate["decision"] in (None, "ok", "shrunk", "watch", "inconclusive")
        assert estimate["p"] is None or 0 < estimate["p"] <= 1
        assert 0 < estimate["level"] < 1 and estimate["n"] > 0
    decided = {e["metric"]: e["baseline"] for e in ran.report["estimates"] if e["decision"]}
    expected = {"alone": set(), "reference": {"reference"}, "baseline": {"generation_1"}, "both": {"generation_1"}}[how]
    assert set(decided.values()) == expected


def test_every_rule_that_applies_appears_exactly_once(report):
    _, ran = report
    found = ran.report
    named = [f["code"] for f in found["findings"]] + [u["code"] for u in found["not_measured"]] + found["passed"]
    assert sorted(named) == CODES
    for finding in found["findings"]:
        assert set(FINDING) <= set(finding)
        assert finding["status"] in ("warn", "fail")
        assert finding["because"] and finding["title"] and finding["remedy"]


def test_what_was_not_measured_says_why_and_which_command_on_this_file_enables_it(report):
    how, ran = report
    found = ran.report["not_measured"]
    unscored = {"LT302", "LT305", "LT501"}  # no vectors, no log-probabilities
    absent = {
        "alone": {"LT301", "LT303", "LT304", "LT307", "LT403", "LT805", "LT902", "LT903", "LT904", "LT905"},
        "baseline": {"LT903", "LT904"},
    }.get(how, set())
    assert {u["code"] for u in found} == absent | LOOP | unscored | {"LT308"}  # no column of classes was named
    for absence in found:
        assert set(absence) == {"code", "reason", "enable"}
        assert absence["reason"]
        assert absence["enable"].startswith(
            ("longtail audit DATA ", "longtail tag DATA ", "longtail audit --before ", "longtail watch DATA ")
        )


@pytest.mark.parametrize("names", [("a.jsonl",), ("a b.jsonl",), ("a, b.jsonl",), ("a.jsonl", "b.jsonl")])
def test_on_the_screen_the_enabling_command_can_be_pasted_into_a_shell(cli, write_rows, monkeypatch, names):
    monkeypatch.setenv("COLUMNS", "1000")
    paths = [str(write_rows(name, [f"{name} holds document number {i}" for i in range(100)])) for name in names]
    line = next(line for line in cli("audit", *paths).out.splitlines() if "enable: " in line)
    assert shlex.split(line.partition("enable: ")[2]) == ["longtail", "audit", *paths, "--reference", "HUMAN.jsonl"]


def test_findings_name_their_file_on_the_screen(cli, write_rows, monkeypatch):
    monkeypatch.setenv("COLUMNS", "1000")
    path = write_rows("copies.jsonl", ["the same words"] * 100)
    assert str(path) in next(line for line in cli("audit", path).out.splitlines() if line.startswith("LT402"))


def test_data_in_memory_have_no_path_that_a_command_could_name():
    report = audit(iter(["one document", "another document"]))
    assert all("<memory>" not in absence.enable for absence in report.not_measured)
