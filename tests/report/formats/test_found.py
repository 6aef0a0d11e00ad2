"""What every format says of what was found: the order, the file, the next command, the tally."""

from pathlib import Path

import msgspec
import pytest

from longtail.records import InputRecord
from longtail.report.formats.found import command, file_of, level_of, lines_set_aside, ordered, tally, uri
from tests.report.formats.made import finding


def source(role, path, *, parts=1, generation=None):
    return InputRecord(role=role, path=path, parts=parts, documents=1, bytes=1, quarantined=0, sha256=None, view="words",
                       content="text", generation=generation)  # fmt: skip


def reading(report, *inputs, **fields):
    return msgspec.structs.replace(report, inputs=inputs, **fields)


def test_the_gravest_come_first_and_else_the_order_stays(empty):
    statuses = ("warn", "fail", "warn", "fail")
    found = ordered(reading(empty, findings=tuple(finding(f"LT30{at}", status) for at, status in enumerate(statuses))))
    assert [each.code for each in found] == ["LT301", "LT303", "LT300", "LT302"]


@pytest.mark.parametrize(("until", "made", "level"), [
    ("", "2026-01-01T00:00:00+00:00", "error"), ("2026-01-02", "2026-01-01T23:59:59+00:00", "warning"),
    ("2026-01-02", "2026-01-02T00:00:00+00:00", "error"), ("2026-01-02", "2027-01-01T00:00:00+00:00", "error"),
])  # fmt: skip
def test_a_failure_is_a_warning_until_the_day_from_which_findings_fail(empty, until, made, level):
    report = reading(empty, created_at=made, settings={"warn_until": until} if until else {})
    assert level_of(report, "fail") == level
    assert level_of(report, "warn") == "warning"


def test_the_advice_is_the_command_in_it_else_its_words():
    assert command(finding("LT301", "fail", remedy="Put human text back: longtail mix --dry-run")) == "longtail mix --dry-run"
    assert command(finding("LT301", "fail", remedy="keep the rare rows")) == "keep the rare rows"
    assert command(finding("LT301", "fail")) == ""


def test_the_tally_names_each_code_that_failed_or_warned_once(full):
    several = (finding("LT301", "fail"), finding("LT301", "fail", where="reference"), finding("LT402", "warn"))
    told = tally(msgspec.structs.replace(full, findings=several))
    assert told.startswith("fail 2 (LT301), warn 1 (LT402), pass 4, not measured 3")


@pytest.mark.parametrize(("where", "generation", "path"), [
    ("candidate", None, "gen3.jsonl"), ("candidate", 2, "gen2.jsonl"), ("candidate", 9, "gen3.jsonl"), ("reference", None, "human.jsonl"),
    ("reference: rows 3 to 5", 2, "human.jsonl"), ("nowhere", None, "gen3.jsonl"),
])  # fmt: skip
def test_a_place_is_the_file_of_its_role_and_any_other_that_of_the_candidate(empty, where, generation, path):
    inputs = (
        source("generation", "gen2.jsonl", generation=2),
        source("candidate", "gen3.jsonl", generation=3),
        source("reference", "human.jsonl"),
    )
    assert file_of(reading(empty, *inputs), where, generation) == path


def test_files_are_told_relative_to_the_working_folder_and_what_is_no_file_by_how_it_came(empty, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    told = {
        str(tmp_path / "a" / "b.jsonl"): "a/b.jsonl",
        "/elsewhere/b.jsonl": "/elsewhere/b.jsonl",
        "-": "stdin",
        "<memory>": "memory",
        "": "data",
    }
    assert {path: file_of(reading(empty, source("candidate", path)), "candidate") for path in told} == told
    assert file_of(reading(empty, source("candidate", "a.jsonl, b.jsonl", parts=2)), "candidate") == "a.jsonl"
    assert file_of(reading(empty, source("candidate", "a, b.jsonl")), "candidate") == "a, b.jsonl"
    assert file_of(reading(empty), "candidate") == "data"


def test_a_path_becomes_the_reference_that_the_standard_library_writes():
    for path in ("/a b/é.jsonl", "/a/#1?.jsonl"):
        assert uri(path) == Path(path).as_uri()
    assert uri("a b/c.jsonl") == "a%20b/c.jsonl"


def test_lines_that_were_set_aside_are_told_with_their_places(empty):
    rows = [{"path": "a.jsonl", "line": 3, "reason": "no\ntext"}, {"path": "b.jsonl", "line": None}, {"path": "c.jsonl", "line": 0}]
    report = reading(empty, panels={"read": {"quarantine": rows}})
    assert lines_set_aside(report) == [("a.jsonl", 3, "no text"), ("b.jsonl", None, ""), ("c.jsonl", None, "")]
    assert lines_set_aside(empty) == []
