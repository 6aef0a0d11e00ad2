"""How far texts can be compressed, in blocks of equal size: a repetitive text can be compressed further."""

import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]

LEVEL = 6
BLOCK = 64 * 1024
"""Bytes of a block: twice the window in which zlib looks for repeats."""


def ratio(data: bytes) -> float:
    """Return bytes over compressed bytes of one text (zlib, level 6); higher is more repetitive."""
    return len(data) / len(zlib.compress(data, LEVEL))


def block_ratios(texts: Sequence[str], block: int = BLOCK, seed: int | None = None) -> Values:
    """Return bytes over compressed bytes of each whole block of the texts, one a line, shape (blocks,).

    Args:
        texts: The documents.
        block: Bytes of a block; what does not fill one at the end is left out.
        seed: Seed by which the documents are shuffled first; None leaves them in their order.
    """
    order = np.arange(len(texts)) if seed is None else np.random.default_rng(seed).permutation(len(texts))
    data = "\n".join(texts[at] for at in order.tolist()).encode("utf-8")
    return np.array([ratio(data[first : first + block]) for first in range(0, len(data) - block + 1, block)])
