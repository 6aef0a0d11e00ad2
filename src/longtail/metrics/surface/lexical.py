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
    """HD-D: expected different words among 42 words of a document, per word.

    Formula: mean over documents of the expected different words among 42 drawn without replacement / 42.

    Minimum: 30 distinct documents of at least 42 words; at most 2,048 are looked at.

    False positives: documents that are lists of names, or another language; shorter documents are left out and counted in the method.

    Akin: LT303
    """
    values = lexical.hdd(excerpts.corpus)
    return mean_of(values, excerpts, "hdd", _WORDS, "types per token", f"rarefied to {DRAWS} words", f"at least {DRAWS} words")


@VALUES.add(unit="words", worse="lower", source="McCarthy & Jarvis 2010; test: lexicalrichness, lexical-diversity")
def mtld(excerpts: Excerpts, /, *, variant: lexical.Variant = "mean") -> Outcome:
    """MTLD: how many words on end keep their share of different ones above 0.72; the variant is in the method.

    The default reads forwards and backwards and counts the part of a factor at the end, as the method was described. A
    document without any repeat has its own length; one of fewer than 50 words has no value. The threshold was set for English.

    Formula: words of a document / its factors, where a factor ends as soon as the share of different words in it falls to 0.72; the mean of
    reading in both directions, then over documents.

    Minimum: 30 distinct documents of at least 50 words; at most 2,048 are looked at.

    False positives: languages other than English, for which the threshold was not set; numbers of another variant.

    Akin: LT303
    """
    method = f"variant {variant}, threshold {THRESHOLD}"
    return mean_of(long_enough(lexical.mtld(excerpts.corpus, variant), excerpts), excerpts, "mtld", _WORDS, "words", method, _LONG)


@VALUES.add(unit="types per token", worse="lower", source="Covington & McFall 2010; test: lexicalrichness")
def mattr(excerpts: Excerpts, /) -> Outcome:
    """Moving-average type-token ratio: mean share of different words in all windows of 50 words of a document.

    Formula: mean over documents of the mean, over all windows of 50 words, of different words / 50.

    Minimum: 30 distinct documents of at least 50 words; at most 2,048 are looked at.

    False positives: lists, tables and poems; the order of words matters to it.

    Akin: LT303
    """
    return mean_of(lexical.mattr(excerpts.corpus), excerpts, "mattr", _WORDS, "types per token", f"windows of {WINDOW} words", _LONG)


@VALUES.add(unit="types per token", worse="lower", source="Johnson 1944; test: lexicalrichness")
def msttr(excerpts: Excerpts, /) -> Outcome:
    """Mean segmental type-token ratio: mean share of different words in whole segments of 50 words of a document.

    Formula: mean over documents of the mean, over whole segments of 50 words, of different words / 50.

    Minimum: 30 distinct documents of at least 50 words; at most 2,048 are looked at.

    False positives: documents just short of another segment, whose last words are left out.

    Akin: LT303
    """
    return mean_of(lexical.msttr(excerpts.corpus), excerpts, "msttr", _WORDS, "types per token", f"segments of {WINDOW} words", _LONG)


@VALUES.add(unit="10^-4", worse="higher", source="Yule 1944; test: lexicalrichness")
def yule_k(excerpts: Excerpts, /) -> Outcome:
    """Yule's K: how likely two words of a document are the same, times 10,000.

    Formula: K = 10^4 * (sum of x^2 - n) / n^2, where n is the number of words of a document and x that of each word in it; the mean over
    documents.

    Minimum: 30 distinct documents of at least 50 words; at most 2,048 are looked at.

    False positives: documents about one thing, which name it often.

    Akin: LT303
    """
    values = long_enough(lexical.yule_k(excerpts.corpus), excerpts)
    return mean_of(values, excerpts, "yule_k", _WORDS, "10^-4", "sum of squared counts", _LONG)


_LONG = f"at least {WINDOW} words"


def long_enough(values: Values, excerpts: Excerpts) -> Values:
    """Return values by document, NaN for documents of fewer than 50 words, shape (documents,)."""
    return np.where(excerpts.corpus.lengths >= WINDOW, values, np.nan)
