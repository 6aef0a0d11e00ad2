"""What is normal: measures of variety of one half of the reference beside those of its other half."""

from typing import Any

from longtail.auditing.inputs import Inputs
from longtail.metrics.surface.excerpts import excerpts_of
from longtail.metrics.surface.ratios import surface_ratios
from longtail.records import Estimate

RELABELLINGS = 199
"""Enough for a standard error to within one in twenty."""


def usual_of(inputs: Inputs) -> list[dict[str, Any]]:
    """Return each measure of the surface of texts, of half B of the reference against half A, with its interval.

    People wrote both, and chance alone cut them apart, so that the interval is where a healthy data set of that size is to be expected.

    Args:
        inputs: What was compared.
    """
    if inputs.reference is None or not inputs.candidate.is_text:
        return []
    profile = inputs.reference.profile
    halves = [excerpts_of(profile, half) for half in (1, 0)]
    found = surface_ratios(halves[0], halves[1], profile.seed, RELABELLINGS)
    names = ("metric", "view", "value", "low", "high", "n", "unit")
    return [{name: getattr(each, name) for name in names} for each in found if isinstance(each, Estimate)]
