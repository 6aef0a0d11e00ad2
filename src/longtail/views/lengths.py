"""Lengths as types: how many words a document has, in buckets a fourth of an octave wide.

The type is the number of the bucket itself, not a hash: 0 for documents without words, else 1 + floor(4 log2(words)).
Up to 7 words each number has a bucket to itself, and some buckets have none; bucket 1 + 4 k begins at 2**k words.
"""

from math import isqrt

import numpy as np
import numpy.typing as npt

from longtail.views import words
from longtail.views.batch import Texts, TypeBatch, one_each
from longtail.views.keys import Keys

VERSION = f"lengths-1/{words.VERSION}"
PER_OCTAVE = 4
OCTAVES = 32

LEAST_WORDS: npt.NDArray[np.int64] = np.array([isqrt(isqrt(2**step - 1)) + 1 for step in range(PER_OCTAVE * OCTAVES)], np.int64)
"""The least number of words of buckets 1, 2, …: the smallest whole number not below 2**(step / 4)."""


def lengths(texts: Texts, counts: npt.NDArray[np.int64]) -> TypeBatch:
    """Return the bucket of each document's length as one token.

    Args:
        texts: The documents.
        counts: Words of each document, shape (documents,).
    """
    return one_each(bucket_of(counts), texts)


def bucket_of(counts: npt.NDArray[np.int64]) -> Keys:
    """Return the number of the bucket of each number of words, same shape."""
    return np.searchsorted(LEAST_WORDS, counts, side="right").astype(np.uint64)
