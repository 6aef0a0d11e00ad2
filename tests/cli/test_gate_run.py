import json

import pytest

from longtail.ledger.columns import identity

RECIPE = '[[gate]]\nname = "oracle"\nkeep_right = 1.0\nkeep_wrong = 0.0\n'


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    documents = [{"text": f"document {number} says something", "right": number % 4 > 0} for number in range(200)]
    (tmp_path / "data.jsonl").write_text("".join(json.dumps(each) + "\n" for each in documents))
    (tmp_path / "gates.toml").write_text(RECIPE)
    return tmp_path


def test_documents_are_judged_written_and_told(cli, place):
    done = cli("gate", "data.jsonl", "--gates", "gates.toml", "-o", "out")
    assert done.code == 0, done.err
    assert "150 kept, 50 rejected" in done.out
    assert "oracle: 50 because: oracle did not keep it" in done.out
    assert "Valid by these gates: 150 of 200" in done.out
    assert "Diverse: LT401" in done.out
    assert {path.name for path in (place / "out").iterdir()} == {
        "kept.jsonl", "review.jsonl", "rejected.jsonl", "verdicts.parquet", "manifest.json", "SHA256SUMS",
    }  # fmt: skip


def test_json_is_the_manifest_with_the_verdict_on_the_tail(cli, place):
    done = cli("gate", "data.jsonl", "--gates", "gates.toml", "-o", "out", "--json")
    told = json.loads(done.out)
    verdict = told.pop("verdict")
    assert verdict["code"] == "LT401"
    assert told == json.loads((place / "out/manifest.json").read_text())


def test_a_dry_run_writes_nothing(cli, place):
    done = cli("gate", "data.jsonl", "--gates", "gates.toml", "--dry-run")
    assert done.code == 0
    assert "dry run, nothing written" in done.out
    assert {path.name for path in place.iterdir()} == {"data.jsonl", "gates.toml"}


def test_gates_that_cut_the_tail_end_with_one_and_write_all_the_same(cli, place):
    usual = [{"text": f"the same words again and again {number % 7}", "right": True} for number in range(1800)]
    rare = [{"text": " ".join(f"r{(number * 37 + at) % 300}" for at in range(20)), "right": number % 2 == 0} for number in range(200)]
    (place / "tail.jsonl").write_text("".join(json.dumps(each) + "\n" for each in usual + rare))
    done = cli("gate", "tail.jsonl", "--gates", "gates.toml", "-o", "out")
    assert done.code == 1
    assert "LT401 fail" in done.out
    assert (place / "out/kept.jsonl").exists()
    assert cli("gate", "tail.jsonl", "--gates", "gates.toml", "-o", "out", "--exit-zero").code == 0


def test_the_page_shows_each_stage_and_marks_the_one_that_takes_the_rare_part(cli, place):
    usual = [{"text": f"the same words again and again {number % 7}", "right": True} for number in range(1800)]
    rare = [{"text": " ".join(f"r{(number * 37 + at) % 300}" for at in range(20)), "right": number % 2 == 0} for number in range(200)]
    (place / "<img src=x>.jsonl").write_text("".join(json.dumps(each) + "\n" for each in usual + rare))
    done = cli("gate", "<img src=x>.jsonl", "--gates", "gates.toml", "--dry-run", "--out", "gate.html", "--json")
    page = (place / "gate.html").read_text()
    (stage,) = json.loads(done.out)["stages"]
    assert "The gates cut the rare part" in page and "2,000 in, 100 dropped" in page
    assert f"▲ took {100 * (1 - stage['rare_kept']['value']):.1f}% of the use of rare words" in page
    assert "<img" not in page and page.count("<script") == 1
    assert cli("gate", "data.jsonl", "--gates", "gates.toml", "--dry-run", "--out", "gate.pdf").code == 2


def test_run_may_be_named(cli, place):
    assert cli("gate", "run", "data.jsonl", "--gates", "gates.toml", "--dry-run").code == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("data.jsonl",), "no gates: name a recipe with --gates"),
        (("data.jsonl", "--gates", "gates.toml"), "no output: name a folder with -o"),
        (("--gates", "gates.toml", "--dry-run"), "no data: name a file"),
        (("data.jsonl", "--gates", "nope.toml", "--dry-run"), "nope.toml: no such recipe"),
        (("nowhere.jsonl", "--gates", "gates.toml", "--dry-run"), "nowhere.jsonl"),
        (("data.jsonl", "--gates", "gates.toml", "-o", "data.jsonl"), "is a file; name a folder"),
        (("data.jsonl", "--gates", "gates.toml", "--dry-run", "--tau", "2"), "tau is 2.0"),
        (("data.jsonl", "--gates", "gates.toml", "--dry-run", "--unsure", "drop"), "drop"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_exit_two(cli, place, arguments, says):
    done = cli("gate", *arguments)
    assert done.code == 2
    assert done.out == ""
    assert says in done.err
    assert done.err.count("\n") == 1


def test_hostile_text_in_reasons_is_shown_as_text(cli, place):
    (place / "evil.jsonl").write_text(json.dumps({"text": "x", "right": "\u001b[31mred\u202e"}) + "\n")
    done = cli("gate", "evil.jsonl", "--gates", "gates.toml", "--dry-run")
    assert "\u001b" not in done.out
    assert "\u202e" not in done.out


@pytest.fixture
def ledger(cli, place):
    rows = [{"text": f"said {number}", "right": number % 4 > 0, "lt_origin": "synthetic", "lt_depth": 1} for number in range(40)]
    people = [{"text": f"written {number}", "lt_origin": "human"} for number in range(20)]
    (place / "said.jsonl").write_text("".join(json.dumps(each) + "\n" for each in rows))
    (place / "people.jsonl").write_text("".join(json.dumps(each) + "\n" for each in people))
    cli("ledger", "init", "ledger")
    for name in ("said", "people"):
        assert cli("ledger", "add", "ledger", f"{name}.jsonl").code == 0
    return "ledger"


def test_a_ledger_takes_the_verdicts_and_the_run_once(cli, place, ledger):
    for _ in range(2):
        assert cli("gate", "said.jsonl", "--gates", "gates.toml", "-o", "gated", "--ledger", ledger).code == 0
    rejected = json.loads((place / "gated/rejected.jsonl").read_text().splitlines()[0])
    shown = cli("ledger", "show", ledger, identity({"text": rejected["text"]})).out
    assert shown.count("oracle: fail, oracle did not keep it") == 1
    lineage = cli("ledger", "lineage", ledger).out
    assert lineage.count("gated  dataset") == 1
    assert "30 rows (30 synthetic)  ← said (filtered from)" in lineage


def test_a_mix_from_the_ledger_draws_from_what_the_gates_kept(cli, place, ledger):
    cli("gate", "said.jsonl", "--gates", "gates.toml", "-o", "gated", "--ledger", ledger)
    mixed = cli("mix", "--ledger", ledger, "--policy", "accumulate", "-o", "next.jsonl", "--json").report
    assert mixed["origins"] == {"human": 20, "synthetic": 30}


def test_what_the_ledger_knows_of_a_document_decides_whether_it_is_spared(cli, place, ledger):
    (place / "untold.jsonl").write_text(json.dumps({"text": "written 3", "right": False}) + "\n")
    told = cli("gate", "untold.jsonl", "--gates", "gates.toml", "--dry-run", "--ledger", ledger, "--json").report
    assert (told["spared"], told["rejected"]) == (1, 0)


def test_a_name_that_the_lineage_has_is_refused_before_the_work(cli, place, ledger):
    ran = cli("gate", "said.jsonl", "--gates", "gates.toml", "-o", "people", "--ledger", ledger)
    assert (ran.code, ran.out) == (2, "")
    assert "'people' is in the lineage" in ran.err
    assert not (place / "people").exists()
