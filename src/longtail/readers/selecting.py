"""What kind of data the user named: texts and tables, arrays of numbers, pictures or sound. Kinds are not mixed."""

import glob
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from longtail.errors import ReadError
from longtail.readers.formats import by_suffix
from longtail.readers.huggingface import is_saved
from longtail.readers.media import Media, Medium, Placed, medium_of
from longtail.readers.npy import ARCHIVE, ArrayFiles
from longtail.readers.sources import is_about, walk

Sort = Literal["text", "array"] | Medium

_WORDS: dict[Sort, str] = {"text": "texts or tables", "array": "arrays (.npy)", "picture": "pictures", "sound": "sound files"}


def without_text(names: Sequence[str]) -> ArrayFiles | Media | None:
    """Return what the user named as a source where it is no text: arrays, pictures or sound; None where it is, or is not there.

    Raises:
        ReadError: Kinds are mixed, or a file is an archive of arrays.
    """
    files: dict[str, tuple[Sort, Placed]] = {}
    notes: dict[str, None] = {}
    for name, root in zip(names, _roots(names), strict=True):
        for found, path in _sorted(name, notes):
            files[os.path.abspath(path)] = found, Placed(path, root)
    named = ", ".join(names)
    sort = _one_sort(named, files.values())
    if sort in (None, "text"):
        return None
    placed = sorted((each for _, each in files.values()), key=lambda each: each.path)
    if sort == "array":
        return ArrayFiles(named, [each.path for each in placed])
    assert sort == "picture" or sort == "sound"
    return Media(named, sort, placed, tuple(notes))


def _roots(names: Sequence[str]) -> list[str]:
    """Return for each name the folder that labels are told from: itself, the fixed part of a pattern, what single files share."""
    singles = [os.path.dirname(os.path.abspath(name)) for name in names if not _is_pattern(name) and not os.path.isdir(name)]
    shared = os.path.commonpath(singles) if singles else ""
    return [_root(name, shared) for name in names]


def _root(name: str, shared: str) -> str:
    if os.path.isdir(name):
        return name
    if not _is_pattern(name):
        return shared
    fixed = name[: next(index for index, letter in enumerate(name) if letter in "*?[")]
    return os.path.dirname(fixed) or os.curdir


def _is_pattern(name: str) -> bool:
    return glob.has_magic(name) and not os.path.lexists(name)


def _sorted(name: str, notes: dict[str, None]) -> Iterator[tuple[Sort, str]]:
    """Yield the files that a name stands for, with what each is."""
    if os.path.isdir(name):
        yield from _in_folder(name, notes)
    elif _is_pattern(name):
        matches = sorted(glob.glob(name, recursive=True))
        files = [match for match in matches if not os.path.isdir(match)]
        yield from ((_sort_of(file), file) for file in files)
        for folder in () if files else matches:
            yield from _in_folder(folder, notes)
    elif os.path.lexists(name):
        yield _sort_of(name), name


def _sort_of(path: str) -> Sort:
    suffix = os.path.splitext(path)[1].lower()
    if suffix == ".npz":
        raise ReadError(path, "is an archive of several arrays", fix=ARCHIVE)
    return "array" if suffix == ".npy" else medium_of(path) or "text"


def _in_folder(folder: str, notes: dict[str, None]) -> Iterator[tuple[Sort, str]]:
    """Yield the files of a folder: arrays only where there is nothing else; beside media nothing that tells about them."""
    if is_saved(folder):
        yield "text", folder
        return
    found = [(_sort_of(file), file) for file in walk(folder) if _is_data(file)]
    if {sort for sort, _ in found} & {"picture", "sound"}:
        aside = dict.fromkeys(file for sort, file in found if _is_aside(sort, file))
        notes.update(_left_out(list(aside)))
        yield from (each for each in found if each[1] not in aside)
    else:
        yield from [each for each in found if each[0] == "text"] or found


def _is_data(path: str) -> bool:
    suffix = os.path.splitext(path)[1].lower()
    return suffix == ".npy" or medium_of(path) is not None or by_suffix(path) is not None


def _is_aside(sort: Sort, path: str) -> bool:
    return sort == "array" or (sort == "text" and is_about(path))


def _left_out(files: Sequence[str]) -> dict[str, None]:
    return {f"left out: {', '.join(files[:3])}{', …' if len(files) > 3 else ''}": None} if files else {}


def _one_sort(named: str, files: Iterable[tuple[Sort, Placed]]) -> Sort | None:
    """Return the one sort of all files; None where there is none.

    Raises:
        ReadError: There are several.
    """
    by_sort: dict[Sort, list[str]] = {}
    for sort, placed in files:
        by_sort.setdefault(sort, []).append(placed.path)
    if len(by_sort) > 1:
        raise _mixed(named, by_sort)
    return next(iter(by_sort), None)


def _mixed(named: str, by_sort: Mapping[Sort, Sequence[str]]) -> ReadError:
    told = [f"{len(paths):,} {_WORDS[sort]} ({min(paths)}{', …' if len(paths) > 1 else ''})" for sort, paths in sorted(by_sort.items())]
    first = min(by_sort[min(by_sort)])
    folder = named if os.path.isdir(named) else os.path.dirname(first)
    example = os.path.join(folder, "**", "*" + os.path.splitext(first)[1])
    return ReadError(named, f"holds {' and '.join(told)}", fix=f"name one kind, for example with a pattern: {example}")
