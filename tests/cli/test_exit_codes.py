"""0 nothing at or above --fail-on, 1 findings, 2 the audit could not be made."""

import subprocess
import sys
from random import Random

import pytest


def own(tag, count):
    """Texts of one vocabulary that no other resembles."""
    return [" ".join(Random(f"{tag} {i}").choices([f"word{kind}" for kind in range(90)], k=9)) for i in range(count)]


@pytest.fixture
def human(write_rows):
    return write_rows("human.jsonl", [{"text": text, "lt_origin": "human"} for text in own("human", 120)])


@pytest.fixture
def untagged(write_rows):
    return write_rows("untagged.jsonl", own("untagged", 120))


@pytest.fixture
def copies(write_rows):
    return write_rows("copies.jsonl", [{"text": "the same words again", "lt_origin": "human"}] * 120)


def test_a_clean_file_exits_with_zero(cli, human):
    assert cli("audit", human, "--json").code == 0


def test_a_warning_exits_with_zero_and_with_one_under_fail_on_warn(cli, untagged):
    assert cli("audit", untagged).code == 0
    assert cli("audit", untagged, "--fail-on", "warn").code == 1


def test_a_failure_exits_with_one_and_with_zero_under_exit_zero(cli, copies):
    assert cli("audit", copies).code == 1
    assert cli("audit", copies, "--exit-zero").code == 0


def test_what_was_not_measured_fails_only_where_it_is_required(cli, human):
    assert cli("audit", human, "--fail-on", "warn").code == 0
    ran = cli("audit", human, "--require", "LT301", "--json")
    assert ran.code == 1
    assert [(f["code"], f["status"]) for f in ran.report["findings"]] == [("LT900", "fail")]
    assert "LT301" in ran.report["findings"][0]["because"]
    assert cli("audit", human, "--require", "LT301", "--exit-zero").code == 0


def test_an_inconclusive_comparison_fails_where_it_is_required(cli, human, tmp_path, write_rows):
    few = write_rows("few.jsonl", [{"text": text, "lt_origin": "human"} for text in own("few", 20)])
    assert cli("audit", few, "--reference", human).code == 0
    assert cli("audit", few, "--reference", human, "--require", "LT301").code == 1


def test_provenance_fails_where_it_is_required(cli, untagged):
    assert cli("audit", untagged, "--require", "LT101").code == 1


def test_what_cannot_be_read_exits_with_two_even_under_exit_zero(cli, tmp_path):
    assert cli("audit", tmp_path / "absent.jsonl").code == 2
    assert cli("audit", tmp_path / "absent.jsonl", "--exit-zero").code == 2


def test_the_other_commands_exit_with_zero(cli, human, tmp_path):
    profile = tmp_path / "human.ltp"
    for command in (("profile", human, "-o", profile), ("merge", profile, "-o", tmp_path / "m.ltp"), ("list",), ("explain", "LT301")):
        assert cli(*command).code == 0


def test_a_reader_that_stops_early_gets_no_traceback(human):
    launch = f"{sys.executable} -c 'from longtail.cli import main; main()' list"
    done = subprocess.run(f"{launch} | head -n 1", shell=True, capture_output=True, timeout=60)
    assert done.stdout.decode().strip() == "Rules"
    assert done.stderr == b""
