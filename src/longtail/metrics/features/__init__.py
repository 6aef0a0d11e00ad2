"""Metrics of feature vectors: of one sample, of a candidate beside a baseline, and endpoints of concentration."""

from longtail.metrics.features.endpoints import effective_rank_endpoint, rke_endpoint, total_variance_endpoint
from longtail.metrics.features.ratios import feature_ratios
from longtail.metrics.features.regions import mauve
from longtail.metrics.features.values import feature_values
from longtail.metrics.features.whole import whole_ratios

__all__ = [
    "effective_rank_endpoint", "feature_ratios", "feature_values", "mauve", "rke_endpoint", "total_variance_endpoint", "whole_ratios",
]  # fmt: skip
