"""A plan for recovery: what can be done, in order, and what each step can at best restore of this lineage.

`holdings` counts what is held of the tail, `course` computes what a course of generations leaves of it and `drawing` draws it,
`clean` finds the version to go back to, `missing` what to look for elsewhere, `costs` what it costs; `planning` joins them.
"""

from longtail.diagnosis.recovery.planning import plan
from longtail.diagnosis.recovery.records import Plan

__all__ = ["Plan", "plan"]
