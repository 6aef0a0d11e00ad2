"""Presence: whether a class of few documents has gone, given how many there are on both sides together."""

from typing import NamedTuple

import numpy as np

from longtail.metrics.catalogue import RATIOS
from longtail.metrics.comparison import Comparison
from longtail.metrics.slices import FEWEST_EXPECTED, Slice
from longtail.metrics.tabular.columns import absent, without_values
from longtail.records import Estimate, Outcome

METRIC = "class_presence"
_METHOD = "hypergeometric test given the documents of the class on both sides; exact Poisson interval"


class Disappearance(NamedTuple):
    """A class that may have gone: how many documents were expected, the chance of as few, and whether that could be noticed."""

    expected: float
    p: float
    is_auditable: bool


def disappearance(seen: int, of: int, baseline_seen: int, baseline_of: int) -> Disappearance:
    """Return how plausible so few documents of a class are where both sides hold it alike.

    Given the documents of the class on both sides together, their number on one side is hypergeometric; the test is Fisher's
    exact one, one-sided. It takes documents for independent, which copies are not.

    Args:
        seen: Documents of the class in the candidate.
        of: Documents of the candidate.
        baseline_seen: Documents of the class in the baseline.
        baseline_of: Documents of the baseline.

    Source:
        Fisher 1935.
    """
    from scipy.stats import hypergeom

    pooled, documents = seen + baseline_seen, of + baseline_of
    expected = pooled * of / documents if documents else 0.0
    p = float(hypergeom.cdf(seen, documents, pooled, of)) if documents else 1.0
    return Disappearance(expected, min(1.0, p), expected >= FEWEST_EXPECTED)


@RATIOS.add(unit="documents", worse="lower", source="Fisher 1935, exact test; interval: Garwood 1936")
def class_presence(comparison: Comparison, of: Slice, /) -> Outcome:
    """Documents of one class in the candidate, beside how many are expected given both sides together.

    Formula: expected = documents of the class on both sides * documents of the candidate / documents of both sides; p = chance of as few of
    them in the candidate, hypergeometric.

    Minimum: 3 documents of the class expected in the candidate.

    False positives: copies, which the test takes for independent documents.

    Akin: LT308
    """
    missing = without_values(comparison, METRIC)
    if missing is not None:
        return absent(comparison, METRIC, missing.reason, missing.enable, of.name)
    (seen, here), (known, there) = _counted(comparison, of)
    found = disappearance(seen, here, known, there)
    if not found.is_auditable:
        return absent(comparison, METRIC, f"too rare to judge: {found.expected:.1f} documents expected", "more documents", of.name)
    low, high = _garwood(seen)
    return Estimate(
        metric=METRIC,
        view=comparison.view,
        value=float(seen),
        low=low,
        high=high,
        n=here,
        unit="documents",
        resampling_unit="document",
        method=_METHOD,
        baseline=comparison.name,
        baseline_value=float(known),
        p=found.p,
        expected=found.expected,
        slice=of.name,
    )


def _counted(comparison: Comparison, of: Slice) -> list[tuple[int, int]]:
    """Return documents of the class and of all classes, of the candidate and of the baseline, in the units that are compared."""
    rows = comparison.folds[0].rows
    inside = rows.per_unit(np.isin(rows.types, of.types))
    sides = slice(None, rows.sizes[0]), slice(rows.sizes[0], None)
    return [(int(inside[units].sum()), int(rows.unit_tokens[units].sum())) for units in sides]


def _garwood(count: int) -> tuple[float, float]:
    """Return the exact 95 % interval of a Poisson mean."""
    from scipy.stats import chi2

    low = float(chi2.ppf(0.025, 2 * count)) / 2 if count else 0.0
    return low, float(chi2.ppf(0.975, 2 * count + 2)) / 2
