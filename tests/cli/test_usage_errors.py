"""A mistake of the user: one line on stderr that says what, and what to do; exit 2; no traceback."""

import os

import pytest


@pytest.fixture
def data(write_rows):
    return write_rows("data.jsonl", [f"a text of its own, number {i}" for i in range(120)])


def expect_refusal(ran, *words):
    assert ran.code == 2
    assert ran.out == ""
    assert len(ran.err.splitlines()) == 1, ran.err
    assert ran.err.startswith("longtail: ")
    assert "Traceback" not in ran.err and "unexpected" not in ran.err
    for word in words:
        assert word in ran.err


OPTIONS = {
    "unknown command": (("adit", "x"), "did you mean 'audit'?"),
    "no data": (("audit",), "no data: name a file"),
    "data beside a lineage": (("audit", "{data}", "--lineage", "{data}", "{data}"), "was given beside --lineage"),
    "scores of several generations for one data set": (("audit", "{data}", "--scores", "a.csv", "b.csv"), "--scores names 2 files"),
    "a plan of audits without a history": (("audit", "{data}", "--horizon", "5"), "without a history"),
    "unknown option": (("audit", "{data}", "--refrence", "x"), "--reference"),
    "option without a value": (("audit", "{data}", "--reference"), "--reference"),
    "unknown choice": (("audit", "{data}", "--fail-on", "oops"), "warn"),
    "unknown code": (("audit", "{data}", "--require", "LT31"), "did you mean 'LT301'?"),
    "alpha": (("audit", "{data}", "--alpha", "2"), "alpha is 2.0"),
    "alpha of zero": (("audit", "{data}", "--alpha", "0"), "alpha is 0.0"),
    "alpha that is no number": (("audit", "{data}", "--alpha", "nan"), "alpha is nan"),
    "tau": (("audit", "{data}", "--tau", "0.9"), "tau is 0.9"),
    "margin without number": (("audit", "{data}", "--margin", "tail"), "NAME=NUMBER"),
    "margin of unknown name": (("audit", "{data}", "--margin", "tails=0.9"), "choose among tail, late, nll, accuracy"),
    "margin out of range": (("audit", "{data}", "--margin", "tail=9"), "margin tail is 9.0"),
    "unknown view": (("audit", "{data}", "--view", "words_1,words_9"), "words_9"),
    "view without words": (("audit", "{data}", "--view", "words_2"), "words_1"),
    "seed": (("audit", "{data}", "--seed", "one"), "one"),
    "no such file": (("audit", "nowhere.jsonl"), "nowhere.jsonl"),
    "no such reference": (("audit", "{data}", "--reference", "nowhere.jsonl"), "nowhere.jsonl"),
    "empty pattern": (("audit", "nowhere-*.jsonl"), "matches no file"),
    "empty name": (("audit", ""), "not a path"),
    "unknown text column": (("audit", "{data}", "--text-column", "body"), "body"),
    "table of what is no database": (("audit", "{data}", "--table", "t"), "not SQLite"),
    "explain nothing": (("explain",), "NAME"),
    "explain a typo": (("explain", "LT31"), "did you mean 'LT301'?"),
    "merge of data": (("merge", "{data}", "-o", "m.ltp"), "data.jsonl"),
    "profile without output": (("profile", "{data}"), "--output"),
    "profile into a missing folder": (("profile", "{data}", "-o", "nowhere/p.ltp"), "nowhere"),
    "demo of no generations": (("demo", "--generations", "0"), "generations is 0"),
    "profile under a name that is not read back": (("profile", "{data}", "-o", "p.json"), ".ltp"),
    "merge of nothing": (("merge", "-o", "m.ltp"), "PROFILES"),
}


@pytest.mark.parametrize("case", OPTIONS)
def test_a_wrong_call_is_refused_in_one_line(cli, data, monkeypatch, tmp_path, case):
    monkeypatch.chdir(tmp_path)
    arguments, hint = OPTIONS[case]
    expect_refusal(cli(*(part.replace("{data}", str(data)) for part in arguments)), hint)


def test_the_message_of_a_setting_out_of_range_does_not_call_it_a_wrong_type(cli, data):
    assert "wrong type" not in cli("audit", data, "--alpha", 2).err


@pytest.mark.parametrize(("path", "hint"), [("report.pdf", ".html, .json"), ("report", ".html, .json"), ("nowhere/report.html", "nowhere")])
def test_an_output_that_cannot_be_written_is_refused_before_any_work(cli, data, monkeypatch, tmp_path, path, hint):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("longtail.cli.audit.audit", lambda *_, **__: pytest.fail("the audit was run"))
    expect_refusal(cli("audit", data, "--out", path), hint)


def test_an_output_that_is_an_input_is_refused(cli, data, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    kept = data.rename(data.with_suffix(".json"))
    before = kept.read_bytes()
    (tmp_path / "link.json").symlink_to(kept)
    for out in (kept, "./data.json", "link.json"):
        expect_refusal(cli("audit", "data.json", "--out", out), "one of the inputs")
    expect_refusal(cli("audit", "other.json", "--reference", "data.json", "--out", kept), "one of the inputs")
    assert kept.read_bytes() == before
    assert cli("profile", kept, "-o", "a.ltp", "-q").code == 0
    expect_refusal(cli("merge", "a.ltp", "a.ltp", "-o", "a.ltp"), "one of the inputs")


def test_a_profile_named_twice_is_not_counted_twice(cli, data, monkeypatch, tmp_path):
    """Two DATA paths that are the same file are read once; profiles have to follow."""
    monkeypatch.chdir(tmp_path)
    cli("profile", data, "-o", "a.ltp", "-q")
    assert cli("audit", data, data, "--json").report["inputs"][0]["documents"] == 120
    ran = cli("audit", "a.ltp", "a.ltp", "--json")
    assert ran.code == 2 or ran.report["inputs"][0]["documents"] == 120


def test_profiles_of_single_words_can_be_compared_without_naming_the_view_again(cli, data, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    cli("profile", data, "-o", "a.ltp", "--view", "words_1", "-q")
    ran = cli("audit", "a.ltp", "--reference", "a.ltp", "--json")
    assert "unexpected" not in ran.err
    assert ran.code == 1 and {e["view"] for e in ran.report["estimates"] if e["metric"].startswith("hill")} == {"words_1"}


@pytest.mark.slow
def test_a_tiny_alpha_is_refused_or_not_measured_and_does_not_ask_for_terabytes(cli, write_rows):
    data = write_rows("more.jsonl", [f"a text of its own, number {i}" for i in range(400)])
    ran = cli("audit", data, "--reference", data, "--alpha", "1e-9")
    assert "unexpected" not in ran.err and "Unable to allocate" not in ran.err


def test_the_seed_of_the_report_is_the_seed_of_the_counts(cli, data, tmp_path):
    cli("profile", data, "-o", tmp_path / "1.ltp", "--seed", 1, "-q")
    ran = cli("audit", tmp_path / "1.ltp", "--json")
    assert ran.code == 2 or ran.report["seed"] == 1


def test_profiles_and_data_in_one_data_set_are_refused(cli, data, tmp_path):
    profile = tmp_path / "data.ltp"
    assert cli("profile", data, "-o", profile, "-q").code == 0
    expect_refusal(cli("audit", profile, data), "mixed", "longtail profile")


def test_profiles_of_unlike_settings_are_refused(cli, data, tmp_path):
    for seed in (0, 1):
        cli("profile", data, "-o", tmp_path / f"{seed}.ltp", "--seed", seed, "-q")
    expect_refusal(cli("merge", tmp_path / "0.ltp", tmp_path / "1.ltp", "-o", tmp_path / "m.ltp"), "profile both again")
    expect_refusal(cli("audit", tmp_path / "0.ltp", "--reference", tmp_path / "1.ltp"), "profile both again")


def test_a_profile_beside_data_counted_with_another_seed_is_refused_and_the_message_names_the_seed(cli, data, tmp_path):
    cli("profile", data, "-o", tmp_path / "1.ltp", "--seed", 1, "-q")
    expect_refusal(cli("audit", tmp_path / "1.ltp", "--reference", data), "profile both again", "seed")


def test_a_damaged_profile_is_refused(cli, tmp_path):
    (tmp_path / "bad.ltp").write_bytes(b"not a profile")
    expect_refusal(cli("audit", tmp_path / "bad.ltp"), "bad.ltp")
    (tmp_path / "empty.ltp").write_bytes(b"")
    expect_refusal(cli("audit", tmp_path / "empty.ltp"), "empty.ltp")
    expect_refusal(cli("audit", tmp_path / "absent.ltp"), "absent.ltp")


@pytest.mark.skipif(os.getuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_refused(cli, data):
    data.chmod(0)
    expect_refusal(cli("audit", data), "data.jsonl")


def test_debug_shows_the_traceback_of_every_kind_of_error(cli, tmp_path):
    for arguments, kind in ((("audit", tmp_path / "absent.jsonl"), "ReadError"), (("audit", tmp_path, "--fail-on", "x"), "BadParameter")):
        ran = cli(*arguments, "--debug")
        assert ran.code == 2
        assert "Traceback" in ran.err and kind in ran.err


def test_an_internal_error_is_one_line_and_names_debug(cli, data, monkeypatch):
    monkeypatch.setattr("longtail.cli.audit.audit", lambda *_, **__: 1 / 0)
    ran = cli("audit", data)
    assert ran.code == 2
    assert ran.err.splitlines() == ["longtail: unexpected ZeroDivisionError: division by zero; run again with --debug for the traceback"]
