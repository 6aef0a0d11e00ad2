"""Dated texts watched over the periods of the calendar: when a voice turned, what it lost and what spread."""

from longtail.diagnosis.voice.records import Watch
from longtail.diagnosis.voice.watching import watch

__all__ = ["Watch", "watch"]
