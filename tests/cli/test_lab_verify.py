import csv
import json

import pytest
from click.testing import CliRunner

from longtail.cli.lab import verify as module
from longtail.errors import UnknownName, UsageError
from longtail.lab.cases import CHECKS
from longtail.lab.cases.check import Check

RIGHT = next(check for check in CHECKS if check.case == "10")
WRONG = Check(**{**RIGHT._asdict(), "quantity": "a wrong formula", "predicted": lambda chosen: 1.2 * RIGHT.predicted(chosen)})


def made(*words):
    return CliRunner().invoke(module.command, ["10", "--quick", "--drawn", "1", *words], catch_exceptions=False)


@pytest.fixture
def one(monkeypatch):
    monkeypatch.setattr(module, "CHECKS", [RIGHT])


def test_a_table_that_holds_ends_in_0_and_says_so(one):
    found = made()
    assert found.exit_code == 0
    assert "case 10" in found.output
    assert "2 of 2 rows hold" in found.output
    assert all(len(line) <= 100 for line in found.output.splitlines()[:-1])


def test_a_row_that_does_not_hold_ends_in_1(monkeypatch):
    monkeypatch.setattr(module, "CHECKS", [RIGHT, WRONG])
    found = made()
    assert found.exit_code == 1
    assert "2 of 4 rows hold" in found.output
    assert found.output.count("DOES NOT HOLD") == 2


def test_json_holds_every_row_with_what_was_asked_for(one):
    found = json.loads(made("--json", "--seed", "3").output)
    assert (found["cases"], found["seed"], found["quick"], found["hold"]) == (["10"], 3, True, 2)
    assert [row["drawn"] for row in found["rows"]] == [False, True]
    assert {"predicted", "simulated", "se", "z", "limit", "holds"} <= set(found["rows"][0])


def test_the_page_tells_the_command_and_is_the_same_each_time(one, tmp_path):
    page = tmp_path / "page.md"
    texts = set()
    for _ in range(2):
        assert made("--out", str(page)).exit_code == 0
        texts.add(page.read_text())
    (text,) = texts
    assert f"`longtail lab verify 10 --drawn 1 --quick --out {page}`" in text
    assert "## Case 10" in text
    assert "**2 of 2 rows hold" in text
    assert text.count("| yes |") == 2


def test_the_csv_has_a_line_for_each_row(one, tmp_path):
    assert made("--out", str(tmp_path / "rows.csv")).exit_code == 0
    rows = list(csv.DictReader((tmp_path / "rows.csv").read_text().splitlines()))
    assert [row["holds"] for row in rows] == ["True", "True"]
    assert rows[0]["settings"].startswith("real 100")


def test_the_replicates_can_be_limited(one):
    found = json.loads(CliRunner().invoke(module.command, ["10", "--replicates-at-most", "50", "--drawn", "0", "--json"]).output)
    assert {row["replicates"] for row in found["rows"]} == {50}


def test_an_unknown_case_is_refused():
    with pytest.raises(UnknownName, match="unknown case '99'"):
        CliRunner().invoke(module.command, ["99"], catch_exceptions=False)


def test_a_file_of_no_known_format_is_refused_before_the_work(one):
    with pytest.raises(UsageError, match=r"known suffixes: .csv, .json, .md"):
        made("--out", "table.pdf")
