"""`longtail drill`: the screen, the record, and what is refused."""

import importlib

import pytest

from tests.cli.refusing import refused


@pytest.fixture(autouse=True)
def registered(monkeypatch):
    commands = importlib.import_module("longtail.cli.main")._COMMANDS
    monkeypatch.setitem(commands, "drill", "longtail.cli.drill")
    monkeypatch.setattr("longtail.diagnosis.drill.NULLS", 2)


@pytest.fixture
def asked(write_rows, stdlib_paragraphs):
    data, human = write_rows("data.jsonl", stdlib_paragraphs[:2400:4]), write_rows("human.jsonl", stdlib_paragraphs[1:2400:4])
    return ("drill", data, "--reference", human, "--view", "words_1", "--nulls", "2")


def test_the_screen_says_when_the_alarm_fired_what_was_lost_and_false_alarms(cli, asked):
    ran = cli(*asked, "--rate", "0.6", "--every-days", "7")
    assert (ran.code, ran.err) == (0, "")
    assert "Alarm after 1 generation, 7 days at one audit every 7" in ran.out
    assert "Without a plant: " in ran.out and "of 2 copies" in ran.out and "Not counted as alarms" in ran.out
    assert all(len(line) <= 80 for line in ran.out.splitlines())


def test_no_alarm_is_an_outcome_and_json_holds_it(cli, asked):
    ran = cli(*asked, "--rate", "0.001", "--generations", "1", "--json")
    assert (ran.code, ran.err) == (0, "")
    assert (ran.report["alarmed_at"], ran.report["generations"]) == (None, 1) and ran.report["foreseen"]["reason"]


def test_what_is_missing_is_one_line(cli, asked, tmp_path):
    refused(cli("drill"), "no data")
    refused(cli("drill", asked[1]), "no reference")
    refused(cli(*asked[:-1], "1"), "nulls is 1")
    refused(cli("drill", tmp_path / "none.jsonl", *asked[2:]), "none.jsonl")
    refused(cli(*asked, "--keep", tmp_path), "not an empty folder")
