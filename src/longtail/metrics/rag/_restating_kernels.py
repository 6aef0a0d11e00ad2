"""Compiled search for the earlier text that holds most of another one's wording."""

import numpy as np
import numpy.typing as npt

from longtail._jit import njit

I64 = npt.NDArray[np.int64]
F64 = npt.NDArray[np.float64]


@njit
def common(words: I64, weights: F64, first: int, last: int, other: int, end: int) -> float:
    """Return the weight of the words that two ascending stretches of `words` share."""
    found = 0.0
    while first < last and other < end:
        if words[first] == words[other]:
            found += weights[words[first]]
            first += 1
            other += 1
        elif words[first] < words[other]:
            first += 1
        else:
            other += 1
    return found


@njit
def gathered(
    pairs: I64, starts: I64, weights: F64, child: int, before: int, holders: I64, bounds: I64, limits: I64, scores: F64, touched: I64
) -> int:
    """Add up, for the parents that share a child's rarest pairs of words, the weight of these; return how many were touched.

    Args:
        pairs: Pairs of all texts, with `starts` and `weights`, as in `Wording`.
        child: Which text.
        before: How many of the parents came before it.
        holders: Places of the parents that hold each pair, ascending, with `bounds`, shape (types + 1,).
        limits: Rarest pairs that are followed, latest holders of each, and candidates that are looked at.
        scores: Receives the weights, all 0 on entry, shape (parents,).
        touched: Receives the places whose score is not 0, shape (at least the product of the first two limits,).
    """
    first, last = starts[child], starts[child + 1]
    order = np.argsort(-weights[pairs[first:last]])
    many, followed = 0, 0
    for k in range(last - first):
        pair = pairs[first + order[k]]
        stop = bounds[pair] + np.searchsorted(holders[bounds[pair] : bounds[pair + 1]], before)
        if followed == limits[0] or stop == bounds[pair]:
            continue
        followed += 1
        for at in range(max(bounds[pair], stop - limits[1]), stop):
            place = holders[at]
            if scores[place] == 0.0:
                touched[many] = place
                many += 1
            scores[place] += weights[pair]
    return many


@njit
def choose(words: I64, starts: I64, weights: F64, child: int, parents: I64, touched: I64, most: int, scores: F64) -> tuple[int, float]:
    """Return which candidate shares most words, the latest of equals, and their weight; scores of those looked at turn -1."""
    chosen, weight = -1, 0.0
    for _ in range(min(most, touched.shape[0])):
        top = -1
        for k in range(touched.shape[0]):
            place = touched[k]
            if top < 0 or scores[place] > scores[top] or (scores[place] == scores[top] and place > top):
                top = place
        other = parents[top]
        found = common(words, weights, starts[child], starts[child + 1], starts[other], starts[other + 1])
        if found > weight or (found == weight and top > chosen):
            chosen, weight = top, found
        scores[top] = -1.0
    return chosen, weight


@njit
def search(
    words: I64,
    starts: I64,
    weights: F64,
    pairs: I64,
    pair_starts: I64,
    pair_weights: F64,
    children: I64,
    parents: I64,
    before: I64,
    holders: I64,
    bounds: I64,
    limits: I64,
    places: I64,
    shares: F64,
) -> None:
    """Write for each child the place of the parent that shares most of its words among those that share a rare pair, and the share."""
    scores, touched = np.zeros(parents.shape[0]), np.empty(limits[0] * limits[1], np.int64)
    for i in range(children.shape[0]):
        child = children[i]
        many = gathered(pairs, pair_starts, pair_weights, child, before[i], holders, bounds, limits, scores, touched)
        chosen, weight = choose(words, starts, weights, child, parents, touched[:many], limits[2], scores)
        for k in range(many):
            scores[touched[k]] = 0.0
        whole = 0.0
        for at in range(starts[child], starts[child + 1]):
            whole += weights[words[at]]
        places[i] = chosen
        shares[i] = weight / whole if whole > 0 else 0.0
