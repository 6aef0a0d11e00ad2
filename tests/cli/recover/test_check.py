"""`longtail recover check`: exit codes, the screen, and the record."""

import importlib
import json

import pytest

from tests.cli.refusing import refused


@pytest.fixture(autouse=True)
def registered(monkeypatch):
    commands = importlib.import_module("longtail.cli.main")._COMMANDS
    monkeypatch.setitem(commands, "recover", "longtail.cli.recover")


@pytest.fixture
def files(five_generations):
    replace, human = five_generations.lineages["replace"], five_generations.human
    return {"first": replace[0], "old": replace[-1], "reference": human, "new": five_generations.lineages["accumulate"][-1]}


def called(files, before, after):
    return ("recover", "check", "--before", files[before], "--after", files[after], "--reference", files["reference"])


def test_a_recovery_exits_0_and_says_how_far_back(cli, files):
    ran = cli(*called(files, "old", "new"), "--baseline", files["first"])
    assert (ran.code, ran.err) == (0, "")
    assert "Recovery is shown: tail types rose" in ran.out and "of the loss, " in ran.out
    assert all(len(line) <= 80 for line in ran.out.splitlines())


def test_a_further_loss_exits_1_and_no_change_names_documents(cli, files):
    ran = cli(*called(files, "first", "old"))
    assert ran.code == 1 and "The tail lost more" in ran.out
    ran = cli(*called(files, "old", "old"))
    assert ran.code == 1 and "Recovery is not shown" in ran.out and "documents each: 1.05" in ran.out


def test_json_is_the_record_alone_and_out_the_same(cli, files, tmp_path):
    ran = cli(*called(files, "old", "new"), "--json", "--out", tmp_path / "check.json")
    assert (ran.code, ran.err) == (0, "")
    assert ran.report == json.loads((tmp_path / "check.json").read_text())
    assert ran.report["status"] == "pass" and ran.report["alpha"] == 0.05


def test_what_is_missing_or_would_be_written_over_is_one_line(cli, files, tmp_path):
    refused(cli("recover", "check", "--before", files["old"], "--after", files["new"]), "no --reference")
    refused(cli(*called(files, "old", "new"), "--before-scores", "s.jsonl"), "--after-scores")
    refused(cli(*called(files, "old", "new"), "--out", "check.txt"), ".json")
    refused(cli(*called(files | {"new": tmp_path / "nothing.jsonl"}, "old", "new")), "nothing.jsonl")
    (tmp_path / "empty.jsonl").write_text("")
    refused(cli(*called(files | {"new": tmp_path / "empty.jsonl"}, "old", "new")), "empty.jsonl")
