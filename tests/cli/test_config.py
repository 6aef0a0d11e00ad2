"""`longtail config --show`: which value wins, where it comes from, and what is refused with its place and the nearest name."""

import json

import click
import pytest

from longtail.cli.main import cli as root
from longtail.cli.settings.profiles import PROFILES
from longtail.cli.settings.values import COMMON, NAMED_PATHS, PATHS, PATHS_OR_NAMES, key_of, options_of
from longtail.cli.starting import PROFILES as STARTING


@pytest.fixture
def settings(here, cli):
    """What `config --show --json` says with a text in longtail.toml, by setting: value and origin."""

    def show(text, *words):
        (here / "longtail.toml").write_text(text)
        ran = cli("config", "--show", "--json", *words)
        assert ran.code == 0, ran.err
        return {row["setting"]: (row["value"], row["origin"]) for row in ran.report["settings"]}

    return show


@pytest.fixture
def refused(here, cli):
    """The message with which a text in longtail.toml is refused."""

    def show(text, *words):
        (here / "longtail.toml").write_text(text)
        ran = cli("config", "--show", *words)
        assert (ran.code, ran.out) == (2, "")
        return ran.err.strip()

    return show


def test_the_command_line_beats_the_environment_beats_the_file_beats_the_profile_beats_the_default(settings, monkeypatch):
    text = 'profile = "scrape"\n[audit]\nmax-synthetic = 0.25\n'
    assert settings("")["max-synthetic"] == (None, "default")
    assert settings('profile = "scrape"\n')["max-synthetic"] == (0.3, "profile scrape")
    assert settings(text)["max-synthetic"] == (0.25, "longtail.toml:3")
    monkeypatch.setenv("LONGTAIL_AUDIT_MAX_SYNTHETIC", "0.2")
    assert settings(text)["max-synthetic"] == (0.2, "env LONGTAIL_AUDIT_MAX_SYNTHETIC")
    assert settings(text, "audit", "--max-synthetic", "0.1")["max-synthetic"] == (0.1, "command line")


@pytest.mark.parametrize("order", [("--profile", "rag", "--config", "mine.toml"), ("--config", "mine.toml", "--profile", "rag")])
def test_a_profile_of_the_command_line_beats_that_of_the_file_in_any_order(here, cli, order):
    (here / "mine.toml").write_text('profile = "scrape"\n')
    shown = cli("config", "--show", "--json", "audit", *order).report
    assert shown["profile"] == {"value": "rag", "origin": "command line"}
    assert {"setting": "max-synthetic", "value": 0.5, "origin": "profile rag"} in shown["settings"]


def test_a_profile_of_the_environment_beats_that_of_the_file(settings, monkeypatch):
    monkeypatch.setenv("LONGTAIL_AUDIT_PROFILE", "rag")
    assert settings('profile = "scrape"\n')["require"] == (["LT101", "LT402"], "profile rag")


def test_no_config_leaves_the_file_out(settings, here, cli):
    assert settings("seed = 3\n", "audit", "--no-config")["seed"] == (0, "default")
    ran = cli("config", "audit", "--no-config", "--config", "longtail.toml")
    assert ran.code == 2 and "--config and --no-config were both given" in ran.err


def test_a_common_key_holds_for_every_command_that_has_the_option_and_its_table_stands_above(settings):
    text = "seed = 3\n[calibrate]\nseed = 4\n"
    assert settings(text, "audit")["seed"][0] == 3
    assert settings(text, "calibrate")["seed"] == (4, "longtail.toml:3")
    assert "seed" not in settings(text, "explain")


def test_nested_commands_have_nested_tables_and_a_profile_is_not_the_command_profile(settings):
    text = 'profile = "synth"\n[gate.run]\nunsure = "hold"\n[lab.run.gaussian]\nsamples = 7\n'
    assert settings(text, "gate", "run")["unsure"] == ("hold", "longtail.toml:3")
    assert settings(text, "lab", "run", "gaussian")["samples"] == (7, "longtail.toml:5")
    assert settings("[profile]\nexact = true\n", "profile")["exact"] == (True, "longtail.toml:2")


def test_paths_are_relative_to_the_file(here, cli, monkeypatch):
    (here / "below").mkdir()
    (here / "vectors.npy").write_text("")
    (here / "longtail.toml").write_text(
        '[audit]\nreference = ["a.jsonl", "/b.jsonl"]\npipeline = "p.toml"\nsynthetic = "gpt=c.jsonl"\n'
        'features = "vectors.npy"\nvalidity = "regex:a/b"\n'
    )  # fmt: skip
    monkeypatch.chdir(here / "below")
    rows = {row["setting"]: row["value"] for row in cli("config", "--show", "--json", "--set").report["settings"]}
    assert rows == {
        "reference": ["../a.jsonl", "/b.jsonl"], "pipeline": "../p.toml", "synthetic": ["gpt=../c.jsonl"],
        "features": "../vectors.npy", "validity": "regex:a/b",
    }  # fmt: skip


def test_a_single_value_stands_for_a_list_and_both_spellings_of_a_key_are_one(settings):
    found = settings('[audit]\nrequire = "LT101"\nfail_on = "warn"\nexpires = 2027-02-20\n')
    assert found["require"][0] == ["LT101"] and found["fail-on"][0] == "warn" and found["expires"][0] == "2027-02-20"


@pytest.mark.parametrize(("text", "says"), [
    ("sed = 1\n", "unknown key in longtail.toml:1, 'sed': did you mean 'seed'?"),
    ("[audti]\n", "unknown key in longtail.toml:1, 'audti': did you mean 'audit'?"),
    ("[audit]\nalpah = 1\n", "unknown key of [audit] in longtail.toml:2, 'alpah': did you mean 'alpha'?"),
    ("[tool.longtail.audit]\nalpah = 1\n", "unknown key of [tool.longtail.audit] in longtail.toml:2, 'alpah': did you mean 'alpha'?"),
    ("[audit]\nhelp = true\n", "unknown key of [audit] in longtail.toml:2, 'help'"),
    ("audit = 1\n", "longtail.toml:1: audit = 1: it is a command; write a table [audit]"),
    ('[audit]\nalpha = "x"\n', "longtail.toml:2: alpha = 'x': write a number"),
    ("[audit]\nalpha = true\n", "longtail.toml:2: alpha = true: write a number"),
    ("[audit]\nhorizon = 1.5\n", "longtail.toml:2: horizon = 1.5: write a whole number"),
    ("[audit]\nredact = 1\n", "longtail.toml:2: redact = 1: write true or false"),
    ("[audit]\npipeline = 1\n", "longtail.toml:2: pipeline = 1: write a string, as on the command line"),
    ("[audit]\npipeline = []\n", "longtail.toml:2: pipeline = []: write a string, as on the command line"),
    ("[audit]\nrequire = [1]\n", "longtail.toml:2: require = [1]: write a string, as on the command line, or a list of them"),
    ('[audit]\nfail-on = "never"\n', "longtail.toml:2: fail-on = 'never': 'never' is not one of 'warn', 'fail'"),
    ("[audit]\nmax-synthetic = 2\n", "longtail.toml:2: max-synthetic = 2: 2.0 is not in the range 0<=x<=1"),
    ('[audit]\nwarn-until = "soon"\n', "longtail.toml:2: warn-until = 'soon': 'soon' does not match the format '%Y-%m-%d'"),
    ("[audit]\nwarn-until = 2027-02-20T10:00:00\n", "longtail.toml:2: warn-until = 2027-02-20 10:00:00: write a date without a time"),
    ('profile = "scrap"\n', "longtail.toml:1: profile = 'scrap': 'scrap' is not one of 'finetune', 'synth', 'scrape', 'rag', 'content'"),
    ("seed = \n", "longtail.toml: is no TOML in UTF-8"),
])  # fmt: skip
def test_what_cannot_be_is_refused_with_its_place(refused, text, says):
    assert refused(text).startswith(f"longtail: {says}")


def test_a_common_key_of_the_wrong_kind_is_refused_by_the_command_that_has_it(refused, cli):
    assert "seed = 'x': write a whole number" in refused('seed = "x"\n')
    assert cli("explain", "LT101").code == 0


def test_an_unparsable_variable_is_named(here, cli, monkeypatch):
    monkeypatch.setenv("LONGTAIL_AUDIT_ALPHA", "x")
    for command in (("audit", "d.jsonl"), ("config", "--show")):
        ran = cli(*command)
        assert ran.code == 2 and ran.err.startswith("longtail: environment variable LONGTAIL_AUDIT_ALPHA: Invalid value"), ran.err


def test_an_unknown_profile_is_refused(here, cli):
    ran = cli("audit", "d.jsonl", "--profile", "scrap")
    assert ran.code == 2 and "'scrap' is not one of 'finetune'" in ran.err


def test_options_without_a_command_are_those_of_audit(here, cli):
    (here / "mine.toml").write_text("[audit]\nalpha = 0.01\n")
    shown = cli("config", "--set", "--json", "--config", "mine.toml").report
    assert shown["settings"] == [{"setting": "alpha", "value": 0.01, "origin": "mine.toml:2"}]


@pytest.mark.parametrize(("words", "says"), [
    (("adit",), "unknown command 'adit': did you mean 'audit'?"), (("ledger",), "is a group of commands; name one: init, add"),
    (("audit", "--nothing"), "No such option"),
])  # fmt: skip
def test_what_names_no_command_is_refused(here, cli, words, says):
    ran = cli("config", *words)
    assert ran.code == 2 and says in ran.err


def test_the_screen_names_file_profile_and_origins(here, cli):
    (here / "pyproject.toml").write_text('[tool.longtail]\nprofile = "content"\n')
    shown = cli("config", "--show", "--set").out
    lines = [" ".join(line.split()) for line in shown.splitlines()]
    assert lines[0] == "longtail audit file: pyproject.toml profile: content (pyproject.toml:2)"
    assert lines[2:] == ["max-synthetic 0.5 profile content", "require LT101, LT303, LT403 profile content"]


def _commands(group, context):
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        below = click.Context(found, info_name=name, parent=context)
        yield from _commands(found, below) if isinstance(found, click.Group) else [(below, found)]


@pytest.fixture(scope="module")
def commands():
    return list(_commands(root, click.Context(root, info_name="longtail")))


def test_every_command_takes_settings_and_every_option_has_its_variable(commands):
    for context, command in commands:
        names = {key_of(each) for each in command.params}
        assert context.info_name == "config" or {"config", "no-config"} <= names, context.command_path
        for key, option in options_of(command).items():
            if "lab run" not in context.command_path:
                assert option.envvar == f"{context.command_path} {key}".upper().replace(" ", "_").replace("-", "_")


NOT_PATHS = {
    None, "A", "CODE", "COLUMN", "DATE", "DAY", "G", "G …", "H", "HEX", "ID", "K", "KEY=VALUE", "LINE", "MODULE:FUNCTION", "N", "NAME",
    "NAME=VALUE", "NAME@REVISION", "NAMES", "NATS", "NODE", "NODE[:ROLE]", "PAIRS", "Q", "RULE", "S", "SHARE", "SPDX", "SPEC", "STATE",
    "T0", "TEXT", "TOKENS", "URI", "YYYY-MM-DD", "[true|false]", "tail=0.90",
}  # fmt: skip


def test_every_kind_of_value_is_known_to_be_a_path_or_not(commands):
    found = {option.metavar for _, command in commands for option in options_of(command).values()}
    assert found - NOT_PATHS - PATHS - NAMED_PATHS - PATHS_OR_NAMES == set()


def test_common_keys_are_options_of_several_commands(commands):
    for key in COMMON:
        assert sum(key in options_of(command) for _, command in commands) > 1, key


def test_init_and_audit_have_the_same_profiles():
    assert list(PROFILES) == list(STARTING)


@pytest.mark.parametrize("name", PROFILES)
def test_a_profile_only_asks_for_more(name, commands):
    audit = next(command for context, command in commands if context.info_name == "audit")
    options = {option.name: option for option in options_of(audit).values()}
    for key, value in PROFILES[name].items():
        assert key in {"require", "fail_on", "max_synthetic"}, "alpha, margins, tau and views are the same for everybody"
        assert options[key].type_cast_value(click.Context(audit), value) == value
    assert PROFILES[name].get("fail_on") != "fail"
    assert PROFILES[name].get("max_synthetic") in (None, round(1 - STARTING[name].min_real, 2))


def test_json_is_one_object(here, cli):
    shown = json.loads(cli("config", "--show", "--json").out)
    assert (shown["command"], shown["file"], shown["profile"]) == ("longtail audit", None, None)
