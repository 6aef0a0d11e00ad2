"""The learner's own loss: how much rarer a tail type is in what the first version wrote than in human text.

Resampling does not change the mean share of a type, so the ratio of tail mass, first version over reference, is the factor by
which a fit lowers it. It is taken for 1 where it comes out above; its error widens what is promised either way.
"""

from typing import NamedTuple

import numpy as np

from longtail.diagnosis.recovery.holdings import Held
from longtail.stats.jackknife import Spread, Values, combined, delete_a_group, ratio_of_sums
from longtail.summaries.profile import Profile
from longtail.views.keys import BINS, Keys, bin_of, cells_of, half_of, types_of

GROUPS = 64


class Gap(NamedTuple):
    """The factor, at most 1, and the standard error of its logarithm; 0 where it is not known."""

    factor: float
    error: float = 0.0


def gap_of(held: Held) -> Gap:
    """Return the gap between the first of several versions and half B of the reference; 1 where there is one version only.

    Args:
        held: What is at hand.
    """
    if len(held.outputs) < 2:
        return Gap(1.0)
    first, reference = held.profiles.outputs[0], held.profiles.reference
    logs, spreads = [], []
    for profile, half in ((first, None), (reference, 1)):
        value, replicates = ratio_of_sums(*_grouped(profile, held.view, held.tail, half))
        logs.append(value)
        spreads.append(delete_a_group(replicates))
    spread: Spread = combined(spreads)
    value = logs[0] - logs[1]
    if not np.isfinite(value) or not np.isfinite(spread.error):
        return Gap(1.0)
    return Gap(min(1.0, float(np.exp(value))), spread.error)


def _grouped(profile: Profile, view: str, tail: Keys, half: int | None) -> tuple[Values, Values]:
    """Return documents that hold a tail type, summed over types, and documents, by group of bins, each of shape (groups,)."""
    frequencies = profile.frequencies[view]
    run = frequencies.run()
    cells = cells_of(run.keys)
    here = np.isin(types_of(run.keys), tail) & ((half is None) | (half_of(cells) == (half or 0)))
    per_group = BINS // GROUPS
    held = np.bincount(bin_of(cells[here]) // per_group, weights=run.documents[here], minlength=GROUPS)
    by_half = frequencies.documents.reshape(2, BINS)
    documents = by_half.sum(axis=0) if half is None else by_half[half]
    return np.asarray(held, dtype=float), documents.reshape(GROUPS, per_group).sum(axis=1).astype(float)
