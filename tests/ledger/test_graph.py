"""The lineage graph against networkx, a recursion over all paths, and loops worked out by hand."""

import itertools
import random

import msgspec
import pytest

from longtail.errors import InvalidRecord, UnknownName, UsageError
from longtail.ledger.graph import Graph
from longtail.ledger.node import KINDS, ROLES, Edge, Node


def node(name, kind="dataset", *parents, **fields):
    return Node(name=name, kind=kind, parents=tuple(Edge(node=parent, role=role) for parent, role in parents), **fields)


def human(name, rows=10):
    return node(name, rows=rows, origins={"human": rows})


def loop(generations):
    """Each model learns from what the one before wrote."""
    records = [human("out0")]
    for generation in range(1, generations + 1):
        records.append(node(f"m{generation}", "checkpoint", (f"out{generation - 1}", "trained_on")))
        records.append(node(f"out{generation}", "dataset", (f"m{generation}", "generated_by")))
    return records


def random_records(seed, size=14):
    """Data sets and checkpoints in turns of a random acyclic graph; some parents are never recorded."""
    chance = random.Random(seed)
    records = [human("n00")]
    for place in range(1, size):
        above = chance.sample(range(place), k=min(place, chance.randint(0, 3)))
        if chance.random() < 0.3:
            parents = [(f"n{parent:02d}", "trained_on") for parent in above]
            records.append(node(f"n{place:02d}", "checkpoint", *parents))
        else:
            role = chance.choice(["generated_by", "mixed_from", "filtered_from"])
            lost = [("lost", "derived_from")] if chance.random() < 0.1 else []
            parents = [(f"n{parent:02d}", role) for parent in above] + lost
            records.append(node(f"n{place:02d}", "dataset", *parents) if parents else human(f"n{place:02d}"))
    chance.shuffle(records)
    return records


def depth_by_paths(graph, name):
    """Greatest number of trainings on any path from a root, None if a root is not human; a recursion over all paths."""
    found = graph[name]
    if found.kind == "unknown":
        return None
    if not found.parents:
        return 0 if found.origins.get("human") else None
    above = [(depth_by_paths(graph, edge.node), edge.role == "trained_on") for edge in found.parents]
    return None if any(depth is None for depth, _ in above) else max(depth + step for depth, step in above)


@pytest.mark.parametrize("seed", range(40))
def test_depths_equal_a_recursion_over_all_paths(seed):
    graph = Graph(random_records(seed))
    assert {name: graph.depth_of(name) for name in graph.names} == {name: depth_by_paths(graph, name) for name in graph.names}


@pytest.mark.parametrize("seed", range(20))
def test_ancestors_descendants_and_order_equal_those_of_networkx(seed):
    networkx = pytest.importorskip("networkx", reason="an independent graph library; comes with the peers-test extra")
    graph = Graph(random_records(seed))
    other = networkx.DiGraph([(edge.node, found.name) for found in graph for edge in found.parents])
    other.add_nodes_from(graph.names)
    assert set(graph.names) == set(other.nodes)
    for name in graph.names:
        assert set(graph.ancestors(name)) == networkx.ancestors(other, name)
        assert set(graph.descendants(name)) == networkx.descendants(other, name)
        near = networkx.single_source_shortest_path_length(other, name, cutoff=2)
        assert set(graph.descendants(name, 2)) == set(near) - {name}
    assert _is_order(graph)


def _is_order(graph):
    places = {name: place for place, name in enumerate(graph.names)}
    return all(places[edge.node] < places[found.name] for found in graph for edge in found.parents)


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_the_records_changes_nothing(seed):
    records = random_records(seed)
    again = sorted(records, key=lambda record: record.name, reverse=True)
    assert list(Graph(records)) == list(Graph(again))


def test_the_output_of_the_kth_model_of_a_loop_has_depth_k():
    graph = Graph(loop(6))
    assert [graph.depth_of(f"out{generation}") for generation in range(7)] == [0, 1, 2, 3, 4, 5, 6]
    assert graph.depth_of("m6") == 6
    assert len(graph) == 13


def test_a_mix_is_as_deep_as_its_deepest_part_and_a_model_goes_one_deeper():
    graph = Graph(
        [*loop(2), node("mix", "dataset", ("out0", "mixed_from"), ("out2", "mixed_from")), node("m", "checkpoint", ("mix", "trained_on"))]
    )
    assert (graph.depth_of("mix"), graph.depth_of("m")) == (2, 3)


def test_a_model_that_began_with_the_weights_of_another_is_at_least_as_deep():
    graph = Graph([*loop(3), node("m", "checkpoint", ("out0", "trained_on"), ("m3", "initialised_from"))])
    assert graph.depth_of("m") == 3


def test_a_parent_that_was_never_recorded_is_a_hole_of_its_own_and_hides_the_depth():
    graph = Graph(
        [
            *loop(1),
            node("m2", "checkpoint", ("out1", "trained_on"), ("base", "initialised_from")),
            node("out2", "dataset", ("m2", "generated_by")),
        ]
    )
    assert graph["unknown:base"].kind == "unknown"
    assert [graph.depth_of(name) for name in ("out1", "m2", "out2")] == [1, None, None]
    assert graph.unknown_upstream("out2") == ("unknown:base",)
    assert graph.unknown_upstream("out1") == ()


def test_two_missing_parents_are_two_holes_and_one_missing_twice_is_one():
    graph = Graph([node("a", "dataset", ("x", "derived_from"), ("y", "derived_from")), node("b", "dataset", ("x", "derived_from"))])
    assert [found.name for found in graph if found.kind == "unknown"] == ["unknown:x", "unknown:y"]


def test_a_hole_closes_when_its_node_is_recorded():
    records = [node("a", "dataset", ("x", "derived_from"))]
    assert Graph(records).depth_of("a") is None
    assert Graph([*records, human("x")]).depth_of("a") == 0


def test_a_checkpoint_that_names_no_training_set_has_a_hole_for_it():
    graph = Graph(
        [
            node("m", "checkpoint"),
            node("base", "checkpoint"),
            node("tuned", "checkpoint", ("base", "initialised_from")),
            node("out", "dataset", ("m", "generated_by")),
        ]
    )
    assert set(graph.unknown_upstream("out")) == {"unknown:m:trained_on"}
    assert graph.unknown_upstream("tuned") == ("unknown:base:trained_on", "unknown:tuned:trained_on")


def test_merged_weights_need_no_training_set():
    graph = Graph([*loop(2), node("soup", "checkpoint", ("m1", "mixed_from"), ("m2", "mixed_from"))])
    assert (graph.unknown_upstream("soup"), graph.depth_of("soup")) == ((), 2)


def test_models_of_unknown_training_data_are_untraced_where_something_was_made_from_them():
    records = [
        *loop(1),
        node("m", "checkpoint"),
        node("idle", "checkpoint"),
        node("out", "dataset", ("m", "generated_by"), ("api", "generated_by")),
    ]
    assert Graph(records).untraced() == ("unknown:api", "m")


def test_a_stretch_declared_unknown_hides_the_depth_even_where_its_far_end_is_known():
    stretch = node("lost-years", "unknown", ("a", "derived_from"), origins={"human": 3}, depths={"0": 3})
    graph = Graph([human("a"), stretch, node("b", "dataset", ("lost-years", "derived_from"))])
    assert (graph.depth_of("b"), graph.unknown_upstream("b")) == (None, ("lost-years",))


def test_runs_are_seen_through():
    graph = Graph(
        [
            *loop(1),
            node("mixing", "run", ("out0", "mixed_from"), ("out1", "mixed_from")),
            node("set2", "dataset", ("mixing", "made_by")),
            node("fit", "run", ("set2", "trained_on")),
            node("m2", "checkpoint", ("fit", "made_by")),
            node("sampling", "run", ("m2", "generated_by")),
            node("out2", "dataset", ("sampling", "made_by")),
        ]
    )
    assert [graph.depth_of(name) for name in ("set2", "m2", "out2")] == [1, 2, 2]
    assert graph.made_from("m2") == (Edge(node="set2", role="trained_on"),)
    assert graph.unknown_upstream("out2") == ()


def test_a_checkpoint_of_a_run_that_was_never_recorded_has_one_hole_and_not_two():
    assert Graph([node("m", "checkpoint", ("fit", "made_by"))]).unknown_upstream("m") == ("unknown:fit",)


def test_nodes_that_stand_beside_each_other_are_in_the_order_of_their_names():
    assert Graph(
        [human("y"), human("z"), node("b", "dataset", ("y", "derived_from")), node("a", "dataset", ("z", "derived_from"))]
    ).names == (
        "y",
        "z",
        "a",
        "b",
    )


def test_a_run_that_names_nothing_leaves_the_depth_to_the_documents():
    records = [
        node("crawl", "run"),
        node("told", "dataset", ("crawl", "made_by"), rows=4, depths={"0": 3, "2": 1}),
        node("untold", "dataset", ("crawl", "made_by")),
    ]
    graph = Graph(records)
    assert (graph.depth_of("told"), graph.depth_of("untold")) == (2, None)


@pytest.mark.parametrize(
    ("fields", "depth"),
    [
        ({"depths": {"0": 5, "3": 1}}, 3),
        ({"depths": {"0": 5, "unknown": 1}}, None),
        ({"depths": {"0": 5}, "rows": 6}, None),
        ({"depths": {"0": 5, "4": 0}}, 0),
        ({"origins": {"human": 5}}, 0),
        ({"origins": {"human": 5}, "rows": 6}, None),
        ({"origins": {"human": 5, "unknown": 1}}, None),
        ({"origins": {"synthetic": 5}}, None),
        ({}, None),
    ],
)
def test_the_depth_of_a_data_set_without_parents_is_what_its_documents_state(fields, depth):
    assert Graph([node("a", "dataset", **fields)]).depth_of("a") == depth


def test_human_documents_chosen_from_a_mix_have_depth_0_but_not_where_a_model_wrote_them():
    records = [*loop(1), node("mix", "dataset", ("out0", "mixed_from"), ("out1", "mixed_from"))]
    chosen = node("chosen", "dataset", ("mix", "selected_from"), origins={"human": 5})
    false = node("false", "dataset", ("m1", "generated_by"), origins={"human": 5})
    graph = Graph([*records, chosen, false])
    assert (graph.depth_of("chosen"), graph.depth_of("false")) == (0, 1)


def test_documents_of_unknown_origin_in_a_mix_hide_its_depth():
    parts = (("out0", "mixed_from"), ("out1", "mixed_from"))
    graph = Graph(
        [
            *loop(1),
            node("clear", "dataset", *parts, origins={"human": 5, "synthetic": 5}),
            node("dim", "dataset", *parts, origins={"human": 5}, rows=6),
        ]
    )
    assert (graph.depth_of("clear"), graph.depth_of("dim")) == (1, None)


def test_evaluation_makes_no_ancestor_and_no_circle():
    graph = Graph(
        [human("a"), node("m", "checkpoint", ("a", "trained_on"), ("out", "evaluated_on")), node("out", "dataset", ("m", "generated_by"))]
    )
    assert graph.ancestors("m") == ("a",)
    assert graph.descendants("out") == ()
    assert graph.depth_of("m") == 1


@pytest.mark.parametrize("size", [1, 2, 5])
def test_a_circle_is_refused_and_named(size):
    names = [f"c{place}" for place in range(size)]
    records = [node(name, "dataset", (names[place - 1], "derived_from")) for place, name in enumerate(names)]
    with pytest.raises(UsageError, match="goes round in a circle: ") as caught:
        Graph([human("a"), *records])
    circle = str(caught.value).partition("circle: ")[2].partition(";")[0].split(" -> ")
    assert circle[0] == circle[-1]
    made = {(edge.node, record.name) for record in records for edge in record.parents}
    assert all(step in made for step in itertools.pairwise(circle))


def test_several_records_of_a_node_become_one_whatever_their_order():
    first = node("a", "dataset", ("x", "derived_from"), rows=5, facts={"path": "p"}, time="2026-01-01")
    second = node("a", "unknown", ("y", "derived_from"), facts={"revision": "r"})
    third = node("a", "dataset", ("x", "derived_from"), sha256="0" * 64)
    graphs = [Graph(order) for order in itertools.permutations([first, second, third])]
    assert all(list(graph) == list(graphs[0]) for graph in graphs)
    merged = graphs[0]["a"]
    assert (merged.kind, merged.rows, merged.sha256, merged.facts) == ("dataset", 5, "0" * 64, {"path": "p", "revision": "r"})
    assert [edge.node for edge in merged.parents] == ["unknown:x", "unknown:y"]
    assert graphs[0].conflicts == ()


def test_what_records_of_one_node_disagree_in_is_named_and_the_latest_kept():
    old = node("a", "dataset", rows=5, facts={"revision": "r1"}, time="2026-01-01")
    new = node("a", "sample", rows=7, facts={"revision": "r2"}, time="2026-02-01")
    graphs = [Graph(order) for order in itertools.permutations([old, new, old])]
    assert len({tuple(map(str, graph.conflicts)) for graph in graphs}) == 1
    assert (graphs[0]["a"].rows, graphs[0]["a"].kind) == (7, "sample")
    assert {(conflict.field, conflict.kept, conflict.others) for conflict in graphs[0].conflicts} == {
        ("kind", "sample", ("dataset",)),
        ("rows", "7", ("5",)),
        ("facts.revision", "r2", ("r1",)),
        ("time", "2026-02-01", ("2026-01-01",)),
    }


def test_fewer_rows_than_another_record_counts_are_a_conflict_and_no_end():
    graph = Graph([node("a", rows=5), node("a", origins={"human": 3, "synthetic": 4})])
    assert (graph["a"].rows, graph["a"].origins) == (None, {"human": 3, "synthetic": 4})
    assert [str(conflict) for conflict in graph.conflicts] == ["a: records disagree in rows; not known is kept, 5 is not"]


def test_a_node_survives_json():
    record = node(
        "a",
        "dataset",
        ("x", "derived_from"),
        rows=5,
        origins={"human": 5},
        depths={"0": 5},
        facts={"path": "p"},
        time="2026-01-01T00:00:00Z",
    )
    assert msgspec.json.decode(msgspec.json.encode(record), type=Node) == record


@pytest.mark.parametrize("name", ["", "two words", "a,b", "a+b", "g*", "kind:run", "unknown:x", "a[1]"])
def test_a_name_that_no_selection_can_hold_is_refused(name):
    with pytest.raises(InvalidRecord, match="node name"):
        node(name)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"origins": {"robot": 1}}, "robot"),
        ({"depths": {"-1": 1}}, "'-1'"),
        ({"depths": {"01": 1}}, "'01'"),
        ({"origins": {"human": 3}, "rows": 2}, "sum to 3 of 2"),
        ({"origins": {"human": -1}}, "below 0"),
        ({"time": "yesterday"}, "yesterday"),
        ({"time": "9999-12-31T23:00:00-05:00"}, "9999"),
    ],
)
def test_a_node_that_cannot_be_is_refused(fields, words):
    with pytest.raises(InvalidRecord, match=words):
        node("a", "dataset", **fields)


def test_a_name_that_is_not_there_gets_the_nearest():
    with pytest.raises(UnknownName, match="did you mean 'out1'"):
        Graph(loop(1)).depth_of("out11")


def test_ten_thousand_generations_are_no_recursion():
    graph = Graph(loop(10_000))
    assert graph.depth_of("out10000") == 10_000
    assert len(graph.ancestors("out10000")) == 20_000


def test_kinds_and_roles_are_closed_lists():
    assert len(KINDS) == 5
    assert len(ROLES) == 9
