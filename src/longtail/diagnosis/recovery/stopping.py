"""Step 0: whether real data are being replaced, and the line that stops it."""

from collections.abc import Sequence

from longtail.diagnosis.recovery.records import Stop
from longtail.ledger.manifest import Manifest
from longtail.metrics.regime import SAME, regime_of

LEAST = 0.3
"""Real share of the line where no other was found."""


def stop(manifests: Sequence[Manifest], share: float = 0.0) -> Stop:
    """Return step 0, from the manifests of the training sets.

    It is to do where the regime is replacement or where a training set retains less of the original real rows than one before it,
    and the newest does not hold them all again; that is when LT201 fails.

    Args:
        manifests: Of training sets of one lineage, in any order.
        share: Real share that the plan proposes; 0 for none.
    """
    line = f"min_real = {share or LEAST:.2g} under [pipeline], and longtail mix --policy accumulate"
    regime = regime_of(manifests)
    if regime.name == "unknown":
        because = f"whether real data are replaced is not known: {regime.reason}; give --manifest FILE … of all training sets"
        return Stop(status="not known", because=because, regime=regime.name, line=line)
    retained = [step.retained or 0.0 for step in regime.steps]
    dropped = [at for at, share in enumerate(retained) if share < max(retained[:at], default=0.0) * (1 - SAME)]
    if regime.name == "replace" or dropped:
        first = regime.steps[dropped[0]] if dropped else regime.steps[-1]
        because = f"generation {first.generation} retains {first.retained or 0.0:.2f} of the original real rows; {regime.reason}"
        return Stop(status="to do", because=because, regime=regime.name, line=line)
    return Stop(status="already so", because=f"no training set drops real rows; {regime.reason}", regime=regime.name, line=line)
