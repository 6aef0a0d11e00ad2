"""The provenance ledger: where every document came from.

`columns` is the schema and its laws; `tagging` writes a data set with its provenance columns.
"""

from longtail.ledger.tagging import Tagged, Tags, tag

__all__ = ["Tagged", "Tags", "tag"]
