import json
import shlex

import pytest

from longtail.cli.demo_scrape import lines
from longtail.lab.scenarios.catalogue import Laid
from longtail.records import Finding


@pytest.fixture
def shown(empty_report, tmp_path):
    laid = Laid(
        generations=(), reference=tmp_path / "a folder/human.jsonl", corpus=tmp_path / "a folder/scrape.jsonl",
        synthetic=tmp_path / "a folder/model.jsonl", facts={"hidden": 0.35},
    )  # fmt: skip

    def of(share, status="ok", findings=()):
        low, high = (None, None) if share is None else (share - 0.05, share + 0.05)
        whole = {"documents": 600, "status": status, "machine": {"share": share, "low": low, "high": high}}
        return [
            line.plain
            for line in lines(laid, empty_report({"whole": whole, "reference": {"documents": {"human": 594}}}, findings), "longtail", 9.6)
        ]

    return of


@pytest.fixture
def empty_report():
    class Report:
        def __init__(self, told, findings):
            self.panels, self.findings = {"origin": {"told": told}}, findings

    return Report


def test_what_was_found_stands_under_what_was_hidden(shown):
    told = shown(0.34)
    assert told[2].split() == ["hidden", "in", "it", "0.350"]
    assert told[3].endswith("0.340   0.290 to 0.390   ok")
    assert told[2].index("0.350") == told[3].index("0.340")
    assert len(told) <= 15


def test_a_refused_estimate_shows_no_number(shown):
    assert shown(None, "refused")[3].split()[-3:] == ["–", "–", "refused"]


def test_the_finding_is_told_without_the_list_of_its_sites(shown):
    found = Finding(
        code="LT102", title="web source of unknown origin", status="fail", because="600 of 600 documents are from the web: a: 1; b: 2",
        where="candidate", remedy="tag them", evidence=(),
    )  # fmt: skip
    told = shown(0.34, findings=[found])
    assert "LT102 fail  web source of unknown origin" in told and "  600 of 600 documents are from the web." in told


def test_the_commands_can_be_pasted(shown):
    told = "\n".join(shown(0.34)).partition("Next:\n")[2]
    commands = [shlex.split(line) for line in told.replace("\\\n", " ").splitlines()]
    assert [command[1] for command in commands] == ["audit", "estimate"]
    assert all(command[2].endswith("a folder/scrape.jsonl") and command[-1] == "--closed" for command in commands)


@pytest.mark.slow
def test_the_demo_finds_the_hidden_share_and_leaves_a_report(cli, tmp_path):
    ran = cli("demo", "scrape", "--write", tmp_path / "scrape")
    assert (ran.code, ran.err) == (0, "")
    told = json.loads((tmp_path / "scrape/scrape.json").read_text())["panels"]["origin"]["told"]["whole"]
    assert told["machine"]["low"] < 0.35 < told["machine"]["high"] and told["status"] == "ok"
    assert "LT102 fail" in ran.out and f"{told['machine']['share']:.3f}" in ran.out and len(ran.out.splitlines()) <= 15
    assert 'id="origin"' in (tmp_path / "scrape/scrape.html").read_text()
    again = cli("demo", "scrape", "--write", tmp_path / "scrape", "--quiet")
    assert (again.code, again.out) == (0, "")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (("scrap",), "unknown demo 'scrap': did you mean 'scrape'?"),
        (("scrape", "--generations", "3"), "the demo scrape has no generations"),
        (("scrape", "--seed", "-1"), "-1 is not in the range"),
    ],
)
def test_what_the_demo_cannot_do_is_one_line(cli, given, told):
    ran = cli("demo", *given)
    assert ran.code == 2 and told in ran.err and len(ran.err.splitlines()) == 1


def test_a_folder_of_other_files_is_left_alone(cli, tmp_path):
    (tmp_path / "mine.txt").write_text("x")
    ran = cli("demo", "scrape", "--write", tmp_path)
    assert ran.code == 2 and "mine.txt" in ran.err
