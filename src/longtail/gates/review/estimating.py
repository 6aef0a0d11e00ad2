"""How often a gate errs, from what people decided on a sample of what it judged.

A stratified estimate: in each cell the share found among those decided on, weighted by the cell's part of the population. That
is the Horvitz-Thompson estimate with the chances that the cells were really sampled with, and it is unbiased whatever the
mixture shown. For its interval each cell has an exact one (Clopper-Pearson for a finite population, that is hypergeometric),
and the distances to their ends are added in squares (the MOVER of Zou and Donner, Statistics in Medicine 27, 2008). A normal
interval would be empty where a cell of three shows no error; this one is not.
"""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from scipy.special import gammaln

from longtail.records import Estimate, NotMeasured, Outcome

METHOD = "stratified by cell; exact interval of each (hypergeometric), joined by MOVER"

BLANK = 0.05
"""Most of a population that may lie in cells where nothing is decided; the interval allows for anything there."""


class Sampled(NamedTuple):
    """What was found in one cell: documents in it, how many were decided on, and in how many of these it was found."""

    population: int
    seen: int
    hits: int


class Stratified(NamedTuple):
    """A share of a population, with its interval."""

    value: float
    low: float
    high: float


def stratified(cells: Sequence[Sampled], level: float = 0.95) -> Stratified:
    """Return the share in all cells together; each must have been sampled.

    Args:
        cells: At least one, each with a document decided on.
        level: Of the interval.
    """
    whole = sum(cell.population for cell in cells)
    value = below = above = 0.0
    for cell in cells:
        weight, share = cell.population / whole, cell.hits / cell.seen
        low, high = finite_interval(cell.hits, cell.seen, cell.population, level)
        value += weight * share
        below += (weight * (share - low)) ** 2
        above += (weight * (high - share)) ** 2
    return Stratified(value, max(0.0, value - math.sqrt(below)), min(1.0, value + math.sqrt(above)))


def finite_interval(hits: int, seen: int, population: int, level: float) -> tuple[float, float]:
    """Return the exact interval of a share of a finite population from a simple random sample of it.

    The shares of all populations under which a count as extreme as this one is likelier than half of 1 - level on its side.
    """
    miss = (1 - level) / 2
    lowest, highest = hits, population - (seen - hits)
    low = _first(lowest, highest, lambda marked: _tail(seen - hits, seen, population, population - marked) > miss)
    high = -_first(-highest, -lowest, lambda marked: _tail(hits, seen, population, -marked) > miss)
    return low / population, high / population


def _first(low: int, high: int, holds: Callable[[int], bool]) -> int:
    """Return the least number from `low` to `high` for which something holds that holds for all greater ones, and for `high`."""
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low


def _tail(most: int, seen: int, population: int, marked: int) -> float:
    """Return the chance of at most `most` marked ones in a simple random sample of `seen` from a population with `marked`."""
    counts = np.arange(max(0, seen - (population - marked)), min(most, marked) + 1)
    if not counts.size:
        return 0.0
    logs = _choose(marked, counts) + _choose(population - marked, seen - counts) - _choose(population, np.array([seen]))
    return float(np.exp(logs).sum())


def _choose(of: int, some: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    found: np.ndarray[tuple[int, ...], np.dtype[np.float64]] = gammaln(of + 1) - gammaln(some + 1) - gammaln(of - some + 1)
    return found


def estimated(metric: str, cells: Sequence[Sampled], what: str, level: float = 0.95) -> Outcome:
    """Return an estimate over cells, or why there is none.

    Args:
        metric: Its name.
        cells: Those of the documents that it is about.
        what: These documents, in words.
        level: Of the interval.
    """
    filled = [cell for cell in cells if cell.population]
    if not filled:
        return NotMeasured(metric=metric, reason=f"there are none {what}")
    whole = sum(cell.population for cell in filled)
    seen = [cell for cell in filled if cell.seen]
    blank = whole - sum(cell.population for cell in seen)
    if blank > BLANK * whole:
        reason = f"nothing is decided yet in cells that hold {blank:,} of the {whole:,} documents {what}"
        return NotMeasured(metric=metric, reason=reason, enable="go on reviewing, or draw a larger queue")
    found, gap = stratified(seen, level), blank / whole
    low, high = found.low * (1 - gap), found.high * (1 - gap) + gap
    return Estimate(
        metric=metric, view="", value=min(max(found.value, low), high), low=low, high=high, n=sum(cell.seen for cell in seen), unit="share",
        resampling_unit="document", method=METHOD + (f"; {blank:,} documents in cells without a decision may be anything" if blank else ""),
        level=level,
    )  # fmt: skip
