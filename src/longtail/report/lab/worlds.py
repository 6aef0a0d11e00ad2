"""A world of the lab in a terminal and as JSON: its series along the run, what the guard did, and what became of each expectation."""

import json
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from typing import Any, NamedTuple

import msgspec
import numpy
from rich.text import Text

from longtail.lab.experiment import Experiment, Outcome
from longtail.lab.result import Made
from longtail.lab.worlds.catalogue import World
from longtail.records import SCHEMA_VERSION
from longtail.report.drawing.charts import spread
from longtail.report.lab.claims import measured_line, status_style
from longtail.report.words import counted

COLUMNS = 5
_NAME, _CELL = 15, 13


class Performed(NamedTuple):
    """A world that was performed.

    Attributes:
        name: Of the world.
        world: What is shown of it.
        experiment: That was performed.
        outcome: What it came to.
    """

    name: str
    world: World
    experiment: Experiment
    outcome: Outcome


class Spread(NamedTuple):
    """A series over seeds at one time: the mean, the lowest and the highest; None where no seed has a value."""

    mean: float | None
    low: float | None
    high: float | None


def over_seeds(made: Made, name: str) -> list[Spread]:
    """Return a series of a run over its seeds, generation by generation."""
    return [_spread(column) for column in made.series[name]]


def first_times(made: Made, name: str) -> tuple[int, Spread]:
    """Return on how many seeds a guard spoke, and when it first did."""
    known = [value for value in made.series[name][-1] if value is not None]
    return len(known), _spread(known)


def world_lines(performed: Performed) -> Iterator[Text]:
    """Yield what world it is, each run with its series and its guards, and what became of the expectations."""
    world, outcome = performed.world, performed.outcome
    yield Text.assemble((performed.name, "bold"), f": {performed.experiment.told.title}")
    yield from (Text(f"  {line}") for line in world.says)
    for name, made in outcome.made.items():
        yield Text()
        yield from _run(world, name, made, apart(outcome.made, name))
    yield Text()
    yield from (measured_line(each) for each in outcome.measured)
    time = f"  ({outcome.seconds:.0f} s)" * bool(outcome.made)
    yield Text.assemble("  Status: ", (outcome.status, status_style(outcome.status)), time)


def apart(runs: Mapping[str, Made], name: str) -> dict[str, Any]:
    """Return the settings in which a run differs from the first one."""
    first = next(iter(runs.values())).settings
    return {key: value for key, value in runs[name].settings.items() if first.get(key) != value}


def world_json(performed: Performed) -> str:
    """Return a world with every seed's series as JSON that ends in a newline; the same for the same settings."""
    told, outcome = performed.experiment.told, performed.outcome
    found = {
        "schema_version": SCHEMA_VERSION,
        "longtail_version": version("longtail"),
        "world": performed.name,
        "says": list(performed.world.says),
        "experiment": outcome.name,
        "claim": told.claim,
        "sources": list(told.sources),
        "status": outcome.status,
        "measured": msgspec.to_builtins(outcome.measured),
        "unit": performed.world.unit,
        "step": performed.world.step,
        "runs": {name: msgspec.to_builtins(made) for name, made in outcome.made.items()},
    }
    return json.dumps(found, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def _run(world: World, name: str, made: Made, settings: Mapping[str, Any]) -> Iterator[Text]:
    told = ", ".join(f"{key} {value}" for key, value in settings.items())
    yield Text.assemble("  ", (name, "bold"), f" ({counted(made.replicates, 'seed')}{'; ' if told else ''}{told})")
    names = [each for each in world.shown if each in made.series]
    if names:
        yield from _table(world, made, names)
    for series, words in world.alarms:
        if series in made.series:
            yield Text(f"    {spoke(world, made, series, words)}")


def _table(world: World, made: Made, names: Sequence[str]) -> Iterator[Text]:
    """Yield a line of means for each series, and below it the lowest and the highest seed."""
    points = len(made.series[names[0]])
    places, times = spread(points, COLUMNS), world.at(points)
    yield Text(f"    {world.unit:<{_NAME - 4}}" + "".join(f"{times[at]:>{_CELL}g}" for at in places), "dim")
    for name in names:
        found = over_seeds(made, name)
        if len(name) > _NAME - 5:
            yield Text(f"    {name}")
        shown = name if len(name) <= _NAME - 5 else ""
        yield Text(f"    {shown:<{_NAME - 4}}" + "".join(f"{_number(found[at].mean):>{_CELL}}" for at in places))
        if made.replicates > 1:
            yield Text(" " * _NAME + "".join(f"{_between(found[at]):>{_CELL}}" for at in places), "dim")


def spoke(world: World, made: Made, series: str, words: str) -> str:
    """Return when a guard first spoke, on how many seeds; where it never did, on how many of all such runs it might at most."""
    count, when = first_times(made, series)
    most = f"; at most {1 - 0.05 ** (1 / made.replicates):.0%} of such runs (95 %, Clopper and Pearson)"
    told = f", at {world.unit} {_number(when.mean)} {_between(when)}" if count else most
    return f"{words} on {count} of {counted(made.replicates, 'seed')}{told}"


def _spread(values: Sequence[float | None]) -> Spread:
    known = [value for value in values if value is not None]
    return Spread(float(numpy.mean(known)), min(known), max(known)) if known else Spread(None, None, None)


def _between(spread: Spread) -> str:
    """Return the lowest and the highest, without the 0 before a point: five of them stand in a line."""
    if spread.low is None:
        return ""
    low, high = (_number(end).replace("0.", ".", 1) if abs(end or 0) < 1 else _number(end) for end in (spread.low, spread.high))
    return f"[{low}, {high}]"


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    digits = 2 if abs(value) < 10 else 1 if abs(value) < 100 else 0
    return f"{value:.{digits}f}"
