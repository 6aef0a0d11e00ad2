"""`longtail init --ci`: what is written is read by the services' own formats, runs as a script, and warns for 90 days."""

import re
import tomllib
from datetime import UTC, date, datetime, timedelta

import pytest

from longtail.cli.integrating import ACCEPTED, CI, ci_files
from longtail.cli.settings.files import OWN
from longtail.cli.starting import PIPELINE, PROFILES
from tests.cli.steps import REAL, STUB, Service

yaml = pytest.importorskip("yaml", reason="the extra dev reads YAML")
TODAY = date(2026, 11, 22)


@pytest.fixture
def project(tmp_path):
    (tmp_path / "project").mkdir()
    return tmp_path / "project"


@pytest.mark.parametrize("kind", CI)
def test_it_writes_the_pipeline_the_settings_and_the_file_of_the_service_once(cli, project, kind):
    ran = cli("init", "--ci", kind, "--profile", "scrape", "-o", project)
    assert ran.code == 0
    found = {str(path.relative_to(project)) for path in project.rglob("*") if path.is_file()}
    assert found == {PIPELINE, OWN, CI[kind]}
    again = cli("init", "--ci", kind, "-o", project)
    assert again.code == 2 and "is there already and is not overwritten" in again.err


def test_a_dry_run_makes_no_folder(cli, project):
    shown = cli("init", "--ci", "github", "-o", project, "--dry-run")
    assert shown.code == 0 and list(project.iterdir()) == [] and "upload-sarif" in shown.out


def test_findings_fail_ninety_days_after_the_day_it_is_written(cli, project):
    before = datetime.now(UTC).date()
    cli("init", "--ci", "github", "-o", project)
    until = tomllib.loads((project / OWN).read_text())["audit"]["warn-until"]
    assert before + timedelta(days=90) <= until <= datetime.now(UTC).date() + timedelta(days=90)
    assert "warn-until = 2027-02-20" in ci_files("github", "rag", TODAY)[OWN]


@pytest.mark.parametrize("profile", PROFILES)
def test_the_settings_are_those_of_the_profile(cli, project, monkeypatch, profile):
    (project / ".git").mkdir()
    (project / OWN).write_text(ci_files("github", profile, TODAY)[OWN].replace("# accepted", "accepted").replace("# ref", "ref"))
    monkeypatch.chdir(project)
    shown = cli("config", "--show", "--json", "--set").report
    rows = {row["setting"]: row["value"] for row in shown["settings"]}
    assert shown["profile"]["value"] == profile and rows["warn-until"] == "2027-02-20" and rows["accepted"] == ACCEPTED
    assert rows["reference"] == ["human.jsonl"] and rows["pipeline"] == PIPELINE


@pytest.fixture
def workflow():
    """The workflow of GitHub: its job."""
    return yaml.safe_load(ci_files("github", "finetune", TODAY)[CI["github"]])["jobs"]["audit"]


@pytest.mark.parametrize("code", [0, 1, 2])
def test_the_workflow_runs_to_its_end_and_fails_as_the_audit_does(project, workflow, code):
    service = Service(project, STUB.replace("CODE", str(code)))
    assert service.run(workflow["steps"], workflow["env"]) == code
    assert service.ran == ["Install", "Audit", "Summary", "Result"] and service.text("summary") == "the summary\n"
    assert (project / "arguments.txt").read_text().split()[:3] == ["audit", "train.jsonl", "--out"]


def test_the_workflow_takes_a_reference_and_accepted_numbers(project, workflow):
    (project / ".longtail").mkdir()
    (project / ACCEPTED).write_text("{}")
    Service(project, STUB.replace("CODE", "0")).run(workflow["steps"], workflow["env"] | {"REFERENCE": "human.jsonl"})
    arguments = (project / "arguments.txt").read_text()
    assert "--reference\nhuman.jsonl\n" in arguments and f"--accepted\n{ACCEPTED}\n" in arguments


@pytest.mark.parametrize("code", [0, 1])
def test_the_job_of_gitlab_runs_as_a_script(project, code):
    job = yaml.safe_load(ci_files("gitlab", "content", TODAY)[CI["gitlab"]])["longtail"]
    service = Service(project, STUB.replace("CODE", str(code)))
    done = service.script("\n".join([*job["before_script"], *job["script"]]), job["variables"])
    assert done.returncode == code, done.stderr
    assert set(job["artifacts"]["paths"]) == {path.name for path in project.glob("longtail.*")}
    assert (project / "arguments.txt").read_text().split()[:2] == ["audit", "posts.jsonl"]


def test_the_hook_runs_on_the_pipeline_that_is_written_beside_it(cli, project, monkeypatch):
    assert cli("init", "--ci", "pre-commit", "-o", project).code == 0
    (hook,) = yaml.safe_load((project / CI["pre-commit"]).read_text())["repos"][0]["hooks"]
    monkeypatch.chdir(project)
    assert cli(*hook["entry"].split()[1:]).code == 0
    assert re.search(hook["files"], PIPELINE) and re.search(hook["files"], "sets/manifests/m1.json")
    assert not re.search(hook["files"], "train.json")


@pytest.mark.slow
def test_the_audit_itself_runs_in_the_workflow_and_warns_before_its_day(cli, project, workflow, write_rows):
    cli("init", "--ci", "github", "-o", project)
    write_rows("project/train.jsonl", [f"a text with the number {n}" for n in range(40)])
    service = Service(project, REAL)
    assert service.run(workflow["steps"], workflow["env"]) == 0, service.said
    assert "LT101" in service.text("summary")
    settings = project / OWN
    settings.write_text(re.sub("warn-until = .*", "warn-until = 2020-01-01", settings.read_text()))
    again = project.parent / "again"
    project.rename(again)
    assert Service(again, REAL).run(workflow["steps"], workflow["env"]) == 1


def test_a_folder_that_may_not_be_made_is_refused(cli, project):
    (project / ".github").write_text("a file")
    ran = cli("init", "--ci", "github", "-o", project)
    assert ran.code == 2 and "cannot make the folder" in ran.err and not (project / OWN).exists()
