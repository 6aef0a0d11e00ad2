"""`longtail lab run`: what it prints, that it is the same each time, and what it refuses."""

import json
import math
import re
import shlex

import pytest
from click.testing import CliRunner

from longtail.cli.main import cli as group
from longtail.gates import GATES
from longtail.lab.learners import FAMILIES
from longtail.policies import POLICIES

SMALL = ("--generations", 3, "--samples", 20, "--replicates", 50)
RATE = "replicate_generations_per_second"
KEYS = ["schema_version", "family", "policy", "gate", "settings", "generations", "series", "theory", "lead_times"]


def run(cli, *arguments):
    ran = cli("lab", "run", *arguments)
    assert (ran.code, ran.err) == (0, "")
    return ran


def found(cli, *arguments):
    """Return the JSON of a run without its rate."""
    told = json.loads(run(cli, *arguments, "--json").out, parse_constant=lambda name: pytest.fail(f"{name} in JSON"))
    for each in told.get("runs", [told]):
        assert each.pop(RATE) > 0
    return told


def unrated(text):
    return [line for line in text.splitlines() if RATE not in line]


def test_the_json_has_the_keys_of_the_contract_first_and_a_number_for_each_generation(cli):
    told = found(cli, "gaussian", *SMALL, "--seed", 7)
    assert list(told)[: len(KEYS)] == KEYS
    assert (told["schema_version"], told["family"], told["policy"], told["gate"]) == ("1.0", "gaussian", "replace", "none")
    assert told["generations"] == [1, 2, 3]
    assert (told["settings"]["seed"], told["settings"]["samples"], told["settings"]["options"]["ddof"]) == (7, 20, 0)
    assert {"mean_square", "variance", "log_variance", "alive"} <= set(told["series"])
    for series in told["series"].values():
        assert list(series)[:5] == ["mean", "se", "median", "q05", "q95"]
        assert all(len(column) == 3 for column in series.values())
    for theory in told["theory"].values():
        assert set(theory) == {"value", "kind", "source"} and len(theory["value"]) == 3


def test_the_spread_of_the_mean_is_the_standard_error(cli):
    variance = found(cli, "gaussian", "--generations", 1, "--samples", 50, "--replicates", 4000)["series"]["variance"]
    assert variance["se"][0] == pytest.approx(math.sqrt(2 * 49 / 50**2 / 4000), rel=0.05)
    assert abs(variance["mean"][0] - 49 / 50) < 4 * variance["se"][0]


def test_the_json_is_the_same_twice_and_on_two_processes(subprocess_cli):
    call = ("lab", "run", "gaussian", "--generations", 2, "--replicates", 9000, "--series", "variance", "--json")
    once, again, two = subprocess_cli(*call), subprocess_cli(*call), subprocess_cli(*call, "--workers", 2)
    assert (once.code, two.code, two.err) == (0, 0, "")
    assert unrated(once.out) == unrated(again.out) == unrated(two.out)


def test_the_command_in_the_json_gives_the_run_again(cli):
    asked = ("categorical", "--types", 30, "--wrong", 0.1, "--policy", "fresh:0.2", "--gate", "oracle:1,0.5", "--real", 40)
    told = found(cli, *asked, *SMALL, "--change", "3:policy=replace", "--schedule", "list:20,30,40", "--series", "support")
    program, lab, verb, *words = shlex.split(told["command"])
    assert (program, lab, verb) == ("longtail", "lab", "run")
    assert found(cli, *words) == told


def test_several_policies_are_a_list_of_runs_that_share_generation_1(cli):
    told = found(cli, "gaussian", *SMALL, "--policy", "replace", "--policy", "accumulate", "--policy", "replace")
    assert list(told) == ["schema_version", "runs"]
    one, other = told["runs"]
    assert (one["policy"], other["policy"]) == ("replace", "accumulate")
    assert one == found(cli, "gaussian", *SMALL)
    assert one["series"]["variance"]["mean"][0] == other["series"]["variance"]["mean"][0]
    assert one["series"]["variance"]["mean"][2] != other["series"]["variance"]["mean"][2]


def test_what_does_not_exist_is_null_and_counted(cli):
    told = found(cli, "gaussian", "--samples", 1, "--generations", 2, "--replicates", 5)
    log = told["series"]["log_variance"]
    assert log["mean"] == [None, None] and log["left_out"] == [5, 5]
    assert told["series"]["alive"]["mean"] == [0.0, 0.0]
    assert "left_out" not in told["series"]["variance"]


def test_replicates_that_are_dead_are_counted_whatever_series_are_asked_for(cli):
    assert list(found(cli, "gaussian", *SMALL, "--series", "variance")["series"]) == ["variance", "alive"]


def test_a_run_that_was_kept_goes_on_where_it_was(cli, tmp_path, monkeypatch):
    call = ("gaussian", *SMALL, "--keep", tmp_path / "kept")
    told = found(cli, *call)
    assert len(list((tmp_path / "kept").glob("*.npz"))) == 1
    monkeypatch.setattr("longtail.lab.run.block", lambda *_: pytest.fail("a block was simulated again"))
    assert found(cli, *call) == told


def test_options_of_the_family_are_read_as_what_they_are(cli):
    options = found(cli, "gaussian", *SMALL, "--dim", 2, "--variance-scale", 0.9, "--known-variance", "--series", "trace")["settings"][
        "options"
    ]
    assert (options["dim"], options["variance_scale"], options["known_variance"], options["sampling_error"]) == (2, 0.9, True, True)
    assert found(cli, "gaussian", *SMALL, "--sampling-error", "false")["series"]["variance"]["mean"] == [1.0, 1.0, 1.0]


def test_options_may_stand_before_the_family(cli):
    assert found(cli, "--samples", 20, "gaussian", "--generations", 3, "--replicates", 50) == found(cli, "gaussian", *SMALL)


@pytest.mark.parametrize("suffix", [".json", ".csv", ".svg", ".JSON"])
def test_a_file_is_written_and_quiet_prints_nothing(cli, tmp_path, suffix):
    path = tmp_path / f"run{suffix}"
    assert run(cli, "gaussian", *SMALL, "--out", path, "--out", tmp_path / "more.json", "--quiet").out == ""
    assert path.stat().st_size > 100 and (tmp_path / "more.json").exists()


def test_the_file_is_what_json_prints(cli, tmp_path):
    printed = run(cli, "gaussian", *SMALL, "--json", "--out", tmp_path / "run.json").out
    assert (tmp_path / "run.json").read_text() == printed


def test_a_png_without_its_extra_is_refused_before_the_work(cli, tmp_path, monkeypatch):
    def absent(name):
        raise ImportError(name)

    monkeypatch.setattr("longtail.report.drawing.png.import_module", absent)
    monkeypatch.setattr("longtail.cli.lab.run.run", lambda *_, **__: pytest.fail("the run was made"))
    ran = cli("lab", "run", "gaussian", "--out", tmp_path / "figure.png")
    assert ran.code == 2 and "pip install 'longtail[png]'" in ran.err


def test_the_terminal_shows_each_series_in_80_columns(cli):
    ran = run(cli, "gaussian", *SMALL, "--dim", 3, "--policy", "fresh:0.5", "--policy", "replace")
    lines = ran.out.splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[0].startswith("gaussian, dim 3, policy fresh:0.5: 3 generations of 20 rows, 50 replicates")
    assert any(line.startswith("effective_rank") and "± se" in line for line in lines)
    assert "300 replicate-generations in " in lines[-1] and lines[-1].endswith("per second")


def test_help_shows_examples_then_options_families_policies_and_gates(cli):
    text = CliRunner().invoke(group, ["lab", "run", "--help"]).output
    order = [
        text.index(word) for word in ("Examples:", "--policy", "Families", "gaussian  ", "Policies:", "fresh:SHARE", "Gates:", "top:ALPHA")
    ]
    assert order == sorted(order)
    listed = text[text.index("Families") :]
    assert all(entry.name in listed for catalogue in (FAMILIES, POLICIES, GATES) for entry in catalogue)


def test_the_help_of_a_family_shows_its_options_with_types_and_defaults(cli):
    text = " ".join(CliRunner().invoke(group, ["lab", "run", "gaussian", "--help"]).output.split())
    assert "Options of gaussian: --dim INTEGER Number of coordinates. [default: 1]" in text
    assert "--known-variance [true|false] Learn the mean alone; the variance stays 1. [default: false]" in text
    assert text.index("Examples:") < text.index("--dim") < text.index("--policy SPEC")


REFUSED = {
    "no rows": (("gaussian", "--samples", 0), "samples is 0"),
    "no replicates": (("gaussian", "--replicates", 0), "replicates is 0"),
    "no generations": (("gaussian", "--generations", 0), "generations is 0"),
    "a seed below 0": (("gaussian", "--seed", -1), "seed is -1"),
    "a share above 1": (("gaussian", "--policy", "fresh:1.5"), "share is 1.5"),
    "a share below 0": (("gaussian", "--policy", "fresh:-0.1"), "share is -0.1"),
    "a share that is no number": (("gaussian", "--policy", "fresh:half"), "share is 'half'"),
    "a policy without its setting": (("gaussian", "--policy", "fresh"), "fresh:SHARE"),
    "an unknown policy": (("gaussian", "--policy", "replase"), "did you mean 'replace'?"),
    "an unknown family": (("gausian",), "did you mean 'gaussian'?"),
    "options without a family": (("--samples", 5), "gaussian"),
    "an unknown gate": (("gaussian", "--gate", "topp:0.5"), "did you mean 'top'?"),
    "a gate that keeps nothing": (("gaussian", "--gate", "random:0"), "keeps nothing"),
    "a gate of what rows do not show": (("gaussian", "--gate", "oracle:1,0"), "validity"),
    "a temperature of 0": (("categorical", "--temperature", 0), "temperature is 0.0"),
    "no mass": (("categorical", "--top-p", 0), "top_p is 0.0"),
    "a power without end": (("gaussian", "--schedule", "power:inf"), "take a number from -10 to 10"),
    "a power that is no number": (("gaussian", "--schedule", "power:nan"), "take a number from -10 to 10"),
    "a mean without end": (("gaussian", "--true-mean", "inf"), "true_mean is inf"),
    "modes without end": (("gaussian", "--modes", "inf"), "modes is inf"),
    "a law of no number": (("categorical", "--law", "zipf:nan"), "law 'zipf:nan'"),
    "an order too high to count": (("ngram", "--order", 99), "take a lower order"),
    "more rows than can be counted": (("categorical", "--samples", 10**20), "take 1,000,000,000,000 at most"),
    "more types than can be held": (("categorical", "--types", 10**11), "take 2 to 10,000,000"),
    "an unknown law": (("categorical", "--law", "normal"), "law 'normal'"),
    "an unknown series": (("gaussian", "--series", "varience"), "variance"),
    "a schedule of another length": (("gaussian", "--generations", 3, "--schedule", "list:10,20"), "2 sizes for 3 generations"),
    "an unknown schedule": (("gaussian", "--schedule", "cubic"), "schedule 'cubic'"),
    "a change after the end": (("gaussian", "--generations", 3, "--change", "4:policy=accumulate"), "take 2 to 3"),
    "a change that is no change": (("gaussian", "--change", "soon"), "change 'soon'"),
    "an unknown format": (("gaussian", "--out", "figure.pdf"), ".csv, .json, .png, .svg"),
    "a folder that does not exist": (("gaussian", "--out", "nowhere/figure.svg"), "nowhere"),
    "a file to keep blocks in": (("gaussian", "--keep", __file__), "is a file"),
    "no processes": (("gaussian", "--workers", 0), "workers is 0"),
    "an option with a typo": (("gaussian", "--variance-scal", 1), "'--variance-scale'"),
    "an option of another family": (("gaussian", "--temperature", 1), "--dim, --ddof"),
    "a number that is none": (("gaussian", "--dim", "two"), "'two'"),
    "a number out of range": (("gaussian", "--ddof", 2), "ddof is 2"),
    "a truth that is none": (("gaussian", "--sampling-error", "perhaps"), "'perhaps'"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_bad_settings_are_refused_in_one_line(cli, monkeypatch, tmp_path, case):
    monkeypatch.chdir(tmp_path)
    arguments, hint = REFUSED[case]
    ran = cli("lab", "run", *arguments)
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (2, "", 1), ran.err
    assert ran.err.startswith("longtail: ") and "unexpected" not in ran.err and "Traceback" not in ran.err
    assert hint in ran.err


@pytest.mark.parametrize("family", [entry.name for entry in FAMILIES])
def test_each_setting_of_a_family_is_told_in_its_help(cli, family):
    listed = run(cli, family, "--help").out.partition(f"Options of {family}:\n")[2].partition("Options of every family")[0]
    settings = re.split(r"^  (?=--)", listed, flags=re.MULTILINE)[1:]
    assert len(settings) == len(FAMILIES[family].settings)
    assert not [each for each in settings if re.fullmatch(r"\S+ \S+\s+\[(default: .*|required)\]\s*", each)]
