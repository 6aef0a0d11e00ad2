"""Rollouts: what a policy wrote while it was trained, from the files that trainers leave behind. No trainer and no torch is needed.

A kind of run is one function of `(path, quarantine)` with the decorator `@KINDS.add(leaves=…)`; import its module below and it is
found in a run folder. Each yields `Rollout`s, the one record that all measures of training read.
"""

from longtail.readers.rollouts import plain, trl, verifiers, verl
from longtail.readers.rollouts.finding import Found, find, kind_of, look_for
from longtail.readers.rollouts.following import Follower
from longtail.readers.rollouts.kinds import KINDS
from longtail.readers.rollouts.reading import Rollouts, read_rollouts
from longtail.readers.rollouts.records import Rollout, Source

__all__ = [
    "KINDS",
    "Follower",
    "Found",
    "Rollout",
    "Rollouts",
    "Source",
    "find",
    "kind_of",
    "look_for",
    "plain",
    "read_rollouts",
    "trl",
    "verifiers",
    "verl",
]
