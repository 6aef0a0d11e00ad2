"""Chains of echoes, held against every path of small graphs."""

import itertools
import random

import numpy as np
import pytest

from longtail.metrics.rag.chains import chains_of, longest, path_to


def longest_path(many, links, item):
    """Most links on any path from an item to what it came of, by trying all of them."""
    return max((1 + longest_path(many, links, parent) for child, parent in links if child == item), default=0)


@pytest.mark.parametrize("seed", range(30))
def test_depth_is_the_longest_path_in_any_graph_without_circles(seed):
    rng = random.Random(seed)
    names = list(range(9))
    rng.shuffle(names)
    links = [(names[a], names[b]) for b, a in itertools.combinations(range(9), 2) if rng.random() < 0.3]
    found = chains_of(9, links)
    assert found.cyclic == 0
    assert found.depth.tolist() == [longest_path(9, links, item) for item in range(9)]
    for item in range(9):
        path = path_to(found, item)
        assert path[-1] == item and len(path) == found.depth[item] + 1 and path[0] == found.root[item]
        assert all((child, parent) in links for parent, child in itertools.pairwise(path))


def test_links_of_a_circle_are_left_out_and_counted_and_what_hangs_on_it_stays():
    found = chains_of(5, [(0, 1), (1, 2), (2, 0), (3, 0), (4, 4)])
    assert found.cyclic == 4
    assert found.depth.tolist() == [0, 0, 0, 1, 0] and found.parent[3] == 0


def test_the_chain_of_each_root_is_told_once_the_longest_first():
    found = chains_of(7, [(1, 0), (2, 1), (3, 0), (5, 4)])
    assert longest(found) == [[0, 1, 2], [4, 5]]
    assert longest(chains_of(3, [])) == []


def test_a_chain_of_a_hundred_thousand_is_no_recursion():
    many = 100_000
    found = chains_of(many, zip(range(1, many), range(many - 1), strict=True))
    assert np.array_equal(found.depth, np.arange(many))
