"""Texts as tokens and as counted n-grams of tokens.

A token is a word, one punctuation mark, or a run of line ends; a letter of a script that writes without spaces stands
alone. Tokens are compared after NFC and case folding. An n-gram is known by 64 bits alone (xxHash of each token, mixed in
order with the finaliser of splitmix64), the same on every machine.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import xxhash

from longtail.origin.reference import Ints

Hashes = npt.NDArray[np.uint64]

_ALONE = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003134f"
_TOKEN = re.compile(rf"[{_ALONE}]|[^\W{_ALONE}]+|[^\w\s]|\n+")
_STEP, _MIX_1, _MIX_2 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_S27, _S30, _S31 = np.uint64(27), np.uint64(30), np.uint64(31)


def tokens(text: str) -> list[str]:
    """Return the tokens of a text, cases kept."""
    return _TOKEN.findall(unicodedata.normalize("NFC", text))


@dataclass(frozen=True)
class Counted:
    """n-grams of texts, each once a text, with their counts.

    Attributes:
        starts: Bounds of the texts in the next two, shape (documents + 1,).
        grams: Shape (entries,).
        counts: Shape (entries,).
    """

    starts: Ints
    grams: Hashes
    counts: npt.NDArray[np.int32]

    def __len__(self) -> int:
        """Return the number of texts."""
        return len(self.starts) - 1

    def take(self, rows: Ints) -> "Counted":
        """Return some of the texts, in that order."""
        lengths = np.diff(self.starts)[rows]
        starts = np.concatenate([[0], np.cumsum(lengths)])
        entries = np.arange(starts[-1]) + np.repeat(self.starts[rows] - starts[:-1], lengths)
        return Counted(starts, self.grams[entries], self.counts[entries])

    def most_shared(self, most: int) -> Hashes:
        """Return the n-grams that two or more texts hold, ascending, the rarest left out where there are more than `most`."""
        grams, texts = np.unique(self.grams, return_counts=True)
        return grams[texts >= least_texts(texts, most)]


def least_texts(texts: Ints, most: int) -> int:
    """Return the smallest number of texts, at least 2, that no more than `most` n-grams reach."""
    at_least = np.cumsum(np.bincount(texts)[::-1])[::-1]
    return max(2, int(np.flatnonzero(np.append(at_least, 0) <= most)[0]))


def found(known: Hashes, asked: Hashes) -> Ints:
    """Return where each hash stands among known ones in ascending order, -1 where it does not."""
    if not len(known):
        return np.full(len(asked), -1)
    at = np.minimum(np.searchsorted(known, asked), len(known) - 1)
    return np.where(known[at] == asked, at, -1)


def counted(texts: Iterable[Sequence[str]], order: int) -> Counted:
    """Return the n-grams of up to `order` tokens of tokenised texts."""
    known: dict[str, int] = {}
    rows = [_unique(_grams(_hashed(text, known), order)) for text in texts]
    starts = np.concatenate([[0], np.cumsum([len(grams) for grams, _ in rows])]).astype(np.int64)
    none = np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.int32)
    return Counted(starts, np.concatenate([none[0], *(row[0] for row in rows)]), np.concatenate([none[1], *(row[1] for row in rows)]))


def _unique(grams: Hashes) -> tuple[Hashes, npt.NDArray[np.int32]]:
    kinds, counts = np.unique(grams, return_counts=True)
    return kinds, counts.astype(np.int32)


def _hashed(text: Sequence[str], known: dict[str, int]) -> Hashes:
    """Return the hash of each token; `known` keeps those already seen."""
    for token in text:
        if token not in known:
            known[token] = xxhash.xxh3_64_intdigest(token.casefold().encode())
    return np.fromiter((known[token] for token in text), dtype=np.uint64, count=len(text))


def _grams(hashes: Hashes, order: int) -> Hashes:
    parts, context = [hashes], hashes
    for _ in range(1, order):
        context = mixed(context[:-1] * _STEP + hashes[-len(context) + 1 :]) if len(context) > 1 else context[:0]
        parts.append(context)
    return np.concatenate(parts)


def mixed(values: Hashes) -> Hashes:
    """Return the splitmix64 finaliser of each value (Steele, Lea and Flood 2014)."""
    values = (values ^ (values >> _S30)) * _MIX_1
    values = (values ^ (values >> _S27)) * _MIX_2
    return values ^ (values >> _S31)
