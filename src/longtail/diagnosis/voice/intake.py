"""Dated documents: from a column, or from the front matter of Markdown files."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from longtail.errors import ConfigError, UsageError
from longtail.origin.dates.dating import Days, days_of
from longtail.origin.estimating.corpus import Column, Drawn, How, Input, drawn
from longtail.readers import Named
from longtail.readers.sources import walk
from longtail.readers.text_files import body

DATED = ("date", "published", "published_at", "publishdate", "pubdate", "created", "created_at")
"""Entries of front matter that hold a date, the surest first; read without regard to case."""
MARKDOWN = (".md", ".markdown")
_ENTRY = re.compile(r"^(?P<name>[\w-]+)[ \t]*[:=][ \t]*(?P<value>.*?)[ \t]*$")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_IN_NAME = re.compile(r"\A(\d{4}-\d{2}-\d{2})[-_.]")


@dataclass(frozen=True)
class Posts:
    """Documents with their days.

    Attributes:
        input: What was read.
        texts: Shape (documents,).
        days: Day of each, NaT where none is known, shape (documents,).
        columns: Values of each, by column of `by`.
        clusters: What documents are alike in, by document; None where nothing was named.
    """

    input: Input
    texts: tuple[str, ...]
    days: Days
    columns: dict[str, Column]
    clusters: tuple[object, ...] | None


def posts_of(data: Sequence[str], column: str | None, source: str | None, by: Sequence[str], cluster: str | None, how: How) -> Posts:
    """Read dated documents.

    Args:
        data: Files or folders.
        column: Column of dates, or the entry of front matter; None to take the usual entries.
        source: "frontmatter" for Markdown files with front matter; None for a column.
        by: Further columns.
        cluster: Column of what documents are alike in, such as an author.
        how: How data are read.

    Raises:
        ConfigError: There is no column of dates, or none of its values is a date.
        UsageError: There are no Markdown files.
        ReadError: The data cannot be read.
    """
    if source is None and column is None:
        raise ConfigError("no column of dates was named; give --date-column NAME, or --date-from frontmatter for a folder of Markdown")
    names = {f"by:{name}": Named(name, "--by") for name in by}
    names |= {"cluster": Named(cluster, "--cluster-column")} if cluster else {}
    date = "lt_day" if source else str(column)
    wanted = {"date": Named(date, "--date-column")} | names
    found = drawn(_records(data, column) if source else list(data), "data", wanted, how)
    if source:
        found = Drawn(_as_named(found.input, data), found.texts, found.columns, found.parts)
    days = days_of(found.columns["date"])
    if np.isnat(days).all():
        raise ConfigError(_undated(found.columns["date"], source, column))
    return Posts(found.input, found.texts, days, {name: found.columns[f"by:{name}"] for name in by}, found.clusters())


def _undated(values: Column, source: str | None, column: str | None) -> str:
    seen = next((value for value in values if value is not None), None)
    if source:
        return f"no file has a date in its front matter ({column or ', '.join(DATED[:3])}); name the entry with --date-column"
    told = "holds nothing" if seen is None else f"holds no date ({seen[:40]!r})"
    return f"the column {column!r} {told}; name a column of dates, such as 2023-05-17, with --date-column"


def _as_named(found: Input, data: Sequence[str]) -> Input:
    return Input(role=found.role, path=", ".join(data), documents=found.documents, quarantined=found.quarantined, sha256=None)


def _records(data: Sequence[str], column: str | None) -> list[dict[str, Any]]:
    """Return the Markdown files as records: their text, `lt_day`, and the entries of their front matter."""
    files = [file for name in data for file in _files(name)]
    if not files:
        raise UsageError(f"no Markdown files in {', '.join(map(repr, data))}; --date-from frontmatter reads .md files")
    return [_record(file, column) for file in files]


def _files(name: str) -> Iterator[str]:
    if not Path(name).exists():
        raise UsageError(f"{name!r}: no such file or folder; name a folder of Markdown files")
    yield from (file for file in (walk(name) if Path(name).is_dir() else [name]) if Path(file).suffix.lower() in MARKDOWN)


def _record(file: str, column: str | None) -> dict[str, Any]:
    try:
        whole = Path(file).read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise UsageError(f"{file!r} cannot be read: {error.strerror}; check its permissions") from error
    text = body(whole)
    found = entries_of(whole[: len(whole) - len(text)])
    known = {name.lower(): value for name, value in found.items()}
    dated = [column.lower()] if column else list(DATED)
    day = next((known[name] for name in dated if known.get(name)), None) or _named_day(file)
    return found | {"text": text, "lt_day": _day(day)}


def entries_of(head: str) -> dict[str, str]:
    """Return the entries of YAML or TOML front matter that stand on one line at its top level, without quotes and comments."""
    out: dict[str, str] = {}
    for line in head.splitlines():
        entry = _ENTRY.match(line)
        if entry:
            out[entry["name"]] = _bare(entry["value"])
    return out


def _bare(value: str) -> str:
    if value[:1] in "\"'" and len(value) > 1:
        end = value.find(value[0], 1)
        return value[1 : end if end > 0 else None]
    return value.split(" #")[0].strip().strip("[]")


def _named_day(file: str) -> str | None:
    found = _IN_NAME.match(Path(file).name)
    return found[1] if found else None


def _day(value: str | None) -> str | None:
    """Return a date, without a time in a form that only YAML knows."""
    found = _DAY.match(value) if value else None
    return found[0] if found else value
