"""Rules: functions from evidence to a verdict, each under a code."""

from longtail.rules import lt1_provenance, lt3_tails, lt4_repetition, lt9_validity
from longtail.rules.catalogue import RULES
from longtail.rules.evidence import Evidence, Sample

__all__ = ["RULES", "Evidence", "Sample", "lt1_provenance", "lt3_tails", "lt4_repetition", "lt9_validity"]
