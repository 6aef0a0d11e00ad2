"""Policies that hold real data in every generation: the original ones, or new ones."""

from collections.abc import Sequence

from longtail.errors import ConfigError
from longtail.policies.plan import POLICIES, Draw, Plan, Pool, collected, held, newest, original, parts, stored, whole
from longtail.policies.settings import share as checked_share
from longtail.policies.settings import whole_number


@POLICIES.add(keeps="the original real data and the newest output", source="Alemohammad et al., arXiv:2307.01850")
def augment(pools: Sequence[Pool], rows: int) -> Plan:
    """Train on the original real data, all of them, and as much of the newest output as is asked for."""
    return Plan(writes=rows, draws=(*whole(pools, [original(pools)]), Draw((newest(pools),), rows)))


@POLICIES.add(keeps="new real data in each generation", source="Alemohammad et al., arXiv:2307.01850")
def fresh(pools: Sequence[Pool], rows: int, *, share: float, window: float = 1.0, kept: float = 0.0) -> Plan:
    """Train on a share of new real data, a share `kept` of the original ones, and outputs of the last `window` generations."""
    human, old = round(checked_share(share) * rows), round(checked_share(kept, "kept") * rows)
    wanted = rows - human - old
    if wanted < 0:
        raise ConfigError(f"fresh: the shares {share:g} and {kept:g} are more than 1 together; lower one of them")
    outputs = [at for at in stored(pools) if pools[at].kind == "synthetic" and pools[at].rows]
    recent = outputs[max(0, len(outputs) - whole_number(window, "window") + 1) :]
    real = parts(Draw((collected(pools),), human), Draw((original(pools),), old) if old else Draw((), 0))
    written = parts(Draw((*recent, newest(pools)), wanted))
    return Plan(writes=wanted, collects=human, draws=(*real, *written), real_share=None if old else share)


@POLICIES.add(keeps="everything, with a share of new real data in each generation", source="Briesch et al., arXiv:2311.16822")
def expanding(pools: Sequence[Pool], rows: int, *, share: float) -> Plan:
    """Add to all that was kept a generation's rows, a share of them new real data, and train on everything."""
    human = round(checked_share(share) * rows)
    new = parts(Draw((collected(pools),), human), Draw((newest(pools),), rows - human))
    return Plan(writes=rows - human, collects=human, draws=(*whole(pools, stored(pools)), *new))


@POLICIES.add(keeps="a random part of the original real data", source="Shumailov et al., arXiv:2305.17493")
def keep_original(pools: Sequence[Pool], rows: int, *, share: float) -> Plan:
    """Train on a share that is drawn from the original real data each time, and on the newest output."""
    at = original(pools)
    human = min(round(checked_share(share) * rows), held(pools, at))
    return Plan(writes=rows - human, draws=parts(Draw((at,), human), Draw((newest(pools),), rows - human)))


@POLICIES.add(keeps="the training set, a part of it rewritten by the newest model", source="Zhu et al., arXiv:2412.14689")
def edit(pools: Sequence[Pool], rows: int, *, share: float, decay: float = 1.0) -> Plan:
    """Let the newest model rewrite a share of the training set; each generation `decay` times the share before."""
    shrunk = checked_share(share) * checked_share(decay, "decay") ** (pools[newest(pools)].generation - 1)
    return Plan(edits=max(1, round(shrunk * held(pools, original(pools)))))
