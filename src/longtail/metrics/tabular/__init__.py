"""Metrics of tables: extremes, rare classes and the spread of a column, and the distances that monitors report."""

from longtail.metrics.tabular import exceedance, presence, readouts

__all__ = ["exceedance", "presence", "readouts"]
