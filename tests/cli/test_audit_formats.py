"""`longtail audit --format` and `--out`: one table of formats, on stdout and in files."""

import json

import pytest

from longtail.report.files import FORMATS, SUFFIXES
from longtail.report.formats.schema import schema_text


@pytest.fixture
def data(write_rows):
    return write_rows("train.jsonl", [f"a text on matter {at % 11} and {at % 5}" for at in range(120)])


def timeless(text):
    plain = json.loads(text)
    return {name: value for name, value in plain.items() if name not in ("created_at", "timing", "command")}


def test_every_format_is_printed_and_nothing_else(cli, data):
    first = {
        "json": "{", "jsonl": '{"kind":"head"', "markdown": "### longtail: ", "html": "<!doctype html>", "sarif": "{", "junit": "<?xml ",
        "github": "::", "csv": "metric,view,", "line": "NOT MEASURED", "agent": "NOT MEASURED",
    }  # fmt: skip
    assert set(first) == set(FORMATS)
    for name in ("line", "github", "sarif", "json"):
        ran = cli("audit", data, "--format", name, "--stages")
        assert ran.out.startswith(first[name]), name
        assert ran.err == ""


def test_json_is_the_format_json(cli, data):
    assert timeless(cli("audit", data, "--json").out) == timeless(cli("audit", data, "--format", "json").out)


def test_two_formats_for_one_stdout_are_refused(cli, data):
    ran = cli("audit", data, "--json", "--format", "csv")
    assert ran.code == 2
    assert "--json and --format csv name two formats for stdout" in ran.err


def test_one_audit_writes_every_suffix(cli, data, tmp_path):
    files = [tmp_path / f"report{suffix}" for suffix in SUFFIXES]
    ran = cli("audit", data, "--format", "line", *(part for path in files for part in ("--out", path)))
    assert all(path.stat().st_size for path in files)
    assert "report.sarif" in ran.err
    assert len(ran.out.splitlines()) == 1


def test_what_has_no_suffix_is_refused_before_the_work(cli, data, tmp_path):
    ran = cli("audit", data, "--out", tmp_path / "report.pdf")
    assert (ran.code, ran.out) == (2, "")
    assert ".csv, .html, .json, .jsonl, .md, .sarif, .xml" in ran.err


def test_quiet_silences_text_and_no_format(cli, data):
    assert cli("audit", data, "-q").out == ""
    assert cli("audit", data, "-q", "--format", "line").out != ""


def test_the_schema_is_printed(cli):
    assert cli("list", "--schema").out == schema_text()
