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


def test_an_unknown_series_is_told_with_those_that_there_are():
    with pytest.raises(UsageError, match="'sizes' is not known to the maker regimes; it has dropped, named"):
        made("regimes", asked("regimes", {"generations": 2}), frozenset({"sizes"}), 1)


def test_replicates_stand_side_by_side_and_are_told_of():
    told = []
    found = made("regimes", asked("regimes", {"generations": 3}), frozenset({"rows"}), 2, told.append)
    assert [each.shape for each in found["rows"]] == [(2,)] * 3
    assert [each.done for each in told] == [1, 2]
