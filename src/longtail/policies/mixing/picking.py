"""Which rows a pool gives where it gives only some: at random by key, or first those that are wanted most."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from longtail.policies.mixing.drawing import Quota, taken_by
from longtail.policies.mixing.gaps import Holders
from longtail.policies.mixing.pools import Pools
from longtail.policies.mixing.texts import Mask, Numbers
from longtail.views.keys import Keys


@dataclass(frozen=True)
class Richness:
    """Words of rows, and those of them in the tail.

    Attributes:
        words: Words of each row, shape (rows,), 0 for rows that were not looked at.
        tail: Words of the tail among them, shape (rows,).
    """

    words: npt.NDArray[np.int32]
    tail: npt.NDArray[np.int32]

    PRIOR = 20
    """Words without any of the tail that are added to each row, so that one rare word alone makes no row rich."""

    def of(self, rows: Numbers) -> npt.NDArray[np.float64]:
        """Return the share of the tail in the words of rows, shape (k,)."""
        return np.asarray(self.tail[rows] / (self.words[rows] + self.PRIOR))

    def share(self, rows: Mask) -> float | None:
        """Return the share of the tail in all words of the rows that are marked, None where there are none."""
        words = int(self.words[rows].sum())
        return int(self.tail[rows].sum()) / words if words else None


def partly(quota: Quota, pools: Pools) -> list[int]:
    """Return the positions of the pools that give some of their rows and not all, human ones first."""
    return [at for kind in ("human", "synthetic") for at in pools.of(kind) if 0 < quota.taken[at] < pools.held[at]]


def picked(
    quota: Quota,
    pools: Pools,
    keys: Keys,
    richness: Richness | None = None,
    gaps: tuple[Holders, Numbers] | None = None,
) -> Mask:
    """Return which rows are drawn, shape (rows,).

    Args:
        quota: Rows to take of each pool.
        pools: The pools.
        keys: Keys of the rows; the smallest are drawn first.
        richness: Where given, human rows are drawn in its order, the richest in the tail first.
        gaps: Which rows hold which gap, and how many rows should hold each; those that hold one are drawn first, until there are
            as many, and last once there are.
    """
    some = partly(quota, pools)
    taken = taken_by(tuple(0 if at in some else count for at, count in enumerate(quota.taken)), pools, keys)
    filling = None if gaps is None else _Filling(*gaps, taken)
    for at in some:
        order = _ordered(np.flatnonzero(pools.place == at), keys, richness if pools.pools[at].kind == "human" else None)
        chosen = order[: quota.taken[at]] if filling is None else filling.chosen(order, quota.taken[at])
        taken[chosen] = True
    return taken


def _ordered(members: Numbers, keys: Keys, richness: Richness | None) -> Numbers:
    if richness is None:
        return members[np.argsort(keys[members], kind="stable")]
    return members[np.lexsort((keys[members], -richness.of(members)))]


class _Filling:
    """Rows taken one after another while what they hold is still wanted.

    Args:
        holders: Which rows hold which gap.
        wanted: Rows that should hold each gap, shape (gaps,).
        taken: Rows taken already, shape (rows,).
    """

    def __init__(self, holders: Holders, wanted: Numbers, taken: Mask) -> None:
        self._holders, self._wanted = holders, wanted
        self.held = np.bincount(holders.gaps[taken[holders.rows]], minlength=len(wanted)).astype(np.int64)

    def chosen(self, order: Numbers, rows: int) -> Numbers:
        """Return `rows` rows of a pool.

        First come rows that hold what is wanted, the rarest in the pool first, and nothing of which there is enough; then those
        that hold no gap; if there are too few of them, the others.

        Args:
            order: The rows of the pool, in the order in which they would be drawn.
            rows: How many to take.
        """
        rank = np.full(int(order.max(initial=-1)) + 1, -1, np.int64)
        rank[order] = np.arange(len(order))
        there = self._holders.rows < len(rank)
        mine = np.flatnonzero(there)[rank[self._holders.rows[there]] >= 0]
        first = list(self._first(mine, rank, rows))
        rest = np.ones(len(order), np.bool_)
        rest[rank[first]] = False
        holding = np.zeros(len(order), np.bool_)
        holding[rank[self._holders.rows[mine]]] = True
        after = np.concatenate([order[rest & ~holding], order[rest & holding]])[: rows - len(first)]
        self.held += np.bincount(self._holders.gaps[mine[np.isin(self._holders.rows[mine], after)]], minlength=len(self.held))
        return np.concatenate([np.array(first, np.int64), after])

    def _first(self, mine: Numbers, rank: Numbers, rows: int) -> Iterator[int]:
        """Yield rows that hold what is wanted."""
        gaps = self._holders.gaps[mine]
        by_gap = mine[np.lexsort((rank[self._holders.rows[mine]], gaps))]
        counts = np.bincount(gaps, minlength=len(self.held))
        starts = np.concatenate([[0], np.cumsum(counts)])
        done: set[int] = set()
        for gap in np.argsort(counts, kind="stable"):
            for row in self._holders.rows[by_gap[starts[gap] : starts[gap + 1]]].tolist():
                if self.held[gap] >= self._wanted[gap] or len(done) == rows:
                    break
                if row not in done and self._takes(row):
                    done.add(row)
                    yield row

    def _takes(self, row: int) -> bool:
        """Tell whether all that a row holds is wanted, and count it if so."""
        start, stop = np.searchsorted(self._holders.rows, [row, row + 1])
        gaps = self._holders.gaps[start:stop]
        if (self.held[gaps] >= self._wanted[gaps]).any():
            return False
        self.held[gaps] += 1
        return True
