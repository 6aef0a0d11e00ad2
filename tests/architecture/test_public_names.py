"""What is public is documented and annotated; what is banned does not occur."""

import ast
import re

import pytest

DOCUMENTED = ("D100", "D101", "D102", "D103", "D104", "D419")
ANNOTATED = ("ANN001", "ANN002", "ANN003", "ANN201", "ANN202", "ANN205", "ANN206")
MARKS = re.compile("|".join(("TO" + "DO", "FIX" + "ME", "no" + "qa", "type: " + "ignore", "pragma: " + "no cover")))


def calls_of(tree, name):
    """Modules that call the builtin of that name."""
    return {
        module
        for module, syntax in tree.parsed().items()
        for node in ast.walk(syntax)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
    }


def exemptions(tree):
    """Lines that excuse themselves from a check, or from being finished."""
    texts = {tree.module(path): path.read_text(encoding="utf-8").splitlines() for path in tree.files()}
    return [f"{module}: {line.strip()}" for module, text in texts.items() for line in text if MARKS.search(line)]


def test_every_public_name_is_documented_and_annotated(tree):
    outcome = tree.ruff(*DOCUMENTED, *ANNOTATED)
    assert outcome.returncode == 0, outcome.stdout


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("class Planted:\n    pass\n", "D101"),
        ("def planted() -> None:\n    pass\n", "D103"),
        ('def planted(x) -> None:\n    """Do."""\n', "ANN001"),
        ('def planted():\n    """Do."""\n    return 1\n', "ANN201"),
    ],
)
def test_a_planted_bare_name_is_found(copy, text, code):
    assert code in copy.plant("planted.py", f'"""Planted."""\n\n\n{text}').ruff(*DOCUMENTED, *ANNOTATED).stdout


@pytest.mark.parametrize("name", ["print", "hash", "eval", "exec"])
def test_a_banned_builtin_is_never_called(tree, name):
    assert calls_of(tree, name) == set()


@pytest.mark.parametrize("name", ["print", "hash", "eval", "exec"])
def test_a_planted_call_of_a_banned_builtin_is_found(copy, name):
    assert calls_of(copy.plant("planted.py", f"VALUE = {name}('text')\n"), name) == {"longtail.planted"}


def test_a_method_of_that_name_is_not_the_builtin(copy):
    assert calls_of(copy.plant("planted.py", "VALUE = table.hash('text')\n"), "hash") == set()


def test_nothing_excuses_itself_from_a_check(tree):
    assert exemptions(tree) == []


def test_a_planted_excuse_is_found(copy):
    copy.plant("planted.py", "import os  # no" + "qa\n")
    assert exemptions(copy) == ["longtail.planted: import os  # no" + "qa"]


@pytest.mark.parametrize(
    "text",
    ["import numpy as np\n\nnp.random.seed(1)\n", "import random\n\nrandom.shuffle([])\n", "import urllib.request\n", "import pickle\n"],
)
def test_a_planted_banned_name_is_found(copy, text):
    assert "TID251" in copy.plant("planted.py", text).ruff("TID251").stdout


def test_no_banned_name_is_used(tree):
    assert (outcome := tree.ruff("TID251", "NPY002", "T20")).returncode == 0, outcome.stdout
