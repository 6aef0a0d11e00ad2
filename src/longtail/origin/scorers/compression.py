"""Compression: how much better a text compresses after machine text than after human text.

DEFLATE sees 32 KiB back, so a reference is cut into preludes of that size, and a text is compressed after up to `PRELUDES` of
each origin; a state that has read a prelude is copied for each text, which is what makes it cheap.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from longtail.origin.reference import Floats, Ints
from longtail.origin.scorers.card import ScorerCard
from longtail.origin.scorers.catalogue import SCORERS

SOURCE = "own definition: code lengths of DEFLATE after a prelude (Frank, Chui and Witten 2000)"
PRELUDES, _WINDOW, _LEVEL = 8, 1 << 15, 9
_CARD = ScorerCard("compression", "1", SOURCE, min_words=1, known_biases=("topics of the reference",))


@dataclass(frozen=True)
class CompressionScorer:
    """Nats saved for each byte by compressing after text of each machine origin and not after human text, uncalibrated.

    Attributes:
        preludes: For each origin, human first, its preludes.
    """

    preludes: tuple[tuple[bytes, ...], ...]
    card: ScorerCard = _CARD

    def scores(self, texts: Sequence[str]) -> Floats:
        """Return the scores of texts, NaN for one without a word, shape (documents, K)."""
        raw = [" ".join(text.split()).encode("utf-8", "surrogatepass") for text in texts]
        lengths = np.column_stack([_lengths(preludes, raw) for preludes in self.preludes])
        sizes = np.array([len(text) for text in raw], dtype=np.float64)[:, None]
        saved = (lengths[:, :1] - lengths[:, 1:]) * np.log(256)
        return np.asarray(np.divide(saved, sizes, out=np.full_like(saved, np.nan), where=sizes > 0))


@SCORERS.add(source=SOURCE)
def compression(texts: Sequence[str], labels: Ints) -> CompressionScorer:
    """How much better a text compresses after machine text than after human text."""
    preludes = [
        _preludes([text for text, label in zip(texts, labels, strict=True) if label == origin]) for origin in range(int(labels.max()) + 1)
    ]
    fewest = min(len(each) for each in preludes)
    return CompressionScorer(tuple(each[:fewest] for each in preludes))


def _preludes(texts: Sequence[str]) -> tuple[bytes, ...]:
    """Return texts joined and cut into up to `PRELUDES` parts of one window, the last shorter parts left out where there are whole ones."""
    joined = " ".join(" ".join(text.split()) for text in texts).encode("utf-8", "surrogatepass")
    return tuple(joined[at : at + _WINDOW] for at in range(0, max(len(joined) - _WINDOW, 0) + 1, _WINDOW))[:PRELUDES]


def _lengths(preludes: Sequence[bytes], texts: Sequence[bytes]) -> Floats:
    """Return the mean length in bytes of each text after the preludes of one origin, shape (documents,)."""
    states = [_state(prelude) for prelude in preludes]
    return np.array([np.mean([_length(state, text) for state in states]) for text in texts])


def _state(prelude: bytes) -> Any:
    return zlib.compressobj(_LEVEL, zlib.DEFLATED, -15, 9, zdict=prelude)


def _length(state: Any, text: bytes) -> int:
    copy = state.copy()
    return len(copy.compress(text)) + len(copy.flush())
