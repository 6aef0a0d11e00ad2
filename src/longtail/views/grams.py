"""N-grams of the documents of a batch, whatever the tokens are: cut into slices, scanned by a kernel, put together again."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from longtail.views.batch import Texts, Totals, TypeBatch
from longtail.views.keys import Keys

SLICE_BYTES = 1 << 18

Scan = Callable[[Texts, npt.NDArray[np.uint64], npt.NDArray[np.uint64]], tuple[Totals, Totals]]
"""Writes keys of n-grams of some documents into two arrays of shape (orders, room); returns the fill of both by order, shape
(orders, 2), and the number of n-grams of each document, shape (orders, documents)."""


@dataclass(frozen=True)
class Grams(TypeBatch):
    """N-grams of one order in one batch.

    Attributes:
        lengths: How many n-grams each document has, shape (documents,).
    """

    lengths: Totals


def grams_of(texts: Texts, orders: int, room: Callable[[Texts], int], scan: Scan) -> list[Grams]:
    """Return the n-grams of a batch of documents, one `Grams` per order.

    Args:
        texts: The documents.
        orders: How many orders there are.
        room: How many keys some documents have at most, and one more.
        scan: Writes the keys of some documents.
    """
    parts = [_scanned(part, orders, room(part), scan) for part in slices_of(texts)]
    made = []
    for row in range(orders):
        lengths = np.concatenate([np.zeros(0, np.int64), *(lengths[row] for _, _, lengths in parts)])
        first, again = _joined([part[0].pop(0) for part in parts]), _joined([part[1].pop(0) for part in parts])
        made.append(Grams(first, again, texts.per_cell(), texts.per_cell(lengths), lengths))
    return made


def slices_of(texts: Texts) -> Iterator[Texts]:
    """Yield a batch in slices of about a quarter of a megabyte, for counting one by one: text, content and cells, nothing beside them."""
    start = 0
    while start < len(texts):
        limit = int(texts.offsets[start]) + SLICE_BYTES
        stop = min(len(texts), max(start + 1, int(np.searchsorted(texts.offsets, limit, side="right")) - 1))
        yield Texts(texts.data, texts.offsets[start : stop + 1], texts.content[start:stop], texts.cells[start:stop])
        start = stop


def _scanned(part: Texts, orders: int, room: int, scan: Scan) -> tuple[list[Keys], list[Keys], Totals]:
    first, again = _scratch(orders, room)
    fill, lengths = scan(part, first, again)
    taken = [[keys[row, : fill[row, side]].copy() for row in range(orders)] for side, keys in enumerate((first, again))]
    return taken[0], taken[1], lengths


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
