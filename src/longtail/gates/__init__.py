"""Gates: what of a model's output may come back in; plain functions of rows."""

from longtail.gates import filters, selections
from longtail.gates.catalogue import GATES, Gate, bound

__all__ = ["GATES", "Gate", "bound", "filters", "selections"]
