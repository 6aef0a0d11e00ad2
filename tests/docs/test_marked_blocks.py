"""No block of code in a document goes unexecuted without a reason."""

import re

import pytest

from tests.docs.blocks import PAGES, ROOT, blocks, lacking, runs

CODE = ("sh", "bash", "shell", "console", "python", "py")
REASON = re.compile(r"(not run|ci|runs where installed): \S+")


def text(name):
    return (ROOT / name).read_text(encoding="utf-8")


def unexplained(document):
    """Blocks of code that are neither run nor say why they are not."""
    return [
        block.text
        for block in blocks(document)
        if block.language in CODE and not runs(block) and not REASON.match(block.note) and block.text != "longtail demo\n"
    ]


def unmarked(document):
    """Fences that open a block without a language, which nothing would look at."""
    fences = re.findall(r"^```(.*)$", document, re.MULTILINE)
    return [fence for fence in fences[::2] if not re.fullmatch(r"\w+", fence)]


@pytest.mark.parametrize("name", PAGES)
def test_every_block_of_code_is_run_or_says_why_not(name):
    assert unexplained(text(name)) == []
    assert unmarked(text(name)) == []


def test_a_planted_block_that_is_not_run_is_found():
    assert unexplained("```console\n$ longtail list\n```\n") == ["$ longtail list\n"]
    assert unexplained("<!-- not run: it needs a model -->\n```python\nimport model\n```\n") == []
    assert unexplained("<!-- not run -->\n```python\nimport model\n```\n") == ["import model\n"]
    assert unmarked("```\nlongtail list\n```\n") == [""]


def test_a_block_runs_where_what_it_needs_is_installed_and_only_there():
    here, nowhere, both = (
        blocks(f"<!-- runs where installed: {names} -->\n```python\nimport x\n```\n")[0] for names in ("json", "no_such", "json, no_such")
    )
    assert [runs(block) for block in (here, nowhere, both)] == [True, False, False]
    assert lacking(both) == ["no_such"]
