"""Features of texts, made once and cut to what each fold of a reference can know."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from longtail.origin.reference import Floats, Ints
from longtail.origin.scorers.style import STYLE, style, words_in
from longtail.origin.scorers.tokens import Counted, Hashes, counted, found, least_texts, tokens

STYLE_WEIGHT = 0.05
STYLE_LIMIT = 3.0
MOST_GRAMS = 1 << 16


@dataclass(frozen=True)
class Features:
    """What is measured of texts before anything is learnt from them.

    Attributes:
        counted: n-grams of tokens.
        style: Rates of style, shape (documents, len(STYLE)).
        words: Words of each text, shape (documents,).
    """

    counted: Counted
    style: Floats
    words: Ints

    @classmethod
    def of(cls, texts: Sequence[str], order: int) -> "Features":
        """Return the features of texts, n-grams up to `order` tokens."""
        rows: list[Floats] = []
        sizes: list[int] = []

        def each() -> Any:
            for text in texts:
                cut = tokens(text)
                rows.append(style(cut))
                sizes.append(len(words_in(cut)))
                yield cut

        grams = counted(each(), order)
        return cls(grams, np.array(rows).reshape(-1, len(STYLE)), np.array(sizes, dtype=np.int64))

    def __len__(self) -> int:
        """Return the number of texts."""
        return len(self.words)

    @cached_property
    def candidates(self) -> Hashes:
        """n-grams that a model of some of the texts may use, ascending."""
        return self.counted.most_shared(2 * MOST_GRAMS)

    @cached_property
    def table(self) -> Any:
        """1 + log(count) of each candidate in each text, a sparse array of shape (documents, candidates)."""
        return _table(self.counted, self.candidates)

    def take(self, rows: Ints) -> "Features":
        """Return the features of some texts, in that order."""
        return Features(self.counted.take(rows), self.style[rows], self.words[rows])


@dataclass(frozen=True)
class Scale:
    """What turns features into a matrix: learnt from the texts that a model is fitted on, and from no others.

    n-grams that two or more texts hold count 1 + log(count), times 1 + log((1 + n) / (1 + texts)); each row has length 1
    (Salton and Buckley 1988). No more than `MOST_GRAMS` take part, the commonest. Style is standardised, limited to 3 deviations
    and weighs `STYLE_WEIGHT`.

    Attributes:
        grams: Ascending, shape (n-grams,).
        rarity: Factor of each n-gram, shape (n-grams,).
        centre: Means of style.
        spread: Deviations of style.
    """

    grams: Hashes
    rarity: Floats
    centre: Floats
    spread: Floats

    @classmethod
    def of(cls, features: Features, rows: Ints) -> tuple["Scale", Any]:
        """Return the scale of some rows of features, and the matrix of these rows."""
        table, rates = features.table[rows], features.style[rows]
        texts = np.bincount(table.indices, minlength=table.shape[1])
        kept = np.flatnonzero(texts >= least_texts(texts, MOST_GRAMS))
        spread = rates.std(0)
        rarity = 1 + np.log((1 + len(rows)) / (1 + texts[kept]))
        scale = cls(features.candidates[kept], rarity, rates.mean(0), np.where(spread > 0, spread, 1.0))
        return scale, scale._joined(table[:, kept], rates)

    def matrix(self, features: Features) -> Any:
        """Return the matrix of features as a sparse array, shape (documents, n-grams + style)."""
        return self._joined(_table(features.counted, self.grams), features.style)

    def _joined(self, table: Any, rates: Floats) -> Any:
        from scipy.sparse import csr_array, hstack

        table.data = table.data * self.rarity[table.indices]
        lengths = np.sqrt(table.multiply(table).sum(1))
        table.data /= np.repeat(lengths, np.diff(table.indptr))
        deviations = (rates - self.centre) / self.spread
        return hstack([table, csr_array(np.clip(deviations, -STYLE_LIMIT, STYLE_LIMIT) * STYLE_WEIGHT)], format="csr")


def _table(grams: Counted, columns: Hashes) -> Any:
    from scipy.sparse import csr_array

    at = found(columns, grams.grams)
    known = at >= 0
    starts = np.concatenate([[0], np.cumsum(known)])[grams.starts]
    return csr_array(
        (1 + np.log(grams.counts[known]), at[known].astype(np.int32), starts.astype(np.int32)), shape=(len(grams), len(columns))
    )
