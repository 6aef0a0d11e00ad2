"""Permutation units: runs of bins that hold the same expected number of whole documents in every sample.

Samples of unlike size get numbers of units in proportion to their size, so that a unit of one can stand in for a
unit of another; what does not fill a whole unit of the larger sample is left out.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from longtail.views.keys import BINS

FEWEST_UNITS = 16
MOST_UNITS = 32
MOST_TIMES = 8
DOCUMENTS_PER_UNIT = 6
FEWEST_DOCUMENTS = FEWEST_UNITS * DOCUMENTS_PER_UNIT


@dataclass(frozen=True)
class Units:
    """The units of one sample.

    Attributes:
        count: Number of units.
        of_bin: Unit of each bin, -1 where the bin is left out, shape (BINS,).
    """

    count: int
    of_bin: npt.NDArray[np.int64]


def plan(sizes: list[float], documents: int) -> list[Units] | None:
    """Return the units of several samples, or None where they cannot be cut into units of one expected size.

    Args:
        sizes: Size of each sample: documents, or tokens where documents are of unlike length.
        documents: Documents of the sample that has fewest.
    """
    smallest = min(sizes)
    if smallest <= 0 or documents < FEWEST_DOCUMENTS:
        return None
    base = int(np.clip(documents // DOCUMENTS_PER_UNIT, FEWEST_UNITS, MOST_UNITS))
    units = [_cut(size / smallest, base) for size in sizes]
    whole = [unit for unit in units if unit is not None]
    return whole if len(whole) == len(units) else None


def even(count: int) -> Units:
    """Return `count` units of equally many bins that leave nothing out."""
    return Units(count, np.arange(BINS) * count // BINS)


def _cut(times: float, base: int) -> Units | None:
    count = int(min(times, MOST_TIMES) * base + 1e-9)
    bins = BINS * count / (times * base)
    if bins < count:
        return None
    edges = np.rint(np.linspace(0, bins, count + 1)).astype(np.int64)
    of_bin = np.full(BINS, -1, np.int64)
    of_bin[: edges[-1]] = np.searchsorted(edges, np.arange(edges[-1]), side="right") - 1
    return Units(count, of_bin)
