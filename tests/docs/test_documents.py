"""The documents say what the repository holds."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", *(f"docs/{path.name}" for path in sorted(ROOT.glob("docs/*.md")))]
PATH = re.compile(r"`((?:src|tests|docs|bench|\.ci)/[\w./-]*)`")
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")
MAKE = re.compile(r"^make ([a-z-]+)|`make ([a-z-]+)", re.MULTILINE)
WORDS = """
    document type view unit generation reference candidate baseline head torso tail beyond summary metric estimate
    verdict rule profile phase origin policy learner
"""


def text(name):
    return (ROOT / name).read_text(encoding="utf-8")


def dead_paths(document, folder=ROOT):
    return [path for path in PATH.findall(document) if not (ROOT / path).exists()] + [
        path for path in LINK.findall(document) if not (folder / path).exists()
    ]


def unknown_targets(document):
    targets = set(re.findall(r"^([a-z-]+):", text("Makefile"), re.MULTILINE))
    return {first or second for first, second in MAKE.findall(document)} - targets


def unnumbered(names):
    """File names of decisions that do not follow 0001, 0002, … in order."""
    return [name for number, name in enumerate(sorted(names), 1) if not re.fullmatch(rf"{number:04d}-[a-z0-9-]+\.md", name)]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_path_and_make_target_that_a_document_names_exists(name):
    assert dead_paths(text(name), (ROOT / name).parent) == []
    assert unknown_targets(text(name)) == set()


def test_a_planted_dead_path_or_target_is_found():
    assert dead_paths("see `docs/nowhere.md` and [here](missing.md)") == ["docs/nowhere.md", "missing.md"]
    assert unknown_targets("run `make nothing`") == {"nothing"}


@pytest.mark.parametrize("name", ["demo", "test"])
def test_the_readme_marks_a_command_that_ci_runs(name):
    shown = subprocess.run([ROOT / ".ci" / "run", "--show", name], capture_output=True, text=True, check=True).stdout
    assert shown.startswith("python3 -m venv .venv && .venv/bin/pip install -q ")
    assert shown in text("README.md")
    assert shown.count("\n") == 1


def test_a_command_that_is_not_marked_is_not_shown():
    assert subprocess.run([ROOT / ".ci" / "run", "--show", "nothing"], capture_output=True, text=True, check=True).stdout == ""


def test_every_concept_has_its_word():
    defined = re.findall(r"^\| \*\*(.+?)\*\* \|", text("docs/concepts.md"), re.MULTILINE)
    assert set(WORDS.split()) <= set(defined)
    assert len(defined) == len(set(defined))


def test_decisions_are_numbered_in_order():
    names = [path.name for path in (ROOT / "docs" / "decisions").glob("*.md")]
    assert len(names) >= 2
    assert unnumbered(names) == []


@pytest.mark.parametrize("names", [["0001-a.md", "0003-b.md"], ["0001-a.md", "0001-b.md"], ["0001 a.md"]])
def test_a_planted_gap_between_decisions_is_found(names):
    assert unnumbered(names) != []


@pytest.mark.parametrize("path", sorted((ROOT / "docs" / "decisions").glob("*.md")), ids=lambda path: path.stem)
def test_a_decision_says_its_price_and_what_would_change_it(path):
    headings = re.findall(r"^## (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert headings == ["Context", "Decision", "Price", "What would change our mind"]


def test_the_changelog_has_room_for_what_is_next():
    assert "\n## [Unreleased]\n" in text("CHANGELOG.md")
