"""Runs of the lab as text, JSON and rows: what is told, and what is never made up."""

import csv
import io
import json

import numpy
import pytest

from longtail.errors import UsageError
from longtail.lab.result import Run, Series, Theory, summed
from longtail.lab.settings import Change, Settings
from longtail.report.lab.files import COLUMNS, command_of, to_csv, to_json, write_runs
from longtail.report.lab.tables import blocks, deaths, heavy
from longtail.report.lab.words import alike, differing, sentence, skewed


def series(mean, *, median=None, se=0.01, left_out=0):
    rows = tuple(mean)
    known = tuple(None if value is None else se for value in rows)
    return Series(mean=rows, se=known, median=tuple(median or rows), q05=rows, q95=rows, left_out=(left_out,) * len(rows))


def made(columns, *, theory=None, **settings):
    length = len(next(iter(columns.values())).mean)
    told = Settings(**({"family": "gaussian", "generations": length, "replicates": 200} | settings))
    return Run(settings=told, generations=tuple(range(1, length + 1)), series=columns, theory=theory or {}, lead_times={}, seconds=0.5)


def lines(*runs):
    return [line.plain for line in blocks(runs)]


def test_no_number_that_is_not_finite_reaches_the_json():
    wild = Series(
        mean=(1.0, float("inf")), se=(float("nan"), None), median=(1.0, None), q05=(1.0, 1.0), q95=(1.0, float("inf")), left_out=(0, 3)
    )
    run = made({"variance": wild}, theory={"variance": Theory(value=(float("inf"), 2.0), kind="exact", source="x")})
    told = json.loads(to_json([run]), parse_constant=lambda name: pytest.fail(name))
    assert told["series"]["variance"]["mean"] == [1.0, None] and told["series"]["variance"]["se"] == [None, None]
    assert told["series"]["variance"]["left_out"] == [0, 3]
    assert told["theory"]["variance"]["value"] == [None, 2.0]


def test_the_csv_has_a_row_for_each_number_and_leaves_absent_ones_empty():
    theory = {"variance": Theory(value=(0.99, None), kind="exact", source="x")}
    rows = list(csv.DictReader(io.StringIO(to_csv([made({"variance": series([1.0, None], left_out=2)}, theory=theory)]))))
    assert tuple(rows[0]) == COLUMNS
    assert [(row["series"], row["generation"], row["mean"], row["theory"], row["kind"]) for row in rows] == [
        ("variance", "1", "1.0", "0.99", "exact"),
        ("variance", "2", "", "", ""),
    ]
    assert rows[1]["left_out"] == "2"


def test_the_command_tells_all_that_is_not_at_its_default():
    changes = (Change(generation=2, policy="fresh:0.1", drop=(1, 1)), Change(generation=3, reset=1))
    told = {"gate": "top:0.5", "changes": changes, "real": 50, "options": {"known_variance": True, "top_k": None}}
    command = command_of([made({"variance": series([1, 1, 1])}, **told)], ["variance"])
    assert command == (
        "longtail lab run gaussian --policy replace --gate top:0.5 --generations 3 --samples 100 --replicates 200 --seed 0 --real 50 "
        "--change 2:policy=fresh:0.1 --change 2:drop=1-1 --change 3:reset=1 --known-variance true --series variance"
    )


def test_runs_that_differ_in_their_policy_are_one_command_and_others_are_several():
    runs = [made({"variance": series([1.0])}, policy=policy) for policy in ("replace", "accumulate")]
    assert "--policy replace --policy accumulate" in command_of(runs) and ";" not in command_of(runs)
    assert command_of([*runs, made({"variance": series([1.0])}, samples=7)]).count(";") == 1


def test_nothing_to_tell_is_refused():
    with pytest.raises(UsageError, match="no runs"):
        to_json([])


def test_an_unknown_suffix_is_refused(tmp_path):
    with pytest.raises(UsageError, match="known suffixes"):
        write_runs([made({"variance": series([1.0])})], tmp_path / "run.txt")


KINDS = {
    "exact": ("z", "+2.0"),
    "asymptotic": ("off", "+2.0%"),
    "bound_upper": ("upper bound", "holds"),
    "bound_lower": ("lower bound", "holds"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_closed_form_stands_beside_the_mean_with_its_kind(kind):
    run = made({"variance": series([1.02, 1.02])}, theory={"variance": Theory(value=(1.0, 1.0), kind=kind, source="Someone 2020")})
    head, row = (line for line in lines(run) if line.startswith(("variance", "      generation 2")))
    assert KINDS[kind][0] in head and row.endswith(KINDS[kind][1])
    assert "Closed form of variance: Someone 2020" in lines(run)


def test_a_mean_beyond_a_bound_is_called_so():
    run = made({"variance": series([1.05])}, theory={"variance": Theory(value=(1.0,), kind="bound_upper", source="x")})
    assert any(line.endswith("beyond") for line in lines(run))


def test_the_median_is_shown_where_it_differs_from_the_mean_beyond_chance():
    assert skewed(series([1.0, 1.0], median=[1.0, 0.5]))
    assert not skewed(series([1.0, 1.0], median=[1.0, 0.95]))
    assert not skewed(series([0.01], median=[0.005], se=0.004))
    told = lines(made({"variance": series([1.0, 1.0], median=[1.0, 0.2])}))
    assert "median" in told[2]
    assert "variance: few replicates carry the mean 1; half of them end at 0.2 or below." in told


def test_it_is_told_when_the_first_and_the_last_replicate_died():
    assert deaths(made({"alive": series([1.0, 1.0])})) == ""
    every = deaths(made({"alive": series([1.0, 0.5, 0.25, 0.0, 0.0])}))
    assert every == "All replicates died: the first in generation 2, the last in generation 4."
    some = deaths(made({"alive": series([1.0, 1.0, 0.95])}))
    assert some == "10 of 200 replicates are dead at the end; the first died in generation 3."


def test_series_that_are_equal_share_a_table_and_those_that_never_change_a_line():
    told = lines(made({"variance": series([1.0, 0.9]), "trace": series([1.0, 0.9]), "effective_rank": series([1.0, 1.0])}))
    assert sum("± se" in line for line in told) == 1
    assert any(line.strip() == "the same: trace" for line in told)
    assert "effective_rank  1 in every generation and replicate" in told


def test_series_are_alike_only_where_they_are_in_every_run():
    one, other = made({"a": series([1.0]), "b": series([1.0])}), made({"a": series([1.0]), "b": series([2.0])})
    assert alike([one], ["a", "b"]) == [["a", "b"]] and alike([one, other], ["a", "b"]) == [["a"], ["b"]]


def test_a_label_tells_what_sets_a_run_apart():
    runs = [made({"a": series([1.0])}, samples=samples) for samples in (10, 20)]
    assert differing(runs) == ["replace, samples 10", "replace, samples 20"]
    assert sentence(runs[0]).endswith("policy replace: 1 generation of 10 rows, 200 replicates")


def test_a_mean_that_few_replicates_carry_gets_no_z():
    rng = numpy.random.default_rng(0)
    light, skew, wild = rng.chisquare(1, 1000), rng.lognormal(0, 1, 1000), rng.lognormal(0, 4, 1000)
    columns = summed({"mean_square": [light], "w2_squared": [skew], "variance": [wild]})
    assert [heavy(columns[name], 0, 1000) for name in columns] == [False, False, True]
    theory = {"variance": Theory(value=(float(numpy.exp(8)),), kind="exact", source="x")}
    told = lines(made({"variance": columns["variance"]}, theory=theory, replicates=1000))
    assert told[3].endswith("heavy") and any(line.startswith("variance: heavy: the mean hangs on so few replicates") for line in told)
