import os
import time
from pathlib import Path

import pytest

from longtail.gates.batch import Batch
from longtail.gates.verifiers.sandbox import Limits, backends, interpreter
from longtail.gates.verifiers.sandbox.cells import Cell

source = backends.source

SECRET = "the-hidden-answer-74121"
CALLS = [{"call": "f", "args": [3], "expected": SECRET}, {"call": "f", "args": [4], "expected": 16}]
TEXTS = ["def test_a():\n    assert f(3) == 'the-hidden-answer-74121'\n\ndef test_b():\n    assert f(4) == 16\n"]
PROGRAMS = [{"stdin": "4\n", "stdout": SECRET}]
LURK, MARK = str(10_000_000 + os.getpid()), f"# a sandbox of process {os.getpid()}"
"""What names the processes of this run of the tests, and no others."""

PARTS = Path(__file__).with_name("attacks.txt").read_text().split("=== ")[1:]
ATTACKS = {name: code for name, _, code in (part.partition("\n") for part in PARTS)}
BUSY = {"forks without end", "fills the memory", "never ends", "sleeps for ever", "catches every signal and goes on", "writes without end"}
PRIVATE_MEMORY = "looks through other processes"


def lurking():
    """Command lines of processes that a sandbox has left."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().split(b"\0")
        except OSError:
            continue
        if LURK.encode() in words or any(MARK.encode() in word for word in words):
            found.append((path.parent.name, words[0]))
    return found


def none_left():
    until = time.monotonic() + 5
    while lurking() and time.monotonic() < until:
        time.sleep(0.02)
    return lurking() == []


def document(code, tests):
    return {"text": code.replace("HOST", str(os.getpid())).replace("123987", LURK), "tests": tests}


@pytest.fixture
def host(tmp_path, monkeypatch):
    """A folder for what sandboxes make, beside a file that nobody is to touch."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(backends, "source", lambda role: f"{source(role)}\n{MARK}\n")
    tmp_path.chmod(0o711)
    kept = tmp_path / "kept.txt"
    kept.write_text("untouched")
    yield tmp_path
    assert kept.read_text() == "untouched"
    assert [path.name for path in tmp_path.iterdir()] == ["kept.txt"]
    assert none_left()


@pytest.mark.parametrize("isolation", ["bubblewrap", "plain", pytest.param("namespaces", marks=pytest.mark.slow)], indirect=True)
@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_scores_0_and_leaves_nothing_behind(sandboxed, isolation, host, attack):
    if attack == PRIVATE_MEMORY and isolation == "plain" and os.getuid():
        pytest.skip("plain limits do not stop it, as they say, unless this is root")
    shapes = (CALLS,) if attack in BUSY else (CALLS, TEXTS)
    found = sandboxed(timeout_s=0.4)(Batch.of([document(ATTACKS[attack], tests) for tests in shapes]))
    for at in range(len(shapes)):
        assert found.at(at).decision == "reject", found.at(at)
        assert found.at(at).score == 0, found.at(at)
        assert SECRET not in found.at(at).reason


@pytest.mark.parametrize("code", ["import os\nos._exit(0)", f"open('answer', 'w').write({SECRET!r})", "while True: print('x' * 4096)"])
def test_a_program_that_does_not_print_the_answer_scores_0(sandboxed, host, code):
    assert sandboxed(timeout_s=0.4)(Batch.of([document(code, PROGRAMS)])).at(0).score == 0


def test_an_honest_program_passes_the_tests_that_the_attacks_fail(sandboxed, host):
    honest = f"def f(x): return x * x if x > 3 else {SECRET!r}"
    program = f"print({SECRET!r} if input() == '4' else '')"
    found = sandboxed(timeout_s=5)(Batch.of([document(honest, CALLS), document(honest, TEXTS), document(program, PROGRAMS)]))
    assert [found.at(at) for at in range(3)] == [("keep", "", 1.0, None)] * 3


def test_the_search_of_its_own_process_finds_what_is_planted_there(sandboxed):
    planted = ATTACKS["looks through its own process"] + f"\nKEPT = [{SECRET!r}]"
    assert sandboxed(timeout_s=5)(Batch.of([document(planted, CALLS)])).at(0).score == 0.5


def test_a_daemon_is_seen_while_it_lives():
    import subprocess

    with subprocess.Popen(["/bin/sleep", LURK]) as process:
        until = time.monotonic() + 5
        while not (seen := lurking()) and time.monotonic() < until:
            time.sleep(0.01)
        process.kill()
    assert [name for name, _ in seen] == [str(process.pid)]
    assert none_left()


def test_a_sandbox_is_seen_while_it_lives(isolation, python, host):
    with Cell(isolation, interpreter(python, False), "candidate", Limits()):
        assert lurking()
    assert none_left()
