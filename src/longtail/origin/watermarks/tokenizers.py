"""What cuts texts into tokens, for marking and for finding; both must use the same."""

import hashlib
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np

from longtail.origin.watermarks.prf import Ids

PIECE = 1 << 20
"""Characters that are cut into tokens at a time, so that a long text takes no more memory than its tokens."""


class Tokenizer(Protocol):
    """Cuts texts into token ids."""

    @property
    def name(self) -> str:
        """What a person calls it."""

    @property
    def sha256(self) -> str:
        """Which tokenizer this is, as 64 hexadecimal digits."""

    def encode(self, texts: Sequence[str]) -> list[Ids]:
        """Return the token ids of each text, without special tokens."""


class Words:
    """Words as the view `words` counts them: letter case, spacing and punctuation do not matter, and there is no vocabulary.

    The id of a word is a 64-bit hash of its folded letters, the same on every machine. A Han, Hiragana, Thai, Lao, Khmer or
    Myanmar letter is a word. Later versions of Unicode may cut letters that they add in another way; the hash does not tell.
    """

    name = "words"
    sha256 = hashlib.sha256(b"longtail words-1 watermark").hexdigest()

    def encode(self, texts: Sequence[str]) -> list[Ids]:
        """Return the ids of the words of each text, shape (words,) each."""
        return [_joined([_words(piece) for piece in pieces(text)]) for text in texts]


def pieces(text: str, longest: int = PIECE) -> Iterator[str]:
    """Cut a text into pieces of about `longest` characters, before a character that ends any word.

    A run of more than `longest` characters that are all part of one word stays whole.
    """
    from longtail.views._unicode import ALONE, SEPARATOR, tables

    classes = tables()[0]
    start = 0
    while len(text) - start > longest:
        stop = start + longest
        while stop > start and classes[ord(text[stop])] not in (SEPARATOR, ALONE):
            stop -= 1
        if stop == start:
            stop = next((at for at in range(start + longest, len(text)) if classes[ord(text[at])] in (SEPARATOR, ALONE)), len(text))
        yield text[start:stop]
        start = stop
    yield text[start:]


def _words(text: str) -> Ids:
    from longtail.views._kernels import split_words
    from longtail.views._unicode import tables
    from longtail.views.keys import purpose_key

    encoded = (text if text.isascii() else unicodedata.normalize("NFC", text)).encode("utf-8", errors="replace")
    data = np.frombuffer(encoded, dtype=np.uint8)
    hashes = np.empty(len(data) + 1, dtype=np.uint64)
    bounds = np.empty((len(data) + 1, 2), dtype=np.int64)
    classes, folded = tables()
    count = split_words(data, 0, len(data), classes, folded, np.uint64(purpose_key(0, "watermark")), hashes, bounds)
    return hashes[:count].view(np.int64).copy()


def _joined(parts: Sequence[Ids]) -> Ids:
    return parts[0] if len(parts) == 1 else np.concatenate(parts)
