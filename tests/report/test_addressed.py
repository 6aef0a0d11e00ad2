"""A report that speaks of files where the canonical one speaks of roles."""

import shlex

import msgspec
import pytest

from longtail.records import InputRecord
from longtail.report.addressed import addressed, filled, role_of
from tests.report.formats.made import finding


def source(role, path, parts=1):
    return InputRecord(
        role=role, path=path, parts=parts, documents=1, bytes=1, quarantined=0, sha256=None, view="words", content="text", generation=None
    )


@pytest.mark.parametrize("path", ["train.jsonl", "my data.jsonl", "it's.jsonl", "$(rm).jsonl", "a\\1b.jsonl"])
def test_a_shell_splits_the_command_into_the_path_as_it_is(empty, path):
    report = msgspec.structs.replace(empty, inputs=(source("candidate", path),))
    assert shlex.split(filled("longtail audit DATA --reference H", report)) == ["longtail", "audit", path, "--reference", "H"]


def test_several_parts_are_several_arguments_and_a_comma_in_one_is_part_of_its_name(empty):
    several = msgspec.structs.replace(empty, inputs=(source("candidate", "a b.jsonl, c.jsonl", 2),))
    assert shlex.split(filled("longtail audit DATA", several))[2:] == ["a b.jsonl", "c.jsonl"]
    single = msgspec.structs.replace(empty, inputs=(source("candidate", "a, b.jsonl"),))
    assert shlex.split(filled("longtail audit DATA", single))[2:] == ["a, b.jsonl"]


@pytest.mark.parametrize("path", ["", "<memory>", None])
def test_what_came_without_a_file_stays_a_word(empty, path):
    inputs = () if path is None else (source("candidate", path),)
    assert filled("longtail audit DATA", msgspec.structs.replace(empty, inputs=inputs)) == "longtail audit DATA"


def test_only_the_whole_word_is_replaced(empty):
    report = msgspec.structs.replace(empty, inputs=(source("candidate", "x.jsonl"),))
    assert filled("DATA DATABASE MYDATA DATA", report) == "x.jsonl DATABASE MYDATA x.jsonl"


def test_places_of_findings_become_paths_and_keep_their_stretch(empty):
    inputs = (source("candidate", "x.jsonl"), source("reference", "human.jsonl"))
    places = {"candidate": "x.jsonl", "reference: steps 1 to 2": "human.jsonl: steps 1 to 2", "elsewhere": "elsewhere"}
    found = tuple(finding("LT301", "fail", where=where) for where in places)
    told = addressed(msgspec.structs.replace(empty, inputs=inputs, findings=found))
    assert [each.where for each in told.findings] == list(places.values())
    assert [role_of(where) for where in places] == ["candidate", "reference", "elsewhere"]


def test_what_would_let_a_rule_be_measured_names_the_file_and_nothing_else_of_the_report_changes(full):
    told = addressed(full)
    assert not any("DATA" in item.enable.split() for item in told.not_measured)
    again = msgspec.structs.replace(told, findings=full.findings, not_measured=full.not_measured)
    assert again == full
