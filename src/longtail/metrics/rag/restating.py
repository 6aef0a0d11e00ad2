"""Which texts restate an earlier one: most of their wording, by weight, stands there."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from longtail.metrics.rag.wording import Wording

I64 = npt.NDArray[np.int64]
F64 = npt.NDArray[np.float64]

THRESHOLD = 0.65
"""Least share of a text's wording, by weight, for it to restate another one: on a collection of quotations, which no test uses, less
than 1 % of those of fifteen words or more then restate another, and those do in substance."""
FEWEST_WORDS = 6
"""Different words below which a text is too short to tell whether it restates another one."""
RAREST, LATEST, CANDIDATES = 24, 32, 4
"""Pairs of words of a text that are followed, the latest earlier texts that hold each, and those that are then compared word by word."""


class Restated(NamedTuple):
    """For each child the earlier text that holds most of its wording.

    Attributes:
        places: Place of it among the parents, -1 where none shares a word, shape (children,).
        shares: Share of the child's wording that it holds, shape (children,).
        told: Whether that is enough, of a child that is long enough, shape (children,).
    """

    places: I64
    shares: F64
    told: npt.NDArray[np.bool_]


def restated(wording: Wording, children: I64, parents: I64, before: I64, threshold: float = THRESHOLD) -> Restated:
    """Return which earlier text each child restates; the latest of equals.

    The work is linear in the texts: of each child the rarest pairs of words are followed, to the latest holders of each.

    Args:
        wording: All texts.
        children: Texts to look at, shape (children,).
        parents: Texts that may be restated, in the order in which they came, shape (parents,).
        before: How many parents came before each child, shape (children,).
        threshold: Least share.
    """
    from longtail.metrics.rag import _restating_kernels as kernels  # compiles

    places, shares = np.full(len(children), -1, np.int64), np.zeros(len(children))
    pairs = wording.pairs
    if len(parents) and len(children) and pairs is not None:
        kernels.search(
            wording.words, wording.starts, wording.weights, pairs.words, pairs.starts, pairs.weights, children, parents, before,
            *_holders(pairs, parents), np.array([RAREST, LATEST, CANDIDATES]), places, shares,
        )  # fmt: skip
    return Restated(places, shares, (shares >= threshold) & (wording.sizes[children] >= FEWEST_WORDS))


def _holders(wording: Wording, parents: I64) -> tuple[I64, I64]:
    """Return the places of the parents that hold each word or pair, ascending, and where those of each begin."""
    sizes = wording.sizes[parents]
    places = np.repeat(np.arange(len(parents)), sizes)
    offsets = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    words = wording.words[np.repeat(wording.starts[parents], sizes) + offsets]
    order = np.argsort(words, kind="stable")
    bounds = np.searchsorted(words[order], np.arange(len(wording.weights) + 1))
    return places[order], bounds
