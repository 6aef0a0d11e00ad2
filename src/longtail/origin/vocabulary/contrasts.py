"""Which periods are held against which: a later one against the trend of two from before the cut-off, and controls of the same shape."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from longtail.origin.dates.dating import Calendar

MOST_CONTROLS = 8
LEAST_CONTROLS = 3
BEFORE, BASE, TARGET = range(3)
"""Roles of the periods of a contrast."""


@dataclass(frozen=True)
class Contrast:
    """Three periods, by their place in the calendar.

    Attributes:
        places: Of the two baseline periods, the earlier one first, and of the period held against them.
        reach: From the second baseline period to the target, in steps between the two baseline periods.
    """

    places: tuple[int, int, int]
    reach: float


@dataclass(frozen=True)
class Plan:
    """One later period with its controls.

    Attributes:
        target: The contrast that is asked for.
        controls: The same contrast moved back, so that all its periods lie before the cut-off; the latest first.
    """

    target: Contrast
    controls: tuple[Contrast, ...]


def plans(calendar: Calendar, cutoff: date) -> list[Plan]:
    """Return a plan for each period after the cut-off; none where fewer than two periods lie before it.

    The baseline is the last two periods before the cut-off that are in the calendar.
    """
    early = np.flatnonzero(calendar.before(cutoff))
    if len(early) < 2:
        return []
    before, base = (int(place) for place in early[-2:])
    return [_plan(calendar, before, base, int(place)) for place in np.flatnonzero(calendar.after(cutoff))]


def _plan(calendar: Calendar, before: int, base: int, target: int) -> Plan:
    numbers = calendar.periods
    step, distance = numbers[base] - numbers[before], numbers[target] - numbers[base]
    places = {number: place for place, number in enumerate(numbers)}
    found = []
    for number in reversed(numbers[: base + 1]):
        earlier, later = places.get(number - distance - step), places.get(number - distance)
        if earlier is not None and later is not None:
            found.append(Contrast((earlier, later, places[number]), distance / step))
    return Plan(Contrast((before, base, target), distance / step), tuple(found[:MOST_CONTROLS]))


def roles(contrasts: list[Contrast], periods: int) -> npt.NDArray[np.int64]:
    """Return the role of each period in each contrast, -1 for none, shape (contrasts, periods)."""
    out = np.full((len(contrasts), periods), -1, np.int64)
    for row, contrast in enumerate(contrasts):
        out[row, list(contrast.places)] = (BEFORE, BASE, TARGET)
    return out
