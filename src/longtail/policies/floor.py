"""A floor of real data in every batch of a training run: which rows come in which batch.

Nothing is copied or changed: what comes out are positions of rows, for any loop and any loader.
"""

import hashlib
import math
from collections import Counter, deque
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import islice
from typing import Any, Literal, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

from longtail.errors import ConfigError, UsageError
from longtail.ledger.columns import identity
from longtail.policies.dealing import Deck, sizes_of
from longtail.policies.settings import share, whole_number
from longtail.records import Origin, Record

Ints = npt.NDArray[np.int64]
Row = TypeVar("Row")
Strategy: TypeAlias = Literal["accumulate", "replace", "window"]
Per: TypeAlias = Literal["batch", "epoch"]

REAL = ("real", Origin.HUMAN.value)
"""Tags of real rows. All that a model had a hand in is model output, and what is unknown is not real."""
TAGS = (*REAL, *(origin.value for origin in Origin if origin is not Origin.HUMAN))


class FloorManifest(Record, frozen=True):
    """What a loader was asked for and what it has given out so far.

    Args:
        batch_size, min_real, per, strategy, window, repeats, seed: As asked.
        real: Real rows, `distinct` of them unlike each other; the rest are copies and stand for nothing.
        synthetic: Rows of model output that take part, `left_out` those of generations that do not.
        unknown: Rows of unknown origin, which count as model output.
        planned_share: Share of real rows in a pass.
        passes: Passes begun, the one that goes on included.
        batches: Batches given out.
        rows: Rows given out, copies of one row counted each time.
        real_share, lowest_share: Share of real rows in all of them, and in the batch that has least; None before the first batch.
        seen: Distinct real rows given out.
        most: Times that the real row was given out that was given out most often.
        mean: Times that a distinct real row was given out, in the mean.
    """

    batch_size: int
    min_real: float
    per: Per
    strategy: Strategy
    window: int
    repeats: int
    seed: int
    real: int
    distinct: int
    synthetic: int
    left_out: int
    unknown: int
    planned_share: float
    passes: int = 0
    batches: int = 0
    rows: int = 0
    real_share: float | None = None
    lowest_share: float | None = None
    seen: int = 0
    most: int = 0
    mean: float = 0.0


class RealDataFloor:
    """Yields batches of row numbers, each with at least a share of real rows. May be the `batch_sampler` of a torch DataLoader.

    A pass gives out each row of model output once and each distinct real row at least once; where real rows are too few for the floor
    they come again, all equally often and none twice in a batch. Iterating makes one pass; broken off, it is gone on with. Copies of a
    real row are left out, so that they fill no floor.

    Args:
        origins: Tag of each row: "real" or "human"; all others of longtail's origins are model output.
        batch_size: Rows of a batch; the last one of a pass may be smaller.
        min_real: Least share of real rows.
        per: Whether each batch has the floor, or the pass as a whole.
        strategy: Model output that takes part: all of it, that of the newest generation, or of the last `window` ones.
        window: Generations of the strategy "window".
        generations: Generation of each row of model output, None where it is not known, which is taken for the newest.
        keys: What tells real rows apart, such as their text or `lt_id`; each row is unlike all others where there are none.
        repeats: Most times that a real row may be given out in all passes. Four passes over the same data teach about as much as
            new data do (Muennighoff et al., arXiv:2305.16264).
        seed: Of the order.

    Raises:
        ConfigError: A setting is out of range.
        UsageError: A tag is unknown, the columns differ in length, or the real rows are too few.
    """

    _pass: int
    _batch: int

    def __init__(
        self,
        origins: Iterable[str],
        batch_size: int,
        *,
        min_real: float = 0.25,
        per: Per = "batch",
        strategy: Strategy = "accumulate",
        window: int = 1,
        generations: Sequence[int | None] | None = None,
        keys: Sequence[Hashable] | None = None,
        repeats: int = 4,
        seed: int = 0,
    ) -> None:
        self.batch_size, self.repeats = whole_number(batch_size, "batch_size"), whole_number(repeats, "repeats")
        self.min_real, self.per, self.strategy, self.window = share(min_real, "min_real"), per, strategy, whole_number(window, "window")
        self.seed = seed
        for name, value, known in (("per", per, ("batch", "epoch")), ("strategy", strategy, ("accumulate", "replace", "window"))):
            if value not in known:
                raise ConfigError(f"{name} is {value!r}; take {' or '.join(known)}")
        self._tags = _checked(list(origins), generations, keys)
        is_real = np.array([tag in REAL for tag in self._tags], np.bool_)
        self._copies, self._real = _distinct(np.flatnonzero(is_real), keys)
        written = np.flatnonzero(~is_real)
        self._synthetic = _newest(written, generations, strategy, self.window)
        self._left_out = len(written) - len(self._synthetic)
        self._sizes = self._planned()
        self._check_repeats(0)
        self._start()

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, Any]], batch_size: int, **settings: Any) -> "RealDataFloor":
        """Return the loader of rows that say where they are from: `lt_origin` or `origin`, and `lt_depth` or `generation`.

        Real rows are told apart by `lt_id`, else by all that they hold besides.

        Raises:
            UsageError: A row says not where it is from.
        """
        held = list(rows)
        origins = [row.get("lt_origin", row.get("origin")) for row in held]
        for at, origin in enumerate(origins):
            if origin is None:
                raise UsageError(f"row {at} has no origin; give lt_origin (longtail tag writes it) or origin: {', '.join(TAGS)}")
        depths = [row.get("lt_depth", row.get("generation")) for row in held]
        found = {"generations": depths, "keys": [_content(row) for row in held]}
        return cls([str(origin) for origin in origins], batch_size, **{**found, **settings})

    @property
    def needed(self) -> int:
        """Return the real rows that a pass gives out."""
        return int(self._sizes[0].sum())

    def __len__(self) -> int:
        """Return the batches of a pass."""
        return len(self._sizes[0])

    def __iter__(self) -> Iterator[list[int]]:
        """Yield the batches of a pass that are yet to come.

        Raises:
            UsageError: The pass would give out a real row more often than is allowed.
        """
        if self._batch == len(self):
            self._pass, self._batch = self._pass + 1, 0
        self._check_repeats(self._pass)
        if not self._batch:
            self._begin()
        while self._batch < len(self):
            yield self._next()

    def batches_of(self, rows: Sequence[Row]) -> Iterator[list[Row]]:
        """Yield the rows of the batches of a pass."""
        for batch in self:
            yield [rows[at] for at in batch]

    def state_dict(self) -> dict[str, Any]:
        """Return how far the loader is, for `load_state_dict` of one that was made alike."""
        return {"pass": self._pass, "batch": self._batch, "made": self._made()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on where another loader that was made alike has stopped. Where workers fetch ahead, give the batch that was trained on last.

        Raises:
            UsageError: The state is that of another loader.
        """
        if state.get("made") != self._made():
            raise UsageError("the state is of a loader with other rows or settings; make this one as that one was made")
        self._start()
        for _ in range(state["pass"]):
            deque(self, maxlen=0)
        deque(islice(self, state["batch"]), maxlen=0)

    def manifest(self) -> FloorManifest:
        """Return what was asked for and what has been given out so far."""
        real, rows = int(self._seen.sum()), self._rows
        return FloorManifest(
            batch_size=self.batch_size,
            min_real=self.min_real,
            per=self.per,
            strategy=self.strategy,
            window=self.window,
            repeats=self.repeats,
            seed=self.seed,
            real=len(self._real) + self._copies,
            distinct=len(self._real),
            synthetic=len(self._synthetic),
            left_out=self._left_out,
            unknown=Counter(self._tags)[Origin.UNKNOWN.value],
            planned_share=self.needed / max(1, self.needed + len(self._synthetic)),
            passes=self._pass + (self._batch > 0),
            batches=self._pass * len(self) + self._batch,
            rows=rows,
            real_share=real / rows if rows else None,
            lowest_share=self._lowest if rows else None,
            seen=int((self._seen > 0).sum()),
            most=int(self._seen.max(initial=0)),
            mean=real / max(1, len(self._real)),
        )

    def _planned(self) -> tuple[Ints, Ints]:
        """Return the real rows and the rows of model output of each batch of a pass."""
        real, written, least = len(self._real), len(self._synthetic), Fraction(str(self.min_real))
        if self.per == "batch":
            return sizes_of(real, written, self.batch_size, least)
        return _of_the_pass(real, written, self.batch_size, least)

    def _start(self) -> None:
        self._pass, self._batch, self._rows, self._lowest = 0, 0, 0, 1.0
        self._seen = np.zeros(len(self._real), np.int64)
        self._deck = Deck(len(self._real), self.seed)

    def _begin(self) -> None:
        """Deal the rows of the pass that now begins: real ones in turn, all in random order, in each batch or throughout."""
        rng = np.random.default_rng([self.seed, 1, self._pass])
        ours, theirs = self._sizes
        dealt, written = self._deck.dealt(ours), rng.permutation(self._synthetic)
        batches = np.concatenate([np.repeat(np.arange(len(ours)), ours), np.repeat(np.arange(len(ours)), theirs)])
        chance = rng.random(len(batches))
        order = np.lexsort((chance, batches)) if self.per == "batch" else np.argsort(chance)
        self._order = np.concatenate([self._real[dealt], written])[order]
        self._drawn = np.concatenate([dealt, np.full(len(written), -1)])[order]
        self._ends = np.concatenate([[0], np.cumsum(ours + theirs)])

    def _next(self) -> list[int]:
        """Return the next batch, and count it."""
        here = slice(self._ends[self._batch], self._ends[self._batch + 1])
        drawn = self._drawn[here]
        np.add.at(self._seen, drawn[drawn >= 0], 1)
        self._rows += len(drawn)
        self._lowest = min(self._lowest, float((drawn >= 0).mean()))
        self._batch += 1
        found: list[int] = self._order[here].tolist()
        return found

    def _check_repeats(self, before: int) -> None:
        """Refuse a pass that would give out a real row more often than is allowed.

        Raises:
            UsageError: It would.
        """
        held = len(self._real)
        most = -(-self.needed * (before + 1) // held) if held else 0
        if most > self.repeats:
            raise UsageError(
                f"a pass gives out {self.needed:,} real rows and {held:,} are distinct, so that by the end of pass {before + 1} one would "
                f"have come {most} times, and repeats allows {self.repeats}; add real rows, lower min_real, or allow more repeats"
            )

    def _made(self) -> str:
        told = repr((self.batch_size, self.min_real, self.per, self.seed)).encode()
        return hashlib.sha256(told + self._real.tobytes() + b"/" + self._synthetic.tobytes()).hexdigest()


def _of_the_pass(real: int, written: int, batch: int, share: Fraction) -> tuple[Ints, Ints]:
    """Return sizes whose sum has the floor; which rows are real in which batch is left to chance."""
    least = math.ceil(share * written / (1 - share)) if written and share < 1 else 0
    if written and (share == 1 or (least and not real)):
        raise UsageError(f"a share of {float(share):g} cannot be had with {written:,} rows of model output and {real:,} distinct real rows")
    ours = max(real, least)
    ends = np.minimum(np.arange(0, ours + written + batch, batch), ours + written)
    held = np.diff(np.minimum(ends, ours))
    sizes = np.diff(ends)
    return held[sizes > 0], (sizes - held)[sizes > 0]


def _checked(tags: list[str], generations: Sequence[int | None] | None, keys: Sequence[Hashable] | None) -> list[str]:
    """Return the tags.

    Raises:
        UsageError: One is unknown, there are none, or the columns differ in length.
    """
    for at, tag in enumerate(tags):
        if tag not in TAGS:
            raise UsageError(f"row {at} has origin {tag!r}; tags are {', '.join(TAGS)}")
    for name, column in (("generations", generations), ("keys", keys)):
        if column is not None and len(column) != len(tags):
            raise UsageError(f"{len(tags)} origins and {len(column)} {name}; give one for each row")
    if not tags:
        raise UsageError("there are no rows; give some")
    return tags


def _distinct(real: Ints, keys: Sequence[Hashable] | None) -> tuple[int, Ints]:
    """Return how many real rows are copies of one before them, and the rest."""
    if keys is None:
        return 0, real
    first: dict[Hashable, int] = {}
    for at in real.tolist():
        first.setdefault(keys[at], at)
    return len(real) - len(first), np.array(list(first.values()), np.int64)


def _newest(written: Ints, generations: Sequence[int | None] | None, strategy: Strategy, window: int) -> Ints:
    """Return the rows of model output that take part.

    Raises:
        UsageError: It hangs on generations, and none are given.
    """
    if strategy == "accumulate" or not len(written):
        return written
    known = [] if generations is None else [each for at in written.tolist() if (each := generations[at]) is not None]
    if generations is None or not known:
        raise UsageError(f"the strategy {strategy} needs the generation of rows of model output; give generations, or take accumulate")
    newest = max(known)
    first = newest - (window if strategy == "window" else 1) + 1
    of: Ints = np.array([newest if (each := generations[at]) is None else each for at in written.tolist()], np.int64)
    taken: Ints = written[of >= first]
    return taken


def _content(row: Mapping[str, Any]) -> Hashable:
    """Return what tells a row apart from others."""
    if row.get("lt_id") is not None:
        return str(row["lt_id"])
    return identity({name: value for name, value in row.items() if name not in ("origin", "generation") and not name.startswith("lt_")})
