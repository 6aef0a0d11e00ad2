"""The `longtail` command: dispatch, and how errors reach the user."""

import importlib
from importlib.metadata import version

import click
import pytest

from longtail.cli import main as package_main
from longtail.cli.main import _COMMANDS, cli, main
from longtail.errors import ReadError


@pytest.fixture
def raising(monkeypatch):
    """Run `main` where the command line ends in an error, or returns something."""

    def run(what, *arguments):
        def work(**_):
            if isinstance(what, BaseException):
                raise what
            return what

        monkeypatch.setattr(cli, "main", work)
        monkeypatch.setattr("sys.argv", ["longtail", *arguments])
        with pytest.raises(SystemExit) as stop:
            main()
        return stop.value.code

    return run


@pytest.mark.parametrize("name", _COMMANDS)
def test_every_command_is_found_where_it_is_said_to_be_and_tells_what_it_does(name):
    found = importlib.import_module(_COMMANDS[name]).command
    assert isinstance(found, click.Command) and found.name == name
    assert found.get_short_help_str().endswith(".")


def test_without_a_command_the_help_is_printed_and_it_names_every_command(cli):
    ran = cli()
    assert ran.code == 0 and ran.out == cli("--help").out
    assert {line.split()[0] for line in ran.out.partition("Commands:\n")[2].splitlines() if line[:3].strip()} == set(_COMMANDS)


def test_the_version_is_that_of_the_package(cli):
    assert cli("--version").out == f"longtail {version('longtail')}\n"


def test_a_command_that_is_none_is_refused_in_one_line_with_what_to_ask(cli):
    ran = cli("audti")
    assert ran.code == 2 and ran.out == ""
    assert ran.err.startswith("longtail: ") and ran.err.count("\n") == 1 and "audti" in ran.err


@pytest.mark.parametrize(("what", "code"), [
    (None, 0), (0, 0), (1, 1), (3, 3), ("text", 0), (click.exceptions.Exit(1), 1), (click.Abort(), 130), (KeyboardInterrupt(), 130),
    (ReadError("a", "b"), 2), (click.UsageError("no"), 2), (RuntimeError("x"), 2),
])  # fmt: skip
def test_every_end_has_its_exit_code(raising, capsys, what, code):
    assert raising(what) == code


def test_an_expected_error_is_one_line_whatever_its_message(raising, capsys):
    raising(ReadError("a.jsonl", "broken\n  in  two"))
    assert capsys.readouterr().err == "longtail: a.jsonl: broken in two\n"


def test_an_unexpected_error_names_itself_and_how_to_see_more(raising, capsys):
    raising(RuntimeError("out of luck"))
    assert capsys.readouterr().err == "longtail: unexpected RuntimeError: out of luck; run again with --debug for the traceback\n"


def test_with_debug_the_traceback_is_shown(raising, capsys):
    assert raising(RuntimeError("out of luck"), "--debug") == 2
    told = capsys.readouterr().err
    assert told.startswith("Traceback") and told.endswith("RuntimeError: out of luck\n")


def test_an_interruption_says_that_nothing_was_written(raising, capsys):
    raising(KeyboardInterrupt())
    assert capsys.readouterr().err == "longtail: interrupted; nothing was written\n"


def test_the_package_runs_the_same_function():
    assert package_main is main
