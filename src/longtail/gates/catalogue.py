"""The list of gates that the lab's loop applies, and how a gate is named in one text."""

from collections.abc import Callable
from functools import partial
from typing import Any, Literal, TypeAlias

from longtail.catalogue import Catalogue
from longtail.records import Record

Judges: TypeAlias = Literal["nothing", "position", "validity", "origin", "reward"]
"""What a gate looks at: nothing, where a row lies, whether it is right, where it comes from, or what it is worth."""

GATES: Catalogue[Callable[..., Any]] = Catalogue("gate", "judges", "source")


class Gate(Record, frozen=True):
    """A gate with its settings bound: `call` takes what `judges` says and returns what its docstring says."""

    name: str
    judges: str
    call: partial[Any]


def bound(spec: str) -> Gate | None:
    """Return the gate of a text such as "top:0.5,0.2", or None for "none".

    Raises:
        UnknownName: No gate of that name.
        ConfigError: A setting is missing, surplus or out of range.
    """
    if spec == "none":
        return None
    name = spec.partition(":")[0].strip()
    call = GATES.bind(spec)
    return Gate(name=name, judges=GATES[name].facts["judges"], call=call)
