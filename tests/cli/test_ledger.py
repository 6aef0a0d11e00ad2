"""The commands of `longtail ledger`: what they print, and how they end."""

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import click
import pytest

from longtail.cli.group import LazyGroup
from longtail.cli.ledger import _COMMANDS, command

ID = "9d0d2cdcfd6c7097b4dae29b8a64ebd6"
HUMAN = [{"lt_id": ID, "text": "people wrote this one", "lt_origin": "human", "lt_depth": 0}]
MADE = [
    {"lt_id": f"s{number}", "text": f"a model wrote these words and then number {number} of them", "lt_origin": "synthetic",
     "lt_depth": 1, "lt_model": "m1@3f2c", "lt_parents": [ID]}
    for number in range(3)
]  # fmt: skip


def put(path, rows):
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.fixture
def here(tmp_path, monkeypatch, cli):
    """A folder with a ledger of two data sets and a checkpoint, as the examples have it."""
    monkeypatch.chdir(tmp_path)
    put(tmp_path / "human.jsonl", HUMAN)
    put(tmp_path / "samples.jsonl", MADE)
    put(tmp_path / "scrape.jsonl", [{"text": MADE[0]["text"].upper()}, {"text": "something else entirely"}])
    for line in (
        "init ledger",
        "add ledger human.jsonl --name g0",
        "add ledger --kind checkpoint --name m1 --from g0",
        "add ledger samples.jsonl --name g1 --from m1",
    ):
        assert cli("ledger", *shlex.split(line)).code == 0
    return tmp_path


def examples():
    for name in ("", *_COMMANDS):
        shown = command if not name else command.get_command(click.Context(command, info_name="ledger"), name)
        for line in shown.help.splitlines():
            if line.strip().startswith("longtail ledger "):
                yield name, re.split(r"\s{3,}", line.strip())[0].removeprefix("longtail ").replace("5f…", "PUBLIC")


def test_every_example_of_the_help_works_as_printed(tmp_path, monkeypatch, cli):
    pytest.importorskip("cryptography")
    monkeypatch.chdir(tmp_path)
    put(tmp_path / "human.jsonl", HUMAN)
    put(tmp_path / "samples.jsonl", MADE)
    put(tmp_path / "samples" / "one.jsonl", MADE)
    put(tmp_path / "scrape.jsonl", MADE)
    public, ran = "", Counter()
    for name, line in examples():
        if name == "init" or (name == "add" and not ran["add"]):
            subprocess.run(["rm", "-rf", "ledger"], check=True)
            assert name == "init" or cli("ledger", "init", "ledger").code == 0
        line = line.replace("samples/*.parquet --name g1", "samples/*.jsonl --name g2").replace("PUBLIC", public)
        if name == "lineage" and "g3" in line:
            assert cli("ledger", "add", "ledger", "--name", "g3").code == 0
            assert cli("ledger", "add", "ledger", "--kind", "checkpoint", "--name", "m2").code == 0
        if name == "stats" and not ran[name]:
            assert cli("ledger", "add", "ledger", "human.jsonl", "--name", "g1").code == 0
        if "--at 3" in line:
            assert cli("ledger", "add", "ledger", "samples.jsonl", "--name", "third").code == 0
        if name == "verify" and "--attestation" in line:
            made = cli("ledger", "attest", "ledger", "--new-key", "k.pem", "-o", "release.json")
            public = re.search("public half is ([0-9a-f]+)", made.err)[1]
            line = f"ledger verify ledger --attestation release.json --public-key {public}"
        done = cli(*shlex.split(line))
        assert (done.code, "longtail:" in done.err) == (0, False), (line, done)
        ran[name] += 1
    assert set(ran) == {"", *_COMMANDS}


def test_adding_says_what_was_added_and_adding_again_that_nothing_was(here, cli):
    done = cli("ledger", "add", "ledger", "samples.jsonl", "--name", "g2")
    assert (done.code, done.out) == (0, "")
    assert done.err.splitlines()[0] == "g2: 3 documents added (3 synthetic), commit 3"
    again = cli("ledger", "add", "ledger", "samples.jsonl", "--name", "g2")
    assert (again.code, again.err) == (2, "longtail: 'g2' is in the ledger with the same content; nothing was added\n")
    assert cli("ledger", "add", "ledger", "samples.jsonl", "--name", "g3", "--quiet").err == ""
    other = cli("ledger", "add", "ledger", "human.jsonl", "--name", "g4", "--json")
    assert other.report["node"]["origins"] == {"human": 1} and other.err == ""


def test_the_log_lists_commits_and_named_states(here, cli):
    assert cli("ledger", "mark", "ledger", "release-1").err == "release-1: commit 2\n"
    lines = cli("ledger", "log", "ledger").out.splitlines()
    assert len(lines) == 3 and lines[1].endswith("1 rows of g0 (1 human)") and lines[2].endswith("3 rows of g1 (3 synthetic)  [release-1]")
    said = cli("ledger", "log", "ledger", "--json").report
    commits = [(row["version"], row["rows"], row["origins"]) for row in said["commits"]]
    assert commits == [(0, 0, {}), (1, 1, {"human": 1}), (2, 3, {"synthetic": 3})]
    assert [mark["name"] for mark in said["marks"]] == ["release-1"]
    assert cli("ledger", "log", "ledger", "--limit", "1").out.splitlines() == lines[-1:]


def test_a_document_is_shown_with_all_that_was_said_of_it(here, cli):
    (said,) = cli("ledger", "show", "ledger", "s1", "--json").report
    assert (said["lt_origin"], said["lt_parents"], said["dataset"], said["statements"]) == ("synthetic", [ID], "g1", 1)
    assert "NaN" not in cli("ledger", "show", "ledger", "--json").out
    assert cli("ledger", "correct", "ledger", "s1", "--origin", "mixed", "--reason", "both").err == "1 corrected, commit 3\n"
    shown = cli("ledger", "show", "ledger", "s1").out
    assert "lt_origin    mixed" in shown and "note         both" in shown
    assert "lt_origin    synthetic" in cli("ledger", "show", "ledger", "s1", "--at", "2").out
    assert len(cli("ledger", "show", "ledger", "--json", "--limit", "2").report) == 2


def test_counts_and_lineage_are_those_of_the_state_asked_for(here, cli):
    assert cli("ledger", "stats", "ledger", "--json").report["origins"] == {"human": 1, "synthetic": 3}
    assert cli("ledger", "stats", "ledger", "--json", "--at", "1", "--dataset", "g0").report["documents"] == 1
    found = cli("ledger", "lineage", "ledger", "+g1", "--json").report
    assert [(row["node"]["name"], row["depth"]) for row in found] == [("g0", 0), ("m1", 1), ("g1", 1)]
    assert cli("ledger", "lineage", "ledger", "m1+").out.splitlines()[1].startswith("g1  dataset  depth 1  3 rows (3 synthetic)")


def test_a_check_ends_with_0_1_or_2(here, cli):
    done = cli("ledger", "verify", "ledger")
    assert (done.code, done.out) == (0, "ledger: all 4 rows are as they were sealed (1 human, 3 synthetic)\n")
    log = Path("ledger/rows/_delta_log") / f"{1:020d}.json"
    log.write_text(log.read_text().replace('\\"human\\": 1', '\\"human\\": 2'))
    broken = cli("ledger", "verify", "ledger")
    assert (broken.code, broken.out, broken.err) == (1, "rows: the log of commit 1 was altered\n", "")
    log.write_text('{"add"')
    unread = cli("ledger", "verify", "ledger")
    assert (unread.code, unread.out, unread.err.count("\n")) == (2, "", 1) and "restore it from a copy" in unread.err


def test_altered_rows_are_named_and_attested_states_no_longer_hold(here, cli):
    assert cli("ledger", "attest", "ledger", "-o", "a.json").err == "a.json: not signed, 4 rows\n"
    assert cli("ledger", "verify", "ledger", "--attestation", "a.json").out.endswith("a.json: holds\n")
    rolled = [Path(f"ledger/{part}/{2:020d}.json") for part in ("rows/_delta_log", "seal/rows")]
    for path in rolled:
        path.unlink()
    done = cli("ledger", "verify", "ledger", "--attestation", "a.json", "--json")
    assert done.code == 1
    (fault,) = done.report["faults"]
    assert fault["because"] == "the ledger no longer holds what it states of the table rows at commit 2"
    cli("ledger", "add", "ledger", "samples.jsonl", "--name", "more")
    path = max(Path("ledger/rows").glob("*.parquet"), key=lambda each: each.stat().st_mtime_ns)
    path.unlink()
    lines = cli("ledger", "verify", "ledger").out.splitlines()
    assert re.match(r"rows: .*\.parquet cannot be read: ", lines[0])
    assert re.match("rows: 3 rows missing since append '[0-9a-f]+-1'", lines[1])
    assert lines[2:] == ["  s0", "  s1", "  s2"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("ledger xyz", "unknown command 'xyz': known: "),
        ("ledger verfy ledger", "unknown command 'verfy': did you mean 'verify'?"),
        ("ledger log nowhere", "there is no ledger at 'nowhere'; start one: longtail ledger init nowhere"),
        ("ledger log human.jsonl", "there is no ledger at 'human.jsonl'"),
        ("ledger init ledger", "'ledger' is a ledger already"),
        ("ledger init .", "'.' holds something else"),
        ("ledger add ledger", "nothing to add: name files, or a node with --kind and --name"),
        ("ledger add ledger missing.jsonl", "missing.jsonl"),
        ("ledger add ledger human.jsonl --name g1", "'g1' is in the ledger with other content"),
        ("ledger add ledger human.jsonl --name g9 --from g0:tained_on", "'tained_on' is no role; known: trained_on"),
        ("ledger add ledger --name x --fact nothing", "fact 'nothing': write KEY=VALUE"),
        ("ledger show ledger s9", "knows no document 's9'"),
        ("ledger correct ledger s9 --origin human --reason x", "knows no document 's9'"),
        ("ledger correct ledger s1 --reason x", "nothing to correct: give one of --origin"),
        ("ledger correct ledger s1 --origin human --reason ''", "a correction needs a reason"),
        ("ledger stats ledger --dataset g11", "unknown node 'g11': did you mean 'g1'?"),
        ("ledger stats ledger --at releese", "unknown state 'releese'"),
        ("ledger stats ledger --at 9", "there is no state 9; states go from 0 to 2"),
        ("ledger export ledger --format crd", "unknown export format 'crd': did you mean 'card'?"),
        ("ledger mark ledger 'two words'", "'two words' is no name for a state"),
        ("ledger verify ledger --attestation none.json", "none.json: cannot be read as an attestation"),
        ("ledger verify ledger --public-key 5f", "--public-key without --attestation"),
        ("ledger attest ledger --key human.jsonl", "human.jsonl: is no private key"),
        ("ledger attest ledger -o no/where.json", "cannot write 'no/where.json'"),
        ("ledger lineage ledger +g11", "did you mean 'g1'?"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_exit_code_2(here, cli, line, said):
    done = cli(*shlex.split(line))
    assert (done.code, done.out) == (2, "")
    assert said in done.err and done.err.count("\n") == 1 and "unexpected" not in done.err


def test_a_ledger_that_cannot_be_written_is_one_line_and_exit_code_2(here, cli, monkeypatch):
    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("longtail.ledger.store.spool.Spool._write", full)
        done = cli("ledger", "add", "ledger", "samples.jsonl", "--name", "more")
    assert (done.code, done.err.count("\n")) == (2, 1) and "No space left on device; what it held is as it was; make room" in done.err
    assert cli("ledger", "add", "ledger", "samples.jsonl", "--name", "more").code == 0


def test_an_add_that_was_killed_is_done_by_the_same_command_again(tmp_path, cli):
    rows = [{"lt_id": f"{number}", "text": f"words {number}", "lt_origin": "human"} for number in range(60_000)]
    data, folder = put(tmp_path / "big.jsonl", rows), tmp_path / "ledger"
    assert cli("ledger", "init", folder).code == 0
    line = [sys.executable, "-c", "from longtail.cli import main; main()", "ledger", "add", str(folder), str(data), "--name", "big"]
    started = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not any(path.stat().st_size > 1_000_000 for path in folder.glob("spool/*.arrow")) and time.monotonic() < deadline:
        time.sleep(0.005)
    os.kill(started.pid, signal.SIGKILL)
    assert started.wait() == -signal.SIGKILL
    done = cli("ledger", "add", folder, data, "--name", "big")
    assert done.code == 0, done.err
    left = int(re.search("([0-9,]+) rows that a process left behind were committed", done.err)[1].replace(",", ""))
    assert 0 < left <= 60_000
    facts = cli("ledger", "stats", folder, "--json").report
    assert (facts["documents"], facts["origins"]) == (60_000, {"human": 60_000})
    log = cli("ledger", "log", folder, "--json").report["commits"]
    assert sum(commit["rows"] for commit in log) == 60_000 + left
    assert cli("ledger", "verify", folder).code == 0


def test_looking_at_a_ledger_loads_no_compiler(tmp_path):
    for name in ("log", "show", "verify", "mark"):
        heavy = "[one for one in ('numba', 'scipy', 'pyarrow.dataset') if one in sys.modules]"
        code = f"import longtail.cli.ledger.{name}, sys; print({heavy})"
        assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n", name


def test_the_commands_are_those_of_the_contract():
    assert isinstance(command, LazyGroup)
    assert {"init", "add", "log", "show", "lineage", "stats", "export", "compact", "verify", "attest"} <= set(_COMMANDS)
