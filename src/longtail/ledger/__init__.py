"""The provenance ledger: where every document came from.

`columns` is the schema and its laws; `tagging` decides what a row says of itself; `rewriting` writes a data set with its
provenance columns, in the format it was in.
"""

from longtail.ledger.rewriting import Tagged, tag
from longtail.ledger.tagging import Tags

__all__ = ["Tagged", "Tags", "tag"]
