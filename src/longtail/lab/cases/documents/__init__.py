"""Checks of loops whose documents pass the gates that a user runs: cases 23 to 26 through recipes."""

from longtail.lab.cases.documents import choices, labels, values

__all__ = ["choices", "labels", "values"]
