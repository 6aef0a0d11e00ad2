"""N-grams of the documents of a batch, whatever the tokens are: cut into slices, scanned by a kernel, put together again."""

import threading
from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from longtail.views.batch import Texts, Totals, TypeBatch
from longtail.views.keys import Keys

SLICE_BYTES = 1 << 18

Scan = Callable[[Texts, npt.NDArray[np.uint64], npt.NDArray[np.uint64]], tuple[Totals, Totals]]
"""Writes keys of n-grams of some documents into two arrays of shape (orders, room); returns the fill of both by order, shape
(orders, 2), and the number of n-grams of each document, shape (orders, documents)."""


def grams_of(texts: Texts, orders: int, room: Callable[[Texts], int], scan: Scan) -> list[TypeBatch]:
    """Return the n-grams of a batch of documents by order.

    Args:
        texts: The documents.
        orders: How many orders there are.
        room: How many keys some documents have at most, and one more.
        scan: Writes the keys of some documents.
    """
    parts = [[_kept(grams) for grams in lent_grams(part, orders, room(part), scan)] for part in slices_of(texts)]
    made = []
    for row in range(orders):
        found = [part[row] for part in parts]
        lengths = np.concatenate([np.zeros(0, np.int64), *(grams.lengths for grams in found)])
        made.append(TypeBatch(_joined([grams.first for grams in found]), _joined([grams.again for grams in found]), texts.cells, lengths))
    return made


def lent_grams(part: Texts, orders: int, room: int, scan: Scan) -> list[TypeBatch]:
    """Return the n-grams of a slice of documents by order; their keys are to be read before the next call in this thread.

    Args:
        part: The documents.
        orders: How many orders there are.
        room: How many keys they have at most, and one more.
        scan: Writes their keys.
    """
    first, again = _scratch(orders, room)
    fill, lengths = scan(part, first, again)
    return [TypeBatch(first[row, : fill[row, 0]], again[row, : fill[row, 1]], part.cells, lengths[row]) for row in range(orders)]


def _kept(lent: TypeBatch) -> TypeBatch:
    return TypeBatch(lent.first.copy(), lent.again.copy(), lent.cells, lent.lengths)


def slices_of(texts: Texts) -> Iterator[Texts]:
    """Yield a batch in slices of about a quarter of a megabyte, for counting one by one: text, content and cells, nothing beside them."""
    start = 0
    while start < len(texts):
        limit = int(texts.offsets[start]) + SLICE_BYTES
        stop = min(len(texts), max(start + 1, int(np.searchsorted(texts.offsets, limit, side="right")) - 1))
        yield Texts(texts.data, texts.offsets[start : stop + 1], texts.content[start:stop], texts.cells[start:stop])
        start = stop


def _joined(parts: list[Keys]) -> Keys:
    return parts[0] if len(parts) == 1 else np.concatenate([np.zeros(0, np.uint64), *parts])


_arena = threading.local()  # scratch of each thread, kept from slice to slice: pages touched for the first time cost more than the scan


def _scratch(orders: int, room: int) -> Keys:
    """Return two arrays of shape (orders, room), to be read before the next call in this thread."""
    needed = 2 * orders * room
    if room > SLICE_BYTES:
        return np.empty((2, orders, room), np.uint64)
    if getattr(_arena, "keys", np.zeros(0)).size < needed:
        _arena.keys = np.empty(needed, np.uint64)
    kept: Keys = _arena.keys
    return kept[:needed].reshape(2, orders, room)
