"""Metrics: pure functions of summaries that return an estimate or say why there is none."""

from longtail.metrics import repetition, richness, tails
from longtail.metrics.catalogue import RATIOS, VALUES

__all__ = ["RATIOS", "VALUES", "repetition", "richness", "tails"]
