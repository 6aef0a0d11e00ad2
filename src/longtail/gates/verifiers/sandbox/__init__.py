"""A sandbox for foreign Python: what is expected of it stays outside, and every verdict is computed outside from plain data."""

from longtail.gates.verifiers.sandbox.backends import DOES_NOT_STOP, ORDER, Isolation, interpreter, told
from longtail.gates.verifiers.sandbox.cells import Limits, chosen, fault
from longtail.gates.verifiers.sandbox.problems import Ground, Problem, Score, Unusable, problem_of, score

__all__ = [
    "DOES_NOT_STOP",
    "ORDER",
    "Ground",
    "Isolation",
    "Limits",
    "Score",
    "Problem",
    "Unusable",
    "chosen",
    "fault",
    "interpreter",
    "score",
    "problem_of",
    "told",
]
