"""Policies that set how much pools count, by weights or by shares of three sources."""

import math
from collections.abc import Sequence

from longtail.errors import ConfigError
from longtail.policies.plan import POLICIES, Draw, Plan, Pool, collected, held, newest, original, parts, stored
from longtail.policies.settings import share as checked_share


@POLICIES.add(keeps="new real data, weighted", source="He et al., arXiv:2502.18049; other shares derived in longtail.lab.theory")
def weighted(pools: Sequence[Pool], rows: int, *, weight: float | str, share: float = 0.5) -> Plan:
    """Train on new real data that carry `weight` of all weight, whatever their share of the rows.

    "golden" takes the weight that lowers the error of a location model most: the root w of w² + kw − k = 0, where k
    is the number of real rows for each synthetic one; at k = 1 it is the inverse of the golden ratio.
    """
    human = round(checked_share(share) * rows)
    synthetic = rows - human
    if not human or not synthetic:
        raise ConfigError(f"weighted: {human} real and {synthetic} synthetic rows; a weight between them needs both, so change the share")
    real_weight = golden(human / synthetic) if isinstance(weight, str) else checked_share(weight, "weight")
    return Plan(
        writes=synthetic,
        collects=human,
        draws=(
            Draw((collected(pools),), human, real_weight * rows / human),
            Draw((newest(pools),), synthetic, (1 - real_weight) * rows / synthetic),
        ),
    )


def golden(real_for_each_synthetic: float) -> float:
    """Return the best weight of real data in a location model that learns from itself."""
    k = real_for_each_synthetic
    return (math.sqrt(k * k + 4 * k) - k) / 2


@POLICIES.add(keeps="shares of the new, the previous and the original data", source="Shumailov et al., arXiv:2305.17493")
def blend(pools: Sequence[Pool], rows: int, *, new: float, previous: float, original_share: float) -> Plan:
    """Train on shares of the newest output, of the output before it and of the original real data.

    Before there are two outputs, the original data stand for the previous one. As much is written as the next generation
    will want of it.
    """
    shares = [checked_share(each, name) for each, name in ((new, "new"), (previous, "previous"), (original_share, "original"))]
    if not math.isclose(sum(shares), 1, abs_tol=1e-9):
        raise ConfigError(f"blend: the shares {', '.join(f'{each:g}' for each in shares)} sum to {sum(shares):g}; make them sum to 1")
    real, before = original(pools), _before(pools)
    old, human = (round(each * rows) for each in shares[1:])
    if before == real:
        old, human = 0, old + human
    wanted = rows - old - human
    return Plan(
        writes=max(wanted, round(shares[1] * rows)),
        draws=parts(Draw((newest(pools),), wanted), _within(pools, before, old), _within(pools, real, human)),
    )


def _before(pools: Sequence[Pool]) -> int:
    """Return the position of the output before the newest, or of the original data where there is none."""
    outputs = [at for at in stored(pools) if pools[at].kind == "synthetic" and pools[at].rows]
    return outputs[-1] if outputs else original(pools)


def _within(pools: Sequence[Pool], at: int, rows: int) -> Draw:
    if rows > held(pools, at):
        raise ConfigError(f"blend: {rows} rows are wanted of a pool that holds {held(pools, at)}; lower its share, or enlarge that pool")
    return Draw((at,), rows)
