"""The blocks of a document, what they print when they run, and whether a document says the same.

Outputs come from the demo, whose text is the documentation of the Python that runs it. An output is therefore held to
every character only under the Python that the comment before it names, and elsewhere to its shape.
"""

import io
import json
import os
import platform
import re
import shlex
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from unittest import mock

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"(?:^<!-- (?P<note>[^\n]*) -->\n)?^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
PHASES = re.compile(r"\b(healthy|watch|early|concentrating|narrowing|late|drift|inconclusive|ok|shrunk)\b")
CUT = "…"
PAGES = ("README.md", *(f"docs/{path.name}" for path in sorted(ROOT.glob("docs/*.md"))))


@dataclass(frozen=True)
class Block:
    """One fenced block; `makes` is what it is the output of, for blocks of text."""

    note: str
    language: str
    text: str
    span: tuple[int, int]
    makes: "Block | None" = None


def blocks(document):
    """Blocks in order; a block of text is the output of the block before it."""
    found = []
    for match in BLOCK.finditer(document):
        before = found[-1] if match["language"] == "text" else None
        found.append(Block(match["note"] or "", match["language"], match["text"], match.span(), before))
    return found


def here(folder):
    """The note before outputs that were made with this Python."""
    documents = json.loads((folder / "longtail-demo" / "demo.json").read_bytes())["documents"]
    return f"output with Python {platform.python_version()}, which holds {sum(documents.values()):,} paragraphs"


def run(arguments, folder):
    """What `longtail` prints in `folder`, on 80 columns, and its exit code."""
    from longtail.cli import main

    out = io.StringIO()
    environment = {**os.environ, "COLUMNS": "80", "NO_COLOR": "1"}
    with chdir(folder), mock.patch.object(sys, "argv", ["longtail", *arguments]), mock.patch.dict(os.environ, environment):
        try:
            with redirect_stdout(out), redirect_stderr(io.StringIO()):
                main()
        except SystemExit as stop:
            return out.getvalue(), stop.code or 0
    return out.getvalue(), 0


def run_block(block, folder):
    """What a block prints; every command of it must do its work, and a file is written."""
    if named_file(block):
        (folder / named_file(block)).write_text(block.text, encoding="utf-8")
        return ""
    if block.language == "python":
        out = io.StringIO()
        with chdir(folder), redirect_stdout(out):
            exec(compile(block.text, "<document>", "exec"), {})
        return out.getvalue()
    printed = []
    for line in block.text.splitlines():
        text, code = run(shlex.split(line)[1:], folder)
        assert code in (0, 1), f"{line!r} ended with {code}"
        printed.append(text)
    return "".join(printed)


def runs(block):
    """Whether a block is run: not the commands that ci runs, not those that say so or lack a package, and not the demo a second time."""
    if block.text == "longtail demo\n" or block.note.startswith(("ci:", "not run")) or lacking(block):
        return False
    return block.language in ("sh", "python") or named_file(block) is not None


def lacking(block):
    """The packages that a block says it needs and that are not installed."""
    found = re.match(r"runs where installed: ([\w, ]+)$", block.note)
    return [name for name in found[1].split(", ") if find_spec(name) is None] if found else []


def named_file(block):
    """The file that a block of TOML says it is, in a comment on its first line; None where it says nothing."""
    found = re.match(r"# (\S+\.toml)\n", block.text)
    return found[1] if block.language == "toml" and found else None


def tidy(text):
    return [line.rstrip() for line in text.rstrip("\n").splitlines()]


def pieces(text):
    """The runs of lines between the marks of what was left out."""
    return [piece.strip("\n").splitlines() for piece in re.split(rf"^{CUT}$", "\n".join(tidy(text)), flags=re.MULTILINE)]


def shape(lines):
    """The rows of numbers among some lines, numbers and phases masked."""
    masked = (PHASES.sub("phase", re.sub(r"[\d.,]+", "#", line)) for line in lines if line.count("%") > 1 and "(" not in line)
    return [" ".join(line.split()) for line in masked]


def missing(shown, printed):
    """The first run of lines that a document shows and the program did not print in that order; None if all is well."""
    at = 0
    for piece in pieces(shown):
        place = next((start for start in range(at, len(printed) - len(piece) + 1) if printed[start : start + len(piece)] == piece), None)
        if place is None:
            return piece
        at = place + len(piece)
    return None


def disagreement(block, printed, folder):
    """What a block of text says and the program did not print, line by line or, under another Python, by shape."""
    if block.note == here(folder):
        return missing(block.text, tidy(printed))
    wanted = [line for piece in pieces(block.text) for line in shape(piece)]
    rest = iter(shape(tidy(printed)))
    return next(([line] for line in wanted if line not in rest), None)
