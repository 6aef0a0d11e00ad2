"""Following a run while it is written: what is new since the last look."""

from collections.abc import Mapping
from pathlib import Path

from longtail.errors import ReadError
from longtail.readers.quarantine import Quarantine
from longtail.readers.rollouts.finding import find, look_for
from longtail.readers.rollouts.kinds import KINDS
from longtail.readers.rollouts.reading import settle
from longtail.readers.rollouts.records import Rollout
from longtail.readers.rollouts.weighing import assumed, weighed


class Follower:
    """A run that grows.

    A file that changed is read again whole, so that a file that a resumed run wrote anew counts once; one that is not yet whole is
    left for the next look.

    Args:
        run: Folder or file; it may have no rollouts yet.
        weights: Of the parts of the reward, as `read_rollouts` takes them.
    """

    def __init__(self, run: str | Path, weights: Mapping[str, float] | None = None) -> None:
        self.run = Path(run)
        self.weights = weights
        self.kind = ""
        self.assumed = ""
        self.waiting: tuple[Path, ...] = ()
        self.quarantined = 0
        self._held: dict[Path, tuple[tuple[int, int], list[Rollout], int]] = {}

    def look(self) -> tuple[Rollout, ...]:
        """Return all rollouts so far, those of files that did not change from memory.

        Raises:
            ReadError: The run holds rollouts of several kinds, or those that it held are gone.
            ConfigError: A weight is of no part of the reward.
        """
        found = find(self.run) if self._held else look_for(self.run)
        if found is None:
            return ()
        self.kind = found.kind
        self._held = {path: held for path, held in self._held.items() if path in found.files}
        self.waiting = tuple(path for path in found.files if not self._refresh(path))
        self.quarantined = sum(held[2] for held in self._held.values())
        rows = settle(self._held[path][1] for path in found.files if path in self._held)
        self.assumed = assumed(rows, self.kind, self.weights)
        return weighed(rows, self.kind, self.weights)

    def _refresh(self, path: Path) -> bool:
        """Read a file again where it changed; tell whether it is held."""
        stat = path.stat()
        stamp = (stat.st_size, stat.st_mtime_ns)
        held = self._held.get(path)
        if held and held[0] == stamp:
            return True
        quarantine = Quarantine()
        try:
            rows = list(KINDS[self.kind].member(path, quarantine))
        except ReadError:
            return held is not None
        self._held[path] = (stamp, rows, quarantine.count)
        return True
