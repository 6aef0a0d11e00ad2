"""What the documents name is what the code has: options, rules and commands."""

import re

import pytest

from longtail.rules.pages import codes
from tests.docs.blocks import PAGES, ROOT
from tests.docs.commands import every_command, options

OTHERS = re.compile(r"`(?:python|pip|sha256sum|git|docker|mkdocs|pre-commit)\b[^`]*`|^.*\b(?:python -m|pip install)\b.*$", re.MULTILINE)
"""Commands of other programs, whose options are none of ours."""


def text(name):
    return (ROOT / name).read_text(encoding="utf-8")


def named_options(document):
    return set(re.findall(r"(?<![\w-])--[a-z][a-z0-9-]*[a-z0-9]", OTHERS.sub("", re.sub(r"<!--.*?-->", "", document, flags=re.DOTALL))))


def known_options():
    return {name for command in every_command().values() for name in options(command)} | {"--help", "--version"}


@pytest.mark.parametrize("name", PAGES)
def test_every_option_that_a_document_names_is_one_of_some_command(name):
    assert sorted(named_options(text(name)) - known_options()) == []


def test_a_planted_option_that_does_not_exist_is_found():
    assert named_options("write `--nothing FILE`") - known_options() == {"--nothing"}


def test_options_of_other_programs_are_none_of_ours():
    assert named_options("`python -m bench.diagnosis --lineages 200` and `pip install --upgrade longtail`") == set()


@pytest.mark.parametrize("name", PAGES)
def test_every_code_that_a_document_names_is_a_rule(name):
    assert sorted(set(re.findall(r"\bLT\d{3}\b", text(name))) - set(codes())) == []
