"""The commands `longtail review …`, driven by keys from a pipe."""

import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
from importlib import import_module

import pytest

from longtail.cli.review.shown import line, shown
from longtail.gates.review import Queue

HOSTILE = "plain \x1b[2J\x1b]0;owned\x07 and \u202eevil\u202c \u200b[bold red]markup[/] {braces} \U000e0041"
RUN = "from importlib import import_module as i; m = i('longtail.cli.main'); m.cli._modules['review'] = 'longtail.cli.review'; m.main()"


@pytest.fixture(autouse=True)
def registered(monkeypatch):
    monkeypatch.setitem(import_module("longtail.cli.main").cli._modules, "review", "longtail.cli.review")


@pytest.fixture
def gated(tmp_path):
    folder = tmp_path / "gated"
    folder.mkdir()
    parts = {"kept": [], "review": [], "rejected": []}
    for at in range(160):
        part = ("kept", "kept", "rejected", "review")[at % 4]
        rare = " ".join(f"rare{at}w{n}" for n in range(8)) if at % 9 == 0 else "the same few words as ever"
        row = {"prompt": f"p{at // 8}", "completion": f"{rare} {at}", "lt_origin": "synthetic", "lt_depth": 1}
        if part != "kept":
            row |= {"lt_gate": "novelty", "lt_reason": "near a document", "lt_score": at / 160, "lt_matched_id": None}
        parts[part].append(row)
    parts["kept"] += [{**row, "lt_review": "novelty: near a document"} for row in parts["review"]]  # as a run writes that keeps in doubt
    for name, rows in parts.items():
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (folder / "manifest.json").write_text("{}")
    return folder


def votes(folder):
    with Queue(folder) as queue:
        return [(each.action, each.reviewer) for each in queue.votes()]


def test_keys_decide_undo_skip_and_note(cli, gated):
    ran = cli("review", gated, "--reviewer", "kim", stdin=b"aars?xnwas copied\nuq")
    assert ran.code == 0 and votes(gated) == [("accept", "kim"), ("accept", "kim"), ("reject", "kim")]
    assert "no terminal: keys are read from standard input" in ran.err and "longtail review status" in ran.err
    for words in ("accepted", "rejected", "skipped", "noted", "undone: skip", "no such key", "rarity"):
        assert words in ran.out
    with Queue(gated) as queue:
        assert [(each.action, each.note) for each in queue.events()][-2:] == [("note", "was copied"), ("undo", "")]


def test_going_on_begins_with_what_is_left_and_ends_when_nothing_is(cli, gated):
    cli("review", gated, "--reviewer", "kim", stdin=b"aaaaa")
    ran = cli("review", "open", gated, "--reviewer", "kim", stdin=b"r" * 100)
    assert "nothing is left to decide" in ran.out and "45 decisions made now" in ran.err
    assert sorted(votes(gated)) == [("accept", "kim")] * 5 + [("reject", "kim")] * 45
    assert "nothing is left" in cli("review", gated, "--reviewer", "kim").out


def test_next_and_previous_show_again_and_a_new_decision_takes_the_place(cli, gated):
    ran = cli("review", gated, "--reviewer", "kim", stdin=b"akrjq")
    assert votes(gated) == [("reject", "kim")] and "you said: accept" in ran.out


def test_an_edit_is_made_in_the_editor_and_written_with_its_origin(cli, gated, tmp_path, monkeypatch):
    editor = tmp_path / "editor.sh"
    editor.write_text('#!/bin/sh\nsed -i "s/^/mended /" "$1"\n')
    editor.chmod(0o755)
    monkeypatch.setenv("EDITOR", str(editor))
    monkeypatch.delenv("VISUAL", raising=False)
    assert "edited" in cli("review", gated, "--reviewer", "kim", stdin=b"ea").out
    ran = cli("review", "apply", gated, "-o", tmp_path / "out.jsonl", "--json")
    assert ran.report["origins"] == {"human_edited": 1, "human_selected": 1} and ran.report["undecided"] >= 40
    rows = [json.loads(row) for row in (tmp_path / "out.jsonl").read_text().splitlines()]
    edited = next(row for row in rows if row["lt_origin"] == "human_edited")
    assert edited["completion"].startswith("mended ") and not edited["completion"].endswith("\n") and len(edited["lt_parents"]) == 1
    assert not any(name in row for row in rows for name in ("lt_gate", "lt_reason", "lt_review"))
    monkeypatch.setenv("EDITOR", "true")
    assert "the text is unchanged" in cli("review", gated, "--reviewer", "kim", stdin=b"e").out


def test_applied_rows_go_into_a_ledger(cli, gated, tmp_path):
    cli("review", gated, "--reviewer", "kim", stdin=b"aar")
    cli("ledger", "init", tmp_path / "ledger")
    told = [cli("review", "apply", gated, "-o", tmp_path / "out.jsonl", "--ledger", tmp_path / "ledger", "--json").report for _ in range(2)]
    assert [each["verdicts"] for each in told] == [3, 0] and told[0]["written"] == 2


def test_status_says_what_is_known_and_json_the_same(cli, gated):
    cli("review", gated, "--reviewer", "kim", stdin=b"ar" * 25)
    ran, found = cli("review", "status", gated), cli("review", "status", gated, "--json").report
    assert ran.code == 0 and "kept by the gate, rejected by people" in ran.out and "kim 100%" in ran.out
    assert max(map(len, ran.out.splitlines())) <= 80 and found["schema_version"] == "1.0" and found["left"] == 0
    assert sum(cell["population"] for cell in found["cells"]) == 160  # what stands in two files is one document
    assert found["within"]["pairs"] == 5 and "NaN" not in ran.out and not found["changed"]
    (gated / "kept.jsonl").write_text("{}\n")
    assert cli("review", "status", gated, "--json").report["changed"] is True


def test_a_queue_goes_out_and_comes_back_twice_with_one_effect(cli, gated, tmp_path):
    assert cli("review", "export", gated, "-o", tmp_path / "tasks.json").code == 0
    tasks = json.loads((tmp_path / "tasks.json").read_text())
    result = [{"from_name": "decision", "to_name": "text", "type": "choices", "value": {"choices": ["accept"]}}]
    said = [{"id": 1, "completed_by": 2, "created_at": "2025-01-01T00:00:00Z", "result": result}]
    (tmp_path / "a.json").write_text(json.dumps([{**task, "annotations": said} for task in tasks[:10]] + [{"data": {"task": "x"}}]))
    told = [cli("review", "import", gated, tmp_path / "a.json", "--json").report for _ in range(2)]
    assert [(each["read"], each["new"], each["quarantined"]) for each in told] == [(10, 10, 1), (10, 0, 1)]
    assert "set aside" in cli("review", "import", gated, tmp_path / "a.json").err
    assert cli("review", "export", "--configuration").out.startswith("<View>")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("staus", "x"), "did you mean 'status'"),
        (("nowhere/at/all",), "is no folder"),
        (("status", "."), "holds no review queue"),
        (("export", "."), "name the folder and the file"),
        (("GATED", "--repeats", "2"), "repeats is 2.0"),
        (("GATED", "--reviewer", " "), "nobody is named"),
        (("GATED",), "no key came from standard input"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(cli, gated, words, told):
    ran = cli("review", *(gated if word == "GATED" else word for word in words))
    assert ran.code == 2 and told in ran.err.splitlines()[-1] and ran.err.splitlines()[-1].startswith("longtail: ")


def test_other_settings_than_those_of_the_queue_are_refused(cli, gated):
    cli("review", gated, "--size", 20, stdin=b"q")
    assert "was drawn with size 20" in cli("review", gated, "--size", 30, stdin=b"q").err


def test_hostile_text_is_shown_as_text(cli, gated):
    (gated / "kept.jsonl").write_text(json.dumps({"text": HOSTILE}) + "\n")
    (gated / "review.jsonl").write_text("")
    rejected = {"text": "x", "lt_gate": "\x1b[31mgate", "lt_reason": HOSTILE, "lt_matched_id": "\x9bm", "lt_score": 0.5}
    (gated / "rejected.jsonl").write_text(json.dumps(rejected) + "\n")
    ran = cli("review", gated, "--reviewer", "k\x1b[2Jim", stdin=b"jjq")
    for told in (ran.out, ran.err, cli("review", "status", gated).out):
        assert not any(one in told for one in "\x1b\x07\x9b\u202e\u202c\u200b\U000e0041")
    assert "\\x1b[2J" in ran.out and "\\u202eevil" in ran.out and "[bold red]markup[/]" in ran.out


@pytest.mark.parametrize(("columns", "beside"), [(120, True), (70, False)])
def test_what_it_was_compared_with_stands_beside_it_or_below(cli, gated, monkeypatch, columns, beside):
    monkeypatch.setenv("COLUMNS", str(columns))
    (gated / "kept.jsonl").write_text(json.dumps({"lt_id": "first", "text": "the first text"}) + "\n")
    (gated / "review.jsonl").write_text("")
    (gated / "rejected.jsonl").write_text(json.dumps({"text": "the second text", "lt_gate": "near", "lt_matched_id": "first"}) + "\n")
    out = cli("review", "open", gated, "--size", 2, "--repeats", 0, stdin=b"jjq").out.splitlines()
    assert any("the second text" in row and "the first text" in row for row in out) is beside
    assert any("compared with first" in row for row in out)


def test_what_cannot_be_seen_is_spelled_out_and_scripts_stay_whole():
    assert shown("a\tb\r\nc\x00\u2066\ufeff") == "a\tb\nc\\x00\\u2066\\ufeff"
    assert shown("नमस्ते العربية 👩\u200d💻 é") == "नमस्ते العربية 👩\u200d💻 é"
    assert line("a\n b\u2028c") == "a b c" and shown("abcdef", 3) == "abc…"


def test_on_a_terminal_single_keys_decide_and_a_kill_loses_nothing(gated):
    parent, child = pty.openpty()
    arguments = [sys.executable, "-c", RUN, "review", str(gated), "--reviewer", "kim"]
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "120", "LINES": "40"}
    with subprocess.Popen(arguments, stdin=child, stdout=child, stderr=child, env=environment, start_new_session=True) as process:
        os.close(child)
        seen = until(process, parent, b"50 left")
        os.write(parent, b"a")
        seen += until(process, parent, b"49 left")
        os.write(parent, b"\x1b[B")  # an arrow
        seen += until(process, parent, b"help")
        os.write(parent, b"r")
        seen += until(process, parent, b"48 left")
        os.kill(process.pid, signal.SIGKILL)
    os.close(parent)
    assert votes(gated) == [("accept", "kim"), ("reject", "kim")] and b"no terminal" not in seen


def until(process, terminal, wanted, patience=10):
    seen, end = b"", time.monotonic() + patience
    while wanted not in seen and select.select([terminal], [], [], max(0, end - time.monotonic()))[0]:
        seen += os.read(terminal, 65536)
    if wanted not in seen:
        process.kill()
    assert wanted in seen
    return seen
