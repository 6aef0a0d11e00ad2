"""Whether pools can give what is asked of them, and if not, the arithmetic and what would be feasible."""

import math
from collections.abc import Callable
from fractions import Fraction

from longtail.errors import ConfigError, LongtailError, UsageError
from longtail.policies.mixing.pools import Pools
from longtail.policies.plan import Plan

Planner = Callable[[int], Plan]
"""The plan for a size asked for."""

_STEP = 10_000


def lacking(plan: Plan, pools: Pools) -> str:
    """Return what a plan draws that is not there, in words; "" where all is."""
    for draw in plan.draws:
        held = sum(pools.held[at] for at in draw.pools)
        if draw.rows > held:
            names = " and ".join(name_of(pools, at) for at in draw.pools)
            return f"the policy asks for {draw.rows:,} rows of {names}, and {held:,} are held: {draw.rows - held:,} are missing"
    return ""


def name_of(pools: Pools, at: int) -> str:
    """Return a pool in words."""
    pool = pools.pools[at]
    if pool.kind == "synthetic":
        return f"model output of generation {pool.generation}"
    return "the original human rows" if pool.generation == 0 else "newly collected human rows (--fresh)"


def floor_of(share: Fraction, rows: int) -> int:
    """Return the human rows that a share needs at least."""
    return math.ceil(share * rows)


def exact(share: float | str | Fraction) -> Fraction:
    """Return a share as the number that was written: 0.3 is 3/10.

    Raises:
        ConfigError: It is not between 0 and 1.
    """
    try:
        found = Fraction(str(share).strip())
    except (ValueError, ZeroDivisionError):
        raise ConfigError(f"the share of human rows is {share!r}; take a number from 0 to 1, such as 0.3") from None
    if not 0 <= found <= 1:
        raise ConfigError(f"the share of human rows is {share}; take a number from 0 to 1, such as 0.3")
    return found


def check_floor(plan: Plan, planner: Planner, pools: Pools, share: Fraction, size: int) -> None:
    """Refuse a floor of human rows that cannot be met.

    Raises:
        UsageError: It cannot; the message holds the arithmetic and what would be feasible.
    """
    rows, held = plan.rows, pools.rows("human")
    needed = floor_of(share, rows)
    if needed <= held:
        return
    fits = largest(planner, size, lambda each: not lacking(each, pools) and floor_of(share, each.rows) <= held)
    lower = math.floor(Fraction(held, rows) * _STEP) / _STEP
    ways = [f"--size {fits}"] * bool(fits) + [f"--min-real {lower:g}"] * bool(lower) + ["more human rows"]
    raise UsageError(
        f"--min-real {float(share):g} cannot be met: {needed:,} of {rows:,} rows would have to be human ({float(share):g} x {rows:,}), "
        f"and {held:,} are held; feasible: {' or '.join(ways)}"
    )


def check_plan(plan: Plan, planner: Planner, pools: Pools, size: int) -> None:
    """Refuse a plan that draws more than there is.

    Raises:
        UsageError: It does; the message holds the arithmetic and what would be feasible.
    """
    if not (lack := lacking(plan, pools)):
        return
    fits = largest(planner, size, lambda each: not lacking(each, pools))
    raise UsageError(f"{lack}; {f'feasible: --size {fits}, or more of these rows' if fits else 'add such rows, or choose another policy'}")


def largest(planner: Planner, size: int, fits: Callable[[Plan], bool]) -> int:
    """Return the largest size below one that does not fit which does, 0 where none was found.

    Plans that grow with the size are taken for granted; what is returned fits in any case.
    """

    def is_fit(rows: int) -> bool:
        try:
            return fits(planner(rows))
        except LongtailError:
            return False

    low, high = 0, size
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if is_fit(middle) else (low, middle)
    return low
