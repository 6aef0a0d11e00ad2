"""What is claimed about the three sources of error, held against their decomposition."""

import numpy

from longtail.lab.decomposition import SOURCES, World, deviations
from longtail.lab.expectation import Interval, Measured, judged, mean_of
from longtail.lab.learner import Floats

TITLE = "errors"
QUICK, FULL = 2000, 20_000
APART = 0.1
"""The parts are to sum to the whole within this share of it."""


def checks(*, quick: bool) -> tuple[Measured, ...]:
    """Return the expectations: a lasting jump by expressivity, a part for each source, and parts that nearly sum to the whole."""
    world = World(replicates=QUICK if quick else FULL)
    whole = deviations(world, frozenset(SOURCES))[-1]
    removed = {name: whole - deviations(world, frozenset(SOURCES) - {name})[-1] for name in SOURCES}
    total = numpy.sum([*removed.values()], axis=0)
    return (
        *_lasting(world),
        *(_told(f"With the {name} error switched off the loop deviates less", "above", removed[name]) for name in SOURCES),
        _told(f"What goes with each error alone sums to {1 - APART:.0%} of the whole or more", "at_least", total - (1 - APART) * whole),
        _told(f"It sums to {1 + APART:.0%} of the whole or less", "at_least", (1 + APART) * whole - total),
    )


def _lasting(world: World) -> tuple[Measured, ...]:
    """Return what a family that is too small does without any sampling noise."""
    alone = deviations(world, frozenset({"expressivity"}))[:, 0]
    first, change = float(alone[0]), float(numpy.abs(alone - alone[0]).max())
    return (
        _sure("Without sampling noise a family that is too small deviates in generation 1", first, "above"),
        _sure("and by as much in every later one", 1e-12 - change, "at_least"),
    )


def _told(says: str, bound: str, found: Floats) -> Measured:
    interval = mean_of(found)
    return _measured(says, interval, bound, found.size)


def _sure(says: str, value: float, bound: str) -> Measured:
    return _measured(says, Interval(value, value, value), bound, 1)


def _measured(says: str, interval: Interval, bound: str, replicates: int) -> Measured:
    verdict = judged(interval, [(bound, 0.0)])
    asked = f"mean {bound.replace('_', ' ')} 0"
    return Measured(
        says=says, value=interval.value, low=interval.low, high=interval.high, asked=asked, verdict=verdict, replicates=replicates
    )
