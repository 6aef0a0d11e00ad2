"""The documents of a run as rows that a gate has judged, for an audit of the gate."""

import os
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TypeAlias

from longtail.gates.audit import Judged
from longtail.gates.judged import judged_of
from longtail.gates.running.result import Gated
from longtail.gates.running.run import read_run
from longtail.ledger.statements import values_of
from longtail.ledger.stored import Stored
from longtail.readers.beside import number_of
from longtail.records import Origin

_Row: TypeAlias = tuple[bool, bool | None, bool | None, float | None, str | None]

_TRUTHS = {True: True, False: False, "true": True, "false": False, "yes": True, "no": False, "1": True, "0": False}


def judged_in(folder: str | os.PathLike[str], value: str, by: str | None = None) -> Judged:
    """Return the documents that a run judged: what it kept, whether each is right or real, a number and a stratum, where known.

    Args:
        folder: The folder of the run.
        value: Column of the number.
        by: Column of strata.

    Raises:
        UsageError: The folder holds no run that came to its end.
        ReadError: A file cannot be read.
    """
    made = read_run(folder)
    rows = [row for path, is_kept in _files(Path(folder), made) for row in _rows(path, is_kept, (value, by), set(made.recipe["spare"]))]
    kept, right, human, number, stratum = (list(column) for column in zip(*rows, strict=True)) if rows else ([], [], [], [], [])
    return judged_of(kept, right=right, human=human, value=number, stratum=stratum if by else None)


def _files(folder: Path, made: Gated) -> Iterator[tuple[str, bool]]:
    """Yield the files of documents, each with whether they were kept; what was kept and marked stands in `review` a second time."""
    for output in made.outputs:
        name = output.name.partition(".")[0]
        if output.documents and (name in ("kept", "rejected") or (name == "review" and made.holds)):
            yield str(folder / output.name), name == "kept"


def _rows(path: str, is_kept: bool, names: tuple[str, str | None], spared: Collection[str]) -> Iterator[_Row]:
    value, by = names
    for chunk in Stored([path]).chunks():
        columns = [values_of(chunk, column) for column in ("lt_origin", "right", "human", value, by or "")]
        for origin, right, human, number, stratum in zip(*columns, strict=True):
            if origin not in spared:
                yield is_kept, _truth(right), _human(human, origin), number_of(number), None if stratum is None else str(stratum)


def _truth(given: object) -> bool | None:
    key = given.strip().lower() if isinstance(given, str) else given
    return _TRUTHS.get(key) if isinstance(key, str | int | float) else None


def _human(given: object, origin: object) -> bool | None:
    """Return whether a document is real data: as it says, else by its origin."""
    said = _truth(given)
    if said is not None or not isinstance(origin, str) or origin == Origin.UNKNOWN:
        return said
    return origin == Origin.HUMAN
