"""Text and Markdown files: each file is one document, read whole."""

import re
from collections.abc import Iterator

import pyarrow as pa

from longtail.errors import ReadError
from longtail.readers.compression import open_bytes
from longtail.readers.formats import Part, formats
from longtail.readers.intake import Intake

LARGEST = 2**30
_FRONT = re.compile(r"\A(---|\+\+\+)[ \t]*\r?\n(?P<head>.*?)^(?:\1|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_ENTRY = re.compile(r"^[\w\"'-]+[ \t]*[:=]", re.MULTILINE)


@formats.add("text", suffixes=".txt", holds="one document")
def read_text(part: Part, intake: Intake) -> Iterator[pa.RecordBatch]:
    """Read a text file as one document."""
    yield from intake.rows(part.path, [(None, _whole(part.path))], "text files, one document each")


@formats.add("markdown", suffixes=".md .markdown", holds="one document")
def read_markdown(part: Part, intake: Intake) -> Iterator[pa.RecordBatch]:
    """Read a Markdown file as one document, without its front matter."""
    whole = _whole(part.path)
    text = whole.decode(errors="surrogateescape")
    yield from intake.rows(part.path, [(None, body(text))], "Markdown files, one document each, without front matter")


def body(text: str) -> str:
    """Return the text after YAML or TOML front matter; a rule (`---`) without entries below it is text."""
    front = _FRONT.match(text)
    if front and (not front["head"].strip() or _ENTRY.search(front["head"])):
        return text[front.end() :]
    return text


def _whole(path: str) -> bytes:
    with open_bytes(path) as stream:
        data = stream.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise ReadError(path, f"one document over {LARGEST:,} bytes", fix="for one document per line, pipe it in: longtail audit - < FILE")
    return data
