"""Sorting of keys by their bits (radix sort), and grouping them by their highest ones.

The types of keys are hashes, so that their highest bits put nearly every key in its place; what they leave is little. This takes
the same time on every processor, where a sort that compares depends on which vector instructions are fast.
"""

import numpy as np
import numpy.typing as npt

from longtail.summaries import _sorting_kernels as kernels
from longtail.summaries.buffers import scratch
from longtail.views.keys import CELL_BITS, Keys

BITS = kernels.GROUP_BITS
GROUPS = 1 << BITS
_FEW = 1 << 11  # keys, for which counts of digits do not pay

Starts = npt.NDArray[np.uint32]


def sort(keys: Keys) -> None:
    """Sort keys in place."""
    sort_smallest(keys, len(keys))


def sort_smallest(keys: Keys, types: int) -> int:
    """Bring the keys of so many types, those of smallest hash, to the front, and sort them and some that follow; the rest is lost.

    Returns:
        How many keys there are: those of more types than asked for, or all.
    """
    if len(keys) <= _FEW:
        keys.sort()
        return len(keys)
    spare = scratch("sorting", len(keys))
    starts = group(keys, spare, max(CELL_BITS, kernels.top_bit(keys) - BITS))
    return sort_groups(spare, starts, keys, types)


def group(keys: Keys, out: Keys, shift: int = 64 - BITS) -> Starts:
    """Write keys grouped by the ten bits from a place on, by default the highest.

    Returns:
        Where each of the 1,024 groups begins, and the number of keys, shape (1025,).
    """
    starts = np.zeros(GROUPS + 1, np.uint32)
    kernels.cut(keys, np.uint64(shift), starts, out)
    return starts


def sort_groups(keys: Keys, starts: Starts, out: Keys, types: int | None = None) -> int:
    """Write grouped keys sorted, all or as `sort_smallest` does; `keys` is overwritten. Return how many there are."""
    return kernels.sort_pieces(keys, starts, len(keys) if types is None else types, out)
