"""Finished parts of a run: each kept in a file as it is done, and spread over processes of one thread each."""

import functools
import hashlib
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import numpy

from longtail.atomic import replaced
from longtail.errors import UsageError
from longtail.lab.learner import Floats

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")

ABOVE = ("cli", "diagnosis", "integrations", "rag", "report", "testing", "web")
"""Packages that the lab never imports: a change there leaves what was kept as it is."""
_PACKAGE = Path(__file__).resolve().parents[1]

_FOLDER: ContextVar[Path | None] = ContextVar("folder", default=None)

Task = TypeVar("Task")
Found = TypeVar("Found")
Values = dict[str, list[Floats]]
"""For each series one array over replicates for each generation."""


def folder_for(keep: Path) -> Path:
    """Return a folder for finished parts, made where it is not there.

    Raises:
        UsageError: It cannot be made.
    """
    try:
        keep.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot keep blocks in {keep!s}: {error.strerror or error}; name a folder that can be written") from None
    return keep


def kept(folder: Path | None, told: Sequence[Any], compute: Callable[[], Values]) -> Values:
    """Return the values of a part: read where an interrupted run has left them, else computed, and kept where there is a folder.

    Args:
        folder: Of finished parts.
        told: All that the values depend on; the version of longtail and its code are added.
        compute: Gives the values; a file that is damaged has them computed anew.
    """
    if folder is None:
        return compute()
    path = folder / f"{_key(told)}.npz"
    found = _read(path)
    if found is not None:
        return found
    values = compute()
    with replaced(path) as draft, draft.open("wb") as stream:
        numpy.savez(stream, allow_pickle=False, **{name: numpy.stack(columns) for name, columns in values.items()})
    return values


def elsewhere(call: Callable[[Task], Found], tasks: Sequence[Task], workers: int) -> Iterator[Found]:
    """Yield what a function makes of tasks, in their order, computed in so many processes; by one in this process."""
    if workers == 1 or len(tasks) == 1:
        yield from map(call, tasks)
        return
    with one_thread_each(), ProcessPoolExecutor(min(workers, len(tasks)), mp_context=get_context("spawn")) as pool:
        yield from pool.map(call, tasks)


def part(told: Sequence[Any], compute: Callable[[], Values]) -> Values:
    """Return what several runs have in common: kept in the folder of the run that is being made, if it has one.

    Args:
        told: All that the values depend on; the version of longtail and its code are added.
        compute: Gives the values.
    """
    return kept(_FOLDER.get(), told, compute)


@contextmanager
def keeping(folder: Path | None) -> Iterator[None]:
    """Let `part` keep what it computes meanwhile in a folder."""
    token = _FOLDER.set(folder)
    try:
        yield
    finally:
        _FOLDER.reset(token)


@contextmanager
def one_thread_each() -> Iterator[None]:
    """Let processes that are started meanwhile do linear algebra on one thread each: cores are shared out already."""
    before = {name: os.environ.get(name) for name in THREADS}
    os.environ.update(dict.fromkeys(THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


def _read(path: Path) -> Values | None:
    """Return the values of a part that is whole, or None where there is none."""
    try:
        with path.open("rb") as stream, numpy.load(stream, allow_pickle=False) as stored:
            return {name: list(stored[name]) for name in stored.files}
    except (OSError, EOFError, ValueError, zipfile.BadZipFile, zlib.error):
        return None


@functools.cache
def code_of(package: Path) -> str:
    """Return a digest of the sources that values may depend on: those of the package but for what stands above the lab."""
    places = {path.relative_to(package): path for path in package.rglob("*.py")}
    digest = hashlib.sha256()
    for place in sorted(place for place in places if place.parts[0] not in ABOVE):
        digest.update(f"{place.as_posix()}\n".encode() + places[place].read_bytes())
    return digest.hexdigest()


def _key(told: Sequence[Any]) -> str:
    return hashlib.sha256(msgspec.json.encode([version("longtail"), code_of(_PACKAGE), *told], order="sorted")).hexdigest()[:24]
