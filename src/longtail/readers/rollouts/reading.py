"""Reading the rollouts of a run whole: in the order of steps, what a resumed run wrote again in the place of what it replaced."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from longtail.readers.quarantine import Quarantine
from longtail.readers.rollouts.finding import find
from longtail.readers.rollouts.kinds import KINDS
from longtail.readers.rollouts.records import Rollout
from longtail.readers.rollouts.weighing import assumed, weighed
from longtail.records import Quarantined, Record


class Rollouts(Record, frozen=True):
    """The rollouts of a run.

    Attributes:
        kind: Of run, such as "trl".
        rows: In the order in which they were written.
        files: How many were read.
        replaced: Rollouts left out, since a run that was resumed wrote those steps again.
        quarantined: Records that could not be read.
        quarantine: Places and reasons of the first of them.
        assumed: What was taken for granted of the reward, in words; empty where nothing was.
    """

    kind: str
    rows: tuple[Rollout, ...]
    files: int
    replaced: int = 0
    quarantined: int = 0
    quarantine: tuple[Quarantined, ...] = ()
    assumed: str = ""

    @property
    def steps(self) -> tuple[int, ...]:
        """Return the steps that have rollouts, in order."""
        return tuple(sorted({row.step for row in self.rows if row.step is not None}))


def read_rollouts(run: str | Path, weights: Mapping[str, float] | None = None) -> Rollouts:
    """Read the rollouts of a run folder or of one file; whose they are is told by the files.

    Args:
        run: Folder or file.
        weights: Of the parts of the reward, by name, where the files hold no total, as those of TRL; 1 where none is named.

    Raises:
        ReadError: Nothing is there that can be read as rollouts.
        ConfigError: A weight is of no part of the reward.
    """
    found = find(Path(run))
    quarantine = Quarantine()
    read = KINDS[found.kind].member
    files = [tuple(read(path, quarantine)) for path in found.files]
    settled = settle(files)
    return Rollouts(
        kind=found.kind,
        rows=weighed(settled, found.kind, weights),
        files=len(found.files),
        replaced=sum(map(len, files)) - len(settled),
        quarantined=quarantine.count,
        quarantine=quarantine.kept,
        assumed=assumed(settled, found.kind, weights),
    )


def settle(files: Iterable[Iterable[Rollout]]) -> tuple[Rollout, ...]:
    """Return the rollouts of files without those that a resumed run replaced: where steps go back, what was written from there on counts.

    A file begins anew: it replaces what earlier files have from its first step on, also where that is the last step that they reached.
    Within one file rollouts of several workers may be a step apart, so there a step back of one replaces nothing.
    """
    kept: list[Rollout] = []
    for file in files:
        rows = _resumed(file)
        first = min((row.step for row in rows if row.step is not None), default=None)
        if first is not None:
            kept = _before(kept, first)
        kept += rows
    return tuple(kept)


def _resumed(file: Iterable[Rollout]) -> list[Rollout]:
    """Return the rollouts of one file without those that it replaces itself."""
    kept: list[Rollout] = []
    reached = -1
    for row in file:
        if row.step is not None and row.step < reached - 1:
            kept = _before(kept, row.step)
            reached = row.step
        reached = max(reached, -1 if row.step is None else row.step)
        kept.append(row)
    return kept


def _before(rows: Iterable[Rollout], step: int) -> list[Rollout]:
    """Return the rollouts of earlier steps, and those that name none."""
    return [row for row in rows if row.step is None or row.step < step]
