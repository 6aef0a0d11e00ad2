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
from collections.abc import Iterator, Sequence

import numpy as np

from longtail.views import _code_kernels
from longtail.views._unicode import UNICODE_VERSION, tables
from longtail.views.batch import Texts
from longtail.views.keys import TYPE_BITS, purpose_key
from longtail.views.words import Grams

_SLICE_BYTES = 1 << 19
VERSION = f"code-1/nfc/unicode-{UNICODE_VERSION}"


def code(texts: Texts, orders: Sequence[int], thetas: Sequence[int], seed: int) -> list[Grams]:
    """Return the n-grams of code tokens of a batch of documents, one `Grams` per order.

    Args:
        texts: The documents.
        orders: N-gram orders, ascending, each at least 1.
        thetas: For each order, only types whose hash is below it are counted; `words.ALL_TYPES` counts all.
        seed: Seed of the type hash.
    """
    parts = [_scan(texts, start, stop, orders, thetas, seed) for start, stop in _slices(texts)]
    lengths = np.concatenate([np.zeros((len(orders), 0), np.int64), *(part[2] for part in parts)], axis=1)
    none = np.zeros(0, np.uint64)
    return [
        Grams(
            first=np.concatenate([none, *(part[0][row] for part in parts)]),
            again=np.concatenate([none, *(part[1][row] for part in parts)]),
            documents=texts.per_cell(),
            tokens=texts.per_cell(lengths[row]),
            lengths=lengths[row],
        )
        for row in range(len(orders))
    ]


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


def _slices(texts: Texts) -> Iterator[tuple[int, int]]:
    """Yield runs of documents of about `_SLICE_BYTES` each, so that the scratch arrays stay small."""
    start = 0
    while start < len(texts):
        limit = int(texts.offsets[start]) + _SLICE_BYTES
        stop = min(len(texts), max(start + 1, int(np.searchsorted(texts.offsets, limit, side="right")) - 1))
        yield start, stop
        start = stop


def _scan(
    texts: Texts, start: int, stop: int, orders: Sequence[int], thetas: Sequence[int], seed: int
) -> tuple[list[np.ndarray], list[np.ndarray], np.ndarray]:
    offsets = texts.offsets[start : stop + 1]
    room = int(offsets[-1] - offsets[0]) + 1
    first = np.empty((len(orders), room), dtype=np.uint64)
    again = np.empty((len(orders), room), dtype=np.uint64)
    fill, lengths = _code_kernels.scan(
        texts.data,
        offsets,
        texts.cells[start:stop],
        np.asarray(orders, dtype=np.int64),
        np.asarray(thetas, dtype=np.uint64),
        tables()[0],
        _key(seed),
        first,
        again,
    )
    rows = range(len(orders))
    return [first[r, : fill[r, 0]].copy() for r in rows], [again[r, : fill[r, 1]].copy() for r in rows], lengths
