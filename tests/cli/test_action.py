"""action.yml: its steps, run as a shell script, do what the action says."""

import json
from pathlib import Path

import pytest

from tests.cli.steps import STUB, Service

yaml = pytest.importorskip("yaml", reason="the extra dev reads YAML")
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def action():
    return yaml.safe_load((ROOT / "action.yml").read_text())


@pytest.fixture
def run(action, tmp_path):
    """Run the action in a new project; `code` is that of a stand-in for longtail, None for longtail itself."""

    def work(*, code=None, event="pull_request", **inputs):
        given = {name: each.get("default", "") for name, each in action["inputs"].items()} | inputs
        project = tmp_path / "project"
        project.mkdir(exist_ok=True)
        service = Service(project, **({} if code is None else {"longtail": STUB.replace("CODE", str(code))}), inputs=given, event=event)
        return service, service.run(action["runs"]["steps"], {})

    return work


def test_the_inputs_are_those_that_are_promised(action):
    assert set(action["inputs"]) == {"data", "reference", "args", "python-version", "comment", "sarif"}
    assert action["runs"]["using"] == "composite"
    assert all(step.get("shell") == "bash" for step in action["runs"]["steps"] if "run" in step)


def test_no_input_stands_in_a_script(action):
    assert [step["name"] for step in action["runs"]["steps"] if "${{" in step.get("run", "")] == [], "an input could be run as a command"


@pytest.mark.parametrize("code", [0, 1, 2])
def test_it_ends_with_the_exit_code_of_the_audit_after_all_other_steps(run, code):
    service, ended = run(code=code, data="d.jsonl")
    assert ended == code and service.ran == ["Install", "Audit", "Summary", "Result"]
    assert service.text("installed").split() == ["-m", "pip", "install", "--quiet", "/the/action"]


def test_the_summary_is_that_of_the_audit_with_the_day_from_which_it_fails(run):
    service, _ = run(code=0, data="d.jsonl")
    assert service.text("summary") == "the summary\nwould fail from 2030-01-01 on; 3 days left (--warn-until)\n"


def test_data_and_options_are_split_as_a_shell_would_and_run_no_command(run):
    service, _ = run(code=0, data="a.jsonl 'b c.jsonl' $(touch x)", args="--by 'my column' `touch y`", reference="h u.jsonl")
    arguments = (service.folder / "arguments.txt").read_text().splitlines()
    assert arguments[:12] == [
        "audit", "a.jsonl", "b c.jsonl", "$(touch", "x)", "--by", "my column", "`touch", "y`", "--reference", "h u.jsonl", "--out",
    ]  # fmt: skip
    assert not (service.folder / "x").exists() and not (service.folder / "y").exists()


def test_accepted_numbers_are_taken_where_they_lie(run, tmp_path):
    accepted = tmp_path / "project" / ".longtail" / "accepted.json"
    accepted.parent.mkdir(parents=True)
    accepted.write_text("{}")
    service, _ = run(code=0, data="d.jsonl")
    assert "--accepted\n.longtail/accepted.json\n" in (service.folder / "arguments.txt").read_text()


@pytest.mark.parametrize(("event", "comment", "is_written"), [
    ("pull_request", "true", True), ("pull_request", "false", False), ("push", "true", False),
])  # fmt: skip
def test_a_comment_is_written_where_it_is_asked_for_on_a_pull_request(run, event, comment, is_written):
    service, _ = run(code=1, data="d.jsonl", comment=comment, event=event)
    assert ("Comment" in service.ran) is is_written
    assert service.text("commented").startswith("pr comment 7 ") is is_written


@pytest.mark.slow
@pytest.mark.parametrize(("origin", "code"), [(None, 1), ("human", 0)])
def test_the_audit_itself_runs_in_it(run, tmp_path, origin, code):
    project = tmp_path / "project"
    project.mkdir()
    rows = [{"text": f"a text with the number {n}", **({"lt_origin": origin} if origin else {})} for n in range(40)]
    (project / "d.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    service, ended = run(data="d.jsonl", args="--view words_1 --require LT101")
    assert ended == code, service.said
    written = {path.name for path in (project / "longtail-report").iterdir()}
    assert written == {"report.html", "report.json", "report.md", "report.sarif", "messages.txt"}
    assert service.text("summary").strip() and (not code or "LT101" in service.text("summary"))
