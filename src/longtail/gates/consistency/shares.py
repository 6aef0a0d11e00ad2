"""How many documents of each stratum are let through, so that a mix comes out."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from longtail.errors import ConfigError
from longtail.records import Record

_NAMED = 5
_TAKE = 'take "before", a list of files, or a table of shares above 0, such as {short = 0.7, long = 0.3}'


class Filled(Record, frozen=True):
    """How a quota was filled.

    Args:
        strata: Names of the strata, those that the mix names first, in order of their names.
        wanted: Share of each in the mix, 0 where the mix does not name it.
        seen: Documents of each.
        fit: Documents of each that could be let through.
        kept: Documents of each that are let through.
        size: Documents that the quotas are shares of.
    """

    strata: tuple[str, ...]
    wanted: tuple[float, ...]
    seen: tuple[int, ...]
    fit: tuple[int, ...]
    kept: tuple[int, ...]
    size: int

    @property
    def says(self) -> tuple[str, ...]:
        """Return what a person must know: strata that are empty, that fall short, and that the mix does not name."""
        rows = list(zip(self.strata, self.wanted, self.fit, self.kept, self.places, strict=True))
        empty = [f"{name!r} ({share:.3g} of the mix)" for name, share, fit, _, _ in rows if share > 0 and not fit]
        short = [f"{name!r} ({kept} of {room})" for name, share, fit, kept, room in rows if share > 0 and fit and kept < room]
        other = [f"{name!r} ({fit})" for name, share, fit, _, _ in rows if not share and fit]
        told = (
            ("no document is left of", empty, "no later gate can bring them back, only other documents can"),
            ("too few documents of", short, "their places stay empty"),
            ("the mix does not name", other, "none of them is let through"),
        )
        return tuple(f"{head} {_listed(names)}: {tail}" for head, names, tail in told if names)

    @property
    def facts(self) -> dict[str, int | float]:
        """Return what was counted, by name."""
        empty = sum(share > 0 and not fit for share, fit in zip(self.wanted, self.fit, strict=True))
        short = sum(0 < fit < room for fit, room in zip(self.fit, self.places, strict=True))
        return {"places": self.size, "filled": sum(self.kept), "beyond": sum(self.fit) - sum(self.kept), "empty": empty, "short": short}

    @property
    def arithmetic(self) -> str:
        """Return how the places came about and how many documents took them, stratum by stratum."""
        rows = zip(self.strata, self.wanted, self.places, self.fit, self.kept, strict=True)
        each = [f"{name!r} {share:.3g} is {room:,}, {kept:,} of {fit:,} go on" for name, share, room, fit, kept in rows]
        return f"of {self.size:,} places {_listed(each, '; ')}"

    @property
    def places(self) -> tuple[int, ...]:
        """Return the quota of each stratum."""
        return tuple(apportioned(self.wanted, self.size))


def _listed(names: Sequence[str], comma: str = ", ") -> str:
    return comma.join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")


def filled(mix: Mapping[str, float], seen: Mapping[str, int], fit: Mapping[str, int], size: int | None) -> Filled:
    """Return how a quota is filled: each stratum gets its share of `size`, or all that it has where that is less.

    Args:
        mix: Share of each stratum, adding up to 1.
        seen: Documents of each.
        fit: Documents of each that can be let through.
        size: Documents that the quotas are shares of; None takes the most at which no stratum that has documents falls short.
    """
    names = [*sorted(mix), *sorted(set(seen) - set(mix))]
    wanted = [mix.get(name, 0.0) for name in names]
    there = [fit.get(name, 0) for name in names]
    whole = _largest(wanted, there) if size is None else size
    kept = [min(room, has) for room, has in zip(apportioned(wanted, whole), there, strict=True)]
    return Filled(
        strata=tuple(names),
        wanted=tuple(wanted),
        seen=tuple(seen.get(name, 0) for name in names),
        fit=tuple(there),
        kept=tuple(kept),
        size=whole,
    )


def _largest(wanted: Sequence[float], there: Sequence[int]) -> int:
    """Return the most places at which every stratum that has documents has enough of them."""
    bounds = [has / share for share, has in zip(wanted, there, strict=True) if share > 0 and has]
    return math.floor(min(bounds, default=0) + 1e-9)


def apportioned(shares: Sequence[float], size: int) -> list[int]:
    """Return whole numbers in proportion to shares that add up to `size`, by the method of largest remainders (Hamilton)."""
    whole = sum(shares)
    exact = [size * share / whole if whole else 0.0 for share in shares]
    rooms = [math.floor(each + 1e-9) for each in exact]
    order = sorted(range(len(exact)), key=lambda at: (rooms[at] - exact[at], at))
    for at in order[: (size if whole else 0) - sum(rooms)]:
        rooms[at] += 1
    return rooms


def mix_setting(gate: str, mix: Any) -> dict[str, float] | tuple[str, ...] | None:
    """Return a mix that adds up to 1, the files whose mix it is, or None for "before".

    Raises:
        ConfigError: It is neither a table of shares nor a list of files.
    """
    if mix == "before":
        return None
    if isinstance(mix, list | tuple) and mix and all(isinstance(path, str) and path for path in mix):
        return tuple(mix)
    if not _is_table(mix):
        raise ConfigError(f"{gate}: mix is {mix!r}; {_TAKE}")
    whole = sum(mix.values())
    return {str(name): share / whole for name, share in mix.items()}


def _is_table(mix: Any) -> bool:
    """Tell whether a mix is a table of shares above 0."""
    if not isinstance(mix, Mapping) or not mix:
        return False
    return all(isinstance(share, int | float) and not isinstance(share, bool) and 0 < share < math.inf for share in mix.values())
