"""Tagging: a data set is written again with its provenance columns, in the format it was in.

`tagger` decides what a row says of itself; `rewriting` passes a data set through it; the other modules know one format each.
"""

from longtail.ledger.tagging.rewriting import Tagged, tag
from longtail.ledger.tagging.tagger import Tags

__all__ = ["Tagged", "Tags", "tag"]
