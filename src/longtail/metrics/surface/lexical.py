"""Lexical variety inside documents, averaged over the sampled documents."""

import numpy as np

from longtail.metrics.catalogue import VALUES
from longtail.metrics.surface.excerpts import Excerpts
from longtail.metrics.surface.means import Values, mean_of
from longtail.records import Outcome
from longtail.stats.surface import lexical
from longtail.stats.surface.lexical import DRAWS, THRESHOLD, WINDOW

_WORDS = "words_1"


@VALUES.add(unit="types per token", worse="lower", source="McCarthy & Jarvis 2007; test: lexicalrichness")
def hdd(excerpts: Excerpts, /) -> Outcome:
    """HD-D: expected different words among 42 words of a document, per word."""
    values = lexical.hdd(excerpts.corpus)
    return mean_of(values, excerpts, "hdd", _WORDS, "types per token", f"rarefied to {DRAWS} words", f"at least {DRAWS} words")


@VALUES.add(unit="words", worse="lower", source="McCarthy & Jarvis 2010; test: lexicalrichness, lexical-diversity")
def mtld(excerpts: Excerpts, /, *, variant: lexical.Variant = "mean") -> Outcome:
    """MTLD: how many words on end keep their share of different ones above 0.72; the variant is in the method.

    The default reads forwards and backwards and counts the part of a factor at the end, as the method was described. A
    document without any repeat has its own length; one of fewer than 50 words has no value. The threshold was set for English.
    """
    method = f"variant {variant}, threshold {THRESHOLD}"
    return mean_of(long_enough(lexical.mtld(excerpts.corpus, variant), excerpts), excerpts, "mtld", _WORDS, "words", method, _LONG)


@VALUES.add(unit="types per token", worse="lower", source="Covington & McFall 2010; test: lexicalrichness")
def mattr(excerpts: Excerpts, /) -> Outcome:
    """Moving-average type-token ratio: mean share of different words in all windows of 50 words of a document."""
    return mean_of(lexical.mattr(excerpts.corpus), excerpts, "mattr", _WORDS, "types per token", f"windows of {WINDOW} words", _LONG)


@VALUES.add(unit="types per token", worse="lower", source="Johnson 1944; test: lexicalrichness")
def msttr(excerpts: Excerpts, /) -> Outcome:
    """Mean segmental type-token ratio: mean share of different words in whole segments of 50 words of a document."""
    return mean_of(lexical.msttr(excerpts.corpus), excerpts, "msttr", _WORDS, "types per token", f"segments of {WINDOW} words", _LONG)


@VALUES.add(unit="10^-4", worse="higher", source="Yule 1944; test: lexicalrichness")
def yule_k(excerpts: Excerpts, /) -> Outcome:
    """Yule's K: how likely two words of a document are the same, times 10,000."""
    values = long_enough(lexical.yule_k(excerpts.corpus), excerpts)
    return mean_of(values, excerpts, "yule_k", _WORDS, "10^-4", "sum of squared counts", _LONG)


_LONG = f"at least {WINDOW} words"


def long_enough(values: Values, excerpts: Excerpts) -> Values:
    """Return values by document, NaN for documents of fewer than 50 words, shape (documents,)."""
    return np.where(excerpts.corpus.lengths >= WINDOW, values, np.nan)
