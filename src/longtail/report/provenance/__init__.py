"""What a ledger tells others: a data set card, Croissant, PROV-JSON, the EU summary, OpenLineage events, plain JSON.

All are pure functions of facts and the lineage graph. They hold counts and names, never a document, and no time of their own.
"""

from longtail.report.provenance import card, croissant, eu_summary, openlineage, plain, prov
from longtail.report.provenance.catalogue import FORMATS

__all__ = ["FORMATS", "card", "croissant", "eu_summary", "openlineage", "plain", "prov"]
