"""Audits: profile, compare, judge, and say what happened.

The package is not called `audit` because `longtail.audit` is the function (decision 0002).
"""

from longtail.auditing.options import Options
from longtail.auditing.run import audit

__all__ = ["Options", "audit"]
