"""Policies that decide how much of what models wrote is kept, and take no new real data."""

from collections.abc import Sequence

from longtail.policies.plan import POLICIES, Draw, Plan, Pool, newest, stored, whole
from longtail.policies.settings import whole_number


@POLICIES.add(keeps="the newest output alone", source="Shumailov et al., arXiv:2305.17493")
def replace(pools: Sequence[Pool], rows: int) -> Plan:
    """Train on the newest output alone; real data serve the first generation only."""
    return Plan(writes=rows, draws=(Draw((newest(pools),), rows),))


@POLICIES.add(keeps="everything", source="Gerstgrasser et al., arXiv:2404.01413")
def accumulate(pools: Sequence[Pool], rows: int) -> Plan:
    """Train on the real data and all outputs so far, each once."""
    return Plan(writes=rows, draws=(*whole(pools, stored(pools)), Draw((newest(pools),), rows)))


@POLICIES.add(keeps="everything, but trains on as many rows as at first", source="Kazdan et al., arXiv:2410.16713")
def fixed_budget(pools: Sequence[Pool], rows: int) -> Plan:
    """Keep the real data and all outputs, and train on a random subset of a fixed size."""
    everything = tuple(at for at in stored(pools) if pools[at].rows)
    return Plan(writes=rows, draws=(Draw((*everything, newest(pools)), rows),))


@POLICIES.add(keeps="the last generations", source="Shumailov et al., arXiv:2305.17493; pools of finite depth")
def window(pools: Sequence[Pool], rows: int, *, width: float) -> Plan:
    """Train on the outputs of the last `width` generations; the real data are the oldest of them."""
    past = stored(pools)
    kept = past[max(0, len(past) - whole_number(width, "window") + 1) :]
    return Plan(writes=rows, draws=(*whole(pools, kept), Draw((newest(pools),), rows)))


@POLICIES.add(keeps="the newest output alone, of a size that grows", source="Gerstgrasser et al., arXiv:2404.01413")
def grown(pools: Sequence[Pool], rows: int) -> Plan:
    """Train generation t on t times as many rows as the first, all of them of the newest output."""
    wanted = rows * (pools[newest(pools)].generation + 1)
    return Plan(writes=wanted, draws=(Draw((newest(pools),), wanted),))
