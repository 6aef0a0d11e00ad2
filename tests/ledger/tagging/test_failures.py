"""What goes wrong is one line, and leaves what was there."""

import gzip
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from longtail.errors import ReadError, UsageError
from longtail.ledger import Tags, tag
from longtail.records import Origin

from .tagging_help import HUMAN, LINES, put, saved, take


@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".parquet"])
@pytest.mark.parametrize("setting", ["time_column", "text_column"])
def test_a_column_that_is_not_there_is_refused_and_nothing_is_written(here, suffix, setting):
    put("a" + suffix, [{"text": "a", "when": "2020"}])
    with pytest.raises(ReadError, match=r"'whenn'"):
        tag("a" + suffix, "b" + suffix, Tags(origin=Origin.HUMAN, **{setting: "whenn"}))
    assert sorted(os.listdir()) == ["a" + suffix]


@pytest.mark.parametrize(
    ("data", "out", "words"),
    [
        ("a.jsonl", "a.jsonl", "is the input"),
        ("a.jsonl", "link.jsonl", "is the input"),
        ("a.jsonl", "b.csv", "keeps its format"),
        ("a.csv", "b.tsv", "keeps its format"),
        ("a.jsonl", "b", "keeps its format"),
        ("a.jsonl", "nowhere/b.jsonl", "no folder 'nowhere'"),
        ("a.jsonl", "folder", "it is a folder"),
        ("a.parquet", "b.parquet.gz", "only text formats"),
        ("a.txt", "b.txt", "no room for provenance"),
        ("folder", "b", "tag them one by one"),
        ("-", "b.jsonl", "standard input cannot be tagged"),
        ("hf", "hf/b", "is the input, or lies in it"),
        ("hf", "folder", "a folder is not replaced"),
    ],
)
def test_an_output_that_would_destroy_or_mislead_is_refused_before_any_work(here, data, out, words):
    put("a.jsonl", [{"text": "a"}])
    put("a.csv", [{"text": "a"}])
    put("a.parquet", [{"text": "a"}])
    Path("a.txt").write_text("a")
    Path("link.jsonl").symlink_to("a.jsonl")
    Path("folder").mkdir()
    Path("folder/a.jsonl").write_text(LINES[0])
    saved(here / "hf", ["a"])
    before = {path: path.read_bytes() for path in here.rglob("*") if path.is_file()}
    with pytest.raises(UsageError, match=words):
        tag(data, out, HUMAN)
    assert {path: path.read_bytes() for path in here.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.json", b'[{"text": "a"}]', "not one document per line"),
        ("a.json", b'{\n"text": "a"}', "not one document per line"),
        ("a.jsonl", b"", "no documents"),
        ("a.csv", b"text,n\n", "no documents"),
        ("a.csv", b"body,n\nx,1\n", "no column with text was recognised; columns: body, n"),
        ("a.csv", b'text,n\nx,1\ny,"open\nz,2\n', "a.csv:3: a quoted field is never closed"),
        ("a.csv", b'text,n\nx,1\ny,"' + b"open\n" * 4_000_000, "a.csv:3: a quoted field is never closed"),
        ("a.jsonl", b'{"body": "x"}\n', "all 1 were set aside"),
        ("a.parquet", b"PAR1 nothing", "cannot be read to its end"),
        ("a.jsonl.gz", gzip.compress(b'{"text": "a"}\n' * 5000)[:60], "cannot be read to its end"),
        ("a.arrow", b"\xff\xff\xff\xff nothing here", "no end mark"),
    ],
    ids=range(11),
)
def test_what_cannot_be_read_to_its_end_leaves_the_old_output_and_no_draft(here, name, text, words):
    Path(name).write_bytes(text)
    out = "b" + name[1:]
    Path(out).write_bytes(b"old")
    with pytest.raises(ReadError, match=words):
        tag(name, out, HUMAN)
    assert Path(out).read_bytes() == b"old"
    assert sorted(os.listdir()) == sorted([name, out])


def test_a_file_that_changes_while_it_is_read_is_an_error(here):
    put("a.jsonl", [{"text": str(n)} for n in range(3000)])
    with pytest.raises(ReadError, match="changed while it was read"):
        tag("a.jsonl", "b.jsonl", HUMAN, lambda step: Path("a.jsonl").open("a").close() or os.utime("a.jsonl", ns=(1, 1)))
    assert os.listdir() == ["a.jsonl"]


PROGRAM = """
import resource, signal, sys
from longtail.cli import main
if sys.argv[1] == "full":
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
sys.argv = ["longtail", *sys.argv[2:]]
main()
"""


def many(name, count):
    rng = np.random.default_rng(0)
    put(name, [{"text": " ".join(map(str, row))} for row in rng.integers(0, 10**6, (count, 20)).tolist()])


@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".parquet"])
def test_a_disk_that_is_full_is_one_line_and_the_old_output_stays(here, suffix):
    many("a" + suffix, 4000)
    Path("b" + suffix).write_bytes(b"old")
    command = [sys.executable, "-c", PROGRAM, "full", "tag", "a" + suffix, "--origin", "human", "-o", "b" + suffix]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2, done.stderr
    assert len(done.stderr.splitlines()) == 1 and f"cannot write 'b{suffix}'" in done.stderr and "unexpected" not in done.stderr
    assert Path("b" + suffix).read_bytes() == b"old"
    assert sorted(os.listdir()) == ["a" + suffix, "b" + suffix]


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_folder_that_may_not_be_written_is_one_line(here):
    put("a.jsonl", [{"text": "a"}])
    Path("closed").mkdir(mode=0o500)
    with pytest.raises(UsageError, match=r"cannot write 'closed/b\.jsonl': Permission denied"):
        tag("a.jsonl", "closed/b.jsonl", HUMAN)


def test_a_draft_that_cannot_be_opened_is_one_line(here, monkeypatch):
    put("a.jsonl", [{"text": "a"}])

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("longtail.ledger.tagging.rewriting.open_sink", refuse)
    with pytest.raises(UsageError, match=r"cannot write 'b\.jsonl': Permission denied"):
        tag("a.jsonl", "b.jsonl", HUMAN)


@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".parquet"])
def test_a_kill_in_the_middle_leaves_the_old_output_whole(here, suffix):
    many("a" + suffix, 30_000)
    Path("b" + suffix).write_bytes(b"old")
    command = [sys.executable, "-c", PROGRAM, "-", "tag", "a" + suffix, "--origin", "human", "-o", "b" + suffix]
    running = subprocess.Popen(command)
    deadline = time.monotonic() + 60
    while not list(here.glob(".b*.tmp")) and time.monotonic() < deadline:
        time.sleep(0.002)
    time.sleep(0.05)
    running.send_signal(signal.SIGKILL)
    assert running.wait() == -signal.SIGKILL
    assert Path("b" + suffix).read_bytes() == b"old"
    made = tag("a" + suffix, "b" + suffix, HUMAN)
    assert made.documents == 30_000 == len(take("b" + suffix))
