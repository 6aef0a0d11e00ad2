"""Green lists: which next tokens a key favours after a context, and the favour itself.

A token v is green after a context if a keyed function of both is below gamma * 2^64 (Kirchenbauer et al., arXiv:2301.10226, with a
function of our own that is the same on every device). The first tokens of a text, which have no full context before them, are
neither favoured nor scored.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

import longtail.origin.watermarks.prf as prf
from longtail.errors import UsageError
from longtail.origin.watermarks.key import Key
from longtail.origin.watermarks.prf import Flags, Ids

Floats = npt.NDArray[np.float64]


def greens(key: Key, context: npt.ArrayLike, vocabulary: int | Ids) -> Flags:
    """Return which tokens of a vocabulary are green after one context.

    Args:
        context: The last tokens; those before the last `key.context` do not count.
        vocabulary: Token ids, shape (V,), or how many there are, counted from 0.

    Returns:
        Shape (V,); all false where the context is too short.

    Raises:
        UsageError: Ids are no whole numbers.
    """
    tokens = np.arange(vocabulary, dtype=np.int64) if isinstance(vocabulary, int) else ids(vocabulary)
    last = ids(context)
    if len(last) < key.context:
        return np.zeros(len(tokens), dtype=np.bool_)
    values = prf.draws(key.words, prf.state(key.words, last[None, len(last) - key.context :]), tokens)
    return np.asarray(values < prf.threshold(key.gamma))


def green(key: Key, contexts: Ids, tokens: Ids) -> Flags:
    """Return whether each token is green after its context, shape (m,).

    Args:
        contexts: Shape (m, key.context).
        tokens: Shape (m,).

    Raises:
        UsageError: The shapes do not fit, or ids are no whole numbers.
    """
    if contexts.shape != (len(tokens), key.context):
        raise UsageError(f"contexts have shape {contexts.shape}; {len(tokens)} tokens and this key need ({len(tokens)}, {key.context})")
    values = prf.draws(key.words, prf.state(key.words, ids(contexts)), ids(tokens))
    return np.asarray(values < prf.threshold(key.gamma))


def bias(key: Key, context: npt.ArrayLike, logits: npt.ArrayLike, vocabulary: Ids | None = None) -> Floats:
    """Return logits with `key.delta` added to those of green tokens.

    Args:
        context: The tokens before, the last of them last.
        logits: Shape (V,).
        vocabulary: The token of each logit, shape (V,); by default 0, 1, ...

    Raises:
        UsageError: Logits and vocabulary differ in length, or ids are no whole numbers.
    """
    given = np.asarray(logits, dtype=np.float64)
    return given + key.delta * greens(key, context, _vocabulary(given, vocabulary))


def tilted(key: Key, context: npt.ArrayLike, law: npt.ArrayLike, vocabulary: Ids | None = None) -> Floats:
    """Return a law of the next token with green tokens favoured: p becomes p * exp(delta) where green, renormalised.

    Args:
        context: The tokens before, the last of them last.
        law: Probabilities or weights, shape (V,), with a sum above 0.
        vocabulary: The token of each of them, shape (V,); by default 0, 1, ...

    Raises:
        UsageError: Law and vocabulary differ in length, ids are no whole numbers, a weight is negative, or the law has no mass.
    """
    given = np.asarray(law, dtype=np.float64)
    total = float(given.sum())
    if not 0 < total < np.inf or (given < 0).any():
        raise UsageError(f"a law sums to {total!r}, its least weight is {float(given.min(initial=0))!r}; give weights from 0 up, one above")
    favour = np.where(greens(key, context, _vocabulary(given, vocabulary)), key.delta, 0.0)
    raised = given * np.exp(favour - favour[given > 0].max())
    return np.asarray(raised / raised.sum())


def ids(tokens: Any) -> Ids:
    """Return token ids as an array of signed 64-bit integers.

    Raises:
        UsageError: They are no whole numbers.
    """
    array = np.asarray(tokens)
    if array.size == 0:
        return array.astype(np.int64)
    if array.dtype.kind not in "iu":
        raise UsageError(f"token ids are of type {array.dtype}; give whole numbers")
    return array.astype(np.int64, copy=False)


def _vocabulary(given: Floats, vocabulary: Ids | None) -> int | Ids:
    if vocabulary is None:
        return len(given)
    if len(vocabulary) != len(given):
        raise UsageError(f"{len(given)} numbers for {len(vocabulary)} tokens; give one for each")
    return vocabulary
