"""The command `longtail recover plan`."""

import json

import pytest
from click.testing import CliRunner

from longtail.cli.recover.plan import command, expanded
from longtail.errors import ConfigError, ReadError, UnknownName, UsageError


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("plan")
    words = [f"word{at}" for at in range(19)]

    def write(name, first, count, rare):
        with open(place / name, "w") as file:
            for at in range(first, first + count):
                text = " ".join([words[(at * 3 + i) % len(words)] for i in range(12)] + [f"rare{at % rare}", f"n{at}"])
                file.write(json.dumps({"text": text, "topic": "ab"[at % 2]}) + "\n")

    write("human.jsonl", 0, 400, 50)
    write("reservoir.jsonl", 1000, 120, 40)
    for version in (1, 2, 10):
        write(f"v{version}.jsonl", version * 2000, 200, 50 // version)
    (place / "cost.toml").write_text("[inputs]\nstaff_hours = 8\n")
    return place


def ran(folder, *arguments):
    return CliRunner().invoke(command, ["--tau", "0.2", "--replicates", "20", "--share", "0.3", *map(str, arguments)])


def given(folder):
    return ("--reference", folder / "human.jsonl", "--reservoir", folder / "reservoir.jsonl")


def test_a_plan_is_no_finding_and_json_is_all_of_stdout(folder):
    result = ran(folder, *given(folder), "--outputs", folder / "v*.jsonl", "--json", "--out", folder / "plan.json")
    assert result.exit_code == 0, result.exception
    found = json.loads(result.stdout)
    assert [option["name"] for option in found["options"]] == ["re-anchor", "roll-back", "re-source"]
    assert found["baseline"] == "v1"
    assert json.loads((folder / "plan.json").read_text()) == found


def test_the_same_plan_twice_is_the_same_but_for_its_moment(folder):
    arguments = (*given(folder), "--current", folder / "v10.jsonl", "--json")
    first, again = (json.loads(ran(folder, *arguments).stdout) | {"created_at": ""} for _ in range(2))
    assert json.dumps(first) == json.dumps(again)


def test_the_commands_that_it_prints_exist(folder):
    from longtail.cli.recover.apply import command as apply
    from longtail.cli.recover.re_anchor import command as re_anchor

    found = json.loads(ran(folder, *given(folder), "--current", folder / "v10.jsonl", "--json").stdout)
    words = found["options"][0]["command"].split()
    assert words[:4] == ["longtail", "recover", "apply", "re-anchor"]
    options = {name for parameter in re_anchor.params for name in parameter.opts}
    assert {word for word in words if word.startswith("-")} <= options
    assert {option["command"].split()[3] for option in found["options"]} <= set(apply.list_commands(None))


def test_the_screen_names_the_step_and_the_ways(folder):
    result = ran(folder, *given(folder), "--current", folder / "v10.jsonl", "--cost", folder / "cost.toml")
    assert result.exit_code == 0, result.exception
    assert "stop replacing real data" in result.stdout and "put real rows of the reservoir back" in result.stdout
    assert "staff_hours" in result.stdout


def test_versions_of_a_glob_are_sorted_by_their_numbers(folder):
    assert [path.rpartition("/")[2] for path in expanded([str(folder / "v*.jsonl")])] == ["v1.jsonl", "v2.jsonl", "v10.jsonl"]


def test_an_option_first_needs_a_reason_that_is_recorded(folder):
    arguments = (*given(folder), "--current", folder / "v10.jsonl", "--first", "re-source")
    assert isinstance(ran(folder, *arguments).exception, UsageError)
    found = json.loads(ran(folder, *arguments, "--because", "no compute left", "--json").stdout)
    assert found["options"][0]["name"] == "re-source" and found["order_reason"] == "no compute left"


@pytest.mark.parametrize(
    ("arguments", "error", "told"),
    [
        (["--current", "v10.jsonl"], UsageError, "no --reference"),
        (["--reference", "human.jsonl"], UsageError, "no outputs"),
        (["--reference", "human.jsonl", "--outputs", "w*.jsonl"], UsageError, "no file matches"),
        (["--reference", "human.jsonl", "--current", "none.jsonl"], ReadError, "none.jsonl"),
        (["--reference", "human.jsonl", "--current", "v10.jsonl", "--size", "0"], ConfigError, "size is 0"),
        (["--reference", "human.jsonl", "--current", "v10.jsonl", "--diagnosis", "human.jsonl"], ReadError, "no diagnosis"),
        (["--reference", "human.jsonl", "--current", "v10.jsonl", "--cost", "none.toml"], ReadError, "costs"),
        (["--reference", "human.jsonl", "--current", "v10.jsonl", "--out", "plan.txt"], UsageError, "suffix"),
        (["--reference", "human.jsonl", "--current", "v10.jsonl", "--view", "word_1"], UnknownName, "words_1"),
    ],
)
def test_bad_input_is_told_in_a_line(folder, monkeypatch, arguments, error, told):
    monkeypatch.chdir(folder)
    result = ran(folder, *arguments)
    assert isinstance(result.exception, error)
    assert told in str(result.exception) and "\n" not in str(result.exception)


def test_outputs_that_hold_nothing_are_told(folder):
    (folder / "empty.jsonl").write_text("")
    assert isinstance(ran(folder, *given(folder), "--current", folder / "empty.jsonl").exception, ReadError)
