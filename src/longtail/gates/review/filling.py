"""Drawing a queue: candidates are read a few times, those drawn are copied into it."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

import msgspec
from filelock import FileLock
from msgspec.structs import replace

from longtail.atomic import replaced
from longtail.errors import UsageError
from longtail.gates.review.item import Cell, Item, stamped
from longtail.gates.review.queue import NAME
from longtail.gates.review.schema import create
from longtail.gates.review.selecting import Drawn, Settings, draw, survey
from longtail.gates.review.signals import Rarity

Candidates: TypeAlias = Callable[[], Iterable[Item]]
"""Yields all candidates, the same in the same order each time."""
Finish: TypeAlias = Callable[[list[Item]], list[Item]]
"""Completes what was drawn, in the same order."""


def fill(
    folder: Path, candidates: Candidates, settings: Settings, facts: dict[str, str] | None = None, finish: Finish | None = None
) -> bool:
    """Draw a queue into a folder that has none; of several processes that try, one does. Return whether this one did.

    Args:
        folder: Where to.
        candidates: What a gate judged.
        settings: How to draw.
        facts: What to note beside it.
        finish: Completes what was drawn, such as with the texts of matches.

    Raises:
        UsageError: There are no candidates, or the folder cannot be written.
    """
    target = folder / NAME
    try:
        with FileLock(folder / f".{NAME}.lock"):
            if target.exists():
                return False
            rated = _rated(candidates)
            cells, drawn = draw(survey(rated(), settings.seed), settings)
            if not drawn:
                raise UsageError(f"{str(folder)!r} holds no documents to review; run longtail gate on some")
            wanted = {one.position for one in drawn}
            items = [item for item in rated() if item.position in wanted]
            noted = (facts or {}) | {"settings": msgspec.json.encode(settings).decode(), "made": stamped(datetime.now(UTC))}
            with replaced(target) as draft:
                _write(draft, finish(items) if finish else items, cells, drawn, noted)
            return True
    except PermissionError as error:
        raise UsageError(f"cannot write a review queue into {str(folder)!r}: {error.strerror}; copy the folder, or ask for leave") from None


def _rated(candidates: Candidates) -> Candidates:
    """Return the candidates with their rarity, measured among them where none states one."""
    rarity = Rarity()
    for item in candidates():
        if item.rarity is not None:
            return candidates
        rarity.add(item.text)

    def rated() -> Iterator[Item]:
        return (replace(item, rarity=rarity.of(item.text)) for item in candidates())

    return rated


def _write(path: Path, items: list[Item], cells: list[Cell], drawn: list[Drawn], noted: dict[str, str]) -> None:
    numbers = {item.position: number for number, item in enumerate(items)}
    cell_of = {one.position: one.cell for one in drawn}
    with closing(create(path)) as connection:
        connection.executemany("INSERT INTO meta VALUES (?, ?)", noted.items())
        rows = [(number, cell.decision, int(cell.is_tail), cell.kind, cell.population, cell.drawn) for number, cell in enumerate(cells)]
        connection.executemany("INSERT INTO cells VALUES (?, ?, ?, ?, ?, ?)", rows)
        for number, item in enumerate(items):
            cell = cell_of[item.position]
            chance = cells[cell].drawn / cells[cell].population
            connection.execute("INSERT INTO items VALUES (?, ?, ?, ?)", (number, cell, chance, msgspec.json.encode(item)))
        tasks = ((at, one.key, numbers[one.position], one.kind, int(one.masked), float(at)) for at, one in enumerate(drawn))
        connection.executemany("INSERT INTO tasks VALUES (?, ?, ?, ?, ?, ?)", tasks)
        connection.execute("COMMIT")
