"""Selections of the lineage graph, against hand-worked answers."""

import pytest

from longtail.errors import UnknownName, UsageError
from longtail.ledger.graph import Graph
from longtail.ledger.node import Edge, Node
from longtail.ledger.selection import select


@pytest.fixture
def graph():
    def node(name, kind, *parents):
        return Node(name=name, kind=kind, parents=tuple(Edge(node=parent, role=role) for parent, role in parents))

    return Graph(
        [
            node("gen2", "dataset", ("m2", "generated_by")),
            node("m2", "checkpoint", ("mix", "trained_on")),
            node("mix", "dataset", ("gen1", "mixed_from"), ("real", "mixed_from")),
            node("gen1", "dataset", ("m1", "generated_by")),
            node("m1", "checkpoint", ("real", "trained_on")),
            node("real", "dataset"),
            node("org/other@v1.2", "dataset", ("scrape", "derived_from")),
        ]
    )


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ("mix", "mix"),
        ("+gen1", "real m1 gen1"),
        ("mix+", "mix m2 gen2"),
        ("+mix+", "real m1 gen1 mix m2 gen2"),
        ("1+mix+1", "real gen1 mix m2"),
        ("2+mix", "real m1 gen1 mix"),
        ("0+mix+0", "mix"),
        ("gen1,m2", ""),
        ("+gen1,kind:checkpoint", "m1"),
        ("+gen1,kind:checkpoint m2", "m1 m2"),
        ("m2 gen1", "gen1 m2"),
        (" m2  gen1 m2 ", "gen1 m2"),
        ("g*", "gen1 gen2"),
        ("gen?", "gen1 gen2"),
        ("m[2-9]", "m2"),
        ("1+g*", "m1 gen1 m2 gen2"),
        ("kind:checkpoint", "m1 m2"),
        ("1+kind:checkpoint", "real m1 mix m2"),
        ("kind:run", ""),
        ("kind:unknown+", "unknown:scrape org/other@v1.2"),
        ("org/other@v1.2", "org/other@v1.2"),
        ("*", "real unknown:scrape m1 org/other@v1.2 gen1 mix m2 gen2"),
    ],
)
def test_a_selection_is_what_it_says_in_topological_order(graph, expression, names):
    assert select(graph, expression) == tuple(names.split())


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("mixx", "unknown node 'mixx': did you mean 'mix'"),
        ("mix,gen9+", "unknown node 'gen9': did you mean 'gen2'"),
        ("h*", "unknown node that matches"),
        ("kind:checkpoints", "did you mean 'checkpoint'"),
        ("scrape", "did you mean 'unknown:scrape'"),
    ],
)
def test_what_is_not_there_gets_the_nearest(graph, expression, words):
    with pytest.raises(UnknownName, match=words):
        select(graph, expression)


@pytest.mark.parametrize("expression", ["", " , ", "+", "++mix", "mix++", "a+b", "-1+mix+", "mix+x"])
def test_what_is_no_selection_is_refused(graph, expression):
    with pytest.raises((UsageError, UnknownName)) as caught:
        select(graph, expression)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("expression", ["", "+", "++mix", "mix++", "a+b", "mix+x"])
def test_a_wrong_form_is_a_usage_error(graph, expression):
    with pytest.raises(UsageError, match="selection"):
        select(graph, expression)
