"""Triage: noise against what is rare but valid."""

from longtail.gates.triage.gate import Triage

__all__ = ["Triage"]
