"""The source tree under test, and copies of it with a violation planted."""

import ast
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@cache
def syntax(text):
    """The syntax tree of a module, parsed once; nothing changes it."""
    return ast.parse(text)


class Tree:
    """A repository root whose `src/longtail` is examined."""

    def __init__(self, root):
        self.root = root
        self.src = root / "src"

    def files(self):
        return sorted((self.src / "longtail").rglob("*.py"))

    def parsed(self):
        """Dotted module name → syntax tree; a package goes by its own name."""
        return {self.module(path): syntax(path.read_text(encoding="utf-8")) for path in self.files()}

    def module(self, path):
        parts = path.relative_to(self.src).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    def plant(self, path, text):
        """Append `text` to a module of the copy, making the module where it does not exist."""
        target = self.src / "longtail" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("a", encoding="utf-8") as file:
            file.write(text)
        return self

    def python(self, code, *arguments):
        """Run Python code on this tree instead of the installed package."""
        command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(self.src)!r}); {code}", *arguments]
        return subprocess.run(command, cwd=self.root, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)

    def ruff(self, *rules):
        """Lint with the configuration of the repository, only for `rules`."""
        command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--output-format=concise", f"--select={','.join(rules)}", "src"]
        return subprocess.run(command, cwd=self.root, capture_output=True, text=True, check=False)

    def import_linter(self):
        return self.python("from importlinter.cli import lint_imports_command as c; c()", "--no-cache")


@pytest.fixture
def tree():
    return Tree(ROOT)


@pytest.fixture
def copy(tmp_path):
    shutil.copytree(ROOT / "src" / "longtail", tmp_path / "src" / "longtail", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return Tree(tmp_path)
