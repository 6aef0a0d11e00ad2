"""Which documents a person should see, drawn so that what they say can be carried over to all that the gate judged.

Candidates fall into cells by what the gate decided, by rarity and by why they deserve a look. From each cell a simple random
sample is drawn: the smallest keyed hashes. A reviewer who stops early has decided on the first of them, which is again a
simple random sample of the cell.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import xxhash

from longtail.errors import ConfigError
from longtail.gates.review.item import Cell, GateDecision, Item, Kind
from longtail.gates.verdicts import DECISIONS
from longtail.records import Record
from longtail.views.keys import purpose_key

Floats: TypeAlias = npt.NDArray[np.float64]
Flags: TypeAlias = npt.NDArray[np.bool_]
Keys: TypeAlias = npt.NDArray[np.uint64]
Place: TypeAlias = tuple[GateDecision, bool, str]

WEIGHTS: dict[tuple[str, str], float] = {
    ("keep", "lone"): 2.0,
    ("keep", "uncertain"): 1.0,
    ("keep", "plain"): 2.5,
    ("review", "uncertain"): 2.0,
    ("reject", "uncertain"): 1.0,
    ("reject", "plain"): 1.5,
}
"""How the places of a queue are shared among the cells of one rarity: 4 for doubt, 2 for lone successes, 4 at random."""
LONE_OF = 4
"""Answers of one group among which the only kept one is a lone success."""
FARTHEST = 2 / 3
"""A repeat is of an item shown in this first part of the queue, so that something lies in between."""


class Settings(Record, frozen=True):
    """How a queue is drawn.

    Attributes:
        size: Showings, repeats included.
        tail: Share of rare documents among them, at least, where there are as many.
        rare: Share of all candidates that counts as rare.
        uncertain: Share of what a gate kept, and of what it rejected, that counts as near its threshold.
        repeats: Share of showings that are blind repeats.
        masked: Share of first showings at which the gate's decision is hidden too.
        seed: Of the draw.
    """

    size: int = 50
    tail: float = 0.5
    rare: float = 0.1
    uncertain: float = 0.1
    repeats: float = 0.1
    masked: float = 0.25
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn."""
        if self.size < 1:
            raise ConfigError(f"a queue of {self.size} shows nothing; give a size from 1")
        for name, most in (("tail", 1.0), ("rare", 1.0), ("uncertain", 1.0), ("repeats", 0.5), ("masked", 1.0)):
            share = getattr(self, name)
            if not 0 <= share <= most:
                raise ConfigError(f"{name} is {share!r}; give a share from 0 to {most:g}")


class Pool(NamedTuple):
    """All candidates, narrow; each array has shape (candidates,).

    Attributes:
        positions: Number of each candidate.
        keys: Its keyed hash.
        decisions: 0 keep, 1 review, 2 reject.
        rarity: NaN where it is not known.
        doubt: NaN where it is not known.
        groups: Number of its group, -1 where it has none.
    """

    positions: npt.NDArray[np.int64]
    keys: Keys
    decisions: npt.NDArray[np.uint8]
    rarity: Floats
    doubt: Floats
    groups: npt.NDArray[np.int64]


class Drawn(NamedTuple):
    """One showing that was drawn: the candidate, how it is shown, where in the queue, and the number of its cell."""

    position: int
    kind: Kind
    masked: bool
    place: float
    cell: int
    key: str


def survey(items: Iterable[Item], seed: int) -> Pool:
    """Return candidates as a pool; their texts are let go."""
    hashed, groups = purpose_key(seed, "review"), dict[str, int]()
    rows = [
        (
            each.position,
            xxhash.xxh3_64_intdigest(f"{each.position}:{each.lt_id}".encode("utf-8", "surrogatepass"), seed=hashed),
            DECISIONS.index(each.decision),
            math.nan if each.rarity is None else each.rarity,
            math.nan if each.doubt is None else each.doubt,
            -1 if each.group is None else groups.setdefault(each.group, len(groups)),
        )
        for each in items
    ]
    columns = list(zip(*rows, strict=True)) or [()] * 6
    types = (np.int64, np.uint64, np.uint8, np.float64, np.float64, np.int64)
    return Pool(*(np.array(column, kind) for column, kind in zip(columns, types, strict=True)))


def draw(pool: Pool, settings: Settings) -> tuple[list[Cell], list[Drawn]]:
    """Return the cells with what was drawn of each, and the showings in the order of the queue."""
    places = _places(pool, settings)
    members: dict[Place, list[int]] = {}
    for at, place in enumerate(places):
        members.setdefault(place, []).append(at)
    order = sorted(members)
    wanted = len(pool.keys) and max(1, settings.size - round(settings.repeats * settings.size))
    counts = allocated({place: len(members[place]) for place in order}, wanted, settings.tail)
    cells = [Cell(*place, population=len(members[place]), drawn=counts[place]) for place in order]
    firsts = [
        _first(pool, at, rank, counts[place], number, place[1], settings)
        for number, place in enumerate(order)
        for rank, at in enumerate(sorted(members[place], key=lambda at: int(pool.keys[at]))[: counts[place]])
    ]
    firsts.sort(key=lambda one: (one.place, one.key))
    repeats = _repeats(firsts, [cell.is_tail for cell in cells], settings)
    return cells, sorted([*firsts, *repeats], key=lambda one: (one.place, one.key))


def allocated(populations: Mapping[Place, int], size: int, tail: float) -> dict[Place, int]:
    """Return how many to draw from each cell: a share of rare ones at least, and some of every cell as far as they go.

    Args:
        populations: Candidates in each cell.
        size: How many to draw in all.
        tail: Share of rare ones.
    """
    rare = {place: count for place, count in populations.items() if place[1]}
    common = {place: count for place, count in populations.items() if not place[1]}
    for_rare = min(math.ceil(tail * size), sum(rare.values()))
    for_common = min(size - for_rare, sum(common.values()))
    for_rare = min(size - for_common, sum(rare.values()))
    return _shared(rare, for_rare) | _shared(common, for_common)


def _shared(populations: Mapping[Place, int], size: int) -> dict[Place, int]:
    """Give places one by one to the cell that has least for its weight, the first ones to cells of what was kept."""
    given = dict.fromkeys(populations, 0)
    for _ in range(size):
        open_ = [place for place in populations if given[place] < populations[place]]
        poorest = min(open_, key=lambda place: (given[place] >= 1, given[place] / WEIGHTS[place[0], place[2]], place))
        given[poorest] += 1
    return given


def _places(pool: Pool, settings: Settings) -> list[Place]:
    """Return the cell of each candidate."""
    is_tail, is_lone, is_near = rarest(pool.rarity, settings.rare), lone(pool), _near(pool, settings.uncertain)
    found: list[Place] = []
    for at, number in enumerate(pool.decisions.tolist()):
        kind = "lone" if is_lone[at] else "uncertain" if number == 1 or is_near[at] else "plain"
        found.append((_decision(number), bool(is_tail[at]), kind))
    return found


def _decision(number: int) -> GateDecision:
    names: tuple[GateDecision, ...] = ("keep", "review", "reject")
    return names[number]


def rarest(rarity: Floats, share: float) -> Flags:
    """Return which are among the rarest `share` of those whose rarity is known; ties go in whole, the commonest never do."""
    known = rarity[~np.isnan(rarity)]
    if not known.size or not share:
        return np.zeros(rarity.shape, np.bool_)
    cut = np.quantile(known, 1 - share, method="higher")
    found: Flags = np.nan_to_num(rarity, nan=-np.inf) >= max(cut, np.nextafter(known.min(), np.inf))
    return found


def lone(pool: Pool) -> Flags:
    """Return which are the only kept ones of a group of `LONE_OF` or more."""
    has = pool.groups >= 0
    if not has.any():
        return np.zeros(has.shape, np.bool_)
    sizes = np.bincount(pool.groups[has])
    kept = np.bincount(pool.groups[has & (pool.decisions == 0)], minlength=sizes.size)
    among = np.where(has, pool.groups, 0)
    found: Flags = has & (pool.decisions == 0) & (sizes[among] >= LONE_OF) & (kept[among] == 1)
    return found


def _near(pool: Pool, share: float) -> Flags:
    """Return which of what was kept, and of what was rejected, are nearest to a threshold."""
    found = np.zeros(pool.doubt.shape, np.bool_)
    for number in (0, 2):
        side = np.flatnonzero((pool.decisions == number) & ~np.isnan(pool.doubt))
        nearest = side[np.lexsort((pool.keys[side], -pool.doubt[side]))]
        found[nearest[: math.ceil(share * side.size)]] = True
    return found


def _first(pool: Pool, at: int, rank: int, drawn: int, cell: int, is_tail: bool, settings: Settings) -> Drawn:
    """Return a first showing; rare ones come twice as fast, so that whoever stops early has seen both."""
    position, key = int(pool.positions[at]), int(pool.keys[at])
    place = (rank + 0.5) / drawn * (0.5 if is_tail else 1.0)
    return Drawn(position, "first", _chance(key, "masked") < settings.masked, place, cell, _name(key, "first"))


def _repeats(firsts: Sequence[Drawn], is_tail: Sequence[bool], settings: Settings) -> list[Drawn]:
    """Return blind repeats of items shown early, half of them rare, each well after its first showing."""
    wanted = round(len(firsts) * settings.repeats / (1 - settings.repeats))
    early = firsts[: math.ceil(len(firsts) * FARTHEST)]
    by_chance = sorted(early, key=lambda one: _chance(int(one.key, 16), "repeat"))
    ranks: Counter[bool] = Counter()
    turns = []
    for one in by_chance:
        rare = is_tail[one.cell]
        turns.append((ranks[rare], not rare, one))
        ranks[rare] += 1
    chosen = [one for _, _, one in sorted(turns, key=lambda turn: turn[:2])[:wanted]]
    return [_repeat(one) for one in chosen]


def _repeat(first: Drawn) -> Drawn:
    key = int(first.key, 16)
    later = first.place + (1 - first.place) * (0.5 + 0.5 * _chance(key, "place"))
    return Drawn(first.position, "repeat", True, later, first.cell, _name(key, "repeat"))


def _chance(key: int, purpose: str) -> float:
    """Return a number from 0 to 1 that is random in the key."""
    return xxhash.xxh3_64_intdigest(f"{key}:{purpose}".encode()) / 2**64


def _name(key: int, kind: str) -> str:
    return f"{xxhash.xxh3_64_intdigest(f'{key}:{kind}'.encode()):016x}"
