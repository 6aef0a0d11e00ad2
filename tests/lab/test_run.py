import math

import numpy
import pytest

from longtail.errors import ConfigError, UnknownName, UsageError
from longtail.lab.result import lead_times, summed
from longtail.lab.run import run, simulate
from longtail.lab.settings import Settings


def settings(**given):
    return Settings(**{"family": "categorical", "generations": 4, "samples": 50, "replicates": 60, "options": {"types": 4_000}} | given)


def test_the_result_does_not_depend_on_the_number_of_workers():
    alone, shared = run(settings(), series=["support"]), run(settings(), series=["support"], workers=2)
    assert alone.series == shared.series


def test_more_replicates_keep_the_blocks_that_were_there():
    few, many = (simulate(settings(replicates=n), frozenset({"support"}))["support"][-1] for n in (490, 500))
    whole = 490 // 49 * 49
    assert numpy.array_equal(few[:whole], many[:whole])


def test_blocks_have_chance_of_their_own():
    found = simulate(settings(replicates=98), frozenset({"entropy"}))["entropy"][-1]
    assert not numpy.isin(found[:49], found[49:]).any()


def test_a_run_that_was_stopped_goes_on_with_the_blocks_that_are_kept(tmp_path, monkeypatch):
    whole = run(settings(), series=["support"], keep=tmp_path)
    kept = sorted(tmp_path.glob("*.npz"))
    assert len(kept) == 2
    kept[0].unlink()
    simulated = []
    monkeypatch.setattr("longtail.lab.run.block", lambda *task: simulated.append(task) or pytest.fail("nothing to do"))
    with pytest.raises(pytest.fail.Exception):
        run(settings(), series=["support"], keep=tmp_path)
    assert len(simulated) == 1
    monkeypatch.undo()
    assert run(settings(), series=["support"], keep=tmp_path).series == whole.series


def test_progress_counts_generations_of_replicates_and_reaches_all_of_them():
    heard = []
    run(settings(), series=["support"], on_progress=heard.append)
    done = [step.done for step in heard]
    assert done == sorted(done)
    assert done[:4] == [49, 98, 147, 196]
    assert {(step.total, step.unit) for step in heard} == {(240, "replicate-generations")}
    assert done[-1] == 240


def test_a_dead_replicate_stays_in_with_its_last_value_and_is_counted():
    found = run(settings(generations=60, samples=3, options={"types": 5}, replicates=200)).series
    assert found["support"].mean[-1] == 1.0
    assert found["alive"].mean[-1] == 0.0


def test_a_logarithm_that_does_not_exist_is_left_out_and_counted():
    found = run(Settings(family="gaussian", samples=1, generations=2, replicates=10)).series
    assert found["variance"].mean == (0.0, 0.0)
    assert found["log_variance"].mean == (None, None)
    assert found["log_variance"].left_out == (10, 10)
    assert found["alive"].mean == (0.0, 0.0)


def test_series_are_summed_up_as_numpy_does():
    column = numpy.random.default_rng(0).exponential(size=1000)
    (found,) = summed({"x": [numpy.append(column, numpy.nan)]}).values()
    assert found.mean == pytest.approx((column.mean(),))
    assert found.se == pytest.approx((column.std(ddof=1) / math.sqrt(1000),))
    assert (*found.q05, *found.median, *found.q95) == pytest.approx(tuple(numpy.quantile(column, [0.05, 0.5, 0.95])))
    assert found.left_out == (1,)


def test_lead_times_name_the_first_generation_a_tenth_away_from_the_first():
    columns = {"falls": [1.0, 0.95, 0.9, 0.5], "stays": [1.0, 1.05, 0.95, 1.0], "none": [0.0, 1.0, 2.0, 3.0]}
    series = summed({name: [numpy.array([value]) for value in values] for name, values in columns.items()})
    assert lead_times(series) == {"falls": 3, "stays": None, "none": None}


@pytest.mark.parametrize(
    ("given", "error", "named"),
    [
        ({"family": "gausian"}, UnknownName, "gaussian"),
        ({"policy": "replce"}, UnknownName, "replace"),
        ({"gate": "ball"}, ConfigError, "ball:RADIUS"),
        ({"options": {"tipes": 3}}, UnknownName, "types"),
        ({"options": {"types": "many"}}, ConfigError, "'many'"),
        ({"options": {"temperature": 0}}, ConfigError, "temperature is 0"),
        ({"options": {"types": 1}}, ConfigError, "types is 1"),
        ({"options": {"law": "zipf"}}, ConfigError, "zipf:S"),
        ({"options": {"types": 3, "rewards": "1,2"}}, ConfigError, "2 rewards for 3 types"),
        ({"family": "gaussian", "samples": 1, "options": {"ddof": 1}}, ConfigError, "1 rows have no variance"),
        ({"family": "gaussian", "options": {"ddof": 2}}, ConfigError, "ddof is 2"),
        ({"family": "gaussian", "gate": "top:1e-9", "options": {}}, ConfigError, "let the gate keep more"),
        ({"family": "gaussian", "policy": "fixed_budget", "samples": 10**8, "options": {}}, ConfigError, "lower the rows"),
        ({"family": "gaussian", "gate": "top:0", "options": {}}, ConfigError, "keeps nothing"),
        ({"gate": "detector:0.5,0", "options": {"types": 9}}, ConfigError, "keeps nothing of generation 2"),
        ({"generations": 10**8}, ConfigError, "take up to 100,000"),
        ({"family": "ngram", "samples": 10**7, "options": {}}, UsageError, "real documents are needed"),
    ],
)
def test_bad_settings_are_refused_with_what_is_wrong(given, error, named):
    with pytest.raises(error, match=named):
        run(settings(**given))


def test_an_unknown_series_is_refused_with_those_there_are():
    with pytest.raises(UsageError, match="support"):
        run(settings(), series=["suport"])


def test_a_ball_that_no_row_meets_ends_in_a_result_that_says_so():
    found = run(Settings(family="gaussian", gate="ball:0.001,50", samples=20, generations=3, replicates=4))
    assert found.series["alive"].mean == (1.0, 0.0, 0.0)


@pytest.mark.parametrize(("family", "options"), [("gaussian", {}), ("categorical", {"types": 20}), ("kde", {"bandwidth": 0.3})])
def test_a_gate_that_looks_at_nothing_leaves_every_family_as_it_is(family, options):
    chosen = {"family": family, "samples": 20, "generations": 3, "replicates": 20, "options": options}
    assert run(Settings(**chosen, gate="random:0.3")).series == run(Settings(**chosen)).series
    with pytest.raises(ConfigError, match="keeps nothing"):
        run(Settings(**chosen, gate="random:0"))


def test_a_kept_block_that_is_damaged_is_simulated_anew(tmp_path):
    whole = run(settings(), series=["support"], keep=tmp_path)
    first, second = sorted(tmp_path.glob("*.npz"))
    first.write_text("garbage")
    second.write_bytes(second.read_bytes()[:40])
    assert run(settings(), series=["support"], keep=tmp_path).series == whole.series


def test_a_folder_for_blocks_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot keep blocks in .*name a folder that can be written"):
        run(settings(), keep=tmp_path / "file" / "below")


def test_numbers_beyond_all_bounds_do_not_exist_in_the_result():
    found = run(Settings(family="gaussian", generations=4, samples=20, replicates=10, options={"variance_scale": 1e200}))
    assert found.series["variance"].mean[2] is None
    assert found.series["variance"].left_out[2] == 10


def test_a_blend_that_wants_more_of_the_previous_output_than_of_the_new_one_runs():
    found = run(Settings(family="categorical", policy="blend:0.2,0.5,0.3", generations=5, samples=40, replicates=5, options={"types": 9}))
    assert found.series["alive"].mean[-1] == 1
