"""What is read line by line: the verdict, JSON Lines, annotations, lines for agents, the table of estimates."""

import csv
import io
import json

import msgspec
import pytest

from longtail.records import Finding
from longtail.report.formats.agent import to_agent
from longtail.report.formats.csv import cell, to_csv
from longtail.report.formats.github import MOST, to_github
from longtail.report.formats.json import to_json
from longtail.report.formats.jsonl import to_jsonl
from longtail.report.formats.line import to_line

LISTED = ("estimates", "findings", "not_measured", "passed")


def finding(code, status, **fields):
    return Finding(
        **{"code": code, "status": status, "title": "t", "because": "b", "where": "candidate", "evidence": (), "remedy": ""} | fields
    )


def test_the_verdict_is_one_line_with_all_four_outcomes(full, empty):
    assert to_line(full) == f"EARLY  gen5.jsonl: {full.summary} [fail 1 (LT301), warn 1 (LT402), pass 4, not measured 3]\n"
    assert to_line(empty) == "NOT MEASURED  no data set: Loss was not measured. [fail 0, warn 0, pass 0, not measured 1]\n"


def test_json_lines_hold_what_the_canonical_report_holds(report):
    head, *rows = map(json.loads, to_jsonl(report).splitlines())
    plain = json.loads(to_json(report))
    assert head["kind"] == "head"
    again = head["record"] | {name: [] for name in LISTED} | {"panels": plain["panels"]}
    homes = {"estimate": "estimates", "finding": "findings", "not_measured": "not_measured", "passed": "passed"}
    for row in rows:
        again[homes[row["kind"]]].append(row["record"])
    assert again == plain
    assert head["lines"] == {kind: len(plain[name]) for kind, name in homes.items()}
    assert "schema_version" in head["record"]


def test_agents_get_code_status_file_reason_and_command(full):
    _, head, *rows = [line.split("\t") for line in to_agent(full).splitlines()]
    assert head == ["code", "status", "where", "what", "fix"]
    assert rows[0][:3] == ["LT301", "fail", "runs/gen5.jsonl"]
    assert rows[0][4] == "longtail mix --ledger LEDGER --policy fresh:0.3 --dry-run -o next.jsonl"
    assert rows[2] == [
        "LT101 LT203", "not_measured", "", "no ledger was given, so where rows came from is not known",
        "longtail audit gen5.jsonl --ledger DIR",
    ]  # fmt: skip


def test_advice_without_a_command_is_given_in_words(full):
    told = to_agent(msgspec.structs.replace(full, findings=(finding("LT401", "warn", remedy="keep the rare rows"),)))
    assert "\tkeep the rare rows\n" in told


def test_annotations_name_file_and_title_and_what_to_do(full):
    error, warning, notice = to_github(full).splitlines()
    assert error.startswith(
        "::error file=runs/gen5.jsonl,title=LT301 rare words are disappearing::Of the rarest words in human text, 36.1%25 "
    )
    assert "%0Anext: Put human text back" in error
    assert warning.startswith("::warning file=runs/gen5.jsonl,title=LT402 near-duplicates::")
    assert notice.startswith("::notice title=longtail%3A early::not measured: LT101 LT203: no ledger was given")


@pytest.mark.parametrize(("title", "written"), [("a,b", "a%2Cb"), ("a:b", "a%3Ab"), ("50%", "50%25"), ("a\r\nb", "a b"), ("%0A", "%250A")])
def test_properties_are_escaped(full, title, written):
    line = to_github(msgspec.structs.replace(full, findings=(finding("LT301", "fail", title=title),))).splitlines()[0]
    assert line == f"::error file=runs/gen5.jsonl,title=LT301 {written}::b"


def test_github_is_given_what_it_shows_and_the_rest_is_counted(full):
    many = [finding(f"LT{at}", status) for status, first in (("fail", 300), ("warn", 400)) for at in range(first, first + MOST + 2)]
    lines = to_github(msgspec.structs.replace(full, findings=tuple(many), not_measured=())).splitlines()
    assert sum(line.startswith("::error ") for line in lines) == sum(line.startswith("::warning ") for line in lines) == MOST
    assert lines[-1].endswith("::2 more errors are in the report: LT310 LT311%0A2 more warnings are in the report: LT410 LT411")


def test_nothing_to_say_is_no_annotation(full):
    assert to_github(msgspec.structs.replace(full, findings=(), not_measured=())) == ""


def test_the_table_has_every_field_of_every_estimate_and_lines_end_as_the_standard_says(report):
    written = to_csv(report)
    assert written.count("\r\n") == written.count("\n") == 1 + len(report.estimates)
    rows = list(csv.DictReader(io.StringIO(written, newline="")))
    for row, estimate in zip(rows, report.estimates, strict=True):
        plain = msgspec.to_builtins(estimate)
        assert {name: "" if value is None else str(value) for name, value in plain.items()} == row


def test_a_spreadsheet_reads_the_same_numbers(full):
    pyarrow_csv = pytest.importorskip("pyarrow.csv")
    read = pyarrow_csv.read_csv(io.BytesIO(to_csv(full).encode()))
    assert read["value"].to_pylist() == [each.value for each in full.estimates]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝", "＋", "－", "＠", "\t=", "\r=", " =", "\u202e="])
def test_a_text_is_no_formula(start):
    assert cell(f"{start}1+1")[0] not in "=+-@＝＋－＠\t\r"


@pytest.mark.parametrize("value", [-0.41, -3, 1e-9, 0])
def test_a_number_stays_a_number(value):
    assert cell(value) == value
