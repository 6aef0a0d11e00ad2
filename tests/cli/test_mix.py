"""`longtail mix`: the plan, the shares, the floor and the refusal on the screen; one line where it cannot be done."""

import json

import pytest


@pytest.fixture
def data(write_rows, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    human = [{"text": f"a human text number {n}", "lt_origin": "human"} for n in range(1000)]
    model = [{"text": f"model text {n}", "lt_origin": "synthetic", "lt_depth": 1, "lt_decoding": {"temperature": 0.7}} for n in range(1000)]
    return write_rows("human.jsonl", human).name, write_rows("model.jsonl", model).name


def refused(ran, *words):
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (2, "", 1), ran
    assert ran.err.startswith("longtail: ") and "unexpected" not in ran.err
    assert [word for word in words if word not in ran.err] == []


def test_the_screen_says_pools_shares_and_weights(cli, data):
    ran = cli("mix", *data, "--policy", "accumulate", "--discount", "0.3", "-o", "next.jsonl")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.splitlines() == [
        "next.jsonl: 2,000 rows for generation 2 by accumulate",
        "  human, original: 1,000 of 1,000, weight 1 each",
        "  model output, generation 1: 1,000 of 1,000, weight 0.3 each",
        "  real share: 0.5000 (1,000 of 2,000); effective, by weight: 0.77",
        "  original human rows kept: 1,000 of 1,000",
    ]


def test_quiet_says_nothing_and_json_prints_the_manifest_alone(cli, data, tmp_path):
    ran = cli("mix", *data, "--policy", "accumulate", "-o", "a.jsonl", "-q")
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    ran = cli("mix", *data, "--policy", "fixed_budget", "--min-real", "0.6", "-o", "b.jsonl", "--manifest", "m.json", "--json")
    assert (ran.code, ran.err) == (0, "")
    assert json.loads((tmp_path / "m.json").read_text()) == ran.report
    assert (ran.report["origins"], ran.report["settings"]["min_real"]) == ({"human": 600, "synthetic": 400}, 0.6)
    assert ran.report["decoding"] == {'{"temperature":0.7}': 400}


def test_a_dry_run_shows_floor_tail_and_what_was_left_out_and_writes_nothing(cli, data, tmp_path):
    (tmp_path / "odd.jsonl").write_text('{"text": "who"}\n{"text": "what", "lt_origin": "alien"}\nnonsense\n')
    before = sorted(path.name for path in tmp_path.iterdir())
    ran = cli("mix", *data, "odd.jsonl", "--policy", "fixed_budget", "--min-real", "0.7", "--dry-run")
    assert (ran.code, ran.err) == (0, "")
    said = ran.out.splitlines()
    assert said[0] == "plan: 1,000 rows for generation 2 by fixed_budget (dry run, nothing written)"
    for line in (
        "  unknown origin: 2 left out; tag them, or take them for model output with --unknown synthetic",
        "  real share: 0.7000 (700 of 1,000); effective, by weight: 0.70; synthetic rows count at par, see --discount",
        "  original human rows kept: 700 of 1,000",
        "  lt_origin 'alien' is no origin: 1 document taken as unknown",
        "  quarantined: 1 that could not be read or have no content",
        "    odd.jsonl:3: malformed JSON: invalid character (byte 4)",
    ):
        assert line in said
    assert any(line.startswith("  floor: 0.7 asked for, 0.7000 met, ") and line.endswith(" human rows came in for it") for line in said)
    assert any(line.startswith("  tail: ") and "rarest words of the human rows are in it" in line for line in said)
    assert sorted(path.name for path in tmp_path.iterdir()) == before


@pytest.mark.parametrize("dry", [["--dry-run"], ["-o", "next.jsonl"]])
def test_dropping_all_original_rows_is_refused_with_the_code_of_the_rule(cli, data, tmp_path, dry):
    ran = cli("mix", *data, "--policy", "replace", *dry)
    assert (ran.code, bool(ran.out)) == (1, dry == ["--dry-run"])
    assert "not measured" not in ran.out + ran.err
    last = ran.err.splitlines()[-1]
    assert last.startswith("longtail: LT201 real data dropped: 1,000 of 1,000 original human rows (generation 0) would be left out (")
    assert last.endswith(" and 997 more); choose a policy that keeps them, such as accumulate, or allow it with --allow-replace")
    assert not (tmp_path / "next.jsonl").exists()
    assert cli("mix", *data, "--policy", "replace", "--allow-replace", *dry).code == 0
    quiet = cli("mix", *data, "--policy", "replace", "-q", *dry)
    assert (quiet.code, len(quiet.err.splitlines())) == (1, 1)


def test_data_without_original_rows_are_refused(cli, data):
    for policy in ("accumulate", "augment", "replace", "keep_original:0.3"):
        ran = cli("mix", data[1], "--policy", policy, "-o", "next.jsonl")
        assert ran.code == 1
        assert "LT201 real data dropped: there are no original human rows (generation 0) among the data" in ran.err
    assert cli("mix", data[1], "--policy", "accumulate", "--allow-replace", "-o", "next.jsonl").code == 0


def test_a_tail_without_words_is_not_measured(cli, write_rows, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    write_rows("a.jsonl", [{"lt_id": str(n), "lt_origin": "human"} for n in range(5)])
    ran = cli("mix", "a.jsonl", "--policy", "accumulate", "--dry-run")
    assert ran.code == 0
    assert ran.out.splitlines()[-1].startswith("  tail: not measured")


def test_fresh_rows_are_the_new_real_data(cli, data, write_rows):
    write_rows("n1.jsonl", [{"text": f"new {n}", "lt_origin": "human"} for n in range(150)])
    write_rows("n2.jsonl", [{"text": f"newer {n}", "lt_origin": "human"} for n in range(150)])
    ran = cli("mix", *data, "--policy", "expanding:0.25", "--fresh", "n1.jsonl", "n2.jsonl", "-o", "next.jsonl")
    assert ran.code == 0
    assert "  human, new: 250 of 300, weight 1 each" in ran.err.splitlines()
    assert "  model output, generation 1: 750 of 1,000, weight 1 each" in ran.err.splitlines()


def test_gaps_and_rare_words_are_told(cli, data, write_rows):
    gap = {"view": "words_1", "type": "human", "slice": None, "reference_share": 0.8, "candidate_share": 0, "low": 0, "high": 0.1}
    write_rows("gaps.jsonl", [gap, gap | {"view": "lengths", "type": None, "slice": "short"}])
    ran = cli(
        "mix",
        *data,
        "--policy",
        "fixed_budget",
        "--min-real",
        "0.5",
        "--human-for-tails",
        "--target-gaps",
        "gaps.jsonl",
        "-o",
        "next.jsonl",
    )
    assert ran.code == 0
    assert "  gaps: 0 of 1 made up, 0 without aiming at them; 1 of other kinds not used" in ran.err.splitlines()
    assert "these rows are no random sample" in ran.err


def test_a_size_that_decides_nothing_is_told(cli, data):
    ran = cli("mix", data[0], "--policy", "replace", "--size", "10", "-o", "next.jsonl")
    assert (ran.code, ran.err.splitlines()[0]) == (0, "next.jsonl: 1,000 rows for generation 1 by replace")
    assert "  --size 10 decides nothing: there is no model output yet, so all human rows are taken" in ran.err.splitlines()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["human.jsonl"], ["--policy"]),
        (["--policy", "accumulate", "-o", "x.jsonl"], ["no data", "longtail mix data/"]),
        (["human.jsonl", "--policy", "accumulate"], ["no output", "--dry-run"]),
        (["human.jsonl", "--policy", "acumulate", "-o", "x.jsonl"], ["did you mean 'accumulate'"]),
        (["human.jsonl", "model.jsonl", "--policy", "fresh", "-o", "x.jsonl"], ["lacks 'share'"]),
        (["none.jsonl", "--policy", "accumulate", "-o", "x.jsonl"], ["no such file"]),
        (["human.jsonl", "--policy", "accumulate", "-o", "x.txt"], ["JSON Lines"]),
        (["human.jsonl", "--policy", "accumulate", "-o", "human.jsonl"], ["one of the inputs"]),
        (["human.jsonl", "--policy", "accumulate", "--min-real", "lots", "-o", "x.jsonl"], ["'lots'", "from 0 to 1"]),
        (["human.jsonl", "--policy", "accumulate", "--discount", "3", "-o", "x.jsonl"], ["discount is 3"]),
        (["human.jsonl", "--policy", "accumulate", "--reference", "r.jsonl", "-o", "x.jsonl"], ["--human-for-tails"]),
        (["human.jsonl", "--policy", "accumulate", "--previous", "none.json", "-o", "x.jsonl"], ["cannot be read as a manifest"]),
        (["human.jsonl", "--policy", "accumulate", "--previous", "human.jsonl", "-o", "x.jsonl"], ["is no manifest"]),
        (
            ["human.jsonl", "model.jsonl", "--policy", "accumulate", "--min-real", "0.8", "-o", "x.jsonl"],
            ["1,600 of 2,000 rows would have to be human (0.8 x 2,000), and 1,000 are held", "--size 250", "--min-real 0.5"],
        ),
        (["human.jsonl", "model.jsonl", "--policy", "augment", "--size", "5000", "-o", "x.jsonl"], ["4,000 are missing", "--size 1000"]),
        (["human.jsonl", "model.jsonl", "--policy", "edit:0.5", "-o", "x.jsonl"], ["mix has no model"]),
    ],
)
def test_what_cannot_be_done_is_one_line(cli, data, tmp_path, arguments, words):
    refused(cli("mix", *arguments), *words)
    assert not (tmp_path / "x.jsonl").exists()


def test_help_shows_examples(cli):
    ran = cli("mix", "--help")
    assert ran.code == 0
    assert "longtail mix human.jsonl generated.jsonl --policy accumulate --discount 0.3 -o next.jsonl" in ran.out
