"""The list of makers, and how an experiment asks one."""

import functools
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec
import numpy

from longtail.errors import UnknownName
from longtail.lab.kept import Values, elsewhere, folder_for, keeping, kept
from longtail.records import OnProgress, Progress, Record

MAKERS = {
    "aimed": "longtail.lab.makers.aimed",
    "consistency": "longtail.lab.makers.consistency",
    "echo": "longtail.lab.makers.echo",
    "enaction": "longtail.lab.makers.enaction",
    "hard": "longtail.lab.makers.hard",
    "human_value": "longtail.lab.makers.human_value",
    "modes": "longtail.lab.makers.modes",
    "own_inputs": "longtail.lab.makers.own_inputs",
    "plasticity": "longtail.lab.makers.plasticity",
    "rag": "longtail.lab.makers.rag",
    "regimes": "longtail.lab.makers.regimes",
    "scenarios": "longtail.lab.makers.scenarios",
    "seal": "longtail.lab.makers.seal",
    "star": "longtail.lab.makers.star",
}
"""Modules by the names of their makers. Each has `Asked`, the settings of a run, and `values(asked, replicate)`, which
returns for each series one number for each generation, NaN where it does not exist; the numbers depend on these two alone, neither on
the machine's threads nor on other replicates. One whose runs take optional parts of longtail has `lacks(asked)` too."""


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
    maker: str,
    runs: Mapping[str, tuple[AskedOf, int]],
    *,
    workers: int = 1,
    keep: Path | None = None,
    on_progress: OnProgress | None = None,
) -> dict[str, Values]:
    """Return every series of the runs of a maker: for each run and name one array over replicates for each generation.

    A replicate of all runs is one task, so that what they have in common need not be computed twice.

    Args:
        maker: Its name.
        runs: Settings and number of replicates of each run.
        workers: Processes; the numbers do not depend on them.
        keep: Folder of finished replicates, so that what was stopped goes on where it was.
        on_progress: Called after each task.
    """
    folder = folder_for(keep) if keep else None
    tasks = [_task(runs, replicate) for replicate in range(max(size for _, size in runs.values()))]
    call = functools.partial(_replicate, maker, folder)
    found: dict[str, list[Values]] = {name: [] for name in runs}
    for done, values in enumerate(elsewhere(call, tasks, workers), 1):
        for name, each in values.items():
            found[name].append(each)
        if on_progress is not None:
            on_progress(Progress(stage=maker, done=done, total=len(tasks), unit="replicates"))
    return {name: _side_by_side(parts) for name, parts in found.items()}


def _task(runs: Mapping[str, tuple[AskedOf, int]], replicate: int) -> list[tuple[str, AskedOf, int]]:
    """Return one replicate of each run that has so many."""
    return [(name, settings, replicate) for name, (settings, size) in runs.items() if replicate < size]


def _replicate(maker: str, folder: Path | None, tasks: Sequence[tuple[str, AskedOf, int]]) -> dict[str, Values]:
    """Return the series of one replicate of each run, every one an array of shape () for each generation."""
    found: dict[str, Values] = {}
    for name, settings, replicate in tasks:
        compute = functools.partial(_computed, maker, settings, replicate)
        with keeping(folder):
            found[name] = kept(folder, [maker, msgspec.to_builtins(settings), replicate], compute)
    return found


def _computed(maker: str, settings: AskedOf, replicate: int) -> Values:
    values = import_module(MAKERS[maker]).values(settings, replicate)
    return {name: [numpy.array(value) for value in series] for name, series in values.items()}


def _side_by_side(parts: Sequence[Values]) -> Values:
    return {name: [numpy.array(column) for column in zip(*(each[name] for each in parts), strict=True)] for name in sorted(parts[0])}
