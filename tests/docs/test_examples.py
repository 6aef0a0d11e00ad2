"""Examples in docstrings run and print what they say."""

import doctest
import importlib
from pathlib import Path

SRC = Path(__file__).resolve().parents[2] / "src"


def with_examples():
    for path in sorted((SRC / "longtail").rglob("*.py")):
        if ">>> " in path.read_text(encoding="utf-8"):
            parts = path.relative_to(SRC).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def failures(module):
    return doctest.testmod(module, optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE).failed


def test_the_examples_in_docstrings_hold():
    assert [name for name in with_examples() if failures(importlib.import_module(name))] == []


def test_a_planted_wrong_example_is_found(capsys):
    module = type(doctest)("planted", ">>> 1 + 1\n3\n")
    assert failures(module) == 1
    assert "Expected:" in capsys.readouterr().out
