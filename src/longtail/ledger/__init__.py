"""The provenance ledger: where every document came from, and what was made from what.

`columns` is the schema of provenance and its laws; `tagging` writes a data set with its provenance columns, `statements` reads
them from any; `store` keeps them; `graph` is the lineage of data sets and models; `recogniser` knows again what was generated;
`reservoir` keeps human documents; `generators` tags what a model writes as it writes it; `manifest` says what a training set
was made of.
"""

from longtail.ledger.tagging import Tagged, Tags, tag

__all__ = ["Tagged", "Tags", "tag"]
