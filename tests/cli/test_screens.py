"""What is on the screen: help, lists, pages, the report of one file, and nothing else."""

import json
import random
import re
import time

import click
import pytest

from longtail.cli.main import cli as group
from longtail.gates import GATES
from longtail.gates.gain import UPDATES
from longtail.gates.recipe import presets
from longtail.guards import GUARDS
from longtail.metrics import RATIOS, VALUES
from longtail.origin.quantifiers import QUANTIFIERS
from longtail.origin.scorers import SCORERS
from longtail.rules import RULES

COMMANDS = [
    "audit", "profile", "merge", "tag", "mix", "ledger", "reservoir", "calibrate", "demo", "gate", "review", "mark",
    "detect", "estimate", "diagnose", "recover", "watch", "rag", "drill", "compare", "lab", "init", "config", "explain", "list",
]  # fmt: skip
PLANNED = ["view"]
UNBUILT = [
    "engine",
]
NAMES = sorted({entry.name for catalogue in (RULES, VALUES, RATIOS, GATES, UPDATES, GUARDS, SCORERS, QUANTIFIERS) for entry in catalogue})


def help_of(cli, *command):
    ran = cli(*command, "--help")
    assert (ran.code, ran.err) == (0, "")
    return ran.out


def test_the_commands_are_those_that_work_and_no_other(cli):
    listed = re.findall(r"^  ([a-z]+)  +\S", help_of(cli).partition("Commands:")[2], re.MULTILINE)
    assert listed == COMMANDS


@pytest.mark.parametrize("command", [(), *((name,) for name in COMMANDS)])
def test_help_shows_an_example_before_any_option_and_nothing_that_is_only_planned(cli, command):
    page = help_of(cli, *command)
    assert 0 < page.index("Example") < page.index("Options:")
    assert "longtail " + (command[0] if command else "audit") in page[page.index("Example") : page.index("Options:")]
    assert "\\b" not in page
    examples = page[page.index("Example") : page.index("Options:")].splitlines()
    assert examples[1].strip().startswith("longtail ")
    assert all(line.count("longtail ") <= 1 for line in examples)
    assert [name for name in UNBUILT if f"--{name} " in page] == []
    assert [name for name in PLANNED if re.search(rf"longtail {name}\b", page)] == []
    assert page == cli(*command, "-h").out


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_says_what_it_does(name):
    command = group.get_command(click.Context(group), name)
    assert command.short_help and command.help
    silent = [p.name for p in command.params if isinstance(p, click.Option) and not (p.help or "").strip().endswith((".", "]", ")"))]
    assert silent == []


def test_the_version_is_the_one_of_the_package(cli):
    from importlib.metadata import version

    assert cli("--version").out == f"longtail {version('longtail')}\n"


def test_the_bare_command_shows_the_help(cli):
    assert cli() == cli("--help")


def test_the_list_holds_every_rule_metric_gate_guard_recipe_scorer_and_quantifier(cli):
    listed = {line.split()[0] for line in cli("list").out.splitlines() if line.startswith("  ")}
    assert sorted(listed) == sorted({*NAMES, *presets()})


@pytest.mark.parametrize("name", NAMES)
def test_every_rule_metric_gate_guard_scorer_and_quantifier_has_a_page_under_its_name_in_any_case(cli, name):
    page = cli("explain", name).out
    assert name in page and len(page) > 100
    assert page == cli("explain", name.lower()).out


@pytest.mark.parametrize("code", [entry.name for entry in RULES])
def test_the_page_of_a_rule_says_why_how_what_to_do_and_how_to_silence_it(cli, code):
    page = cli("explain", code).out
    assert [part for part in ("Why:", "How measured:", "Fix:", "Silence:", "title:", "convention:") if part not in page] == []


@pytest.fixture
def ten_thousand(write_rows):
    pick = random.Random(0)
    words = [f"w{n}" for n in range(20_000)]
    rows = [" ".join(words[int(20_000 * pick.random() ** 4)] for _ in range(60)) for _ in range(9_800)]
    return write_rows("train.jsonl", rows + [f"Certainly! Here is what you asked for, number {n % 50}" for n in range(200)])


def test_one_file_of_ten_thousand_rows_is_read_in_seconds_and_the_screen_says_what_is_in_it(subprocess_cli, ten_thousand):
    started = time.perf_counter()
    ran = subprocess_cli("audit", ten_thousand, COLUMNS="100")
    assert time.perf_counter() - started < 30
    assert (ran.code, ran.err) == (0, "")
    shown = " ".join(ran.out.split())
    for part in ("10,000 documents", "text column `text`", "train.jsonl", "exact duplicate documents", "in 10,000 words", "complete"):
        assert part in shown
    assert "begin with “certainly here is”" in shown
    assert "reference: none" in shown and "--reference" in shown
    assert "LT402 warn" in shown and "LT101 warn" in shown


def test_openings_are_counted_in_the_documents_that_the_percentage_is_of(cli, ten_thousand, monkeypatch):
    """200 of 10,000 documents begin alike; the screen may not say so of a sample without naming it."""
    monkeypatch.setenv("COLUMNS", "100")
    shown = " ".join(cli("audit", ten_thousand).out.split())
    count, whole, share = re.search(r"here is” ([\d,]+) of ([\d,]+) sampled documents, ([0-9.]+)%", shown).groups()
    assert abs(int(count) / int(whole.replace(",", "")) - float(share) / 100) < 0.001


@pytest.fixture
def small(write_rows):
    return write_rows("small.jsonl", [f"a text of its own, number {n}" for n in range(200)])


def test_output_in_a_pipe_has_no_escape_codes(subprocess_cli, small):
    ran = subprocess_cli("audit", small, "--view", "words_1", TERM="xterm-256color")
    assert "LT301" in ran.out
    assert "\x1b" not in ran.out + ran.err


def test_no_color_is_obeyed_even_where_colours_are_forced(subprocess_cli, small):
    ran = subprocess_cli("audit", small, "--view", "words_1", FORCE_COLOR="1", NO_COLOR="1")
    assert not re.search(r"\x1b\[[0-9;]*3[0-7]m", ran.out)


def test_a_narrow_terminal_loses_no_finding(subprocess_cli, small):
    shown = subprocess_cli("audit", small, "--view", "words_1", COLUMNS="40").out
    assert all(code in shown for code in ("LT101", "LT301", "LT402", "LT901"))


def test_quiet_prints_nothing_and_json_prints_only_json(cli, small, tmp_path):
    quiet = cli("audit", small, "--view", "words_1", "--quiet")
    assert (quiet.out, quiet.err) == ("", "")
    page = tmp_path / "r.html"
    ran = cli("audit", small, "--view", "words_1", "--json", "--out", page, "--out", tmp_path / "r.json")
    assert json.loads(ran.out) == json.loads((tmp_path / "r.json").read_text())
    assert ran.out == (tmp_path / "r.json").read_text()
    assert str(page) in ran.err and "<html" in page.read_text()


def test_redacted_reports_hold_no_text_of_the_data(cli, write_rows, tmp_path):
    secret = write_rows("secret.jsonl", [f"xyzzy plugh quux{n % 40} number{n}" for n in range(200)])
    human = write_rows("human.jsonl", [f"xyzzy plugh frobnicate{n % 40} number{n}" for n in range(200)])
    ran = cli("audit", secret, "--reference", human, "--redact", "--json", "--out", tmp_path / "r.html")
    assert ran.report["panels"]["vanished"]["rows"]
    for text in (ran.out, (tmp_path / "r.html").read_text(), cli("audit", secret, "--reference", human, "--redact").out):
        assert not re.search("xyzzy|plugh|frobnicate", text)


def test_several_files_are_all_named_or_counted_in_the_first_line(cli, write_rows, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    paths = [write_rows(name, [f"{name} holds text {n}" for n in range(100)]) for name in ("one.jsonl", "two.jsonl")]
    first = cli("audit", *paths).out.splitlines()[0]
    assert "200 documents" in first
    assert ("one.jsonl" in first and "two.jsonl" in first) or "2 files" in first
