"""Word n-grams as types.

A word is a longest run of letters, marks, digits and connecting punctuation, with apostrophes between letters
("don't" is one word); a Han, Hiragana, Thai, Lao, Khmer or Myanmar letter and an emoji stand alone. Words are
compared after simple case folding. N-grams do not cross documents.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from longtail.views import _kernels
from longtail.views._unicode import UNICODE_VERSION, tables
from longtail.views.batch import Texts, Totals, TypeBatch
from longtail.views.keys import TYPE_BITS, purpose_key

VERSION = f"words-1/unicode-{UNICODE_VERSION}"
ALL_TYPES = 1 << TYPE_BITS

_SLICE_BYTES = 1 << 19


@dataclass(frozen=True)
class Grams(TypeBatch):
    """Word n-grams of one order in one batch.

    Attributes:
        lengths: How many n-grams each document has, shape (documents,).
    """

    lengths: Totals


def words(texts: Texts, orders: Sequence[int], thetas: Sequence[int], seed: int) -> list[Grams]:
    """Return the word n-grams of a batch of documents, one `Grams` per order.

    Args:
        texts: The documents.
        orders: N-gram orders, ascending, each at least 1.
        thetas: For each order, only types whose hash is below it are counted; `ALL_TYPES` counts all.
        seed: Seed of the type hash.
    """
    parts = [_scan(texts, start, stop, orders, thetas, seed) for start, stop in _slices(texts)]
    lengths = np.concatenate([part[2] for part in parts], axis=1)
    return [
        Grams(
            first=np.concatenate([part[0][row] for part in parts]),
            again=np.concatenate([part[1][row] for part in parts]),
            documents=texts.per_cell(),
            tokens=texts.per_cell(lengths[row]),
            lengths=lengths[row],
        )
        for row in range(len(orders))
    ]


def spans(text: str, seed: int) -> list[tuple[int, str]]:
    """Return the words of a text in order: type hash (as in the keys of order 1) and the word as written."""
    data = np.frombuffer(unicodedata.normalize("NFC", text).encode("utf-8"), dtype=np.uint8)
    classes, folded = tables()
    hashes = np.empty(len(data) + 1, dtype=np.uint64)
    bounds = np.empty((len(data) + 1, 2), dtype=np.int64)
    count = _kernels.split_words(data, 0, len(data), classes, folded, _word_key(seed), hashes, bounds)
    raw = data.tobytes()
    shift = 64 - TYPE_BITS
    return [(int(hashes[i]) >> shift, raw[bounds[i, 0] : bounds[i, 1]].decode("utf-8")) for i in range(count)]


def _word_key(seed: int) -> np.uint64:
    return np.uint64(purpose_key(seed, "type"))


def _slices(texts: Texts) -> list[tuple[int, int]]:
    """Cut a batch into runs of documents of about `_SLICE_BYTES` each, so that the scratch arrays stay small."""
    bounds, start = [], 0
    while start < len(texts):
        limit = int(texts.offsets[start]) + _SLICE_BYTES
        stop = max(start + 1, int(np.searchsorted(texts.offsets, limit, side="right")) - 1)
        bounds.append((start, min(stop, len(texts))))
        start = bounds[-1][1]
    return bounds or [(0, 0)]


def _scan(
    texts: Texts, start: int, stop: int, orders: Sequence[int], thetas: Sequence[int], seed: int
) -> tuple[list[np.ndarray], list[np.ndarray], np.ndarray]:
    offsets = texts.offsets[start : stop + 1]
    classes, folded = tables()
    room = (int(offsets[-1] - offsets[0]) + stop - start) // 2 + 1  # words of one byte have a byte between them, or a document
    first = np.empty((len(orders), room), dtype=np.uint64)
    again = np.empty((len(orders), room), dtype=np.uint64)
    fill, lengths = _kernels.scan(
        texts.data,
        offsets,
        texts.cells[start:stop],
        np.asarray(orders, dtype=np.int64),
        np.asarray(thetas, dtype=np.uint64),
        classes,
        folded,
        _word_key(seed),
        first,
        again,
    )
    rows = range(len(orders))
    return [first[r, : fill[r, 0]].copy() for r in rows], [again[r, : fill[r, 1]].copy() for r in rows], lengths
