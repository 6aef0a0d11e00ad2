"""Rules: functions from evidence to a verdict, each under a code."""

from longtail.rules import (
    lt1_ledger,
    lt1_provenance,
    lt2_accumulation,
    lt2_anchors,
    lt2_decoding,
    lt2_mix,
    lt3_features,
    lt3_formats,
    lt3_gap,
    lt3_surface,
    lt3_tails,
    lt4_filters,
    lt4_repetition,
    lt4_templates,
    lt5_likelihood,
    lt8_monitoring,
    lt8_pins,
    lt9_validity,
)
from longtail.rules.catalogue import RULES
from longtail.rules.evidence import Evidence, Known, Sample
from longtail.rules.pipeline import Override, Pipeline

__all__ = [
    "RULES",
    "Evidence",
    "Known",
    "Override",
    "Pipeline",
    "Sample",
    "lt1_ledger",
    "lt1_provenance",
    "lt2_accumulation",
    "lt2_anchors",
    "lt2_decoding",
    "lt2_mix",
    "lt3_features",
    "lt3_formats",
    "lt3_gap",
    "lt3_surface",
    "lt3_tails",
    "lt4_filters",
    "lt4_repetition",
    "lt4_templates",
    "lt5_likelihood",
    "lt8_monitoring",
    "lt8_pins",
    "lt9_validity",
]
