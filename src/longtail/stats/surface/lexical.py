"""Lexical variety of single documents: HD-D, MTLD, MATTR, MSTTR and Yule's K; NaN where a document is too short for one.

`mtld` has four named variants, which give unlike numbers for the same text:

- `mean`, the default: McCarthy & Jarvis 2010 as they describe it, forwards and backwards, a factor ending as soon as the
  share of types is at the threshold, the part of a factor at the end counted in proportion; the package lexicalrichness.
- `least_10`: the same with factors of at least ten tokens that end below the threshold; `mtld` of lexical-diversity.
- `wrap`: a factor begins at each token and runs on around the end of the text; `mtld_ma_wrap` of lexical-diversity.
- `both_ways`: a factor begins at each token, read both ways, parts left out; `mtld_ma_bid` of lexical-diversity.

A text in which nothing is repeated has no factor; its value is its own length, which is the least that it could be.
"""

from typing import Literal

import numpy as np
import numpy.typing as npt

from longtail.stats.surface import _lexical
from longtail.stats.surface.corpus import Corpus

Values = npt.NDArray[np.float64]
Variant = Literal["mean", "least_10", "wrap", "both_ways"]

DRAWS = 42
WINDOW = 50
THRESHOLD = 0.72
_LEAST = 10


def hdd(corpus: Corpus, draws: int = DRAWS) -> Values:
    """Return HD-D by document, shape (documents,): expected types among 42 tokens drawn without replacement, over 42.

    Source:
        McCarthy & Jarvis 2007; the rarefaction of Hurlbert 1971.
    """
    return _lexical.hypergeometric(corpus.tokens, corpus.starts, corpus.types, draws)


def mtld(corpus: Corpus, variant: Variant = "mean", threshold: float = THRESHOLD) -> Values:
    """Return MTLD by document, shape (documents,), in tokens. Source: McCarthy & Jarvis 2010."""
    least = 0 if variant == "mean" else _LEAST
    is_moving = variant in ("wrap", "both_ways")
    return _lexical.textual_diversity(corpus.tokens, corpus.starts, corpus.types, threshold, least, is_moving, variant == "wrap")


def mattr(corpus: Corpus, window: int = WINDOW) -> Values:
    """Return the mean share of types in all windows of so many tokens, shape (documents,). Source: Covington & McFall 2010."""
    return _lexical.moving(corpus.tokens, corpus.starts, corpus.types, window)


def msttr(corpus: Corpus, window: int = WINDOW) -> Values:
    """Return the mean share of types in whole segments of so many tokens, shape (documents,). Source: Johnson 1944."""
    return _lexical.segments(corpus.tokens, corpus.starts, corpus.types, window)


def yule_k(corpus: Corpus) -> Values:
    """Return Yule's K by document, shape (documents,): 10^4 (sum of squared counts - n) / n^2; higher is less varied.

    Source:
        Yule 1944.
    """
    sizes = corpus.lengths.astype(float)
    squared = _lexical.squares(corpus.tokens, corpus.starts, corpus.types)
    return np.asarray(1e4 * (squared - sizes) / np.where(sizes > 0, sizes, np.nan) ** 2)
