"""Documents with which an improvement of the tail would be shown."""

import math
from collections.abc import Sequence

import msgspec
import numpy as np

from longtail.auditing.options import Options
from longtail.auditing.power import LOSSES, Calibration, calibrated
from longtail.diagnosis.restoring.records import Needed
from longtail.errors import LongtailError
from longtail.metrics.endpoint import Endpoint
from longtail.metrics.family import POWER, documents_needed
from longtail.metrics.pairing import WORDS
from longtail.stats.permutation import max_t
from longtail.summaries.profile import Profile

_ANY_GAIN = {"tail": 0.01}
"""A margin inside which every loss lies that is asked about: then what is asked is whether it is told from none."""
_NOT_WORDS = "documents are foreseen for words alone"


def needed(endpoints: Sequence[Endpoint], reference: Profile, documents: int, options: Options) -> Needed:
    """Return what it would take: for what was observed, and for gains that undo losses of known size.

    A gain of after over before by a factor is a loss of before against after, so the documents are those of an audit of one
    against the other.

    Args:
        endpoints: After over before, relabelled alike.
        reference: What says which types are rare.
        documents: Of the output after recovery.
        options: Settings in force.
    """
    observed = _observed(endpoints, options.alpha)
    if WORDS not in reference.frequencies:
        return Needed(observed=observed, by_gain={}, power=POWER, reason=_NOT_WORDS)
    try:
        found = calibrated(reference, msgspec.structs.replace(options, margin=_ANY_GAIN), documents, options.alpha)
    except LongtailError as error:
        return Needed(observed=observed, by_gain={}, power=POWER, reason=str(error))
    return Needed(observed=observed, by_gain=_by_gain(found), power=POWER)


def _observed(endpoints: Sequence[Endpoint], alpha: float) -> dict[str, int | None]:
    """Return the documents for each gain as it was observed, both sides growing alike; None where there is no gain."""
    if not endpoints:
        return {}
    quantile = max_t(np.stack([each.studentised for each in endpoints]), alpha).lower
    return {each.metric: documents_needed(each.n, each.error, quantile, 0.0, -each.observed) for each in endpoints}


def _by_gain(found: Calibration) -> dict[str, int | None]:
    """Return documents by after / before, for those gains that end in a finding by both endpoints of words."""
    made: dict[str, int | None] = {}
    for loss in LOSSES:
        asked = [each.baseline_needed[loss] for each in found.deciding]
        known = [each for each in asked if each is not None]
        made[f"{math.floor(100 / (1 - loss) + 0.5) / 100:g}"] = max(known) if known and len(known) == len(asked) else None
    return made
