"""How mistakes lead to one another."""

from graphlib import TopologicalSorter
from itertools import permutations

import pytest

from longtail.errors import UnknownName
from longtail.rules import RULES
from longtail.rules.chain import EDGES, NODES, chains, reached, require_known

CLASSIC = ("LT101", "LT801", "LT202", "LT401", "LT802")


def test_the_classic_mistakes_make_one_chain_in_whatever_order_they_are_given():
    assert {chains(order) for order in permutations(CLASSIC)} == {(CLASSIC,)}


def test_the_graph_has_no_circle_and_its_order_is_one_of_cause_before_effect():
    assert set(EDGES) | {after for found in EDGES.values() for after in found} == set(NODES)
    tuple(TopologicalSorter(EDGES).static_order())
    order = list(NODES)
    assert all(order.index(before) < order.index(after) for before, found in EDGES.items() for after in found)


def test_what_a_mistake_leads_to_is_the_closure_of_its_edges():
    closure = {code: set(EDGES.get(code, ())) for code in NODES}
    for _ in NODES:
        closure = {code: found.union(*(closure[one] for one in found)) for code, found in closure.items()}
    assert {code: set(reached(code)) for code in NODES} == closure


@pytest.mark.parametrize("left_out", CLASSIC)
def test_mending_one_mistake_leaves_a_shorter_chain_or_breaks_it(left_out):
    assert chains(code for code in CLASSIC if code != left_out) == (tuple(code for code in CLASSIC if code != left_out),)


def test_mistakes_that_do_not_bear_on_one_another_stand_alone():
    assert chains(["LT905", "LT103", "LT102", "LT802", "LT102"]) == (("LT102", "LT802"), ("LT103",), ("LT905",))


def test_codes_of_neither_a_rule_nor_the_graph_are_refused_with_the_nearest():
    require_known(["LT401", "LT905"], [entry.name for entry in RULES])
    with pytest.raises(UnknownName, match="did you mean 'LT40[12]'"):
        require_known(["LT4011"], [entry.name for entry in RULES])
