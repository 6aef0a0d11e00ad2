"""Word n-grams as types.

A word is a longest run of letters, marks, digits and connecting punctuation; an apostrophe, a middle dot, a geresh or a
gershayim between letters belongs to it ("don't" is one word). Words are compared after Unicode NFC and simple case folding.
N-grams do not cross documents.

- Scripts without spaces: a Han, Hiragana, Thai, Lao, Khmer, Myanmar, Tai, Ahom, Javanese, Balinese, Tangut or Nushu letter stands
  alone with its marks, so that n-grams of letters follow. Nothing is guessed from a dictionary. Digits form runs in every script.
- Katakana forms runs of its own, halfwidth Katakana other words than fullwidth; Hangul goes by its spaces, Tibetan by its tsheg.
- A picture (emoji, dingbat) stands alone: with its skin tone, with what a joiner links to it, and a flag as one.
- Format characters, fillers and variation selectors inside a word are not heard: a soft hyphen, a zero-width joiner of Indic or
  Persian spelling or a direction mark splits no word and makes no other type. The zero-width space separates.

This is Unicode's UAX #29 but for numbers and abbreviations ("1,000" and "e.g." are two words), Hebrew in ASCII quotation marks,
Katakana next to an underscore, Javanese and Balinese, and the pictures, which that standard does not count.
"""

import threading
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from longtail.views import _grams, _kernels
from longtail.views._unicode import UNICODE_VERSION, tables
from longtail.views.batch import Texts, Totals, TypeBatch
from longtail.views.keys import TYPE_BITS, Keys, purpose_key

VERSION = f"words-2/nfc/unicode-{UNICODE_VERSION}"
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
            first=_joined([part[0][row] for part in parts]),
            again=_joined([part[1][row] for part in parts]),
            documents=texts.per_cell(),
            tokens=texts.per_cell(lengths[row]),
            lengths=lengths[row],
        )
        for row in range(len(orders))
    ]


def slices_of(texts: Texts) -> Iterator[Texts]:
    """Yield a batch in slices of about half a megabyte, for counting slice by slice: text, content and cells, nothing beside them."""
    for start, stop in _slices(texts):
        yield Texts(texts.data, texts.offsets[start : stop + 1], texts.content[start:stop], texts.cells[start:stop])


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


def _joined(parts: Sequence[Keys]) -> Keys:
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def _slices(texts: Texts) -> list[tuple[int, int]]:
    """Cut a batch into runs of documents of about `_SLICE_BYTES` each, so that the scratch arrays stay small."""
    bounds, start = [], 0
    while start < len(texts):
        limit = int(texts.offsets[start]) + _SLICE_BYTES
        stop = max(start + 1, int(np.searchsorted(texts.offsets, limit, side="right")) - 1)
        bounds.append((start, min(stop, len(texts))))
        start = bounds[-1][1]
    return bounds or [(0, 0)]


_arena = threading.local()  # scratch of each thread, kept from slice to slice: pages touched for the first time cost more than the scan


def _scratch(orders: int, room: int) -> Keys:
    """Return two arrays of shape (orders, room), to be read before the next call in this thread."""
    needed = 2 * orders * room
    if room > _SLICE_BYTES:
        return np.empty((2, orders, room), np.uint64)
    if getattr(_arena, "keys", np.zeros(0)).size < needed:
        _arena.keys = np.empty(needed, np.uint64)
    kept: Keys = _arena.keys
    return kept[:needed].reshape(2, orders, room)


def _scan(
    texts: Texts, start: int, stop: int, orders: Sequence[int], thetas: Sequence[int], seed: int
) -> tuple[list[np.ndarray], list[np.ndarray], np.ndarray]:
    offsets = texts.offsets[start : stop + 1]
    classes, folded = tables()
    room = (int(offsets[-1] - offsets[0]) + stop - start) // 2 + 1  # words of one byte have a byte between them, or a document
    first, again = _scratch(len(orders), room)
    fill, lengths = _grams.scan(
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
    if room > _SLICE_BYTES:  # one long text: what is not filled was never touched, and a copy would double the rest
        return [first[r, : fill[r, 0]] for r in rows], [again[r, : fill[r, 1]] for r in rows], lengths
    return [first[r, : fill[r, 0]].copy() for r in rows], [again[r, : fill[r, 1]].copy() for r in rows], lengths
