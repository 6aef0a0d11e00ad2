"""Compiled loops over the tokens of each document: windows, segments and factors."""

import numpy as np
import numpy.typing as npt

from longtail._jit import njit

I32 = npt.NDArray[np.int32]
I64 = npt.NDArray[np.int64]
F64 = npt.NDArray[np.float64]


@njit
def hypergeometric(tokens: I64, starts: I64, types: int, draws: int) -> F64:
    """Return the expected types among `draws` tokens of each document, over `draws`; NaN where it has fewer, shape (documents,)."""
    counts, out = np.zeros(types, np.int64), np.full(len(starts) - 1, np.nan)
    for d in range(len(starts) - 1):
        size = starts[d + 1] - starts[d]
        if size < draws:
            continue
        most = 0
        for i in range(starts[d], starts[d + 1]):
            counts[tokens[i]] += 1
            most = max(most, counts[tokens[i]])
        absent = np.ones(most + 1)
        for k in range(1, most + 1):
            absent[k] = absent[k - 1] * max(size - k + 1 - draws, 0) / (size - k + 1)
        total = 0.0
        for i in range(starts[d], starts[d + 1]):
            if counts[tokens[i]] > 0:
                total += 1.0 - absent[counts[tokens[i]]]
                counts[tokens[i]] = 0
        out[d] = total / draws
    return out


@njit
def squares(tokens: I64, starts: I64, types: int) -> I64:
    """Return the sum of squared counts of each document's types, shape (documents,)."""
    counts, out = np.zeros(types, np.int64), np.zeros(len(starts) - 1, np.int64)
    for d in range(len(starts) - 1):
        for i in range(starts[d], starts[d + 1]):
            out[d] += 2 * counts[tokens[i]] + 1
            counts[tokens[i]] += 1
        for i in range(starts[d], starts[d + 1]):
            counts[tokens[i]] = 0
    return out


@njit
def moving(tokens: I64, starts: I64, types: int, window: int) -> F64:
    """Return the mean share of types in all windows of each document; NaN where there is no window, shape (documents,)."""
    counts, out = np.zeros(types, np.int64), np.full(len(starts) - 1, np.nan)
    for d in range(len(starts) - 1):
        first, last = starts[d], starts[d + 1]
        if last - first < window:
            continue
        found, total = 0, 0
        for i in range(first, last):
            found += counts[tokens[i]] == 0
            counts[tokens[i]] += 1
            if i - first >= window:
                gone = tokens[i - window]
                counts[gone] -= 1
                found -= counts[gone] == 0
            if i - first >= window - 1:
                total += found
        for i in range(first, last):
            counts[tokens[i]] = 0
        out[d] = total / (window * (last - first - window + 1))
    return out


@njit
def segments(tokens: I64, starts: I64, types: int, window: int) -> F64:
    """Return the mean share of types in the whole segments of each document, one after another; NaN where there is none."""
    seen, out, stamp = np.zeros(types, np.int64), np.full(len(starts) - 1, np.nan), 0
    for d in range(len(starts) - 1):
        whole, found = (starts[d + 1] - starts[d]) // window, 0
        for i in range(starts[d], starts[d] + whole * window):
            if (i - starts[d]) % window == 0:
                stamp += 1
            if seen[tokens[i]] != stamp:
                seen[tokens[i]] = stamp
                found += 1
        if whole > 0:
            out[d] = found / (whole * window)
    return out


@njit
def _is_complete(found: int, size: int, threshold: float, least: int) -> bool:
    """Tell whether a factor ends here: at the threshold, or strictly below it where a least length is asked for."""
    share = found / size
    return share <= threshold if least == 0 else share < threshold and size >= least


@njit
def factors(tokens: I64, threshold: float, least: int, seen: I64, stamp: int) -> tuple[float, int]:
    """Return the factors of one text, the part of one at its end among them, and the last stamp that was used.

    Args:
        least: 0 for factors that end at the threshold; else the shortest length of one that ends below it, and the last token
            then belongs to the part at the end.
    """
    found, size, whole = 0, 0, 0.0
    stamp += 1
    for i in range(len(tokens)):
        size += 1
        if seen[tokens[i]] != stamp:
            seen[tokens[i]] = stamp
            found += 1
        is_open = least > 0 and i == len(tokens) - 1
        if not is_open and _is_complete(found, size, threshold, least):
            whole, found, size = whole + 1, 0, 0
            stamp += 1
    part = (1 - found / size) / (1 - threshold) if size > 0 else 0.0
    return whole + part, stamp


@njit
def factor_length(tokens: I64, first: int, last: int, threshold: float, least: int, seen: I64, stamp: int) -> int:
    """Return the length of the factor that begins at `first`, places counted around the end of the text; 0 where none ends."""
    found = 0
    for i in range(first, last):
        token = tokens[i % len(tokens)]
        if seen[token] != stamp:
            seen[token] = stamp
            found += 1
        if _is_complete(found, i - first + 1, threshold, least):
            return i - first + 1
    return 0


@njit
def moving_factors(tokens: I64, threshold: float, least: int, wraps: bool, seen: I64, stamp: int) -> tuple[float, int]:
    """Return the mean length of the factors that begin at each token, 0 where none ends, and the last stamp that was used."""
    total, count = 0, 0
    last = 2 * len(tokens) if wraps else len(tokens)
    for first in range(len(tokens)):
        stamp += 1
        length = factor_length(tokens, first, last, threshold, least, seen, stamp)
        total += length
        count += length > 0
    return (total / count if count > 0 else 0.0), stamp


@njit
def _one_way(tokens: I64, threshold: float, least: int, is_moving: bool, wraps: bool, seen: I64, stamp: int) -> tuple[float, int]:
    """Return the mean factor length of one text read one way; its length where no factor can be counted."""
    if is_moving:
        value, stamp = moving_factors(tokens, threshold, least, wraps, seen, stamp)
    else:
        count, stamp = factors(tokens, threshold, least, seen, stamp)
        value = len(tokens) / count if count > 0 else 0.0
    return (value if value > 0 else float(len(tokens))), stamp


@njit
def textual_diversity(tokens: I64, starts: I64, types: int, threshold: float, least: int, is_moving: bool, wraps: bool) -> F64:
    """Return MTLD by document, shape (documents,); NaN where it is empty.

    Args:
        is_moving: Whether a factor begins at each token.
        wraps: Whether factors run on around the end of the text; it is then read one way only, else both.
    """
    seen, out, stamp = np.zeros(types, np.int64), np.full(len(starts) - 1, np.nan), 0
    for d in range(len(starts) - 1):
        text = tokens[starts[d] : starts[d + 1]]
        if len(text) == 0:
            continue
        forward, stamp = _one_way(text, threshold, least, is_moving, wraps, seen, stamp)
        out[d] = forward
        if not wraps:
            backward, stamp = _one_way(text[::-1].copy(), threshold, least, is_moving, wraps, seen, stamp)
            out[d] = (forward + backward) / 2
    return out
