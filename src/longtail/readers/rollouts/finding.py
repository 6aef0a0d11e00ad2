"""Which kind of run a folder or a file holds, told by what lies there."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from longtail.errors import ReadError
from longtail.readers.compression import open_bytes
from longtail.readers.rollouts.kinds import KINDS
from longtail.readers.rollouts.verl import is_step

DEEP = 3
"""Folders below the one named that are looked at."""
_TOLD_BY = {"verl": ("input", "output"), "verifiers": ("traces",), "plain": ("prompt", "completion")}


class Found(NamedTuple):
    """The files of one run, in the order of their steps, and whose they are."""

    kind: str
    files: tuple[Path, ...]


def find(run: Path) -> Found:
    """Return the rollouts that lie in a run folder, or those of a single file.

    Raises:
        ReadError: There is nothing there, no rollouts are there, or those of several kinds.
    """
    found = look_for(run)
    if found is None:
        known = ", ".join(f"{entry.facts['leaves']} ({entry.name})" for entry in KINDS)
        raise ReadError(str(run), f"no rollouts here; looked for {known}", fix="TRL: log_completions=True; verl: trainer.rollout_data_dir")
    return found


def look_for(run: Path) -> Found | None:
    """Return what `find` returns; None where a folder holds no rollouts, which may come yet.

    Raises:
        ReadError: There is nothing there, or rollouts of several kinds.
    """
    if run.is_file():
        return Found(kind_of(run), (run,))
    if not run.is_dir():
        raise ReadError(str(run), "there is no such file or folder", fix="name the output folder of a run, or a file of rollouts")
    found = {entry.name: files for entry in KINDS if (files := _files(run, entry.name, entry.facts["leaves"]))}
    if len(found) > 1:
        places = "; ".join(f"{kind}: {files[0]}" for kind, files in sorted(found.items()))
        raise ReadError(str(run), f"rollouts of several kinds: {places}", fix="name the folder or the file of one of them")
    return next((Found(kind, files) for kind, files in found.items()), None)


def kind_of(path: Path) -> str:
    """Return the kind of run that a file belongs to, by its suffix and its first record.

    Raises:
        ReadError: It is none that is known.
    """
    if path.suffix == ".parquet":
        return "trl"
    first = _first(path)
    for kind, names in _TOLD_BY.items():
        if all(name in first for name in names):
            return kind
    fix = "a rollout has `prompt` and `completion`, of verl `input` and `output`, of verifiers `traces`"
    raise ReadError(str(path), f"the first record has {', '.join(map(str, first))[:120] or 'no fields'}: no rollout", fix=fix)


def _files(run: Path, kind: str, leaves: str) -> tuple[Path, ...]:
    """Return the files of a kind: in the folder, else in the first level below that has any."""
    for depth in range(DEEP + 1):
        files = [path for path in run.glob("*/" * depth + leaves) if path.is_file() and _belongs(path, kind)]
        if files:
            return tuple(sorted(files, key=lambda path: (path.parent, _number(path), path.name)))
    return ()


def _belongs(path: Path, kind: str) -> bool:
    if kind == "verl" and not is_step(path):
        return False
    if kind == "trl":
        return True
    try:
        return kind_of(path) == kind
    except ReadError:
        return False


def _number(path: Path) -> int:
    digits = "".join(letter if letter.isdigit() else " " for letter in path.stem).split()
    return int(digits[-1]) if digits else 0


def _first(path: Path) -> Mapping[str, object]:
    """Return the first record of JSON Lines, empty where it is no object."""
    try:
        with open_bytes(str(path)) as stream:
            line = next((line for line in stream if line.strip()), b"{}")
        found = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
