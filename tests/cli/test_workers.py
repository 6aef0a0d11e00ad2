"""`--workers`: every command that counts data sets hands it on, and nothing that is written holds it."""

import json

import pytest

from longtail.cli import options
from longtail.errors import UsageError
from longtail.readers import intake
from longtail.summaries import profiling

from .refusing import refused

TEXTS = [f"word{n % 7} and word{n % 11} number {n}" for n in range(300)]


@pytest.fixture
def files(here, cli, write_rows):
    write_rows("a.jsonl", TEXTS)
    write_rows("b.jsonl", TEXTS[::2])
    assert cli("profile", "b.jsonl", "-o", "b.ltp", "-q").code == 0
    return here


@pytest.fixture
def told(files, monkeypatch):
    """A counting that only says on how many threads it was to be."""

    def count(batches, made, workers):
        raise UsageError(f"{workers} threads")

    monkeypatch.setattr(profiling, "count", count)
    return files


COMMANDS = [
    "profile a.jsonl -o a.ltp",
    "audit a.jsonl",
    "audit b.ltp --baseline a.jsonl",
    "audit --lineage b.ltp a.jsonl --reference b.ltp",
    "audit --before a.jsonl --after b.ltp",
    "calibrate --reference a.jsonl",
    "diagnose --outputs a.jsonl --reference b.ltp",
    "drill a.jsonl --reference b.jsonl",
    "recover check --before a.jsonl --after b.ltp --reference b.ltp",
    "recover plan --reference b.jsonl --current a.jsonl",
]


@pytest.mark.parametrize("command", COMMANDS)
def test_data_are_counted_on_as_many_threads_as_were_asked_for(cli, told, command):
    refused(cli(*command.split(), "--workers", "2"), "2 threads")
    refused(cli(*command.split()), "1 threads")


def test_it_is_set_in_the_environment_and_in_a_file_as_any_option(cli, told, monkeypatch):
    (told / "longtail.toml").write_text("[profile]\nworkers = 4\n")
    refused(cli(*COMMANDS[0].split()), "4 threads")
    monkeypatch.setenv("LONGTAIL_PROFILE_WORKERS", "3")
    refused(cli(*COMMANDS[0].split()), "3 threads")


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("workers", ["0", "-1", "two"])
def test_what_is_no_number_of_threads_is_refused(cli, files, command, workers):
    refused(cli(*command.split(), "--workers", workers), "--workers", workers)


def test_a_profile_is_the_same_file(cli, files, monkeypatch):
    monkeypatch.setattr(intake, "MOST_DOCUMENTS", 20)
    for name, workers in (("one.ltp", "1"), ("three.ltp", "3")):
        ran = cli("profile", "a.jsonl", "-o", name, "--workers", workers)
        assert (ran.code, ran.out) == (0, "") and ran.err.startswith(f"{name}: 300 documents")
    assert (files / "one.ltp").read_bytes() == (files / "three.ltp").read_bytes()


def test_an_audit_prints_the_same_bytes_but_for_the_times(cli, files, monkeypatch):
    monkeypatch.setattr(intake, "MOST_DOCUMENTS", 20)
    asked = ("audit", "b.jsonl", "--baseline", "a.jsonl", "--json")
    alone, several = (json.loads(cli(*asked, *more).out) for more in ((), ("--workers", "3")))
    assert alone["estimates"] and {name for name, value in alone.items() if several[name] != value} <= {"created_at", "timing"}


@pytest.mark.parametrize(
    ("arguments", "names", "written"),
    [
        (["audit", "a", "--json"], ["audit"], "longtail audit a --json"),
        (["audit", "--workers", "2", "a", "--json"], ["audit"], "longtail audit a --json"),
        (["recover", "plan", "--workers=12"], ["recover", "plan"], "longtail recover plan"),
        (["-c"], ["recover", "check"], "longtail recover check a"),
    ],
)
def test_the_command_that_is_written_down_is_the_one_typed_without_the_threads(monkeypatch, arguments, names, written):
    monkeypatch.setattr("sys.argv", ["longtail", *arguments])
    assert options.typed(*names, inputs=["a"]) == written
