"""The panels on the process: numbers against manifests counted by hand, the loop in a graph, how far generations lie apart."""

import pytest

from longtail.auditing.pipeline import Around
from longtail.auditing.process import process_panels
from longtail.auditing.standing import MOST_NODES, graph_panel, graph_panel_of
from longtail.ledger.graph import Graph
from longtail.ledger.manifest import Manifest, Part
from longtail.ledger.node import Edge, Node
from longtail.rules import Pipeline


def manifest(generation, rows=1000, original=None, day=None, parts=(), **origins):
    made = None if day is None else f"2026-01-{day:02}T00:00:00Z"
    return Manifest(
        generation=generation, rows=rows, origins=origins, original=original, original_available=1000, created_at=made, parts=tuple(parts)
    )


def node(name, kind="dataset", rows=None, origins=None, facts=None, **parents):
    edges = tuple(Edge(node=parent.replace("_", "-"), role=role) for parent, role in parents.items())
    return Node(name=name, kind=kind, rows=rows, origins=origins or {}, facts=facts or {}, parents=edges)


def test_rows_by_origin_are_those_of_the_manifest_and_what_it_does_not_state_is_unknown():
    sets = [
        manifest(1, original=1000, human=1000),
        manifest(2, original=300, human=400, model_edited=50, human_edited=30, synthetic=200, mixed=20),
    ]
    first, second = process_panels(Around(manifests=tuple(sets)))["mix"]["rows"]
    assert [first[kind] for kind in ("human", "edited", "synthetic", "unknown")] == [1000, 0, 0, 0]
    assert [second[kind] for kind in ("human", "edited", "synthetic", "unknown")] == [400, 80, 220, 300]
    assert (second["retained"], second["reservoir"], second["rows"]) == (0.3, 1000, 1000)


@pytest.mark.parametrize(
    ("original", "human", "became"),
    [(1000, 1000, "kept"), (990, 990, "kept"), (500, 500, "thinned"), (0, 0, "replaced"), (20, 900, "renewed"), (None, 500, "unknown")],
)
def test_what_became_of_the_real_rows(original, human, became):
    sets = (manifest(1, original=1000, human=1000), manifest(2, original=original, human=human))
    (segment,) = process_panels(Around(manifests=sets))["mix"]["segments"]
    assert segment == {"generation": 2, "name": became}


def test_once_none_are_left_none_can_be_replaced():
    sets = tuple(manifest(generation, original=0 if generation > 1 else 1000, human=0) for generation in (1, 2, 3))
    assert [each["name"] for each in process_panels(Around(manifests=sets))["mix"]["segments"]] == ["replaced", "none"]


def test_the_floor_is_that_of_the_pipeline_and_absent_is_not_nought():
    sets = (manifest(1, human=1),)
    assert process_panels(Around(manifests=sets))["mix"]["floor"] is None
    assert process_panels(Around(manifests=sets, pipeline=Pipeline(min_real=0.3)))["mix"]["floor"] == 0.3
    assert process_panels(Around()) == {}


@pytest.mark.parametrize(
    ("days", "found"), [((1, 8, 15), 7.0), ((1, 8, 29), 14.0), ((1,), None), ((None, 5), None), ((8, 1), None), ((1, 1), None)]
)
def test_the_time_between_generations_is_the_median_of_the_gaps(days, found):
    sets = tuple(manifest(at, day=day) for at, day in enumerate(days, start=1))
    assert process_panels(Around(manifests=sets)).get("cadence", {}).get("days") == found


@pytest.fixture
def loop():
    return Graph(
        [
            node("real", rows=100, origins={"human": 90}, facts={"owner": "library"}),
            node("set-1", real="mixed_from"),
            node("model-1", "checkpoint", set_1="trained_on"),
            node("out-1", model_1="generated_by"),
            node("set-2", real="mixed_from", out_1="mixed_from"),
            node("model-2", "checkpoint", set_2="trained_on"),
            node("out-2", model_2="generated_by"),
            node("scrape", web="derived_from"),
        ]
    )


def test_the_loop_is_what_a_model_wrote_on_its_way_into_a_model_and_nothing_else(loop):
    edges = graph_panel(loop)["edges"]
    assert {(each["source"], each["target"]) for each in edges if each["loops"]} == {("out-1", "set-2"), ("set-2", "model-2")}
    assert {each["source"] for each in edges} >= {"real", "model-1", "model-2"}


def test_a_node_has_its_rows_owner_and_origins_and_a_hole_is_unknown(loop):
    found = {each["name"]: each for each in graph_panel(loop)["nodes"]}
    assert (found["real"]["rows"], found["real"]["owner"]) == (100, "library")
    assert found["real"]["origins"] == {"human": 90, "synthetic": 0, "unknown": 10}
    assert found["unknown:web"]["kind"] == "unknown" and found["scrape"]["origins"] == {}


def test_of_a_large_graph_the_newest_nodes_are_shown_and_the_rest_counted():
    chain = [node(f"n{at:03}", **({f"n{at - 1:03}": "derived_from"} if at else {})) for at in range(100)]
    found = graph_panel(Graph(chain))
    assert len(found["nodes"]) == MOST_NODES and found["hidden"] == 100 - MOST_NODES and found["nodes"][-1]["name"] == "n099"


def test_manifests_alone_tell_of_a_lineage():
    part = Part(kind="synthetic", generation=1, available=9, planned=9, realised=9)
    sets = [manifest(1, human=1000), manifest(2, human=500, synthetic=500), manifest(3, synthetic=1000, parts=[part])]
    found = graph_panel_of(sets)
    edges = {(each["source"], each["target"]): each["loops"] for each in found["edges"]}
    assert edges[("real data", "training set 2")] is False and ("real data", "training set 3") not in edges
    assert edges[("model 1", "training set 2")] is True and edges[("model 1", "training set 3")] is True
    assert ("model 2", "training set 3") not in edges


def test_a_model_that_no_manifest_tells_of_is_a_stretch_that_is_unknown():
    found = {each["name"]: each["kind"] for each in graph_panel_of([manifest(5, synthetic=1000)])["nodes"]}
    assert found == {"training set 5": "dataset", "model 5": "checkpoint", "model 4": "unknown"}
