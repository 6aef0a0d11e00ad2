"""A world of the lab as a figure: a row for each run, each seed a thin line, their mean a strong one, drawn to scale."""

from types import SimpleNamespace
from xml.etree import ElementTree

import numpy as np
import pytest

from longtail.errors import UsageError
from longtail.lab.result import Made
from longtail.lab.worlds.catalogue import World
from longtail.report.lab.figure import COLOURS
from longtail.report.lab.world_figure import world_figure
from longtail.report.lab.worlds import Performed

WORLD = World("e", ("one", "two"), ("a",), (("a", "b"), ("c",)), (("spoke_at", "the guard fails"),), unit="step", step=2.0)
SEEDS = {"a": ((0.0, 0.0), (0.25, 0.75), (1.0, 0.5)), "c": ((1.0, 1.0), (0.5, None), (None, None))}


def made(**more):
    return Made(settings={}, replicates=2, series={**SEEDS, **more})


def drawn(runs, world=WORLD, title="What a loop loses", **more):
    experiment, outcome = SimpleNamespace(told=SimpleNamespace(title=title)), SimpleNamespace(made=runs)
    return ElementTree.fromstring(world_figure(Performed("w", world, experiment, outcome), **more))


def of(root, *styles):
    return [each for each in root.iter() if set(styles) <= set((each.get("class") or "").split())]


def places(each):
    return [tuple(map(float, point.split(","))) for point in each.get("points").split()]


def words(root):
    return [each.text for each in root.iter() if each.tag.endswith("text")]


def strong(root):
    return [each for each in root.iter() if each.tag.endswith("polyline") and "seed" not in each.get("class")]


def test_each_seed_is_a_line_and_their_mean_lies_between_them():
    root = drawn({"run": made()})
    seeds = [places(each) for each in of(root, "seed", "s0") if each.tag.endswith("polyline")]
    means = places(strong(root)[0])
    assert len(seeds) == 2 and [len(each) for each in seeds] == [3, 3]
    assert [y for _, y in means] == pytest.approx(np.mean([[y for _, y in each] for each in seeds], axis=0), abs=0.06)
    assert [x for x, _ in means] == [x for x, _ in seeds[0]]


def test_an_axis_of_shares_goes_from_nought_to_one_and_time_is_counted_in_the_worlds_unit():
    root = drawn({"run": made()})
    (_, begin), _, (_, end) = places(next(each for each in of(root, "seed", "s0") if each.get("points")))
    (_, held), _ = places(strong(root)[1])
    assert begin > end == held
    assert {"0.0", "1.0", "step", "0", "2", "4"} <= set(words(root))


def test_what_no_seed_has_is_left_out_of_the_mean_and_of_the_line_of_that_seed():
    root = drawn({"run": made()})
    assert [len(places(each)) for each in strong(root)] == [3, 2]
    assert [len(places(each)) for each in of(root, "seed", "s2") if each.get("points")] == [2, 1]


def test_there_is_a_row_for_each_run_and_a_panel_that_a_run_lacks_stays_empty():
    bare = Made(settings={}, replicates=2, series={"a": SEEDS["a"]})
    root = drawn({"first": made(), "second": bare})
    assert [text for text in words(root) if text and text.endswith("(2 seeds)")] == ["first (2 seeds)", "second (2 seeds)"]
    assert len(strong(root)) == 3


def test_the_guard_is_a_line_at_its_mean_step_with_the_number_of_seeds_on_which_it_spoke():
    alarm = ((None, 2.0),) * 3
    root = drawn({"run": made(spoke_at=alarm)})
    lines = [each for each in of(root, "alarm") if each.get("x1") == each.get("x2")]
    middle = places(strong(root)[0])[1][0]
    assert [float(each.get("x1")) for each in lines] == pytest.approx([middle] * 2, abs=0.06)
    assert "a 1 of 2" in words(root) and "a: the guard fails, mean over seeds" in words(root)
    silent = drawn({"run": made(spoke_at=((None, None),) * 3)})
    assert not [each for each in of(silent, "alarm") if each.get("x1") == each.get("x2")]


def test_the_figure_tells_its_command_and_its_last_values_to_those_who_hear_it():
    root = drawn({"run": made()}, command="longtail lab w --seeds 2")
    told = " ".join(each.text or "" for each in root.iter() if each.tag.endswith(("desc", "metadata")))
    assert "run at the end: a 0.75." in told and "command: longtail lab w --seeds 2; version: longtail " in told


def test_words_of_a_run_cannot_break_the_file():
    assert "<b>&" in " ".join(filter(None, words(drawn({"<b>&": made()}, title="a < b & c"))))


def test_without_runs_or_with_more_series_than_colours_there_is_no_figure():
    with pytest.raises(UsageError, match="0 runs and 3 series"):
        drawn({})
    many = WORLD._replace(panels=(tuple(f"s{at}" for at in range(len(COLOURS) + 1)),))
    with pytest.raises(UsageError, match=f"{len(COLOURS) + 1} series"):
        drawn({"run": made()}, many)
