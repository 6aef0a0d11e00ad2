"""The risk register: a row for each finding, as CSV and as JSON."""

import csv
import json

import msgspec
import pytest

from longtail.errors import UsageError
from longtail.report.formats.register import COLUMNS, register, write_register
from tests.report.test_chain import finding, report_of, suppressed


@pytest.fixture
def report(empty):
    made = report_of(
        empty, [finding("LT801", unlocks=("LT301",)), finding("LT402", "warn", because="=1+1")], suppressed=suppressed("LT101")
    )
    return msgspec.structs.replace(made, created_at="2026-03-01T00:00:00+00:00")


def piped(report, **pipeline):
    return msgspec.structs.replace(report, settings={"pipeline": pipeline})


def test_every_finding_has_its_row_and_those_that_stand_come_first(report):
    rows = register(report)
    assert [(row["code"], row["severity"], row["state"]) for row in rows] == [
        ("LT801", "fail", "open"),
        ("LT402", "warn", "open"),
        ("LT101", "fail", "suppressed"),
    ]
    assert rows[0]["unlocks"] == ["LT301"] and rows[0]["stage"] == "Health-check distribution"
    assert all(tuple(row) == COLUMNS for row in rows)


def test_the_next_look_is_due_by_the_cadence_or_by_the_end_of_an_override(report):
    assert {row["review"] for row in register(report)} == {"2026-03-31"}
    overrides = [{"code": "LT101", "reason": "r", "owner": "ann", "expires": "2026-03-05"}]
    rows = register(piped(report, audit_every_days=7, overrides=overrides))
    assert [row["review"] for row in rows] == ["2026-03-08", "2026-03-08", "2026-03-05"]
    assert [row["owner"] for row in rows] == [None, None, "ann"]


def test_the_owner_of_an_override_that_has_run_out_is_still_named(report):
    overrides = [{"code": "LT801", "reason": "r", "owner": "bob", "expires": "2026-02-01"}]
    (first, *_) = register(piped(report, overrides=overrides))
    assert (first["owner"], first["state"], first["review"]) == ("bob", "open", "2026-03-31")


def test_csv_and_json_hold_the_same_and_no_cell_is_a_formula(report, tmp_path):
    for name in ("r.csv", "r.json"):
        write_register(report, tmp_path / name)
    with (tmp_path / "r.csv").open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    plain = json.loads((tmp_path / "r.json").read_text())
    assert [row["code"] for row in rows] == [row["code"] for row in plain]
    assert (plain[1]["because"], rows[1]["because"]) == ("=1+1", "'=1+1")
    assert rows[0]["unlocks"] == "LT301" and rows[0]["owner"] == ""


def test_a_report_without_findings_is_a_head_alone(empty, tmp_path):
    write_register(empty, tmp_path / "r.csv")
    assert (tmp_path / "r.csv").read_text() == ",".join(COLUMNS) + "\n"


def test_another_suffix_or_a_missing_folder_is_refused(report, tmp_path):
    for path in (tmp_path / "r.txt", tmp_path / "no" / "r.csv"):
        with pytest.raises(UsageError):
            write_register(report, path)
