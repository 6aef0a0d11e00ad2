"""When a mix is refused: original human rows would be dropped, and nobody said that they may."""

import numpy as np

from longtail.policies.mixing.asked import Asked
from longtail.policies.mixing.drawing import Quota, taken_by
from longtail.policies.mixing.gathering import NARROW, Rows, Sources
from longtail.policies.mixing.pools import Pools

_NAMED = 3


def refused(asked: Asked, rows: Rows, pools: Pools, found: Quota, sources: Sources) -> str | None:
    """Return why a mix is refused, None where it is not.

    To keep none of the original human rows, or to have none, always has to be allowed; to drop some of them has to be allowed
    where no floor of human rows is kept.

    Args:
        asked: The settings.
        rows: The rows.
        pools: The pools.
        found: Rows taken of each pool.
        sources: The data, to name rows.
    """
    place = pools.original
    held, kept = (0, 0) if place is None else (pools.held[place], found.taken[place])
    if asked.allow_replace or (held and kept == held) or (kept and asked.min_real):
        return None
    if not held:
        what = "there are no original human rows (generation 0) among the data"
        ways = "add them, tagged --origin human"
    else:
        named = _named(sources, (pools.place == place) & ~taken_by(found.taken, pools, rows.keys))
        what = f"{held - kept:,} of {held:,} original human rows (generation 0) would be left out ({named})"
        ways = "choose a policy that keeps them, such as accumulate" + (", or a floor such as --min-real 0.3" if kept else "")
    return f"LT201 real data dropped: {what}; {ways}, or allow it with --allow-replace"


def _named(sources: Sources, dropped: np.ndarray) -> str:
    """Return the ids of the first rows that are marked."""
    names: list[str] = []
    more = int(dropped.sum()) - _NAMED
    reader, start = sources.reader(NARROW), 0
    for stored in sources.stored:
        for chunk in stored.chunks(reader.columns(stored)):
            some = np.flatnonzero(dropped[start : start + len(chunk)])[: _NAMED - len(names)]
            names += reader.of(chunk.take(some.tolist()))[0].column("lt_id").to_pylist() if len(some) else []
            start += len(chunk)
            if len(names) == min(_NAMED, more + _NAMED):
                return ", ".join(names) + (f" and {more:,} more" if more > 0 else "")
    return ", ".join(names)
