"""The frame of the worlds, with a world that takes no network: sizes of training sets that replace or accumulate."""

import json
import xml.etree.ElementTree as ElementTree

import pytest
from click.testing import CliRunner

from longtail.cli.lab import command as lab
from longtail.cli.lab.world import command_of
from longtail.errors import MissingExtra, UnknownName, UsageError
from longtail.lab.experiment import load
from longtail.lab.makers.catalogue import asked
from longtail.lab.makers.regimes import Asked, values
from longtail.lab.worlds.catalogue import WORLDS, World

TEXT = """
title = "Sizes of training sets"
answers = ["R005"]
claim = "A set that accumulates grows."
condition = "x"
sources = ["s"]
maker = "regimes"
replicates = 3

[settings]
generations = 5

[[run]]
name = "accumulate"
policy = "accumulate"

[[run]]
name = "replace"
policy = "replace"

[[expect]]
says = "It grows"
of = { run = "accumulate", series = "rows" }
above = 1
on_at_least = "3 of 3"

[[expect]]
says = "What is replaced grows as well"
of = { run = "replace", series = "rows" }
above = 1
on_at_least = "3 of 3"
"""


@pytest.fixture
def toy(tmp_path, monkeypatch):
    path = tmp_path / "toy.toml"
    path.write_text(TEXT)
    says = ("A world of sets.", "They grow, or do not.")
    world = World(str(path), says, ("rows",), (("rows",),), (("dropped", "the guard on sizes speaks"),), unit="year", step=0.5)
    monkeypatch.setitem(WORLDS, "toy", world)
    return command_of("toy")


def call(command, *words):
    return CliRunner().invoke(command, words)


def test_a_world_tells_what_it_is_shows_its_series_over_seeds_and_what_became_of_each_expectation(toy):
    shown = call(toy)
    assert shown.exit_code == 1, shown.output
    lines = [line.strip() for line in shown.output.splitlines()]
    assert lines[:3] == ["toy: Sizes of training sets", "A world of sets.", "They grow, or do not."]
    assert {"accumulate (3 seeds)", "replace (3 seeds; policy replace)"} <= set(lines)
    assert next(line.split() for line in lines if line.startswith("year")) == ["year", "0", "0.5", "1", "1.5", "2"]
    seeds = [values(Asked(generations=5), seed)["rows"] for seed in range(3)]
    means = [f"{sum(column) / 3:.2f}" for column in zip(*seeds, strict=True)]
    assert next(line.split() for line in lines if line.startswith("rows")) == ["rows", *means]
    assert f"[{min(each[-1] for each in seeds):.2f}, {max(each[-1] for each in seeds):.2f}]" in shown.output
    assert "holds     It grows: 3 of 3 seeds, 1 (" in shown.output
    assert "Status: does not reproduce" in shown.output
    assert all(len(line) <= 80 for line in shown.output.splitlines())


def test_json_holds_every_seed_and_is_the_same_from_several_processes_and_from_kept_seeds(toy, tmp_path):
    first = call(toy, "--json", "--keep", str(tmp_path / "kept"))
    told = json.loads(first.stdout)
    assert told["world"] == "toy"
    seeds = [values(Asked(generations=5), seed)["rows"] for seed in range(3)]
    assert told["runs"]["accumulate"]["series"]["rows"] == [list(column) for column in zip(*seeds, strict=True)]
    assert call(toy, "--json", "--workers", "2").stdout == first.stdout
    assert call(toy, "--json", "--keep", str(tmp_path / "kept")).stdout == first.stdout


def test_seeds_are_as_many_as_are_asked_for(toy):
    assert json.loads(call(toy, "--json", "--seeds", "2").stdout)["runs"]["replace"]["replicates"] == 2


def test_the_figure_has_a_row_for_each_run(toy, tmp_path):
    call(toy, "-q", "--seeds", "2", "--out", str(tmp_path / "toy.svg"))
    drawn = (tmp_path / "toy.svg").read_text()
    texts = {each.text for each in ElementTree.fromstring(drawn).iter("{http://www.w3.org/2000/svg}text")}
    assert {"accumulate (2 seeds)", "replace (2 seeds)", "year"} <= texts
    assert "longtail lab toy --seeds 2" in drawn


def test_a_device_is_refused_where_no_network_is_trained(toy):
    with pytest.raises(UsageError, match="train no network"):
        CliRunner().invoke(toy, ["--device", "cpu"], catch_exceptions=False)


def test_a_world_that_takes_what_is_not_installed_says_so_before_the_work(toy, monkeypatch, tmp_path):
    (tmp_path / "toy.toml").write_text('extra = "torch"\n' + TEXT)
    monkeypatch.setattr("longtail.lab.makers.regimes.lacks", lambda _: "torch", raising=False)
    with pytest.raises(MissingExtra, match="torch"):
        CliRunner().invoke(toy, [], catch_exceptions=False)


@pytest.mark.parametrize("name", list(WORLDS))
def test_each_world_is_a_command_with_a_page_and_an_experiment_of_seeds(name):
    page = call(lab, name, "--help")
    assert page.exit_code == 0, page.output
    experiment = load(WORLDS[name].experiment)
    assert " ".join(experiment.told.claim.split()) in " ".join(page.output.split())
    assert experiment.told.replicates >= 5
    assert all(asked(experiment.told.maker, {}).__class__ is type(settings) for settings in experiment.made.values())


def test_an_unknown_world_is_a_usage_error_that_names_the_nearest():
    assert "did you mean 'echo'" in call(lab, "ecco").output
    with pytest.raises(UnknownName):
        load("ecco")
