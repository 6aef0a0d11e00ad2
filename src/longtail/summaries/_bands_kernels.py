"""Compiled loops over bands: who shares one with an earlier document, and to which cluster that leads."""

import numpy as np
import numpy.typing as npt

from longtail._jit import njit
from longtail.views._kernels import mix

U64 = npt.NDArray[np.uint64]
I32 = npt.NDArray[np.int32]
I64 = npt.NDArray[np.int64]


@njit
def share_earlier(keys: U64, slots: I32, earliest: I64) -> None:
    """Lower, for each document, the first of those before it that have the same key; key 0 stands for none.

    Args:
        keys: One band of each document, shape (n,).
        slots: Scratch, all -1 on entry, shape (a power of two above n,).
        earliest: The first document so far, at most the document itself, shape (n,); lowered.
    """
    mask = np.uint64(slots.shape[0] - 1)
    for i in range(keys.shape[0]):
        key = keys[i]
        if key == np.uint64(0):
            continue
        at = mix(key) & mask
        while slots[at] >= 0 and keys[slots[at]] != key:
            at = (at + np.uint64(1)) & mask
        if slots[at] < 0:
            slots[at] = i
        else:
            earliest[i] = min(earliest[i], slots[at])


@njit
def follow(earliest: I64, roots: I64) -> None:
    """Write where each chain of earlier documents ends, shape (n,); every entry of `earliest` is at most its own place."""
    for i in range(earliest.shape[0]):
        roots[i] = i if earliest[i] == i else roots[earliest[i]]
