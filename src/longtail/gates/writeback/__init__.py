"""What a model wrote and what may come back into the store that it answers from: the steps, without any store."""

from longtail.gates.writeback.case import Case, Source, case_of, holders
from longtail.gates.writeback.judging import STEPS, Judged, Step, judged
from longtail.gates.writeback.quota import Holdings, Quota, exceeded
from longtail.gates.writeback.restating import Likeness, Stored, likeness
from longtail.gates.writeback.rules import Rules, checked_rules

__all__ = [
    "STEPS",
    "Case",
    "Holdings",
    "Judged",
    "Likeness",
    "Quota",
    "Rules",
    "Source",
    "Step",
    "Stored",
    "case_of",
    "checked_rules",
    "exceeded",
    "holders",
    "judged",
    "likeness",
]
