"""An audit of a store that a system answers from, and of the log of its answers; both are only read."""

from longtail.auditing.retrieval.around import estimates_of, retrieval_panel, stored
from longtail.auditing.retrieval.measuring import Found, retrieval_of
from longtail.auditing.retrieval.writing import table_of, write_quarantine

__all__ = ["Found", "estimates_of", "retrieval_of", "retrieval_panel", "stored", "table_of", "write_quarantine"]
