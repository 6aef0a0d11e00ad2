"""Guards: functions from what a run wrote to a verdict, while it runs.

A guard is one function of `Watched` with the decorator `@GUARDS.add(…)`; import its module below and every monitor asks it. It never
returns a bare number, holds the run against its own begin, and looks both ways: narrowing and blowing up are both told.
"""

from longtail.guards import divergence, entropy, format_mix, groups, shortcuts
from longtail.guards.catalogue import GUARDS, Settings, Watched
from longtail.guards.monitor import Alarm, Monitor, ask
from longtail.guards.signal import PassRateFilter, Signal, signal_of

__all__ = [
    "GUARDS",
    "Alarm",
    "Monitor",
    "PassRateFilter",
    "Settings",
    "Signal",
    "Watched",
    "ask",
    "divergence",
    "entropy",
    "format_mix",
    "groups",
    "shortcuts",
    "signal_of",
]
