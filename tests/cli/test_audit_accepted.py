"""`longtail audit` with overrides, accepted numbers, stages, a register and a history, from the command line."""

import csv
import json
from datetime import UTC, datetime, timedelta

import pytest

from longtail.rules import lt8_suppressions

HELD = '[[override]]\ncode = "{code}"\nreason = "by law"\nowner = "ann"\nexpires = {expires}\n'
assert lt8_suppressions


@pytest.fixture
def lost(five_generations):
    """Arguments of an audit whose only failure is the lost tail."""
    first, *_, last = five_generations.lineages["replace"]
    return [last, "--baseline", first, "--reference", five_generations.human, "--view", "words_1"]


@pytest.fixture
def pipeline(tmp_path):
    def put(code, expires="2999-12-31"):
        path = tmp_path / "pipeline.toml"
        path.write_text(HELD.format(code=code, expires=expires))
        return path

    return put


def codes(ran):
    return {found["code"] for found in ran.report["findings"]}


def test_an_override_takes_a_failure_out_of_the_exit_code_and_shows_it(cli, lost, pipeline):
    assert cli("audit", *lost, "--json").code == 1
    ran = cli("audit", *lost, "--pipeline", pipeline("LT301"), "--json")
    assert (ran.code, "LT301" in codes(ran)) == (0, False)
    assert ran.report["panels"]["suppressed"][0]["overrides"][0]["owner"] == "ann"
    shown = cli("audit", *lost, "--pipeline", pipeline("LT301")).out
    assert "suppressed fail" in shown and "by law" in shown and "accepted for now 1" in shown


def test_one_that_has_run_out_and_one_of_no_use_are_findings(cli, lost, pipeline):
    late = cli("audit", *lost, "--pipeline", pipeline("LT301", "2020-01-01"), "--json")
    assert late.code == 1 and {"LT301", "LT804"} <= codes(late)
    idle = cli("audit", *lost, "--pipeline", pipeline("LT902"), "--json")
    assert "LT890" in codes(idle) and "LT301" in codes(idle)


def test_numbers_are_written_down_read_again_and_only_tighten(cli, five_generations, lost, tmp_path):
    path = tmp_path / "accepted.json"
    lineage, rest = five_generations.lineages["replace"], lost[1:]
    first = cli("audit", lineage[2], *rest, "--update-baseline", path)
    assert first.code == 0 and "tail_types_retained@words_1: 0." in first.err and first.err.count(" accepted\n") == 2
    before = path.read_bytes()
    assert cli("audit", lineage[2], *rest, "--accepted", path, "-q").code == 0
    worse = cli("audit", *lost, "--update-baseline", path)
    assert worse.code == 1 and "not loosened" in worse.err and path.read_bytes() == before
    until = cli("audit", *lost, "--update-baseline", path, "--reason", "a quota", "--expires", "2999-01-01")
    assert until.code == 0 and "accepted until 2999-01-01 (a quota)" in until.err
    assert cli("audit", lineage[1], *rest, "--update-baseline", path).err.count("tightened") == 1


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--accepted", "none.json"), "there are no accepted numbers here"),
        (("--accepted", "a.json", "--update-baseline", "a.json"), "give one"),
        (("--reason", "r"), "go with --update-baseline FILE"),
        (("--update-baseline", "a.json", "--reason", "r"), "together"),
        (("--update-baseline", "a.json", "--expires", "soon"), "soon"),
        (("--update-baseline", "a.txt"), "known suffixes: .json"),
        (("--update-baseline", "no/a.json"), "no folder"),
        (("--update-baseline", "a.json", "--history", "a.json"), "one of the inputs"),
        (("--register", "r.html"), "known suffixes: .csv, .json"),
        (("--register", "r.json", "--out", "r.json"), "one of the inputs"),
    ],
)
def test_what_does_not_go_together_is_refused_in_one_line(cli, write_rows, monkeypatch, tmp_path, options, told):
    monkeypatch.chdir(tmp_path)
    ran = cli("audit", write_rows("d.jsonl", ["a text"] * 5), *options)
    assert (ran.code, ran.out) == (2, "") and ran.err.count("\n") == 1 and told in ran.err


def test_a_damaged_file_of_numbers_is_refused_and_left_as_it_is(cli, write_rows, tmp_path):
    path = tmp_path / "a.json"
    path.write_text('{"format": "longtail-accepted", "endpoints": [{"value": NaN}]}')
    before = path.read_bytes()
    for option in ("--accepted", "--update-baseline"):
        ran = cli("audit", write_rows("d.jsonl", ["a text"] * 5), option, path)
        assert ran.code == 2 and "damaged" in ran.err and path.read_bytes() == before


def test_stages_moments_and_steps_are_shown_where_asked_and_never_in_json(cli, write_rows):
    data = write_rows("d.jsonl", [f"text number {n}" for n in range(100)])
    plain, shown = (cli("audit", data, "--view", "words_1", *more).out for more in ((), ("--stages",)))
    assert "The six stages of ANCHOR" in shown and "The seven steps" in shown and "no provenance tracking (LT101): to look at" in shown
    assert "ANCHOR" not in plain
    ran = cli("audit", data, "--view", "words_1", "--stages", "--json")
    assert ran.report["findings"] and "ANCHOR" not in ran.out


def test_the_register_has_every_finding_and_what_is_held_back(cli, lost, pipeline, tmp_path):
    path = tmp_path / "risks.csv"
    ran = cli("audit", *lost, "--pipeline", pipeline("LT301"), "--register", path, "--json")
    with path.open(newline="") as stream:
        rows = {row["code"]: row for row in csv.DictReader(stream)}
    assert set(rows) == codes(ran) | {"LT301"} and str(path) in ran.err
    assert (rows["LT301"]["state"], rows["LT301"]["owner"]) == ("suppressed", "ann")


def test_an_audit_a_hundred_days_after_the_last_is_told_overdue_and_the_next_is_not(cli, five_generations, lost, tmp_path):
    history, lineage, rest = tmp_path / "audits.json", five_generations.lineages["replace"], lost[1:]
    first = cli("audit", lineage[1], *rest, "--history", history, "--json")
    assert "LT802" in {one["code"] for one in first.report["not_measured"]}
    kept = json.loads(history.read_text())
    kept["audits"][0]["time"] = (datetime.now(UTC) - timedelta(days=100)).isoformat(timespec="seconds")
    history.write_text(json.dumps(kept))
    late = cli("audit", lineage[2], *rest, "--history", history, "--json")
    (found,) = (one for one in late.report["findings"] if one["code"] == "LT802")
    assert found["status"] == "warn" and "every 30 days" in found["because"]
    assert "LT802" in cli("audit", lineage[3], *rest, "--history", history, "--json").report["passed"]
