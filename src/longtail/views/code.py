"""Tokens of source code as types, in whatever language.

- A name is a run of letters of any script, digits, _, $ and @ that does not begin with a digit; case counts.
- A number is one token as it is written: 0x1F, 1_000, 1.5e-3, 10ms.
- A string is one token, told by the marks that open it (", ', ` or three of them), whatever it says. A single quotation mark opens none
  right after a name of more than two characters, < or & (apostrophes, lifetimes), and none but ` crosses lines where it is single.
- A comment is one token, told by what opens it: // (not after a colon), /* and <!--; # and -- after white space, before white space.
- An operator is what most languages read as one (==, ->, <<=, ...), else one sign; brackets and commas are tokens of their own.
- A line that is indented further than the line before, or less far, is one token for the change; tabs go to multiples of eight.

What strings and comments say is text, which the views of words count. White space and line ends are no tokens otherwise. Rules for
all languages at once are wrong in some: in Python a // b is read as a comment to the end of its line.
"""

import unicodedata
from collections.abc import Sequence

import numpy as np

from longtail.views import _code_kernels
from longtail.views._unicode import UNICODE_VERSION, tables
from longtail.views.batch import Texts, Totals, TypeBatch
from longtail.views.grams import grams_of
from longtail.views.keys import TYPE_BITS, Keys, purpose_key

VERSION = f"code-1/nfc/unicode-{UNICODE_VERSION}"


def code(texts: Texts, orders: Sequence[int], thetas: Sequence[int], seed: int) -> list[TypeBatch]:
    """Return the n-grams of code tokens of a batch of documents by order.

    Args:
        texts: The documents.
        orders: N-gram orders, ascending, each at least 1.
        thetas: For each order, only types whose hash is below it are counted; `words.ALL_TYPES` counts all.
        seed: Seed of the type hash.
    """
    kinds, limits = np.asarray(orders, np.int64), np.asarray(thetas, np.uint64)

    def scan(part: Texts, first: Keys, again: Keys) -> tuple[Totals, Totals]:
        return _code_kernels.scan(part.data, part.offsets, part.cells, kinds, limits, tables()[0], _key(seed), first, again)

    return grams_of(texts, len(orders), _room, scan)


def _room(part: Texts) -> int:
    return int(part.offsets[-1] - part.offsets[0]) + 1


def spans(text: str, seed: int) -> list[tuple[int, str]]:
    """Return the tokens of a text in order: type hash (as in the keys of order 1) and the token as written, empty for indentation."""
    data = np.frombuffer(unicodedata.normalize("NFC", text).encode("utf-8"), dtype=np.uint8)
    hashes, bounds = np.empty(len(data) + 1, dtype=np.uint64), np.empty((len(data) + 1, 2), dtype=np.int64)
    count = _code_kernels.split(data, 0, len(data), tables()[0], _key(seed), hashes, bounds)
    raw = data.tobytes()
    shift = 64 - TYPE_BITS
    return [(int(hashes[i]) >> shift, raw[bounds[i, 0] : bounds[i, 1]].decode("utf-8")) for i in range(count)]


def _key(seed: int) -> np.uint64:
    return np.uint64(purpose_key(seed, "code"))
