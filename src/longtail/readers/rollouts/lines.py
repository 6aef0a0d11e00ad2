"""Rollouts in JSON Lines: each record made into rollouts, one that cannot be set aside with its place."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from longtail.readers.compression import open_bytes
from longtail.readers.json_files import records
from longtail.readers.quarantine import Quarantine, Unfit
from longtail.readers.rollouts.records import Rollout

Made = Callable[[Mapping[str, Any]], Iterable[Rollout]]


def read_lines(path: Path, quarantine: Quarantine, needs: Iterable[str], of: str, made: Made) -> Iterator[Rollout]:
    """Yield the rollouts of a file.

    Args:
        path: Of the file.
        quarantine: Takes what cannot be read.
        needs: Names that every record has.
        of: What a record is, for the message.
        made: Makes the rollouts of a record, or raises `Unfit`.
    """
    wanted = tuple(needs)
    with open_bytes(str(path)) as stream:
        for at, row in records(stream, str(path), quarantine):
            try:
                if not isinstance(row, Mapping) or any(name not in row for name in wanted):
                    raise Unfit(f"{of} has {' and '.join(f'`{name}`' for name in wanted)}")
                yield from made(row)
            except Unfit as error:
                quarantine.add(str(path), at, str(error))
