"""Chains of echoes: an item, what came of it, what came of that; from a list of who was made from whom."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

I64 = npt.NDArray[np.int64]


class Chains(NamedTuple):
    """Where each item stands in its longest chain.

    Attributes:
        depth: Echoes before it, itself included: 0 where it echoes nothing, shape (items,).
        parent: What it echoes on that chain, -1 where nothing, shape (items,).
        root: Where the chain begins, itself where it echoes nothing, shape (items,).
        cyclic: Links that were left out since they lead around in a circle.
    """

    depth: I64
    parent: I64
    root: I64
    cyclic: int


def chains_of(many: int, links: Iterable[tuple[int, int]]) -> Chains:
    """Return where each of `many` items stands.

    A link whose two ends lie in one circle, or that an item has to itself, tells no order and is left out.

    Args:
        many: Items.
        links: Pairs of an item and what it was made from.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    pairs = np.array(sorted(set(links)), np.int64).reshape(-1, 2)
    depth, parent, root = np.zeros(many, np.int64), np.full(many, -1, np.int64), np.arange(many)
    if not len(pairs):
        return Chains(depth, parent, root, 0)
    graph = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(many, many))
    circle = connected_components(graph, directed=True, connection="strong")[1]
    kept = pairs[circle[pairs[:, 0]] != circle[pairs[:, 1]]]
    for child, of in _in_order(many, kept):
        if depth[of] + 1 > depth[child]:
            depth[child], parent[child], root[child] = depth[of] + 1, of, root[of]
    return Chains(depth, parent, root, len(pairs) - len(kept))


def path_to(chains: Chains, item: int) -> list[int]:
    """Return the chain that ends in an item, from its root on."""
    found = [item]
    while chains.parent[found[-1]] >= 0:
        found.append(int(chains.parent[found[-1]]))
    return found[::-1]


def longest(chains: Chains) -> list[list[int]]:
    """Return the chain of each root that something echoes: the longest one, longest first, then by its root."""
    ends: dict[int, int] = {}
    for item in np.flatnonzero(chains.depth).tolist():
        root = int(chains.root[item])
        if root not in ends or chains.depth[item] > chains.depth[ends[root]]:
            ends[root] = item
    return sorted((path_to(chains, end) for end in ends.values()), key=lambda path: (-len(path), path[0]))


def _in_order(many: int, links: I64) -> Iterable[tuple[int, int]]:
    """Yield links so that all links of an item come before those to it, as Kahn (1962) orders them."""
    waiting = np.bincount(links[:, 0], minlength=many)
    of: dict[int, list[int]] = {}
    for child, parent in links.tolist():
        of.setdefault(parent, []).append(child)
    ready = [item for item in of if not waiting[item]]
    while ready:
        parent = ready.pop()
        for child in of.get(parent, ()):
            yield child, parent
            waiting[child] -= 1
            if not waiting[child]:
                ready.append(child)
