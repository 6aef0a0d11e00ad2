"""The six laws of every summary, each as a check that third parties can run on theirs.

    def test_my_summary_keeps_the_laws():
        check_summary(MySummary, batches, unlike=[lambda: MySummary(seed=1)])

Two states are equal where their `to_dict` are: same names, same values, arrays of the same type and shape.
"""

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from longtail.errors import IncompatibleSummaries, MissingExtra
from longtail.summaries.summary import Summary
from longtail.testing.difference import difference

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

S = TypeVar("S", bound=Summary)
Make = Callable[[], S]
Batches = Sequence[Any]

NEUTRAL = "empty is neutral"
ORDER = "order does not matter"
GROUPING = "grouping does not matter"
SHARDING = "sharding equals one pass"
SAVING = "save and load give the same state"
UNLIKE = "unlike settings refuse to merge"
LAWS = (NEUTRAL, ORDER, GROUPING, SHARDING, SAVING, UNLIKE)

_TRIES = 4


class LawBroken(AssertionError):
    """A summary does not keep a law.

    Attributes:
        law: The law, one of `LAWS`.
        difference: What differs, and where.
    """

    def __init__(self, law: str, difference: str) -> None:
        super().__init__(f"law broken: {law}: {difference}")
        self.law = law
        self.difference = difference


@dataclass(frozen=True)
class Arrangement:
    """One way to order batches and to cut them into shards.

    Attributes:
        order: Indices of all batches, in the order in which they are added.
        cuts: Where shards begin, ascending, each between 1 and the number of batches less one.
    """

    order: tuple[int, ...]
    cuts: tuple[int, ...]

    def ordered(self, batches: Batches) -> list[Any]:
        """Return the batches in this order."""
        return [batches[index] for index in self.order]

    def shards(self, batches: Batches) -> list[list[Any]]:
        """Return the batches as they are, cut into shards, none of them empty."""
        bounds = [0, *self.cuts, len(batches)]
        return [list(batches[start:stop]) for start, stop in zip(bounds[:-1], bounds[1:], strict=True) if stop > start]


def check_summary(make: Make[S], batches: Batches, *, unlike: Sequence[Make[S]] = (), arrangement: Arrangement | None = None) -> None:
    """Check all six laws on some batches.

    Args:
        make: Returns an empty summary.
        batches: What is added, at least one; the more unlike they are, the more the laws say.
        unlike: Each returns an empty summary of other settings; none for a summary that has no settings.
        arrangement: Order and shards to try, such as one drawn from `arrangements`; a few fixed ones by default.

    Raises:
        LawBroken: The summary does not keep a law.
    """
    for tried in [arrangement] if arrangement is not None else _some(len(batches)):
        check_neutral(make, batches)
        check_order(make, batches, tried)
        check_grouping(make, batches, tried)
        check_sharding(make, batches, tried)
        check_saving(make, batches, tried)
    check_unlike(make, batches, unlike)


def check_neutral(make: Make[S], batches: Batches) -> None:
    """Check that merging with an empty summary, on either side, changes nothing."""
    whole = _pass(make, batches)
    _same(NEUTRAL, whole, _merged([make(), whole]), "merged into an empty summary")
    _same(NEUTRAL, whole, _merged([_pass(make, batches), make()]), "after an empty summary was merged into it")


def check_order(make: Make[S], batches: Batches, arrangement: Arrangement) -> None:
    """Check that neither the order of batches nor the order of merging changes the state."""
    ordered = arrangement.ordered(batches)
    _same(ORDER, _pass(make, batches), _pass(make, ordered), f"with batches added in the order {list(arrangement.order)}")
    there, here = (_merged([_pass(make, [batch]) for batch in some]) for some in (batches, ordered))
    _same(ORDER, there, here, f"with one summary per batch merged in the order {list(arrangement.order)}")


def check_grouping(make: Make[S], batches: Batches, arrangement: Arrangement) -> None:
    """Check that merging is associative, and that it leaves what is merged as it was."""
    shards = arrangement.shards(batches)
    parts = [_pass(make, shard) for shard in shards]
    left = _merged(parts)
    for part, shard in zip(parts[1:], shards[1:], strict=True):
        _same(GROUPING, _pass(make, shard), part, "after it was merged into another")
    right = reduce(lambda whole, part: _merged([part, whole]), reversed([_pass(make, shard) for shard in shards]))
    _same(GROUPING, left, right, f"with {len(shards)} shards merged from the right instead of from the left")


def check_sharding(make: Make[S], batches: Batches, arrangement: Arrangement) -> None:
    """Check that one summary per shard, merged from the left, gives the state of one pass."""
    shards = arrangement.shards(batches)
    parts = _merged([_pass(make, shard) for shard in shards])
    _same(SHARDING, _pass(make, batches), parts, f"with the batches in {len(shards)} shards")


def check_saving(make: Make[S], batches: Batches, arrangement: Arrangement) -> None:
    """Check that a loaded state equals the saved one and goes on as it would have."""
    first, *rest = arrangement.shards(batches)
    _same(SAVING, _pass(make, first), _reloaded(_pass(make, first)), "after saving and loading")
    _same(SAVING, make(), _reloaded(make()), "after saving and loading it empty")
    kept, loaded = _pass(make, first), _reloaded(_pass(make, first))
    for shard in rest:
        for batch in shard:
            kept.add(batch)
            loaded.add(batch)
        _same(SAVING, kept, loaded, "with more batches added after saving and loading")
        kept.merge(_pass(make, shard))
        loaded.merge(_reloaded(_pass(make, shard)))
        _same(SAVING, kept, loaded, "merged after saving and loading")


def check_unlike(make: Make[S], batches: Batches, unlike: Sequence[Make[S]]) -> None:
    """Check that a summary of other settings is refused, from both sides, and that the refusal leaves no trace."""
    for other in unlike:
        for host, guest in ((_pass(make, batches), other()), (other(), _pass(make, batches))):
            before = deepcopy(host.to_dict())
            try:
                host.merge(guest)
            except IncompatibleSummaries:
                _equal(UNLIKE, before, host.to_dict(), f"{type(host).__name__} after a refused merge")
            else:
                raise LawBroken(UNLIKE, f"keys {host.key} and {guest.key} were merged")


def arrangements(count: int) -> "SearchStrategy[Arrangement]":
    """Return a hypothesis strategy of arrangements of `count` batches.

    Raises:
        MissingExtra: hypothesis is not installed.
    """
    try:
        from hypothesis import strategies
    except ImportError as error:
        raise MissingExtra("longtail.testing.arrangements", "dev") from error
    orders = strategies.permutations(range(count)).map(tuple)
    cuts = strategies.sets(strategies.sampled_from(range(1, count))) if count > 1 else strategies.just(set[int]())
    return strategies.builds(Arrangement, orders, cuts.map(lambda found: tuple(sorted(found))))


def _some(count: int) -> list[Arrangement]:
    """Return all batches apart, in reverse; all together; and a few random arrangements, the same on every call."""
    random = np.random.default_rng(count)
    apart = Arrangement(tuple(reversed(range(count))), tuple(range(1, count)))
    drawn = [
        Arrangement(tuple(map(int, random.permutation(count))), tuple(at for at in range(1, count) if random.random() < 0.5))
        for _ in range(_TRIES)
    ]
    return [apart, Arrangement(tuple(range(count)), ()), *drawn]


def _pass(make: Make[S], batches: Batches) -> S:
    summary = make()
    for batch in batches:
        summary.add(batch)
    return summary


def _merged(parts: list[S]) -> S:
    whole, *others = parts
    for part in others:
        whole.merge(part)
    return whole


def _reloaded(summary: S) -> S:
    return type(summary).from_dict(summary.to_dict())


def _same(law: str, expected: S, found: S, when: str) -> None:
    _equal(law, expected.to_dict(), found.to_dict(), f"{type(expected).__name__} {when}")


def _equal(law: str, expected: dict[str, Any], found: dict[str, Any], what: str) -> None:
    differs = difference(expected, found)
    if differs:
        raise LawBroken(law, f"{what}: {differs}")
