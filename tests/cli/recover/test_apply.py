"""`longtail recover apply`: what is written and said; one line where it cannot be done."""

import importlib
import json

import msgspec
import pytest

from tests.cli.refusing import refused


@pytest.fixture(autouse=True)
def registered(monkeypatch):
    commands = importlib.import_module("longtail.cli.main")._COMMANDS
    monkeypatch.setitem(commands, "recover", "longtail.cli.recover")


@pytest.fixture
def data(write_rows, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    human = [{"text": f"a human text number {n}", "lt_origin": "human"} for n in range(100)]
    model = [{"text": f"model {g} text {n}", "lt_origin": "synthetic", "lt_depth": g} for g in (1, 2, 3) for n in range(100)]
    write_rows("human.jsonl", human)
    return write_rows("pool.jsonl", model)


ANCHOR = ("recover", "apply", "re-anchor", "--reservoir", "human.jsonl", "--outputs", "pool.jsonl")


def test_re_anchor_writes_and_says_what_is_in_it_what_was_left_out_and_what_comes_next(cli, data, tmp_path):
    ran = cli(*ANCHOR, "--drop-generations", "2", "3", "-o", "next.jsonl", "--reason", "onset at 2")
    assert (ran.code, ran.out) == (0, "")
    said = ran.err.splitlines()
    assert said[0] == "next.jsonl: re-anchor, 100 rows: 30 human rows, 70 of model output"
    assert said[1:3] == [f"  left out: generation {each}, 100 rows: onset at 2" for each in (2, 3)]
    assert "  min_real = 0.3" in said and said[-1] == "  longtail recover check --before OLD --after NEW --reference REF"
    rows = [json.loads(line) for line in (tmp_path / "next.jsonl").read_text().splitlines()]
    assert {row.get("lt_depth") for row in rows if row["lt_origin"] == "synthetic"} == {1}


def test_the_line_for_the_pipeline_file_is_one_that_it_takes(cli, data, tmp_path):
    from longtail.auditing.pipeline import read_pipeline

    said = cli(*ANCHOR, "-o", "next.jsonl").err.splitlines()
    (tmp_path / "pipeline.toml").write_text("[pipeline]\n" + next(line for line in said if "min_real" in line))
    assert read_pipeline(tmp_path / "pipeline.toml").min_real == 0.3


def test_a_dry_run_tells_of_the_tail_on_stdout_and_writes_nothing(cli, data, tmp_path):
    before = sorted(tmp_path.iterdir())
    ran = cli(*ANCHOR, "--dry-run")
    assert (ran.code, ran.err, sorted(tmp_path.iterdir())) == (0, "", before)
    assert "(dry run, nothing written)" in ran.out and "  tail: " in ran.out


def test_json_is_the_manifest_and_the_file_says_the_same(cli, data, tmp_path):
    ran = cli(*ANCHOR, "--drop-generations", "2,3", "-o", "next.jsonl", "--json")
    assert (ran.code, ran.err) == (0, "")
    assert ran.report == json.loads((tmp_path / "next.jsonl.manifest.json").read_text())
    assert ran.report["settings"]["recovery"]["left_out"] == {"2": 100, "3": 100}


def test_roll_back_writes_the_pool_up_to_the_clean_generation(cli, data, tmp_path):
    ran = cli("recover", "apply", "roll-back", "--pool", "human.jsonl", "pool.jsonl", "--until", "1", "-o", "clean.jsonl")
    assert ran.code == 0 and ran.err.startswith("clean.jsonl: roll-back, 200 rows: 100 human rows, 100 of model output")


def test_a_reservoir_that_longtail_made_is_read(cli, data, tmp_path):
    dated = [json.loads(line) | {"lt_time": "2001-02-03"} for line in (tmp_path / "human.jsonl").read_text().splitlines()]
    (tmp_path / "dated.jsonl").write_text("".join(json.dumps(row) + "\n" for row in dated))
    assert cli("reservoir", "init", "kept").code == 0 and cli("reservoir", "add", "kept", "dated.jsonl").code == 0
    ran = cli("recover", "apply", "re-anchor", "--reservoir", "kept", "--outputs", "pool.jsonl", "--share", "0.5", "-o", "next.jsonl")
    assert ran.code == 0 and "50 human rows, 50 of model output" in ran.err


def test_re_source_writes_the_list_of_a_plan(cli, data, tmp_path):
    from longtail.diagnosis.recovery.records import Wanted

    wanted = Wanted(
        view="words_1", name="rarest", is_missing=True, reference_documents=3, reservoir_documents=0, share=0.01, rows=7, low=1, high=9
    )
    (tmp_path / "plan.json").write_bytes(msgspec.json.encode(plan((wanted,))))
    ran = cli("recover", "apply", "re-source", "--plan", "plan.json", "-o", "wanted.jsonl")
    assert ran.code == 0 and ran.err.startswith("wanted.jsonl: 1 to look for, 7 rows")
    assert json.loads((tmp_path / "wanted.jsonl").read_text())["name"] == "rarest"


def plan(shopping):
    """Return a plan of which the list alone is of interest."""
    from longtail.diagnosis.recovery import records as of

    bounded = of.Bounded(value=0.5, low=0.4, high=0.6, n=10, unit="ratio")
    return of.Plan(
        longtail_version="0",
        created_at="",
        command="",
        seed=0,
        stop=of.Stop(status="not known", because="-", regime="unknown", line=""),
        options=(),
        clean=of.Clean(version=None, place=None, because="-"),
        pool=None,
        shares=None,
        unrecoverable=of.Unrecoverable(view="words_1", total=0, once=0, of=0),
        shopping=shopping,
        shopping_total=len(shopping),
        asymmetry=of.Asymmetry(early=None, late=None, because="-"),
        baseline="-",
        now=bounded,
        gap=1.0,
        target=0.9,
        target_because="-",
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("re-anchor", "--outputs", "pool.jsonl", "-o", "n.jsonl"), ("no reservoir", "--reservoir")),
        (("re-anchor", "--reservoir", "human.jsonl", "-o", "n.jsonl"), ("no outputs", "--outputs")),
        (("re-anchor", "--reservoir", "human.jsonl", "--outputs", "pool.jsonl"), ("-o", "--dry-run")),
        (("re-anchor", "--reservoir", "human.jsonl", "--outputs", "pool.jsonl", "-o", "pool.jsonl"), ("one of the inputs",)),
        (("re-anchor", "--reservoir", "human.jsonl", "--outputs", "pool.jsonl", "-o", "n.jsonl", "--share", "two"), ("two",)),
        (
            ("re-anchor", "--reservoir", "human.jsonl", "--outputs", "pool.jsonl", "-o", "n.jsonl", "--share", "0.9", "--size", "200"),
            ("100 human rows", "--size 111", "--repeat"),
        ),
        (
            ("re-anchor", "--reservoir", "human.jsonl", "--outputs", "pool.jsonl", "-o", "n.jsonl", "--drop-generations", "x"),
            ("'x'", "whole numbers"),
        ),
        (("re-anchor", "--reservoir", "nowhere.jsonl", "--outputs", "pool.jsonl", "-o", "n.jsonl"), ("nowhere.jsonl",)),
        (("roll-back", "--until", "1", "-o", "n.jsonl"), ("no pool",)),
        (("roll-back", "--pool", "human.jsonl", "-o", "n.jsonl"), ("--until",)),
        (("roll-back", "--pool", "human.jsonl", "pool.jsonl", "--until", "5", "-o", "n.jsonl"), ("the newest is 3",)),
        (("re-source", "-o", "n.jsonl"), ("--plan",)),
        (("re-source", "--plan", "pool.jsonl", "-o", "n.jsonl"), ("no plan of recovery", "longtail recover plan")),
    ],
)
def test_what_cannot_be_done_is_one_line(cli, data, arguments, words):
    refused(cli("recover", "apply", *arguments), *words)


def test_help_shows_examples_first(cli):
    for name in ((), ("re-anchor",), ("roll-back",), ("re-source",)):
        ran = cli("recover", "apply", *name, "--help")
        assert ran.code == 0 and ran.out.index("Examples:") < ran.out.index("Options:")


def test_a_ledger_knows_the_training_set_that_was_made_and_what_of(cli, data, tmp_path):
    from longtail.ledger.manifest import MANIFEST
    from longtail.ledger.store import Ledger

    assert cli("ledger", "init", "ledger").code == 0
    assert cli("ledger", "add", "ledger", "human.jsonl").code == 0
    ran = cli(*ANCHOR, "--drop-generations", "3", "--ledger", "ledger", "-o", "next.jsonl", "--json")
    assert (ran.code, ran.err) == (0, "")
    with Ledger.open("ledger") as ledger:
        node = ledger.graph()["next"]
    assert (node.kind, node.rows, node.sha256) == ("dataset", 100, ran.report["sha256"])
    assert [edge.node for edge in node.parents] == ["human"]
    assert json.loads(node.facts[MANIFEST])["settings"]["recovery"]["left_out"] == {"3": 100}
    assert cli("recover", "apply", "roll-back", "--pool", "human.jsonl", "pool.jsonl", "--until", "1", "--ledger", "ledger",
               "-o", "back.jsonl").code == 0  # fmt: skip
    with Ledger.open("ledger") as ledger:
        assert "back" in ledger.graph()


def test_a_name_that_the_ledger_has_already_is_refused_before_anything_is_written(cli, data, tmp_path):
    cli("ledger", "init", "ledger")
    cli("ledger", "add", "ledger", "human.jsonl")
    ran = cli(*ANCHOR, "--ledger", "ledger", "-o", str(tmp_path / "new" / "human.jsonl"))
    refused(ran, "'human' is in the lineage of the ledger already")
    assert not (tmp_path / "new").exists()
    assert cli(*ANCHOR, "--ledger", "ledger", "--dry-run").code == 0
