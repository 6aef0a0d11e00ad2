"""Making, freezing and reading back; several processes, and processes that die."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from longtail.errors import ConfigError, ReadError, UnknownName, UsageError
from longtail.ledger.reservoir import Reservoir
from longtail.readers import read


def texts(reservoir, snapshot=None):
    return sorted(text for batch in reservoir.documents(snapshot) for text in batch.column("text").to_pylist())


def hidden(here):
    return [path.name for path in (here / "pool").rglob(".*")]


def test_a_reservoir_is_made_once_and_in_an_empty_place(here):
    Reservoir.create("pool")
    with pytest.raises(UsageError, match="'pool' is a reservoir already"):
        Reservoir.create("pool")
    (here / "full").mkdir()
    (here / "full" / "a").write_text("")
    for place in ("full", "full/a"):
        with pytest.raises(UsageError, match="is not an empty folder"):
            Reservoir.create(place)
    with pytest.raises(ConfigError, match="cutoff is 'soon'; write a day as YYYY-MM-DD"):
        Reservoir.create("other", "soon")
    with pytest.raises(ReadError, match="full: is no reservoir; make one with longtail reservoir init full"):
        Reservoir.open("full")


def test_a_later_format_is_one_clear_line(here, reservoir, human):
    reservoir.add([human("a.jsonl", ["a"])])
    for path in [here / "pool" / "_reservoir.json", *(here / "pool" / "__additions").iterdir()]:
        whole = path.read_bytes()
        path.unlink()
        path.write_bytes(json.dumps(json.loads(whole) | {"format": 2, "new": 1}).encode())
        with pytest.raises(ReadError, match="was written in format 2, and this version reads up to 1; upgrade longtail"):
            Reservoir.open("pool").paths()
        path.write_bytes(whole)


def test_a_snapshot_keeps_its_meaning_while_the_reservoir_grows(reservoir, human):
    reservoir.add([human("a.jsonl", ["a", "b"])])
    name, first = reservoir.freeze("v1")
    reservoir.add([human("b.jsonl", ["c"])])
    assert (name, texts(reservoir, "v1"), texts(reservoir)) == ("v1", ["a", "b"], ["a", "b", "c"])
    with pytest.raises(UsageError, match=f"snapshot 'v1' was frozen with 2 documents \\(sha256 {first.sha256}\\); choose another name"):
        reservoir.freeze("v1")
    second = reservoir.freeze("v2")[1]
    assert reservoir.freeze("v2")[1] == second and second.documents == 3
    assert reservoir.freeze()[0] == second.sha256[:12]
    assert reservoir.snapshots() == tuple(sorted(["v1", "v2", second.sha256[:12]]))
    assert texts(reservoir, "v1") == ["a", "b"] and reservoir.verify().count == 0


def test_the_pin_of_a_snapshot_is_what_an_audit_prints_for_it(here, reservoir, human):
    for name in "ab":
        reservoir.add([human(f"{name}.jsonl", [name])])
        frozen = reservoir.freeze(name)[1]
        for place in ("pool", f"pool/__frozen/{name}"):
            reading = read(place)
            assert sorted(text for batch in reading.batches() for text in batch.column("text").to_pylist()) == texts(reservoir)
            assert reading.sha256 == frozen.sha256


def test_a_pin_that_is_not_the_snapshot_s_is_refused(reservoir, human):
    reservoir.add([human("a.jsonl", ["a"])])
    frozen = reservoir.freeze("v1")[1]
    assert reservoir.snapshot("v1", frozen.sha256) == frozen
    with pytest.raises(ReadError, match=f"has the sha256 {frozen.sha256}, and {'0' * 64} was expected"):
        reservoir.verify("v1", "0" * 64)
    with pytest.raises(UnknownName, match="unknown snapshot 'v2': known: v1"):
        reservoir.paths("v2")


@pytest.mark.parametrize("name", ["", "../v1", ".v1", "a/b", "a b", "x" * 65])
def test_a_name_that_cannot_be_a_folder_everywhere_is_refused(reservoir, human, name):
    reservoir.add([human("a.jsonl", ["a"])])
    with pytest.raises(UsageError, match="snapshot name .+: take up to 64 letters"):
        reservoir.snapshot(name)


def test_an_empty_reservoir_has_nothing_to_freeze(reservoir):
    with pytest.raises(UsageError, match="'pool' holds no documents to freeze"):
        reservoir.freeze("v1")
    assert (list(reservoir.documents()), reservoir.verify().count, reservoir.snapshots()) == ([], 0, ())


def test_time_that_runs_backwards_changes_nothing(reservoir, human, monkeypatch):
    import longtail.ledger.reservoir.adding as adding

    reservoir.add([human("a.jsonl", ["a"])])
    first = reservoir.freeze("v1")[1]
    monkeypatch.setattr(adding, "datetime", type("Old", (), {"now": staticmethod(lambda zone: adding_start(zone))}))
    reservoir.add([human("b.jsonl", ["b"])])
    assert texts(reservoir) == ["a", "b"] and reservoir.snapshot("v1") == first and reservoir.verify().count == 0


def adding_start(zone):
    from datetime import datetime

    return datetime(1970, 1, 1, tzinfo=zone)


PROGRAM = """
import sys
from longtail.ledger.reservoir import Reservoir
for data in sys.argv[1:]:
    Reservoir.open("pool").add([data])
    print(data, flush=True)
"""


def test_four_processes_at_once_lose_nothing(here, reservoir, human):
    data = [[human(f"{who}-{turn}.jsonl", [f"{who} {turn} {n}" for n in range(5)] + ["shared"]) for turn in range(6)] for who in range(4)]
    running = [subprocess.Popen([sys.executable, "-c", PROGRAM, *each], stdout=subprocess.PIPE) for each in data]
    assert [process.wait(120) for process in running] == [0] * 4
    for process in running:
        process.stdout.close()
    found = texts(reservoir)
    wanted = {f"{who} {turn} {n}" for who in range(4) for turn in range(6) for n in range(5)} | {"shared"}
    assert set(found) == wanted and len(found) <= len(wanted) + 3
    verified = reservoir.verify()
    assert (verified.count, verified.repeated, verified.leftovers, hidden(here)) == (0, len(found) - len(wanted), 0, [])


def test_processes_that_are_killed_lose_nothing_they_acknowledged(here, reservoir, human):
    data = [human(f"{turn}.jsonl", [f"{turn} {n}" for n in range(300)]) for turn in range(400)]
    acknowledged, begun = [], 0
    for point in range(6):
        left = data[len(acknowledged) :]
        process = subprocess.Popen([sys.executable, "-c", PROGRAM, *left], stdout=subprocess.PIPE, text=True)
        first = process.stdout.readline().strip()
        time.sleep(0.007 * point)
        process.send_signal(signal.SIGKILL)
        process.wait()
        rest = process.stdout.read().split()
        process.stdout.close()
        acknowledged += [first, *rest]
        begun += 1
        held = set(texts(reservoir))
        assert held >= {f"{turn} {n}" for turn in range(len(acknowledged)) for n in range(300)}
        assert len(held) % 300 == 0 and reservoir.verify().count == 0
    reservoir.add(data[: len(acknowledged) + 1])
    assert begun == 6 and len(texts(reservoir)) == 300 * (len(acknowledged) + 1)
    assert (reservoir.verify().count, hidden(here)) == (0, [])


DYING = """
import os, sys
import longtail.ledger.reservoir.adding as adding
from longtail.ledger.reservoir import Reservoir
setattr(adding, sys.argv[1], lambda *_: os._exit(9))
Reservoir.open("pool").add(["a.jsonl"])
"""


@pytest.mark.parametrize(("before", "is_there"), [("sealed", False), ("put", False), ("settled", True)])
def test_a_process_that_dies_between_two_steps_leaves_all_or_nothing(here, reservoir, human, before, is_there):
    human("a.jsonl", ["a", "b"])
    reservoir.add([human("b.jsonl", ["c"])])
    assert subprocess.run([sys.executable, "-c", DYING, before], timeout=60).returncode == 9
    verified = reservoir.verify()
    assert (verified.count, verified.documents, verified.leftovers) == (0, 3 if is_there else 1, 1)
    assert texts(reservoir) == (["a", "b", "c"] if is_there else ["c"])
    assert reservoir.freeze("v1")[1].documents == len(texts(reservoir))
    made = reservoir.add(["a.jsonl"])
    assert (made.documents, made.duplicates) == ((0, 2) if is_there else (2, 0))
    assert (texts(reservoir), reservoir.verify().count, reservoir.verify().leftovers, hidden(here)) == (["a", "b", "c"], 0, 0, [])


def test_an_error_after_the_commit_loses_nothing(here, reservoir, human, monkeypatch):
    import longtail.ledger.reservoir.adding as adding

    real, calls = adding.settled, []

    def once(*arguments):
        calls.append(arguments)
        if len(calls) == 1:
            raise OSError("the disk went away")
        return real(*arguments)

    monkeypatch.setattr(adding, "settled", once)
    with pytest.raises(UsageError, match="the disk went away"):
        reservoir.add([human("a.jsonl", ["a"])])
    assert (texts(reservoir), reservoir.verify().count, hidden(here)) == (["a"], 0, [])


LIMITED = """
import resource, sys
from longtail.cli import main
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
sys.argv = ["longtail", "reservoir", "add", "pool", "big.jsonl"]
main()
"""


def test_a_full_disk_is_one_line_and_nothing_is_lost(here, reservoir, human):
    reservoir.add([human("a.jsonl", ["a"])])
    human("big.jsonl", [os.urandom(500).hex() for _ in range(3000)])
    done = subprocess.run([sys.executable, "-c", LIMITED], capture_output=True, text=True, timeout=60)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), done.stderr
    assert "cannot write 'pool'" in done.stderr and "unexpected" not in done.stderr
    assert (texts(reservoir), reservoir.verify().count, hidden(here)) == (["a"], 0, [])


UNPRIVILEGED = """
import os, sys
import longtail.cli.reservoir.add, longtail.cli.reservoir.freeze, longtail.cli.reservoir.init, longtail.cli.reservoir.verify, zoneinfo
from longtail.cli import main
if os.geteuid() == 0:
    os.setegid(65534), os.seteuid(65534)
sys.argv = ["longtail", "reservoir", *sys.argv[1:]]
main()
"""


@pytest.fixture
def open_place(monkeypatch):
    """A folder that every user can reach."""
    with tempfile.TemporaryDirectory() as place:
        monkeypatch.chdir(place)
        yield Path(place)
        for path in [Path(place), *Path(place).rglob("*")]:
            path.chmod(0o755)


def test_a_folder_that_may_not_be_written_can_be_read(human, open_place):
    reservoir = Reservoir.create("pool")
    shutil.copyfile(human("a.jsonl", ["a"]), "b.jsonl")
    reservoir.add(["b.jsonl"])
    for path in [open_place, *(path for path in open_place.rglob("*") if path.is_dir())]:
        path.chmod(0o555)
    command = [sys.executable, "-c", UNPRIVILEGED]
    for arguments in (["add", "pool", "b.jsonl"], ["freeze", "pool", "v1"], ["init", "other"]):
        done = subprocess.run([*command, *arguments], capture_output=True, text=True, timeout=60)
        assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), done.stderr
        assert "cannot write" in done.stderr and "Permission denied" in done.stderr
    assert subprocess.run([*command, "verify", "pool", "-q"], timeout=60).returncode == 0
    assert texts(reservoir) == ["a"]


@pytest.mark.parametrize("megabytes", [10, pytest.param(100, marks=pytest.mark.slow)])
def test_a_large_document_goes_in_and_comes_out(reservoir, human, megabytes):
    large = "0123456789" * (megabytes * 10**5)
    assert reservoir.add([human("a.jsonl", [large, "small"])]).documents == 2
    assert texts(reservoir) == [large, "small"] and reservoir.verify().count == 0
