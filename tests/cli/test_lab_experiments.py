import json

import pytest
from click.testing import CliRunner

from longtail.cli.lab.claims import command as claims
from longtail.cli.lab.experiment import command as experiment
from longtail.cli.lab.scenario import command as scenario
from longtail.errors import UsageError
from longtail.lab.claims import Result, shipped


def call(command, *words):
    return CliRunner().invoke(command, words)


def test_without_a_name_the_experiments_are_listed():
    shown = call(experiment)
    assert shown.exit_code == 0
    assert "gate-matrix" in shown.output


def test_an_experiment_prints_each_expectation_with_its_interval_and_verdict():
    shown = call(experiment, "single-pass", "--quick")
    assert shown.exit_code == 0, shown.output
    assert "holds" in shown.output
    assert " to " in shown.output
    assert "Status: holds" in shown.output


def test_json_and_figures_are_written(tmp_path):
    told = json.loads(call(experiment, "single-pass", "--quick", "--json").stdout)
    assert told["experiments"][0]["measured"][0]["verdict"] == "holds"
    for name in ("figure.svg", "told.json"):
        assert call(experiment, "single-pass", "--quick", "-q", "--out", str(tmp_path / name)).exit_code == 0
        assert (tmp_path / name).stat().st_size > 1000


def test_a_figure_is_of_one_experiment():
    with pytest.raises(UsageError, match="one experiment"):
        CliRunner().invoke(experiment, ["single-pass", "curse", "--out", "x.svg"], catch_exceptions=False)


def test_an_expectation_that_fails_is_exit_code_1(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(
        'title = "t"\nanswers = ["R003"]\nclaim = "c"\ncondition = "x"\nsources = ["s"]\n'
        '[[run]]\nname = "a"\nfamily = "gaussian"\n[[expect]]\nsays = "e"\nof = { run = "a", series = "variance" }\nabove = 50\n'
    )
    shown = call(experiment, str(path), "--quick")
    assert shown.exit_code == 1
    assert "does not reproduce" in shown.output


def test_the_register_is_printed_with_what_does_not_reproduce_first():
    shown = call(claims)
    assert shown.exit_code == 0
    assert "does not reproduce" in shown.output.splitlines()[1]
    told = json.loads(call(claims, "--json").stdout)
    assert all(row["experiments"] or row["status"] == "ungrounded" for row in told["claims"])


def test_one_experiment_is_measured_anew_into_a_register(tmp_path, monkeypatch):
    ran = []

    def fake(*, quick, known, only, **_):
        ran.append((quick, only))
        return known | {"curse": Result(status="undecided", date="2020-01-01")}

    monkeypatch.setattr("longtail.cli.lab.claims.run_all", fake)
    out = tmp_path / "claims.json"
    assert call(claims, "-q", "--only", "curse", "--out", str(out)).exit_code == 0
    assert ran == [(False, ("curse",))]
    assert shipped(out).results == shipped().results | {"curse": Result(status="undecided", date="2020-01-01")}
    monkeypatch.setattr("longtail.cli.lab.claims.run_all", lambda *, known, **_: known)
    assert call(claims, "-q", "--only", "single-pass", "--out", str(out)).exit_code == 0
    assert shipped(out).results["curse"].status == "undecided"


def test_results_of_few_replicates_do_not_stand_beside_those_of_all():
    with pytest.raises(UsageError, match="of a full run; leave out --run"):
        CliRunner().invoke(claims, ["--run", "quick", "--only", "curse"], catch_exceptions=False)


def test_scenarios_are_listed():
    assert [line.split()[0] for line in call(scenario).output.splitlines()] == ["augment", "content", "images", "lm", "scrape"]
