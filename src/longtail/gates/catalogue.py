"""The list of gates that the lab's loop applies, and how a gate is named in one text."""

from collections.abc import Callable
from functools import partial
from typing import Any, Literal, TypeAlias

import numpy

from longtail.catalogue import Catalogue
from longtail.records import Record

Judges: TypeAlias = Literal["nothing", "position", "validity", "origin", "reward", "documents"]
"""What a gate looks at: nothing, where a row lies, whether it is right, where it comes from, its worth, or all that a document says."""

GATES: Catalogue[Callable[..., Any]] = Catalogue("gate", "judges", "source")


TRIED: dict[str, Callable[[], tuple[Any, ...]]] = {
    "nothing": lambda: (numpy.zeros((1, 1)),),
    "position": lambda: (numpy.zeros((1, 1)),),
    "validity": lambda: (numpy.array([True, False]),),
    "origin": lambda: (numpy.array([True, False]),),
    "reward": lambda: (numpy.zeros((1, 2)), numpy.random.default_rng(0)),
}
"""What a gate is tried on when it is named, so that settings out of range are refused before anything is simulated."""


class Bound(Record, frozen=True):
    """A gate with its settings bound: `call` takes what `judges` says and returns what its docstring says."""

    name: str
    judges: str
    call: partial[Any]

    @property
    def candidates(self) -> float:
        """Return how many rows are written for each that is kept by a gate that compares rows; 1 for one that judges row by row."""
        settings = self.call.keywords
        return float(settings.get("choices", 1 / settings.get("alpha", 1)))


def bound(spec: str) -> Bound | None:
    """Return the gate of a text such as "top:0.5,0.2", or None for "none".

    Raises:
        UnknownName: No gate of that name.
        ConfigError: A setting is missing, surplus or out of range.
    """
    if spec == "none":
        return None
    name = spec.partition(":")[0].strip()
    call = GATES.bind(spec)
    judges = GATES[name].facts["judges"]
    call(*TRIED[judges]())
    return Bound(name=name, judges=judges, call=call)
