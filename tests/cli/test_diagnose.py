"""`longtail diagnose`: a screen, a record, pages and exit codes."""

import json
import sys
from importlib import import_module

import pytest

from tests.diagnosis.versions import put, write
from tests.origin.recognising.conftest import key_of, written

WRITER = """
import json, sys
shown = open(sys.argv[1]).read()
for line in sys.stdin:
    row = json.loads(line)
    print(json.dumps({"id": row["id"], "text": f"{row['prompt']} and so it goes {shown}"}))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory, stdlib_paragraphs):
    return write(tmp_path_factory.mktemp("inherited"), stdlib_paragraphs, versions=3, documents=150)


@pytest.fixture
def run(cli, monkeypatch):
    monkeypatch.setitem(import_module("longtail.cli.main")._COMMANDS, "diagnose", "longtail.cli.diagnose")
    monkeypatch.setenv("COLUMNS", "80")
    return lambda *arguments: cli("diagnose", *arguments)


def quick(folder):
    return ("--outputs", folder / "evals/v*/outputs.jsonl", "--reference", folder / "human.jsonl", "--view", "words_1")


def test_the_screen_begins_with_the_verdict_and_its_confidence_and_fits_the_terminal(run, folder):
    found = run("--repo", folder, *quick(folder))
    first = found.out.splitlines()[0]
    assert ", confidence medium" in first
    assert first.split(",")[0] in ("MILD NARROWING", "ADVANCED COLLAPSE", "NARROWING", "EARLY")
    assert max(len(line.rstrip()) for line in found.out.splitlines()) <= 80
    assert "v3       " in found.out
    assert "40.0%" in found.out
    assert "collect next" in found.out
    assert found.code == 1
    assert found.err == ""


def test_json_is_the_record_alone_and_the_same_but_for_the_time(run, folder):
    records = [run("--repo", folder, *quick(folder), "--json").report for _ in range(2)]
    for record in records:
        record.pop("created_at")
        record["audit"].pop("created_at")
    assert records[0] == records[1]
    assert records[0]["command"].startswith("longtail diagnose --repo")
    assert [reading["version"] for reading in records[0]["readings"]] == ["v1", "v2", "v3"]
    assert records[0]["audit"]["lineage"]["generations"][2]["phase"] == records[0]["phase"]
    assert records[0]["settings"]["reference"] == [str(folder / "human.jsonl")]


def test_pages_and_records_are_written_and_their_places_are_told(run, folder, tmp_path):
    found = run(*quick(folder), "--out", tmp_path / "d.html", "--out", tmp_path / "d.json")
    page = (tmp_path / "d.html").read_text()
    assert "confidence medium" in page
    assert json.loads((tmp_path / "d.json").read_text())["phase"] != "not_measured"
    assert found.err.strip() == f"diagnosis: {tmp_path / 'd.html'}, {tmp_path / 'd.json'}"


@pytest.mark.parametrize(
    ("more", "code"),
    [((), 1), (("--exit-zero",), 0), (("--fail-on", "warn"), 1)],
)
def test_the_exit_code_follows_the_phase_of_the_last_version(run, folder, more, code):
    assert run(*quick(folder), "--quiet", *more).code == code


def test_a_healthy_lineage_and_one_without_a_reference_exit_zero(run, folder, stdlib_paragraphs, tmp_path):
    for version in (1, 2):
        put(tmp_path / f"v{version}.jsonl", stdlib_paragraphs[400:700])
    same = ("--lineage", tmp_path / "v1.jsonl", tmp_path / "v2.jsonl", "--reference", folder / "human.jsonl", "--view", "words_1")
    found = run(*same)
    assert (found.code, found.out.split(",")[0]) == (0, "FLAT")
    found = run("--repo", folder)
    assert (found.code, found.out.split(",")[0]) == (0, "NOT MEASURED")
    assert "a frozen reference" in found.out


def test_checkpoints_are_asked_by_a_command_and_kept(run, folder, tmp_path):
    (tmp_path / "write.py").write_text(WRITER)
    for version in (1, 2):
        (tmp_path / f"v{version}.ckpt").write_text(f"word{version}")
    asked = (
        "--checkpoints", tmp_path / "*.ckpt", "--reference", folder / "human.jsonl", "--prompts", 50, "--cache", tmp_path / "kept",
        "--command", f"{sys.executable} {tmp_path / 'write.py'} {{checkpoint}}", "--view", "words_1",
    )  # fmt: skip
    first, second = run(*asked), run(*asked)
    assert "50 first 8 words of the documents" in " ".join(first.out.split())
    assert f"kept in {tmp_path / 'kept'}" in " ".join(first.out.split()).replace("- ", "-")
    assert "from where those of v1, v2 were read" in " ".join(second.out.split())
    assert sorted(path.suffix for path in (tmp_path / "kept").iterdir()) == [".json", ".json", ".jsonl", ".jsonl"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "nothing to diagnose"),
        (("--outputs", "none/v*.jsonl"), "nothing matches 'none/v*.jsonl'"),
        (("--checkpoints", "c*", "--command", "a {checkpoint}", "--model-function", "m:f"), "both say how"),
        (("--checkpoints", "c*", "--reference", "r", "--command", "'a"), "close the quotation"),
        (("--outputs", "x", "--prompts", "3"), "add --checkpoints"),
        (("--repo", ".", "--out", "d.pdf"), "known suffixes: .html, .json"),
        (("--repo", ".", "--margin", "tail"), "write NAME=NUMBER"),
    ],
)
def test_bad_input_is_one_line_and_exit_two(run, arguments, message):
    found = run(*arguments)
    assert found.code == 2
    assert message in found.err
    assert found.err.count("\n") == 1
    assert found.out == ""


def test_the_output_may_not_be_an_input(run, folder):
    found = run("--outputs", folder / "evals/v1/outputs.jsonl", "--reference", folder / "human.json", "--out", folder / "human.json")
    assert "would be overwritten" in found.err


def test_help_shows_examples_first_and_says_the_exit_codes(run):
    found = run("--help")
    assert found.out.index("Examples:") < found.out.index("Options:")
    assert "1 it is early, concentrating, narrowing or late" in " ".join(found.out.split())


def test_marks_of_a_key_are_looked_for_in_the_training_sets_of_a_folder(run, tmp_path):
    key = key_of(1)
    key.save(tmp_path / "key.json")
    plain, machine = written(None, 60, seed=3), written(key, 10, seed=4)
    put(tmp_path / "data/train_v1.jsonl", plain[:30])
    put(tmp_path / "data/train_v2.jsonl", plain[30:] + machine)
    found = run("--repo", tmp_path, "--key", tmp_path / "key.json", "--json")
    assert found.report["entry"]["told"] == "marked"
    assert found.report["entry"]["version"] == "v2"
    assert key.secret not in found.out
    shown = run("--repo", tmp_path, "--key", tmp_path / "key.json")
    assert "at least 2" in shown.out
    assert "does not speak for people" in " ".join(shown.out.split())


@pytest.mark.parametrize(
    ("content", "said"), [(None, "cannot be read as a key"), ("{}", "is no watermark key"), ("no json", "is no watermark key")]
)
def test_a_key_that_is_missing_or_none_is_refused(run, folder, tmp_path, content, said):
    if content is not None:
        (tmp_path / "key.json").write_text(content)
    found = run("--repo", folder, "--key", tmp_path / "key.json")
    assert found.code == 2
    assert said in " ".join(found.err.split())
    assert "key.json" in found.err


def test_a_key_without_training_sets_to_look_in_is_refused(run, folder, tmp_path):
    found = run(*quick(folder), "--key", tmp_path / "key.json")
    assert (found.code, "--repo" in found.err) == (2, True)


def test_diagnoses_of_a_history_share_alpha(run, folder, tmp_path):
    shared = (*quick(folder), "--history", tmp_path / "audits.json", "--json")
    first, again = run(*shared).report, run(*shared).report
    other = run(*shared, "--margin", "tail=0.8").report
    assert first["audit"]["guarantee"]["alpha_here"] == pytest.approx(0.025)
    assert again["audit"]["guarantee"]["audit_number"] == 1
    assert other["audit"]["guarantee"]["alpha_here"] == pytest.approx(0.05 / 6)


def test_slices_are_told_apart(run, folder, tmp_path):
    for version in (1, 2, 3):
        texts = [json.loads(line)["text"] for line in (folder / f"evals/v{version}/outputs.jsonl").read_text().splitlines()]
        put(tmp_path / f"v{version}.jsonl", [{"text": text, "topic": "even" if at % 2 else "odd"} for at, text in enumerate(texts)])
    human = [json.loads(line)["text"] for line in (folder / "human.jsonl").read_text().splitlines()]
    put(tmp_path / "human.jsonl", [{"text": text, "topic": "even" if at % 2 else "odd"} for at, text in enumerate(human)])
    found = run("--outputs", tmp_path / "v*.jsonl", "--reference", tmp_path / "human.jsonl", "--view", "words_1", "--by", "topic")
    assert "topic: even" in found.out
    assert "topic: odd" in found.out


@pytest.mark.parametrize("option", [("--history", "audits.json"), ("--by", "topic")])
def test_what_belongs_to_a_comparison_needs_human_text(run, folder, option):
    found = run("--repo", folder, *option)
    assert (found.code, "--reference" in found.err) == (2, True)


def test_what_a_loss_is_called_stands_beside_the_phase_of_the_outputs(run, folder):
    found = run(*quick(folder))
    shown = " ".join(found.out.split())
    record = run(*quick(folder), "--json").report
    assert record["called"]["name"] in ("collapse", "open", "sharpening", "drift")
    assert record["called"]["because"].split(";")[0] in shown
    assert f"Phase of the outputs of v3: {record['phase']}." in shown
