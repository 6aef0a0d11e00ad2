"""Pools of real rows, as policies see them."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from longtail.policies.mixing.gathering import ORIGINS, UNFIT, Rows
from longtail.policies.plan import Pool
from longtail.records import Origin

NOWHERE = -1
"""Place of a row that is in no pool."""

_HUMAN, _UNKNOWN = ORIGINS.index(Origin.HUMAN), ORIGINS.index(Origin.UNKNOWN)

Places = npt.NDArray[np.int16]


class Pools(NamedTuple):
    """Pools as policies see them, and which row is in which.

    Attributes:
        pools: The oldest first; where there is model output the last two are new real data and the newest output.
        held: Rows of each.
        place: Position of each row's pool, `NOWHERE` for those in none, shape (rows,).
        newest: Generation of the newest output, 0 where there is none.
        undated: Rows of model output without a depth, taken for the newest.
        unknown: Rows of unknown origin.
    """

    pools: tuple[Pool, ...]
    held: tuple[int, ...]
    place: Places
    newest: int
    undated: int
    unknown: int

    def of(self, kind: str) -> list[int]:
        """Return the positions of the pools of a kind."""
        return [at for at, pool in enumerate(self.pools) if pool.kind == kind]

    @property
    def original(self) -> int | None:
        """Return the position of the original real data, None where there are none."""
        return 0 if self.pools[0].kind == "human" and self.pools[0].generation == 0 else None

    def rows(self, kind: str) -> int:
        """Return the rows of the pools of a kind."""
        return sum(self.held[at] for at in self.of(kind))


def pooled(rows: Rows, *, keeps_unknown: bool = False) -> Pools:
    """Sort rows into pools.

    Human rows are the original real data, generation 0, or where they were named as fresh the new real data. All that a model
    had a hand in is model output of the generation that its depth says; without a depth it is of the newest.

    Args:
        rows: The rows.
        keeps_unknown: Take rows of unknown origin for model output of the newest generation; they are left out by default.
    """
    human, unknown = rows.origins == _HUMAN, rows.origins == _UNKNOWN
    written = (rows.origins != UNFIT) & ~human & (True if keeps_unknown else ~unknown)
    depths = np.where(written & ~unknown, rows.depths, np.int16(0))
    newest = int(depths.max(initial=0)) or int(written.any())
    generations = np.where(depths == 0, np.int16(newest), depths)[written]
    fresh = human & rows.is_fresh
    pools, held = _listed(int(human.sum()), int(fresh.sum()), np.bincount(generations, minlength=newest + 1), newest)
    at = {(pool.kind, pool.generation): place for place, pool in enumerate(pools)}
    place = np.full(len(rows.keys), NOWHERE, np.int16)
    place[human] = at.get(("human", 0), NOWHERE)
    place[fresh] = at["human", newest + 1]
    place[written] = np.array([at.get(("synthetic", each), NOWHERE) for each in range(newest + 1)], np.int16)[generations]
    return Pools(pools, held, place, newest, int((written & (depths == 0)).sum()), int(unknown.sum()))


def _listed(human: int, fresh: int, sizes: npt.NDArray[np.intp], newest: int) -> tuple[tuple[Pool, ...], tuple[int, ...]]:
    """Return the pools and the rows of each; where there is model output, how much of the last two is drawn is open.

    Args:
        human: Human rows in all.
        fresh: New ones among them.
        sizes: Rows of model output by generation, shape (newest + 1,).
        newest: Generation of the newest output, 0 where there is none.
    """
    stored = [Pool(kind="human", generation=0, rows=human - fresh)]
    stored += [Pool(kind="synthetic", generation=each, rows=int(sizes[each])) for each in range(newest)]
    stored = [pool for pool in stored if pool.rows]
    held = [pool.rows or 0 for pool in stored]
    if not newest:
        return (*stored, Pool(kind="human", generation=1, rows=fresh)), (*held, fresh)
    coming = Pool(kind="human", generation=newest + 1), Pool(kind="synthetic", generation=newest)
    return (*stored, *coming), (*held, fresh, int(sizes[newest]))
