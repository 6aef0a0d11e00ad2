from pathlib import Path

import numpy as np
import pytest

from longtail.errors import ConfigError, UsageError
from longtail.lab.experiment import load, perform
from longtail.lab.makers.catalogue import asked, made

TEXT = """
title = "t"
answers = ["R005"]
claim = "c."
condition = "x"
sources = ["s"]
maker = "{maker}"
replicates = 120
quick_replicates = 4

[[run]]
name = "one"
generations = 5
{setting}

[[expect]]
says = "sizes are those of accumulation"
of = {{ run = "one", series = "rows", generation = {generation} }}
at_least = 4.9
"""


def write(folder, maker="regimes", setting='policy = "accumulate"', generation=5):
    path = folder / "mine.toml"
    path.write_text(TEXT.format(maker=maker, setting=setting, generation=generation))
    return str(path)


def test_an_experiment_of_a_maker_is_run_and_judged(tmp_path):
    outcome = perform(load(write(tmp_path)))
    assert (outcome.status, outcome.measured[0].replicates, outcome.runs) == ("holds", 120, {})
    assert perform(load(write(tmp_path)), quick=True).measured[0].replicates == 4


def sizes(replicates, **how):
    runs = {name: (asked("regimes", {"generations": 3, "seed": 7 * at}), count) for at, (name, count) in enumerate(replicates.items())}
    return made("regimes", runs, **how)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"maker": "regime"}, "did you mean 'regimes'"),
        ({"setting": "polcy = 1"}, "polcy"),
        ({"setting": "rows = 3"}, "rows"),
        ({"generation": 6}, "outside 1 to 5"),
    ],
)
def test_a_bad_file_says_where_and_what(tmp_path, change, said):
    with pytest.raises(ConfigError, match="mine.toml") as raised:
        load(write(tmp_path, **change))
    assert said in str(raised.value)


def test_an_unknown_series_is_told_with_those_that_there_are(tmp_path):
    path = Path(write(tmp_path))
    path.write_text(path.read_text().replace('"rows"', '"sizes"'))
    with pytest.raises(UsageError, match="'sizes' is not known to the maker regimes; it has dropped, named"):
        perform(load(str(path)), seeds=1)


def test_replicates_stand_side_by_side_and_are_told_of():
    told = []
    found = sizes({"one": 2}, on_progress=told.append)["one"]
    assert [each.shape for each in found["rows"]] == [(2,)] * 3
    assert [each.done for each in told] == [1, 2]


def test_a_replicate_that_was_kept_is_read_and_numbers_do_not_depend_on_processes(tmp_path, monkeypatch):
    first = sizes({"one": 3, "two": 1}, keep=tmp_path)
    assert len(list(tmp_path.glob("*.npz"))) == 4
    elsewhere = sizes({"one": 3, "two": 1}, workers=2)
    np.testing.assert_equal(first, elsewhere)
    monkeypatch.setattr("longtail.lab.makers.regimes.values", None)
    np.testing.assert_equal(first, sizes({"one": 3, "two": 1}, keep=tmp_path))


def test_a_damaged_replicate_is_made_anew(tmp_path):
    first = sizes({"one": 1}, keep=tmp_path)
    next(tmp_path.glob("*.npz")).write_bytes(b"torn")
    np.testing.assert_equal(first, sizes({"one": 1}, keep=tmp_path))


def test_a_run_of_a_maker_may_have_replicates_of_its_own_which_grow_with_those_asked_for(tmp_path):
    outcome = perform(load(write(tmp_path, setting="replicates = 60")), seeds=4)
    assert (outcome.measured[0].replicates, outcome.made["one"].replicates) == (2, 2)
    assert [len(values) for values in outcome.made["one"].series["rows"]] == [2] * 5


def test_runs_of_unlike_numbers_of_replicates_are_not_compared(tmp_path):
    path = Path(write(tmp_path, setting="replicates = 60"))
    text = path.read_text().replace("at_least = 4.9", 'minus = { run = "two", series = "rows" }\nat_least = 0')
    path.write_text(text + '\n[[run]]\nname = "two"\n')
    with pytest.raises(ConfigError, match="unlike numbers"):
        load(str(path))
