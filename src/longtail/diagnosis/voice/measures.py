"""Measures of a voice, period by period and at equal size, and the index that is made of them."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from longtail.diagnosis.voice.records import Point
from longtail.diagnosis.voice.variety import Floats, Mask, error_of, variety
from longtail.diagnosis.voice.windows import Windows
from longtail.metrics.surface.excerpts import Excerpts
from longtail.metrics.surface.form import compression_ratio
from longtail.records import Estimate
from longtail.stats.surface.repetition import Holders

I64 = npt.NDArray[np.int64]

ALONE = ("words", "openings", "runs")
"""Different words, different openings of three words, different runs of four words."""
FRESH, RARE, COMPRESSION = "fresh_runs", "rare_words", "compression"
"""Runs of four words that the period before does not hold; rare words of the baseline; bytes over compressed bytes."""
RARE_SHARE = 0.02
"""A word is rare in the baseline where no larger share of the documents of one half of it holds it."""
NORMAL = 1.959964


@dataclass(frozen=True)
class Series:
    """One measure over the periods: logarithms and their standard errors, NaN where there is none, shape (periods,)."""

    logs: Floats
    errors: Floats


@dataclass(frozen=True, eq=False)
class Voice:
    """What is needed to measure any part of the documents in the same way.

    Attributes:
        windows: Equally many words of each document.
        clusters: Cluster of each document, shape (documents,).
        holders: Which documents hold which types, by measure of the index.
    """

    windows: Windows
    clusters: I64
    holders: Mapping[str, Holders]

    @classmethod
    def of(cls, windows: Windows, clusters: I64) -> "Voice":
        """Return the voice of some windows."""
        return cls(windows, clusters, {name: windows.holders(name) for name in ALONE})

    def index(self, inside: Mask, drawn: int, beside: Mask | None = None) -> tuple[float, float] | None:
        """Return the mean logarithm of the measures of the index of some documents, with its standard error.

        Args:
            inside: The documents, shape (documents,).
            drawn: Documents that each number stands for.
            beside: Documents of the period before, for the runs that they do not hold; None leaves those out of the index.
        """
        found = [variety(holders, inside, drawn) for holders in self.holders.values()]
        if beside is not None:
            found.append(variety(self.holders["runs"], inside, drawn, beside))
        kept = [each for each in found if each is not None]
        if len(kept) < len(found):
            return None
        least = float(np.mean([each.least for each in kept]))
        error = error_of(np.mean([each.influence for each in kept], axis=0), self.clusters[inside], least)
        return None if error is None else (float(np.mean([math.log(each.value) for each in kept])), error)

    def one(self, holders: Holders, inside: Mask, drawn: int, beside: Mask | None = None) -> tuple[float, float] | None:
        """Return the logarithm of one measure with its standard error."""
        found = variety(holders, inside, drawn, beside)
        error = None if found is None else error_of(found.influence, self.clusters[inside], found.least)
        return None if found is None or error is None else (math.log(found.value), error)


def over(voice: Voice, owner: I64, periods: int, drawn: int, baseline: Mask) -> dict[str, Series]:
    """Return the index and the measures that are counted in documents, over the periods.

    The first period is held against the second one for runs that are new: where nothing changes, any two are alike.

    Args:
        voice: The documents.
        owner: Period of each, shape (documents,).
        periods: Their number.
        drawn: Documents that each number stands for.
        baseline: Which periods the others are held against, shape (periods,).
    """
    sides = [owner == each for each in range(periods)]
    earlier = [sides[1], *sides[:-1]]
    out = {"index": _series([voice.index(side, drawn, other) for side, other in zip(sides, earlier, strict=True)])}
    for name, holders in voice.holders.items():
        out[name] = _series([voice.one(holders, side, drawn) for side in sides])
    fresh = voice.holders["runs"]
    out[FRESH] = _series([voice.one(fresh, side, drawn, other) for side, other in zip(sides, earlier, strict=True)])
    out[RARE] = _left(voice, sides, baseline[owner], drawn)
    return out


def _left(voice: Voice, sides: list[Mask], baseline: Mask, drawn: int) -> Series:
    """Return how many rare words of the baseline are left in each period, in documents that did not choose them."""
    rare = rare_words(voice.holders["words"], baseline)
    others = [side & ~rare.chose for side in sides]
    fewer = min(drawn, *(int(side.sum()) - 1 for side in others))
    return _series([voice.one(rare.holders, side, fewer) for side in others])


def _series(found: list[tuple[float, float] | None]) -> Series:
    rows = np.array([(np.nan, np.nan) if each is None else each for each in found], np.float64).reshape(-1, 2)
    return Series(rows[:, 0], rows[:, 1])


@dataclass(frozen=True, eq=False)
class Rare:
    """Rare words of the baseline, and the half of its documents that chose them, which measures nothing, shape (documents,)."""

    holders: Holders
    chose: Mask


def rare_words(words: Holders, baseline: Mask) -> Rare:
    """Return the words that are rare in every second document of the baseline; the other documents measure how many are left."""
    chose = baseline & (np.cumsum(baseline) % 2 == 0)
    counts = np.bincount(words.kind[chose[words.document]], minlength=words.types)
    is_rare = (counts > 0) & (counts <= max(1.0, RARE_SHARE * chose.sum()))
    rows = is_rare[words.kind]
    number = np.cumsum(is_rare) - 1
    return Rare(Holders(number[words.kind[rows]], words.document[rows], words.place[rows], int(is_rare.sum())), chose)


def compressed(windows: Windows, owner: I64, periods: int, drawn: int, seed: int) -> list[Point]:
    """Return bytes over compressed bytes of each period, of equally many documents and words."""
    out = []
    for each in range(periods):
        taken = np.flatnonzero(owner == each)[:drawn]
        texts = tuple(windows.text(int(document)) for document in taken)
        found = compression_ratio(Excerpts(texts, np.zeros(len(texts), np.uint16)), seed=seed)
        out.append(Point(value=found.value, low=found.low, high=found.high) if isinstance(found, Estimate) else _NONE)
    return out


_NONE = Point(value=None, low=None, high=None)


def points(series: Series, zero: float = 0.0) -> list[Point]:
    """Return the values of a series with their intervals, each over e^zero."""
    rows = zip((series.logs - zero).tolist(), series.errors.tolist(), strict=True)
    return [
        Point(value=math.exp(log), low=math.exp(log - NORMAL * error), high=math.exp(log + NORMAL * error)) if math.isfinite(log) else _NONE
        for log, error in rows
    ]
