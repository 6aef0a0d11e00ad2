"""Outputs that lie there: files by a glob, a folder, a lineage.toml, or data in the order given."""

import glob
import os
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from longtail.auditing.lineage_inputs import SUFFIX, LineageFile
from longtail.diagnosis.outputs.archived import Archived, looked_at
from longtail.diagnosis.outputs.naming import grouped, names_of
from longtail.errors import ConfigError, ReadError, UsageError

BY_NAME = "by name"


def from_outputs(given: Any, text_column: str | None = None) -> tuple[Archived, ...]:
    """Return the outputs of each version, in order; those that cannot be read stay, with the reason.

    Args:
        given: A glob, a file or a folder whose entries are versions, taken in natural order; a lineage.toml, data sets by the
            names of their versions, or a list of data sets, taken in the order given.
        text_column: The column with the text, where it is not recognised.

    Raises:
        UsageError: Nothing matches.
        ConfigError: The lineage.toml is none.
    """
    found = _named(given) if isinstance(given, Mapping) else _located(given)
    if not found:
        raise UsageError(f"no outputs in {given!r}; give a glob such as 'evals/v*/outputs.jsonl', or the files in order")
    return tuple(looked_at(each, text_column) for each in found)


def located(pattern: str) -> list[str]:
    """Return the files and folders that a glob, or a folder, stands for, without hidden ones.

    Raises:
        UsageError: There are none.
    """
    if os.path.isdir(pattern):
        found = [str(each) for each in Path(pattern).iterdir() if not each.name.startswith(".")]
    else:
        found = [pattern] if os.path.exists(pattern) else glob.glob(pattern, recursive=True)
    if not found:
        raise UsageError(f"nothing matches {pattern!r}; quote the pattern, and check it with: ls {pattern}")
    return found


def generations_of(path: str) -> tuple[list[Any], str | list[str] | None]:
    """Return the data sets of a lineage.toml in order, and its reference.

    Raises:
        ReadError: The file cannot be read.
        ConfigError: It is no lineage.
    """
    try:
        found = msgspec.convert(tomllib.loads(Path(path).read_text(encoding="utf-8")), LineageFile)
    except OSError as error:
        raise ReadError(path, error.strerror or str(error), fix="check the path of the lineage") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ConfigError(f"{path}: not a lineage ({error}); it has generations = [...] in order, and may have reference") from error
    folder = Path(path).parent
    return [_placed(folder, each) for each in found.generations], _placed(folder, found.reference) if found.reference else None


def _placed(folder: Path, name: str | tuple[str, ...]) -> Any:
    return str(folder / name) if isinstance(name, str) else [str(folder / each) for each in name]


def _named(given: Mapping[str, Any]) -> list[Archived]:
    return [Archived(str(name), _path(data), data) for name, data in given.items()]


def _located(given: Any) -> list[Archived]:
    one = given if isinstance(given, str | os.PathLike) else given[0] if isinstance(given, list | tuple) and len(given) == 1 else None
    if isinstance(one, str | os.PathLike):
        pattern = os.fspath(one)
        return _sequence(generations_of(pattern)[0]) if pattern.endswith(SUFFIX) else _globbed(pattern)
    if not isinstance(given, Iterable):
        raise UsageError(f"outputs is a {type(given).__name__}; give a glob, or a data set for each version in order")
    return _sequence(list(given))


def _globbed(pattern: str) -> list[Archived]:
    groups = grouped(located(pattern))
    shown = [group[0] if len(group) == 1 else str(Path(group[0]).parent) for group in groups]
    return [
        Archived(name, path, group[0] if len(group) == 1 else list(group), order=BY_NAME)
        for name, path, group in zip(names_of(shown), shown, groups, strict=True)
    ]


def _sequence(given: Sequence[Any]) -> list[Archived]:
    paths = [_path(data) for data in given]
    numbered = [f"v{place}" for place in range(1, len(paths) + 1)]
    names = names_of(paths) if all(paths) and len(set(paths)) == len(paths) else numbered
    return [Archived(name, path, data) for name, path, data in zip(names, paths, given, strict=True)]


def _path(data: Any) -> str:
    if isinstance(data, str | os.PathLike):
        return os.fspath(data)
    paths = [os.fspath(each) for each in data if isinstance(each, os.PathLike | str)] if isinstance(data, list | tuple) else []
    return paths[0] if paths and len(paths) == len(data) and os.path.exists(paths[0]) else ""
