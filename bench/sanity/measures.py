"""What is held against the checks: our measures of fidelity and diversity on features."""

from collections.abc import Mapping

import numpy as np

from bench.sanity.laws import Rows
from longtail.stats.features.neighbours import NEIGHBOURS, expected_coverage, fidelity, tail_coverage

__all__ = ["KINDS", "NEIGHBOURS", "measured", "standardised"]

KINDS: Mapping[str, str] = {
    "precision": "fidelity", "density": "fidelity",
    "recall": "diversity", "coverage": "diversity", "corrected coverage": "diversity", "tail coverage": "diversity",
}  # fmt: skip


def measured(chooser: Rows, reference: Rows, candidate: Rows) -> dict[str, float]:
    """Return all measures of a candidate.

    Args:
        chooser: Half A of the reference, shape (n, d): scales the coordinates and chooses the tail.
        reference: Half B, shape (N, d), on which everything is measured.
        candidate: Shape (M, d).
    """
    a, b, c = standardised(chooser, reference, candidate)
    both = fidelity(b, c)
    tail = tail_coverage(b, c, a)
    return {
        "precision": both.precision, "density": both.density, "recall": both.recall, "coverage": both.coverage,
        "corrected coverage": both.coverage / expected_coverage(len(b), len(c)), "tail coverage": tail.value / tail.expected,
    }  # fmt: skip


def standardised(chooser: Rows, *others: Rows) -> list[Rows]:
    """Return all samples with the mean and the scale of the chooser taken off each coordinate."""
    mean, scale = chooser.mean(axis=0), chooser.std(axis=0)
    return [(rows - mean) / np.where(scale > 0, scale, 1.0) for rows in (chooser, *others)]
