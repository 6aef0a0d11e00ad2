"""The same command twice, and the same question under another seed."""

import json

import pytest

from longtail.auditing import audit


@pytest.fixture
def command(five_generations):
    lineage = five_generations.lineages["replace"]
    return ("audit", lineage[-1], "--baseline", lineage[0], "--reference", five_generations.human, "--json")


def without_times(text):
    report = json.loads(text)
    assert set(report["timing"]) and report["created_at"]
    return json.dumps(report | {"timing": None, "created_at": None})


def test_the_same_command_twice_prints_the_same_bytes(cli, command):
    assert without_times(cli(*command).out) == without_times(cli(*command).out)


def test_another_process_with_another_hash_seed_prints_the_same_bytes(cli, command, subprocess_cli):
    there = subprocess_cli(*command, PYTHONHASHSEED="99")
    assert without_times(there.out) == without_times(cli(*command).out)


def test_another_seed_gives_other_numbers_and_the_same_verdict(cli, command):
    here, there = cli(*command).report, cli(*command, "--seed", 5).report
    assert here["estimates"] != there["estimates"]
    assert here["phase"]["name"] == there["phase"]["name"]
    assert [(f["code"], f["status"]) for f in here["findings"]] == [(f["code"], f["status"]) for f in there["findings"]]


def test_python_and_command_line_give_the_same_json(cli, command, five_generations):
    lineage = five_generations.lineages["replace"]
    here = audit(lineage[-1], five_generations.human, lineage[0]).to_dict()
    there = cli(*command).report
    for report in (here, there):
        report["timing"] = report["created_at"] = report["command"] = None
    assert json.dumps(here) == json.dumps(there)


def test_the_order_of_the_documents_does_not_matter(five_generations, tmp_path):
    last, first = five_generations.lineages["replace"][-1], five_generations.lineages["replace"][0]
    backwards = tmp_path / "backwards.jsonl"
    backwards.write_bytes(b"".join(reversed(last.read_bytes().splitlines(keepends=True))))
    here, there = (audit(path, five_generations.human, first).to_dict() for path in (last, backwards))
    assert here["estimates"] == there["estimates"]
    assert here["phase"] == there["phase"]
    assert here["panels"]["vanished"] == there["panels"]["vanished"]
