"""Metrics: pure functions of summaries that return an estimate or say why there is none."""

from longtail.metrics import (
    blindness,
    entropy,
    features,
    formats,
    gap,
    likelihood,
    losses,
    near,
    perplexity,
    prediction,
    repetition,
    reverse,
    richness,
    slices,
    surface,
    tabular,
    tails,
    validity,
)  # fmt: skip
from longtail.metrics.catalogue import RATIOS, VALUES

__all__ = [
    "RATIOS", "VALUES", "blindness", "entropy", "features", "formats", "gap", "likelihood", "losses", "near", "perplexity", "prediction",
    "repetition", "reverse", "richness", "slices", "surface", "tabular", "tails", "validity",
]  # fmt: skip
