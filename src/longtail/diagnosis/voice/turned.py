"""The turn of a voice, put in words."""

import math

import numpy as np

from longtail.diagnosis.voice.measures import Series
from longtail.diagnosis.voice.records import Turn
from longtail.diagnosis.voice.spans import TO_DATE, Spans
from longtail.diagnosis.voice.turning import ALPHA, RELABELLINGS, Turning, turning

METHOD = (
    "least squares over all dates and three shapes; greatest F, residuals relabelled over periods (Freedman & Lane 1983), beside a flat"
    " series as alike from one period to the next as they are; dates by inverting the test"
)


def turn_of(index: Series, spans: Spans, *, alpha: float = ALPHA, seed: int = 0) -> Turn:
    """Return what change there is in the index of variety over the periods.

    Args:
        index: Over the periods.
        spans: The periods.
        alpha: Level of the tests and of the set of dates.
        seed: Seed of the relabellings.
    """
    has_one = np.isfinite(index.logs)
    if int(has_one.sum()) < TO_DATE:
        because = f"{int(has_one.sum())} periods have enough documents, and a turn is dated from {TO_DATE}; shorter periods: --period month"
        return Turn(change="not_measured", because=because)
    names = [name for name, is_in in zip(spans.names, has_one.tolist(), strict=True) if is_in]
    found = turning(index.logs[has_one], index.errors[has_one], spans.years[has_one], alpha=alpha, seed=seed)
    told = Turn(
        change="flat",
        because="no period stands out from the others, and there is no slope",
        p=found.p,
        p_beyond_drift=found.p_beyond,
        p_drift=found.p_slope,
        per_year=math.expm1(found.slope),
        level=1 - alpha,
        relabellings=RELABELLINGS,
        method=METHOD,
        dependence=found.dependence,
    )
    return _told(told, found, names, alpha)


def _told(turn: Turn, found: Turning, names: list[str], alpha: float) -> Turn:
    import msgspec

    falls, beyond, slopes = found.p <= alpha, found.p_beyond <= alpha, found.p_slope <= alpha
    if falls and beyond:
        could_be = tuple(names[at] for at in found.could_be)
        what = "fell at once" if found.shape == "step" else "began to fall"
        return msgspec.structs.replace(
            turn, change="turn", because=f"variety {what} at {names[found.at]}, more sharply than a steady drift", period=names[found.at],
            earliest=could_be[0], latest=could_be[-1], could_be=could_be, shape=found.shape,
        )  # fmt: skip
    if falls or slopes:
        way = "fell" if found.slope < 0 else "rose"
        because = f"variety {way} over the years, and no one date tells it from a steady drift"
        return msgspec.structs.replace(turn, change="drift", because=because)
    return turn
