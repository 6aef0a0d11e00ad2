"""Which completions take a shortcut: each beside the completions at the begin of the run.

A completion is marked where a sign lies beyond what all but one in a hundred at the begin show, and by as much as the conventions ask
for. The window is judged by shares over all of its completions; marks say which ones to read.
"""

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from longtail.metrics.rollouts.conventions import HALF, LEAST
from longtail.metrics.rollouts.means import Value
from longtail.metrics.rollouts.shortcuts import answer_place, copied, final_answer, gives, length, repeated, top_answer
from longtail.metrics.rollouts.signs import COPYING, LENGTH, ONE_ANSWER, PLACE, REPETITION
from longtail.metrics.rollouts.windows import Window
from longtail.readers.rollouts.records import Rollout

RARE = 0.01
"""Share of the completions at the begin that may lie as far out as one that is marked."""


class Mark(NamedTuple):
    """A completion that takes a shortcut.

    Attributes:
        row: The rollout.
        sign: By which it is told.
        value: Of that sign in the completion.
    """

    row: Rollout
    sign: str
    value: float


class Bound(NamedTuple):
    """What a sign has to come to for a mark: below `low`, or above `high`."""

    sign: str
    of: Value
    low: float
    high: float


def marks(base: Window, here: Window) -> tuple[Mark, ...]:
    """Return the completions of a window that take a shortcut, in their order, each with the first sign that tells it.

    Args:
        base: The begin of the run.
        here: The window that is looked at.
    """
    bounds = tuple(_bounds(base.rows, here.rows))
    found = (_mark(row, bounds) for row in here.rows)
    return tuple(mark for mark in found if mark is not None)


def _mark(row: Rollout, bounds: Sequence[Bound]) -> Mark | None:
    for bound in bounds:
        value = bound.of(row)
        if value is not None and not bound.low <= value <= bound.high:
            return Mark(row, bound.sign, value)
    return None


def _bounds(base: Sequence[Rollout], here: Sequence[Rollout]) -> Iterator[Bound]:
    for sign, rising in ((REPETITION, repeated), (COPYING, copied)):
        values = _values(base, rising)
        yield Bound(sign, rising, -math.inf, (float(np.quantile(values, 1 - RARE)) if values else 0.0) + LEAST)
    for sign, falling in ((LENGTH, length), (PLACE, answer_place)):
        values = _values(base, falling)
        if values:
            yield Bound(sign, falling, min(float(np.quantile(values, RARE)), HALF * float(np.mean(values))), math.inf)
    answer = top_answer(here)[0]
    one = gives(answer, final_answer)
    before, now = (float(np.mean(_values(rows, one))) if rows else 0.0 for rows in (base, here))
    if answer and now - before > max(LEAST, before):
        yield Bound(ONE_ANSWER, one, -math.inf, HALF)


def _values(rows: Sequence[Rollout], of: Value) -> list[float]:
    return [value for row in rows if (value := of(row)) is not None]
