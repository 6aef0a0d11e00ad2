from pathlib import Path

import pytest

from longtail.errors import ConfigError, ReadError, UnknownName
from longtail.lab.experiment import load, names, perform

TEXT = """
title = "t"
answers = ["R003"]
claim = "c"
condition = "x"
sources = ["s"]
replicates = 200
quick_replicates = 20

[settings]
family = "gaussian"
generations = 10
samples = 20
options = {{ ddof = 1 }}

[[run]]
name = "replace"
{run}

[[expect]]
says = "variance falls"
of = {{ run = "{of}", series = "variance", generation = {generation} }}
{bound}
"""


def write(folder, run="", of="replace", generation=10, bound="at_most = 2", more=""):
    path = folder / "mine.toml"
    path.write_text(TEXT.format(run=run, of=of, generation=generation, bound=bound) + more)
    return str(path)


@pytest.mark.parametrize("name", names())
def test_a_shipped_experiment_says_what_it_tests_or_what_it_needs(name):
    told = load(name).told
    assert told.answers and told.sources and told.claim.endswith(".")
    assert bool(told.needs) != bool(told.expect)
    assert told.quick_replicates <= told.replicates


def test_an_experiment_of_ones_own_is_run_and_judged(tmp_path):
    outcome = perform(load(write(tmp_path)))
    assert (outcome.name, outcome.status, outcome.failing) == ("mine", "holds", False)
    assert outcome.measured[0].replicates == outcome.runs["replace"].settings.replicates == 200
    assert outcome.runs["replace"].settings.options == {"ddof": 1}


def test_quick_takes_fewer_replicates(tmp_path):
    assert perform(load(write(tmp_path)), quick=True).measured[0].replicates == 20


def test_the_same_numbers_come_from_kept_blocks_and_from_several_processes(tmp_path):
    experiment = load(write(tmp_path))
    first = perform(experiment, keep=tmp_path / "kept")
    assert perform(experiment, keep=tmp_path / "kept").measured == perform(experiment, workers=2).measured == first.measured


def test_an_expectation_that_fails_is_a_claim_that_does_not_reproduce(tmp_path):
    outcome = perform(load(write(tmp_path, bound="at_least = 5")))
    assert (outcome.status, outcome.failing) == ("does not reproduce", True)


def test_a_condition_is_part_of_the_status(tmp_path):
    text = 'only_if = "it rains"\n' + Path(write(tmp_path)).read_text()
    (tmp_path / "mine.toml").write_text(text)
    assert perform(load(str(tmp_path / "mine.toml"))).status == "holds only if it rains"


def test_an_experiment_that_needs_a_part_is_not_run():
    outcome = perform(load("one-signature"))
    assert outcome.status.startswith("not yet: needs views of images") and outcome.measured == ()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"run": 'polciy = "replace"'}, "polciy"),
        ({"of": "replce"}, "did you mean 'replace'"),
        ({"generation": 11}, "outside 1 to 10"),
        ({"bound": ""}, "has no bound"),
        ({"bound": 'at_most = "x"'}, "at_most"),
        ({"more": '[[run]]\nname = "idle"\n'}, "no expectation is about the run 'idle'"),
        ({"more": '[[run]]\nname = "replace"\n'}, "same name"),
        ({"more": "[[run]]\n"}, "no name"),
        ({"run": "replicates = 5"}, "replicates of its own"),
        ({"run": 'changes = ["5:polcy=x"]'}, "not understood"),
        ({"bound": "at_most = 2\n[["}, "mine.toml"),
    ],
)
def test_a_bad_file_says_where_and_what(tmp_path, change, said):
    with pytest.raises(ConfigError, match="mine.toml") as raised:
        load(write(tmp_path, **change))
    assert said in str(raised.value)


def test_unknown_names_and_files_are_told():
    with pytest.raises(UnknownName, match="did you mean 'gate-matrix'"):
        load("gate-matrx")
    with pytest.raises(ReadError, match="No such file"):
        load("nowhere/none.toml")
