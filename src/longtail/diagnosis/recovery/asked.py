"""What a plan is asked for: numbers checked, files named, and what is to be known beside the answer."""

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from longtail.diagnosis.records import Diagnosis
from longtail.diagnosis.recovery.drawing import REPLICATES
from longtail.diagnosis.recovery.holdings import Held
from longtail.diagnosis.recovery.records import ORDER, OptionName
from longtail.errors import ConfigError, ReadError, UnknownName, UsageError
from longtail.records import Record
from longtail.summaries.profile import Profile
from longtail.summaries.profiling import Counting
from longtail.views.keys import types_of
from longtail.views.names import DOCUMENTS

SHARES = (0.1, 0.3, 0.5)
MOST_GENERATIONS = 50


class Asked(Record, frozen=True):
    """What a plan may be told.

    Args:
        size: Rows of a new training set; None for the newest manifest's, else the documents of the current outputs.
        generations: New training sets to look ahead.
        shares: Real shares to consider; where the reservoir has rows for none of them, what it has rows for.
        by: Column of slices for the shopping list; None for types.
        first: Option to try first, against the order.
        first_reason: Why.
        seed: Of all hashes and draws.
        replicates: Of each course.
        text_column: Column that holds the text.
        table: Table of an SQLite file.
        views: Views to count; None for the default.
        tau: Share of the reference's mass called the tail.
        redact: Write hashes in place of types.
    """

    size: int | None = None
    generations: int = 3
    shares: tuple[float, ...] = SHARES
    by: str | None = None
    first: OptionName | None = None
    first_reason: str = ""
    seed: int = 0
    replicates: int = REPLICATES
    text_column: str | None = None
    table: str | None = None
    views: tuple[str, ...] = ()
    tau: float = 0.10
    redact: bool = False

    def __post_init__(self) -> None:
        """Refuse values out of range."""
        for name, value, most in (("size", self.size, 10**9), ("generations", self.generations, MOST_GENERATIONS)):
            if value is not None and not 1 <= value <= most:
                raise ConfigError(f"{name} is {value}; take a whole number from 1 to {most:,}")
        for share in self.shares:
            if not 0 < share <= 1:
                raise ConfigError(f"share is {share:g}; take a number above 0 and at most 1")
        if self.replicates < 20:
            raise ConfigError(f"replicates is {self.replicates}; take at least 20")
        if self.first not in (None, ORDER[0]) and not self.first_reason.strip():
            raise UsageError(f"{self.first} first goes against the order; say why with --because, which the plan records")

    def counting(self, workers: int = 1) -> Counting:
        """Return how data are read, and counted by so many threads."""
        by = () if self.by is None else (self.by,)
        return Counting(self.views, self.seed, text_column=self.text_column, table=self.table, by=by, workers=workers)


def of(options: dict[str, Any]) -> Asked:
    """Return what was asked for.

    Raises:
        UnknownName: No such option.
        ConfigError: A value of the wrong type or out of range.
    """
    for name in options:
        if name not in Asked.__struct_fields__:
            raise UnknownName("option", name, Asked.__struct_fields__)
    return Asked(**options)


def outputs_of(outputs: Sequence[Any], current: Any) -> list[Any]:
    """Return the outputs of all versions in order, the current one last.

    Raises:
        UsageError: There are none.
    """
    each = [outputs] if isinstance(outputs, str | os.PathLike | Profile) else list(outputs)
    found = [*each, *([] if current is None else [current])]
    if not found:
        raise UsageError("no outputs to plan from; name those of the current version with --current, or of all with --outputs")
    return found


def names_of(data: Sequence[Any], told: Diagnosis | None) -> tuple[str, ...]:
    """Return the names of the versions: as the diagnosis has them, else by what differs in their paths."""
    read = () if told is None else tuple(each.version for each in told.readings if not each.unread)
    return read if len(read) == len(data) else _names(data)


def _names(data: Sequence[Any]) -> tuple[str, ...]:
    paths = [Path(os.fspath(each)) if isinstance(each, str | os.PathLike) else None for each in data]
    places = [f"version {at}" for at in range(1, len(data) + 1)]
    for part in (_stem, _folder):
        names = [place if path is None else part(path) for path, place in zip(paths, places, strict=True)]
        if len(set(names)) == len(names):
            return tuple(names)
    return tuple(places)


def _stem(path: Path) -> str:
    return path.stem


def _folder(path: Path) -> str:
    return path.parent.name


def diagnosis_of(given: Diagnosis | str | os.PathLike[str] | None) -> Diagnosis | None:
    """Return a diagnosis, that of a file read.

    Raises:
        ReadError: The file is no diagnosis.
    """
    if given is None or isinstance(given, Diagnosis):
        return given
    name = os.fspath(given)
    try:
        return msgspec.json.decode(Path(name).read_bytes(), type=Diagnosis)
    except OSError as error:
        raise ReadError(name, f"cannot be read as a diagnosis: {error.strerror}", fix="name what longtail diagnose --out wrote") from None
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise ReadError(name, f"is no diagnosis: {error}", fix="make it again with longtail diagnose --out DIAGNOSIS.json") from None


def paths_of(reference: Any, data: Sequence[Any], reservoir: Any) -> dict[str, tuple[str, ...]]:
    """Return the files by role, as they were named; those that are no files are left out."""
    given = {"reference": [reference], "current": [data[-1]], "outputs": data, "reservoir": [] if reservoir is None else [reservoir]}
    return {role: tuple(_named(each)) for role, each in given.items() if _named(each)}


def _named(each: Sequence[Any]) -> list[str]:
    flat = [one for item in each for one in (item if isinstance(item, list | tuple) else [item])]
    return [os.fspath(one) for one in flat if isinstance(one, str | os.PathLike)]


def shares_of(wanted: Sequence[float], size: int, rows: int) -> tuple[tuple[float, ...], str]:
    """Return the real shares that there are rows for, ascending, and why there is none or another.

    Args:
        wanted: Shares to consider.
        size: Rows of a training set.
        rows: Of the reservoir.
    """
    if not rows:
        return (), "there is no reservoir: no real rows to put back; name them with --reservoir, or re-source"
    found = {share for share in wanted if share * size <= rows}
    if len(found) < len(set(wanted)):
        told = f"the reservoir has {rows:,} rows, {rows / size:.2g} of {size:,}: less than a share that was to be considered"
        return tuple(sorted({*found, rows / size})), told
    return tuple(sorted(found)), ""


def notes(held: Held, refused: str) -> Iterator[str]:
    """Yield what is to be known beside the answer."""
    if refused:
        yield refused
    if held.reservoir.documents and held.profiles.reservoir is not None:
        ours, theirs = (
            np.unique(types_of(one.frequencies[DOCUMENTS].run().keys)) for one in (held.profiles.reservoir, held.profiles.reference)
        )
        shared = len(np.intersect1d(ours, theirs))
        if shared:
            yield f"{shared:,} documents of the reservoir stand in the reference, which is to be held out; so the numbers are too high"
    if len(held.outputs) < 2:
        yield "outputs of one version only: retained shares are beside half B of the reference, and the gap of the learner is not known"


def natural(path: str) -> list[tuple[int, int, str]]:
    """Return a key that sorts names by the numbers in them: v2 before v10."""
    parts = re.split(r"(\d+)", path)
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts]
