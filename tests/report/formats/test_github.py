"""Annotations of GitHub."""

import msgspec
import pytest

from longtail.report.formats.github import MOST, to_github
from tests.report.formats.made import finding


def test_annotations_name_file_and_title_and_what_to_do(full):
    error, warning, notice = to_github(full).splitlines()
    assert error.startswith(
        "::error file=runs/gen5.jsonl,title=LT301 rare words are disappearing::Of the rarest words in human text, 36.1%25 "
    )
    assert "%0Anext: Put human text back" in error
    assert warning.startswith("::warning file=runs/gen5.jsonl,title=LT402 near-duplicates::")
    assert notice.startswith("::notice title=longtail%3A early::not measured: LT101 LT203: no ledger was given")


@pytest.mark.parametrize(("title", "written"), [("a,b", "a%2Cb"), ("a:b", "a%3Ab"), ("50%", "50%25"), ("a\r\nb", "a b"), ("%0A", "%250A")])
def test_properties_are_escaped(full, title, written):
    line = to_github(msgspec.structs.replace(full, findings=(finding("LT301", "fail", title=title),))).splitlines()[0]
    assert line == f"::error file=runs/gen5.jsonl,title=LT301 {written}::b"


def test_github_is_given_what_it_shows_and_the_rest_is_counted(full):
    many = [finding(f"LT{at}", status) for status, first in (("fail", 300), ("warn", 400)) for at in range(first, first + MOST + 2)]
    lines = to_github(msgspec.structs.replace(full, findings=tuple(many), not_measured=())).splitlines()
    assert sum(line.startswith("::error ") for line in lines) == sum(line.startswith("::warning ") for line in lines) == MOST
    assert lines[-1].endswith("::2 more errors are in the report: LT310 LT311%0A2 more warnings are in the report: LT410 LT411")


def test_nothing_to_say_is_no_annotation(full):
    assert to_github(msgspec.structs.replace(full, findings=(), not_measured=())) == ""
