"""The list of makers, and how an experiment asks one."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import msgspec
import numpy

from longtail.errors import UnknownName, UsageError
from longtail.lab.learner import Floats
from longtail.records import OnProgress, Progress, Record

MAKERS = {
    "aimed": "longtail.lab.makers.aimed",
    "echo": "longtail.lab.makers.echo",
    "human_value": "longtail.lab.makers.human_value",
    "regimes": "longtail.lab.makers.regimes",
    "scenarios": "longtail.lab.makers.scenarios",
}
"""Modules by the names of their makers. Each has `Asked`, the settings of a run, and `values(asked, replicate)`, which
returns for each series one number for each generation, NaN where it does not exist. One whose runs take optional parts of longtail
has `lacks(asked)` too."""


class AskedOf(Record, frozen=True):
    """What every maker is asked: how many generations, or steps, there are, and the seed of all chance."""

    generations: int = 1
    seed: int = 0


def asked(maker: str, given: Mapping[str, Any]) -> AskedOf:
    """Return the settings of a run.

    Raises:
        UnknownName: No maker of that name.
        ValidationError: A setting is unknown or of the wrong type (of msgspec).
        ConfigError: A setting is out of range.
    """
    if maker not in MAKERS:
        raise UnknownName("maker", maker, MAKERS)
    kind: type[AskedOf] = import_module(MAKERS[maker]).Asked
    return msgspec.convert(given, kind)


def lacks(maker: str, settings: AskedOf) -> str | None:
    """Return the optional part of longtail that a run takes and this machine has not; None where nothing is lacking."""
    found: str | None = getattr(import_module(MAKERS[maker]), "lacks", lambda _: None)(settings)
    return found


def made(
    maker: str, settings: AskedOf, wanted: frozenset[str], replicates: int, on_progress: OnProgress | None = None
) -> dict[str, list[Floats]]:
    """Return every replicate's value of some series: for each name and generation (replicates,).

    Raises:
        UsageError: The maker has no series of a name that is wanted.
    """
    values = import_module(MAKERS[maker]).values
    found: list[dict[str, list[float]]] = []
    for replicate in range(replicates):
        found.append(values(settings, replicate))
        if on_progress is not None:
            on_progress(Progress(stage=maker, done=replicate + 1, total=replicates, unit="replicates"))
    if unknown := wanted - set(found[0]):
        raise UsageError(f"series {min(unknown)!r} is not known to the maker {maker}; it has {', '.join(sorted(found[0]))}")
    return {name: [numpy.array(column) for column in zip(*(each[name] for each in found), strict=True)] for name in sorted(wanted)}
