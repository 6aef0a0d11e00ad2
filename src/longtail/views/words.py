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

import unicodedata
from collections.abc import Sequence

import numpy as np

from longtail.views import _grams, _kernels
from longtail.views._unicode import UNICODE_VERSION, tables
from longtail.views.batch import Texts, Totals, TypeBatch
from longtail.views.grams import Scan, grams_of, lent_grams
from longtail.views.keys import TYPE_BITS, Keys, purpose_key

VERSION = f"words-2/nfc/unicode-{UNICODE_VERSION}"
ALL_TYPES = 1 << TYPE_BITS


def words(texts: Texts, orders: Sequence[int], thetas: Sequence[int], seed: int) -> list[TypeBatch]:
    """Return the word n-grams of a batch of documents by order.

    Args:
        texts: The documents.
        orders: N-gram orders, ascending, each at least 1.
        thetas: For each order, only types whose hash is below it are counted; `ALL_TYPES` counts all.
        seed: Seed of the type hash.
    """
    return grams_of(texts, len(orders), _room, _scan_of(orders, thetas, seed))


def lent_words(part: Texts, orders: Sequence[int], thetas: Sequence[int], seed: int) -> list[TypeBatch]:
    """Return what `words` returns of a slice of documents; the keys are to be read before the next call in this thread."""
    return lent_grams(part, len(orders), _room(part), _scan_of(orders, thetas, seed))


def _scan_of(orders: Sequence[int], thetas: Sequence[int], seed: int) -> Scan:
    kinds, limits = np.asarray(orders, np.int64), np.asarray(thetas, np.uint64)

    def scan(part: Texts, first: Keys, again: Keys) -> tuple[Totals, Totals]:
        return _grams.scan(part.data, part.offsets, part.cells, kinds, limits, *tables(), _word_key(seed), first, again)

    return scan


def _room(part: Texts) -> int:
    """Words of one byte have a byte between them, or a document."""
    return (int(part.offsets[-1] - part.offsets[0]) + len(part)) // 2 + 1


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
