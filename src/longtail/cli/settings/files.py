"""The file of settings: where it is found, how it is read, and on which line a key stands."""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from longtail.errors import ConfigError, ReadError

OWN, SHARED = "longtail.toml", "pyproject.toml"
SECTION = ("tool", "longtail")
_HEAD = re.compile(r"\s*\[\s*([^\[\]]+?)\s*\]")
_KEY = re.compile(r"""\s*([\w."'-]+)\s*=""")


@dataclass(frozen=True)
class File:
    """A file of settings.

    Attributes:
        path: As it is shown: relative to the working folder.
        table: What it says of longtail.
        section: Keys that lead to that table; none where it is the whole file.
        text: Of the file.
    """

    path: str
    table: Mapping[str, Any]
    section: tuple[str, ...]
    text: str

    def place(self, *keys: str) -> str:
        """Return the file with the line on which a key stands; keys are those from the table on."""
        number = line_of(self.text, (*self.section, *keys))
        return self.path if number is None else f"{self.path}:{number}"

    def beside(self, name: str) -> str:
        """Return a path that is relative to the file as one that is relative to the working folder; others are left as they are."""
        folder = os.path.dirname(self.path)
        return name if name == "-" or not folder else os.path.normpath(os.path.join(folder, name))


def nearest() -> File | None:
    """Return the nearest file of settings, upwards from the working folder to the root of its git checkout; None where there is none.

    In one folder longtail.toml comes before pyproject.toml, which counts only where it has a table [tool.longtail].

    Raises:
        ReadError: A file on the way cannot be read.
        ConfigError: It is no TOML.
    """
    here = os.path.abspath(os.curdir)
    for folder in (Path(here), *Path(here).parents):
        for name in (OWN, SHARED):
            found = read(folder / name) if os.path.isfile(folder / name) else None
            if found is not None:
                return found
        if os.path.exists(folder / ".git"):
            break
    return None


def named(path: str) -> File:
    """Return the file of settings that a user named.

    Raises:
        ReadError: It cannot be read.
        ConfigError: It is no TOML, or says nothing of longtail.
    """
    found = read(Path(path))
    if found is None:
        raise ConfigError(f"{path}: has no table [tool.longtail]; add one, or name another file with --config")
    return found


def read(path: Path) -> File | None:
    """Return what a file says of longtail; None for a pyproject.toml that says nothing of it."""
    shown = os.path.relpath(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
        found = tomllib.loads(text)
    except OSError as error:
        raise ReadError(shown, error.strerror or str(error), fix="check the path, or leave it out with --no-config") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{shown}: is no TOML in UTF-8 ({error}); correct it, or leave it out with --no-config") from error
    if "tool" not in found and path.name != SHARED:
        return File(shown, found, (), text)
    tools = found.get("tool", {})
    section = tools.get("longtail") if isinstance(tools, Mapping) else None
    if section is None and path.name == SHARED:
        return None
    if not isinstance(section, Mapping):
        raise ConfigError(f"{shown}: [tool.longtail] is no table; write [tool.longtail], or in {OWN} the keys alone")
    return File(shown, section, SECTION, text)


def line_of(text: str, keys: tuple[str, ...]) -> int | None:
    """Return the number of the line on which a table, the value of a key, or the inline table that holds it begins."""
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        if head := _HEAD.match(line):
            table = _parts(head[1])
            if table == keys:
                return number
        elif key := _KEY.match(line):
            found = (*table, *_parts(key[1]))
            if keys[: len(found)] == found:
                return number
    return None


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))
