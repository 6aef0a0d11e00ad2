"""Real human prose that is on every machine with Python: the language's own documentation."""

import ast
import importlib
import inspect
import os
import re
import sysconfig
import warnings
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from pathlib import Path

from longtail.errors import ReadError, UsageError

MIN_WORDS = 12
MIN_PARAGRAPHS = 500
MIN_LETTERS = 0.8
SKIPPED_FOLDERS = frozenset({"__pycache__", "dist-packages", "idle_test", "lib2to3", "pydoc_data", "site-packages", "test", "tests"})

_QUOTES = re.compile(rb'"""|\'\'\'')
_BLANK_LINES = re.compile(r"\n\s*\n")
_CODE_LINE = r"(>>>|\.\.\.|\+[-=]|\||[-=*~^_#]{3,}|\.\. |(def|class|from|import|return|for|if|while|with) .*[:)]\s*$)"
_NOT_PROSE = re.compile(rf"^\s*{_CODE_LINE}|::=|\S( {{3,}}|\t)\S", re.MULTILINE)
_CODE_TO_COME = re.compile(r"::\s*$|(example|equivalent to|usage|syntax)\s*:\s*$", re.IGNORECASE)


def stdlib_prose() -> list[str]:
    """Return the paragraphs of the language reference and of the standard library's docstrings.

    Modules are parsed, never imported, except `pydoc_data.topics`, which holds nothing but text. A paragraph has at
    least 12 words; its whitespace is folded; code, doctests, tables and headings are left out, and so is every
    repetition. The order (topics, then modules by path) depends on the Python version alone. Takes 2 to 3 seconds.

    Raises:
        ReadError: Fewer than 500 paragraphs were found, as on a Python that was stripped of its documentation.
    """
    root = Path(sysconfig.get_paths()["stdlib"])
    found = dict.fromkeys(paragraph for text in _texts(root) for paragraph in paragraphs(text))
    if len(found) < MIN_PARAGRAPHS:
        raise ReadError(
            str(root),
            f"found {len(found)} paragraphs of prose in this Python's own documentation, need {MIN_PARAGRAPHS}",
            fix="use a Python that comes with its .py files and pydoc_data, or bring documents of your own",
        )
    return list(found)


def split(documents: Iterable[str], seed: int = 0, share: float = 0.5) -> tuple[list[str], list[str]]:
    """Return (training part, held-out reference), each in the order of `documents`.

    A hash of the text and the seed decides, so that a document stays on its side whatever the others are, and equal
    documents are never on both sides. `share` is the expected share of distinct documents in the training part.

    Raises:
        UsageError: `share` is not strictly between 0 and 1.
    """
    if not 0 < share < 1:
        raise UsageError(f"split: share is {share!r}; need a number between 0 and 1, both excluded")
    sides: tuple[list[str], list[str]] = ([], [])
    key = str(seed).encode()
    for document in documents:
        digest = blake2b(document.encode("utf-8", "surrogatepass"), digest_size=8, key=key, person=b"longtail.split").digest()
        sides[int.from_bytes(digest, "big") >= share * 2**64].append(document)
    return sides


def paragraphs(text: str) -> Iterator[str]:
    """Yield the prose paragraphs of a docstring or a page, whitespace folded."""
    code_to_come = False
    for block in _BLANK_LINES.split(inspect.cleandoc(text)):
        indented = block.startswith((" ", "\t"))
        folded = " ".join(block.split())
        if not (indented and code_to_come) and _is_prose(block, folded):
            yield folded
        if not (indented and code_to_come):
            code_to_come = bool(_CODE_TO_COME.search(block))


def _is_prose(block: str, folded: str) -> bool:
    if folded.count(" ") + 1 < MIN_WORDS or not folded.isprintable() or _NOT_PROSE.search(block):
        return False
    letters = sum(map(str.isalpha, folded)) + folded.count(" ")
    return letters >= MIN_LETTERS * len(folded)


def _texts(root: Path) -> Iterator[str]:
    yield from _topics()
    for path in sorted(_modules(root), key=lambda path: path.relative_to(root).as_posix()):
        yield from _docstrings(path)


def _modules(root: Path) -> Iterator[Path]:
    for folder, below, files in os.walk(root):
        below[:] = set(below) - SKIPPED_FOLDERS
        yield from (Path(folder, name) for name in files if name.endswith(".py"))


def _topics() -> list[str]:
    try:
        topics: dict[str, str] = importlib.import_module("pydoc_data.topics").topics
    except ImportError:
        return []
    return [topics[name] for name in sorted(topics)]


def _docstrings(path: Path) -> Iterator[str]:
    """Yield the docstrings of a module and of all that is defined at its top or in its classes."""
    try:
        source = path.read_bytes()
        if not _QUOTES.search(source):
            return
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            pending: list[ast.AST] = [ast.parse(source)]
    except (OSError, SyntaxError, ValueError, RecursionError):
        return
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            docstring = ast.get_docstring(node, clean=False)
            if docstring:
                yield docstring
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                pending.extend(reversed(node.body))
