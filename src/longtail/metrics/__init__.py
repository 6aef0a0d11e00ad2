"""Metrics: pure functions of summaries that return an estimate or say why there is none."""

from longtail.metrics import likelihood, repetition, richness, slices, tails
from longtail.metrics.catalogue import RATIOS, VALUES

__all__ = ["RATIOS", "VALUES", "likelihood", "repetition", "richness", "slices", "tails"]
