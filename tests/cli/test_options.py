import io
import os

import click
import pytest

from longtail.cli import options
from longtail.errors import ConfigError, UsageError
from longtail.records import Progress


@pytest.mark.parametrize(
    ("names", "views"),
    [(None, None), ("", None), ("words_1", ("words_1",)), (" words_1 ,, number:a b,", ("words_1", "number:a b")), (",", ())],
)
def test_views_are_named_by_comma(names, views):
    assert options.views_of(names) == views


@pytest.mark.parametrize(
    ("pairs", "margins"),
    [(None, {}), ("", {}), (",", {}), ("tail=0.90, late=.5", {"tail": 0.9, "late": 0.5}), ("tail=1,tail=2", {"tail": 2.0})],
)
def test_margins_are_pairs_by_comma(pairs, margins):
    assert options.margins_of(pairs) == margins


@pytest.mark.parametrize("pairs", ["tail", "tail=", "tail=a", "tail=0.9,late"])
def test_a_margin_that_is_no_pair_is_refused_with_an_example(pairs):
    with pytest.raises(ConfigError, match=r"margin '\w+=?a?': write NAME=NUMBER, such as tail=0\.90"):
        options.margins_of(pairs)


def test_machine_texts_are_gathered_by_their_origin(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a=b.jsonl").write_text("")
    named = ["gpt=1.jsonl", "2.jsonl", " gpt =3.jsonl", "x=y=z.jsonl", "a=b.jsonl", f"d{os.sep}e=4.jsonl"]
    assert options.machine_texts(named) == {
        "gpt": ["1.jsonl", "3.jsonl"], "synthetic": ["2.jsonl", "a=b.jsonl", f"d{os.sep}e=4.jsonl"], "x": ["y=z.jsonl"],
    }  # fmt: skip
    assert options.machine_texts([]) == {}


@pytest.mark.parametrize("each", ["=a.jsonl", " =a.jsonl", "gpt=", "human=a.jsonl", " human =a.jsonl", ""])
def test_a_machine_text_without_a_name_or_file_or_of_people_is_refused(each):
    with pytest.raises(UsageError, match=f"--synthetic {each!r}: write FILE or NAME=FILE, .* other than human"):
        options.machine_texts([each])


def test_an_output_is_refused_before_the_work_that_it_would_lose(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.ltp").write_text("")
    (tmp_path / "link.ltp").symlink_to("a.ltp")
    (tmp_path / "dir.ltp").mkdir()
    refusals = {
        "./a.ltp": "is one of the inputs", "link.ltp": "is one of the inputs", "b": "known suffixes: .json, .ltp",
        "b.txt": "cannot tell the format of 'b.txt'", "dir.ltp": "it is a folder", "no/b.ltp": "there is no folder 'no'",
    }  # fmt: skip
    for path, says in refusals.items():
        with pytest.raises(UsageError, match=says):
            options.check_output(path, [".ltp", ".json"], ["a.ltp", "bad\0name", "-"])
    for path in ("b.ltp", "B.LTP", "dir.ltp/b.json", str(tmp_path / "b.ltp")):
        options.check_output(path, [".ltp", ".json"], ["a.ltp"])


def test_every_command_that_reads_has_the_options_once_and_their_defaults():
    @click.command()
    @options.reading
    def command(**given):
        """Do nothing."""

    names = [parameter.name for parameter in command.params]
    assert sorted(names) == sorted([
        "seed", "text_column", "table", "by", "views", "features", "validity", "role", "exact", "quiet", "debug", "no_color", "help",
        "workers", "config", "no_config",
    ])  # fmt: skip
    made = command.make_context("command", ["--by", "a", "--by", "b", "-q"])
    assert (made.params["by"], made.params["quiet"], made.params["seed"], made.params["views"]) == (("a", "b"), True, 0, None)


def test_a_console_is_plain_where_that_was_asked_for(monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert (options.console_of(True).no_color, options.console_of(False).no_color) == (True, False)
    monkeypatch.setenv("NO_COLOR", "1")
    assert options.console_of(False).no_color is True
    assert options.console_of(False, stderr=True).stderr is True


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("::error::owned", ": :error::owned"),
        ("  ::add-mask::x", "  : :add-mask::x"),
        ("ends ##[error]owned", "ends ## [error]owned"),
        ("std::vector and ## a head", "std::vector and ## a head"),
        ("word " * 15 + "::error::owned", "word " * 14 + "word\n: :error::owned"),
    ],
)
def test_what_data_say_is_no_command_to_a_runner_even_where_a_line_is_folded(capsys, said, shown):
    console = options.console_of(no_color=True)
    console.width = 80
    console.print(said, markup=False)
    assert [line.rstrip() for line in capsys.readouterr().out.splitlines()] == shown.splitlines()


def test_progress_is_shown_on_a_terminal_alone_and_not_where_quiet(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    for stream, quiet, shown in ((io.StringIO(), False, False), (Terminal(), True, False), (Terminal(), False, True)):
        monkeypatch.setattr("sys.stderr", stream)
        with options.progress(quiet, True) as on_progress:
            assert (on_progress is not None) is shown
            if on_progress is not None:
                on_progress(Progress(stage="reading", done=8192))
        assert ("reading" in stream.getvalue() and "8,192 documents" in stream.getvalue()) is shown
