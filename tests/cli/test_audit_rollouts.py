"""`longtail audit --rollouts`."""

import json

import pytest
from click.testing import CliRunner

from longtail.cli.audit import command
from longtail.errors import LongtailError
from tests.auditing.test_rollouts import write


def run(*arguments):
    return CliRunner().invoke(command, [str(each) for each in arguments])


@pytest.fixture(scope="module")
def narrowing(tmp_path_factory):
    return write(tmp_path_factory.mktemp("runs") / "narrowing" / "r.jsonl", code=lambda step: 0.4 if step < 3 else 0.97).parent


def test_a_run_alone_is_judged_and_a_failure_exits_1(narrowing):
    found = run("--rollouts", narrowing, "--json")
    told = json.loads(found.stdout)
    assert found.exit_code == 1
    assert [each["code"] for each in told["findings"]] == ["LT306"]
    assert told["inputs"][0]["role"] == "rollouts"
    assert told["panels"]["rollouts"]["mix"][0]["shares"].keys() == {"prose", "code"}


def test_a_run_that_cannot_be_measured_fails_where_a_rule_is_required(narrowing):
    found = run("--rollouts", narrowing, "--require", "LT502", "--json")
    assert "LT900" in {each["code"] for each in json.loads(found.stdout)["findings"]}


def test_without_data_the_message_names_what_can_be_judged_alone():
    assert "--rollouts and --rag can be judged alone" in str(run().exception)


@pytest.mark.parametrize("text", ["", "[1]\n", '{"text": "x"}\n'])
def test_a_file_of_something_else_is_an_error_that_names_it(tmp_path, text):
    path = tmp_path / "r.jsonl"
    path.write_text(text)
    found = run("--rollouts", path)
    assert isinstance(found.exception, LongtailError)
    assert "r.jsonl" in str(found.exception)
