"""Versions in their natural order, and their names from what differs between their paths."""

import re
from collections.abc import Sequence
from itertools import zip_longest
from pathlib import PurePath

_RUNS = re.compile(r"\d+|\D+")
_TOKENS = re.compile(r"[^\W_]+(?:\.\d+)*")
_VERSION = re.compile(r"(?:v|r|gen|generation|version|model|run|step|epoch|checkpoint|ckpt)[-_ ]?\d+(?:\.\d+)*", re.IGNORECASE)
_SHARD = re.compile(r"(?:part|shard|chunk|rank|split|batch)[-_]?\d+|\d+-of-\d+", re.IGNORECASE)

Natural = tuple[tuple[int, int, str], ...]


def natural(text: str) -> Natural:
    """Return a key that sorts numbers by their value: v2 before v10, and both before w1."""
    return tuple((0, int(run), run) if run.isdecimal() else (1, 0, run.lower()) for run in _RUNS.findall(text))


def grouped(paths: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the paths of each version in natural order: alone, or together where they are numbered shards of one folder."""
    ordered = sorted(paths, key=natural)
    shards: dict[str, list[str]] = {}
    for path in ordered:
        if _SHARD.search(PurePath(path).name):
            shards.setdefault(str(PurePath(path).parent), []).append(path)
    if len(shards) < 2 or sum(map(len, shards.values())) < len(ordered):
        return [(path,) for path in ordered]
    return [tuple(each) for each in shards.values()]


def names_of(paths: Sequence[str]) -> list[str]:
    """Return a name for each path: the one part that differs between all, of several one that looks like a version, else all parts.

    Whole paths where nothing else would tell them apart.

    Args:
        paths: One for each version, such as evals/v3/outputs.jsonl, which beside evals/v4/outputs.jsonl is called v3.
    """
    if len(paths) == 1:
        return [_alone(paths[0])]
    parts = [PurePath(path).parts for path in paths]
    columns = [column for column in zip_longest(*parts, fillvalue="") if len(set(column)) > 1]
    found = [_differing(column) for column in columns]
    alone = [names for names in found if _tell_apart(names)]
    versions = [names for names in alone if all(map(_VERSION.fullmatch, names))]
    together = ["/".join(dict.fromkeys(filter(None, row))) for row in zip(*found, strict=True)]
    return next(names for names in (*versions, *alone, together, list(paths)) if _tell_apart(names) or names == list(paths))


def _tell_apart(names: Sequence[str]) -> bool:
    return len(set(names)) == len(names) and all(names)


def _alone(path: str) -> str:
    found = _VERSION.findall(path)
    return str(found[-1]) if found else PurePath(path).name.partition(".")[0] or path


def _differing(column: Sequence[str]) -> list[str]:
    """Return of each name the words between those that all begin and end with."""
    spans = [[found.span() for found in _TOKENS.finditer(name)] for name in column]
    words = [[name[start:end] for start, end in found] for name, found in zip(column, spans, strict=True)]
    first = _common(words)
    last = _common([row[first:][::-1] for row in words])
    numbers = first > 0 and all("".join(row[first : len(row) - last]).isdecimal() for row in words)
    first -= int(numbers)
    return [_between(name, found[first : len(found) - last]) for name, found in zip(column, spans, strict=True)]


def _between(name: str, spans: Sequence[tuple[int, int]]) -> str:
    return name[spans[0][0] : spans[-1][1]] if spans else name.partition(".")[0]


def _common(rows: Sequence[Sequence[str]]) -> int:
    """Return with how many equal words all rows begin."""
    shared = 0
    for column in zip(*rows, strict=False):
        if len(set(column)) > 1:
            break
        shared += 1
    return shared
