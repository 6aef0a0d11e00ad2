"""`longtail init`: files that can be used as they are, and nothing overwritten."""

import importlib.util
import re
import shlex

import click
import pytest
from click.testing import CliRunner

import longtail.cli.settings.profiles as settings
from longtail.auditing.pipeline import read_pipeline
from longtail.cli.init import command
from longtail.cli.starting import PIPELINE, PROFILES, SCHEDULES, pipeline_text, schedule_text
from longtail.errors import UsageError
from longtail.rules import Override, Pipeline


def run(*arguments):
    return CliRunner().invoke(command, list(map(str, arguments)), catch_exceptions=False)


@pytest.mark.parametrize("profile", PROFILES)
def test_every_profile_is_read_by_the_audit_without_change(cli, write_rows, tmp_path, profile):
    assert run("--profile", profile, "-o", tmp_path).exit_code == 0
    path = tmp_path / PIPELINE
    found = read_pipeline(path)
    assert found.audit_every_days == PROFILES[profile].every_days and 0 < found.min_real < 1
    assert not found.gates and not found.overrides and found.loop is None
    data = write_rows("d.jsonl", [{"text": f"text number {n}", "lt_origin": "human"} for n in range(100)])
    ran = cli("audit", data, "--view", "words_1", "--pipeline", path, "--json")
    assert ran.code in (0, 1) and ran.report["settings"]["pipeline"]["min_real"] == found.min_real


@pytest.mark.parametrize("profile", PROFILES)
def test_the_limit_of_the_file_is_that_of_the_profile_of_an_audit_and_leaves_room_for_the_least_of_real_rows(tmp_path, profile):
    path = tmp_path / PIPELINE
    path.write_text(pipeline_text(profile, 30))
    found = read_pipeline(path)
    assert found.max_synthetic == settings.PROFILES[profile].get("max_synthetic")
    assert found.max_synthetic is None or found.min_real + found.max_synthetic == pytest.approx(1)


def test_a_wholly_synthetic_batch_does_not_fail_the_limit_of_the_profile_whose_batches_are(cli, write_rows, tmp_path):
    run("--profile", "synth", "-o", tmp_path)
    data = write_rows("batch.jsonl", [{"text": f"text number {n}", "lt_origin": "synthetic"} for n in range(100)])
    ran = cli("audit", data, "--view", "words_1", "--pipeline", tmp_path / PIPELINE, "--json")
    assert "LT203" not in {found["code"] for found in ran.report["findings"]}
    (told,) = [each for each in ran.report["not_measured"] if each["code"] == "LT203"]
    assert "no limit on the synthetic share is set" in told["reason"]


@pytest.mark.parametrize("profile", PROFILES)
def test_every_line_that_is_a_comment_can_be_taken_in_and_names_every_key(tmp_path, profile):
    text = pipeline_text(profile, 30).replace('"64 hexadecimal digits"', f'"{"0f" * 32}"')
    keys = (*Pipeline.__struct_fields__, *Override.__struct_fields__)
    given = "|".join(rf"{key} = .*" for key in keys)
    text = re.sub(rf"(?m)^# ({given}|\[\[override\]\])$", r"\1", text)
    path = tmp_path / "all.toml"
    path.write_text(text)
    found = read_pipeline(path)
    (override,) = found.overrides
    assert found.loop and found.gates and found.reviews and found.leash and found.last_audit and override.where == "generation 3"
    assert {key for key in keys if re.search(rf"(?m)^{key} = ", text)} == set(keys) - {"overrides"}


@pytest.mark.parametrize("profile", PROFILES)
def test_every_command_that_is_named_exists_with_its_options(profile):
    texts = [pipeline_text(profile, 30), *(schedule_text(kind, profile, 30) for kind in SCHEDULES)]
    named = {line for text in texts for line in re.findall(r"longtail (?:audit|estimate|tag|reservoir|ledger|watch|mix)[^\"\n]*", text)}
    assert len(named) > 5
    for line in named:
        name, *words = shlex.split(line.removeprefix("longtail "))
        if " ".join(words[:1]) in ("schedule", "runs"):
            continue
        module = importlib.util.find_spec(f"longtail.cli.{name}")
        assert module is not None, line
        found = importlib.import_module(f"longtail.cli.{name}").command
        if isinstance(found, click.Group):
            assert words[0] in found.list_commands(click.Context(found)), line
            continue
        options = {option for parameter in found.params for option in parameter.opts}
        assert {word for word in words if word.startswith("-")} <= options, line


def test_a_second_time_nothing_is_overwritten(tmp_path):
    assert run("-o", tmp_path, "--schedule", "github").exit_code == 0
    (tmp_path / PIPELINE).write_text("mine")
    (tmp_path / SCHEDULES["github"]).unlink()
    with pytest.raises(UsageError, match="is there already and is not overwritten; move it away"):
        run("-o", tmp_path, "--schedule", "github")
    assert (tmp_path / PIPELINE).read_text() == "mine" and not (tmp_path / SCHEDULES["github"]).exists()


def test_a_dangling_link_is_not_written_through(tmp_path):
    (tmp_path / PIPELINE).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match="is there already"):
        run("-o", tmp_path)


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(UsageError, match="there is no such folder; make it"):
        run("-o", tmp_path / "no")


def test_a_dry_run_prints_what_would_be_written_and_writes_nothing(tmp_path):
    shown = run("-o", tmp_path, "--schedule", "cron", "--profile", "content", "--dry-run")
    assert shown.exit_code == 0 and list(tmp_path.iterdir()) == []
    assert pipeline_text("content", 92) in shown.output and schedule_text("cron", "content", 92) in shown.output


@pytest.mark.parametrize("kind", SCHEDULES)
def test_the_job_audits_with_a_history_as_often_as_asked(tmp_path, kind):
    assert run("-o", tmp_path, "--schedule", kind, "--every-days", 7, "-q").exit_code == 0
    text = (tmp_path / SCHEDULES[kind]).read_text()
    assert "0 6 * * 1" in text and "--history audits.json" in text and "Nothing is installed" in text
    assert read_pipeline(tmp_path / PIPELINE).audit_every_days == 7


@pytest.mark.parametrize("kind", ["github", "gitlab"])
def test_the_jobs_are_yaml(kind):
    yaml = pytest.importorskip("yaml")
    found = yaml.safe_load(schedule_text(kind, "synth", 31))
    job = found["jobs"]["audit"]["steps"] if kind == "github" else found["longtail-audit"]
    assert any("longtail audit" in str(step) for step in (job if kind == "github" else job["script"]))


def test_the_help_shows_examples_and_offers_what_works():
    shown = " ".join(run("--help").output.split())
    assert "longtail init --profile synth --schedule github" in shown and "longtail init --profile rag --ci github" in shown
