"""The compiled loops of novelty: runs of words, and who of the store holds them."""

import numpy as np
import numpy.typing as npt

from longtail._jit import njit
from longtail.gates.text._kernels import HAS_ALNUM, grams, split

U8 = npt.NDArray[np.uint8]
U32 = npt.NDArray[np.uint32]
U64 = npt.NDArray[np.uint64]
I64 = npt.NDArray[np.int64]
F64 = npt.NDArray[np.float64]


@njit
def runs_of(data: U8, offsets: I64, kinds: U8, order: int, out: U64, bounds: I64) -> None:
    """Write the different runs of words of each document, sorted, one document after another, and their bounds."""
    for i in range(offsets.shape[0] - 1):
        size = (offsets[i + 1] - offsets[i]) // 2 + 2
        words, hashes, cores = np.empty((size, 6), np.int64), np.empty(size, np.uint64), np.empty(size, np.uint64)
        count = split(data, offsets[i], offsets[i + 1], kinds, words, hashes, cores)
        named = 0
        for k in range(count):
            if words[k, HAS_ALNUM]:
                cores[named] = cores[k]
                named += 1
        length = grams(cores, named, order, hashes)
        at = bounds[i]
        found = np.sort(hashes[:length])
        for k in range(length):
            if k == 0 or found[k] != found[k - 1]:
                out[at] = found[k]
                at += 1
        bounds[i + 1] = at


@njit
def nearest(runs: U64, bounds: I64, stored: U64, holders: U32, most: int, new: F64, best: I64) -> None:
    """Write the share of each document's runs that the store does not hold, and who holds most of the others.

    Args:
        runs: Runs of the documents, and `bounds`, as `runs_of` writes them.
        stored: Runs of the store, sorted, one for each document that has it.
        holders: Who has each.
        most: Holders of a run that are counted, the lowest first.
        new: Left as it is where a document has no run.
        best: The lowest of equals; left as it is where there is none.
    """
    for i in range(new.shape[0]):
        length = bounds[i + 1] - bounds[i]
        if length == 0:
            continue
        own = runs[bounds[i] : bounds[i + 1]]
        first, last = np.searchsorted(stored, own), np.searchsorted(stored, own, side="right")
        new[i] = (first == last).sum() / length
        best[i] = commonest(first, last, holders, most)


@njit
def commonest(first: I64, last: I64, holders: U32, most: int) -> int:
    """Return who stands most often in some stretches of `holders`, each cut after `most`; the lowest of equals, -1 for none."""
    room = 0
    for k in range(first.shape[0]):
        room += min(last[k] - first[k], most)
    found = np.empty(room, np.int64)
    at = 0
    for k in range(first.shape[0]):
        for place in range(first[k], min(last[k], first[k] + most)):
            found[at] = holders[place]
            at += 1
    found.sort()
    best, longest, run = -1, 0, 0
    for k in range(room):
        run = run + 1 if k and found[k] == found[k - 1] else 1
        if run > longest:
            best, longest = found[k], run
    return best
