"""OpenLineage events, rebuilt with the classes of its client."""

import json

import pytest

from longtail.ledger.graph import Graph
from longtail.ledger.node import Edge, Node
from longtail.report.provenance.openlineage import to_openlineage

events = pytest.importorskip("openlineage.client.event_v2", reason="checks events; comes with the peers-test extra")
facets = pytest.importorskip("openlineage.client.facet_v2", reason="checks facets; comes with the peers-test extra")
serde = pytest.importorskip("openlineage.client.serde", reason="writes events; comes with the peers-test extra")


def read(facts, graph):
    return {event["job"]["name"]: event for event in map(json.loads, to_openlineage(facts, graph).splitlines())}


def rebuilt(event):
    """The same event as objects of the client, which check times, ids and URIs."""
    return events.RunEvent(
        eventType=events.RunState(event["eventType"]),
        eventTime=event["eventTime"],
        run=events.Run(**event["run"]),
        job=events.Job(**event["job"]),
        producer=event["producer"],
        inputs=[events.InputDataset(**dataset) for dataset in event["inputs"]],
        outputs=[events.OutputDataset(**dataset) for dataset in event["outputs"]],
    )


def test_every_run_training_and_mix_is_one_event(facts, graph):
    assert set(read(facts, graph)) == {"mixing", "training/org/m1@abc", "training/m2", "mix/set3"}


def test_the_client_takes_every_event_and_writes_the_same(facts, graph):
    for event in read(facts, graph).values():
        inputs = [{**dataset, "inputFacets": {}} for dataset in event["inputs"]]
        assert serde.Serde.to_dict(rebuilt(event)) == {**event, "inputs": inputs}


def test_inputs_and_outputs_are_those_of_the_graph(facts, graph):
    ends = {
        name: ({dataset["name"] for dataset in event["inputs"]}, {dataset["name"] for dataset in event["outputs"]})
        for name, event in read(facts, graph).items()
    }
    assert ends == {
        "mixing": ({"reservoir", "out1"}, {"set2"}),
        "training/org/m1@abc": ({"reservoir", "unknown:base"}, {"org/m1@abc"}),
        "training/m2": ({"set2"}, {"m2"}),
        "mix/set3": ({"set2", "held-out"}, {"set3"}),
    }


def test_facets_name_producer_and_schema_and_are_those_of_the_client(facts, graph):
    for event in read(facts, graph).values():
        for dataset in event["inputs"] + event["outputs"]:
            for facet in (dataset["facets"] | dataset.get("outputFacets", {})).values():
                assert facet["_producer"].startswith("pkg:generic/longtail@")
                assert facet["_schemaURL"].startswith("https://openlineage.io/spec/")
    reservoir = next(dataset for dataset in read(facts, graph)["mixing"]["inputs"] if dataset["name"] == "reservoir")
    version = facets.dataset_version_dataset.DatasetVersionDatasetFacet(datasetVersion="c" * 64)
    assert reservoir["facets"]["version"]["_schemaURL"] == version._schemaURL
    assert reservoir["facets"]["version"]["datasetVersion"] == "c" * 64
    (set2,) = read(facts, graph)["mixing"]["outputs"]
    rows = facets.output_statistics_output_dataset.OutputStatisticsOutputDatasetFacet(rowCount=1000)
    assert set2["outputFacets"]["outputStatistics"]["_schemaURL"] == rows._schemaURL
    assert set2["outputFacets"]["outputStatistics"]["rowCount"] == 1000


def test_the_own_facet_holds_origins_depth_and_holes(facts, graph):
    mixing = read(facts, graph)["mixing"]
    mix = {dataset["name"]: dataset["facets"]["longtail_originMix"] for dataset in mixing["inputs"] + mixing["outputs"]}
    assert (mix["reservoir"]["origins"], mix["reservoir"]["generationDepth"]) == ({"human": 600}, 0)
    assert (mix["set2"]["generationDepth"], mix["set2"]["unknownUpstream"]) == ("unknown", ["unknown:base"])


def test_times_are_those_recorded_else_that_of_the_facts(facts, graph):
    told = {name: event["eventTime"] for name, event in read(facts, graph).items()}
    assert told == {
        "mixing": "2026-01-31T23:00:00Z",
        "training/org/m1@abc": "2026-01-02T10:00:00Z",
        "training/m2": "2026-02-02T00:00:00Z",
        "mix/set3": "2026-03-01T00:00:00Z",
    }


def test_a_checkpoint_or_mix_that_a_run_made_is_no_event_of_its_own(facts):
    made = (Edge(node="fit", role="made_by"), Edge(node="set2", role="mixed_from"))
    graph = Graph([Node(name="fit", kind="run"), *(Node(name=name, kind=name, parents=made) for name in ("checkpoint", "dataset"))])
    assert {name: len(event["outputs"]) for name, event in read(facts, graph).items()} == {"fit": 2}


def test_run_ids_differ_and_stay(facts, graph):
    ids = [event["run"]["runId"] for event in read(facts, graph).values()]
    assert len(set(ids)) == 4
    assert ids == [event["run"]["runId"] for event in read(facts, graph).values()]
