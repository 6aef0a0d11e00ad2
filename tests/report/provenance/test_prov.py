"""PROV-JSON, read back by the prov library."""

import json
import re

import pytest

from longtail.ledger.graph import Graph
from longtail.ledger.node import Edge, Node
from longtail.report.provenance.prov import to_prov

model = pytest.importorskip("prov.model", reason="reads PROV-JSON; comes with the peers-test extra")
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::PendingDeprecationWarning")
NODES, ACTIVITIES, AGENTS = "urn:longtail:", "urn:longtail:activity:", "urn:longtail:agent:"


def read(facts, graph):
    return model.ProvDocument.deserialize(content=to_prov(facts, graph), format="json")


def pairs(document, kind):
    """The first two ends of all relations of one kind, as full URIs."""
    return {tuple(end.uri for _, end in relation.formal_attributes[:2]) for relation in document.get_records(kind)}


def records(document, kind):
    return {record.identifier.uri: record for record in document.get_records(kind)}


def test_every_node_is_an_entity_or_an_activity(facts, graph):
    document = read(facts, graph)
    runs = {"mixing"}
    names = {NODES + name.replace("@", "%40").replace(":", "%3A") for name in graph.names if name not in runs}
    assert set(records(document, model.ProvEntity)) == names
    assert set(records(document, model.ProvActivity)) == {
        f"{NODES}mixing",
        f"{ACTIVITIES}training/org/m1%40abc",
        f"{ACTIVITIES}training/m2",
        f"{ACTIVITIES}evaluation/m2",
        f"{ACTIVITIES}generation/out1",
    }


def test_derivations_are_the_edges_with_runs_seen_through(facts, graph):
    derived = pairs(read(facts, graph), model.ProvDerivation)
    expected = {(found.name, edge.node) for found in graph if found.kind != "run" for edge in graph.made_from(found.name)}
    assert {tuple(re.sub("%3A", ":", uri.removeprefix(NODES).replace("%40", "@")) for uri in pair) for pair in derived} == expected
    assert (f"{NODES}set2", f"{NODES}out1") in derived
    assert (f"{NODES}m2", f"{NODES}held-out") not in derived


def test_what_activities_used_and_made(facts, graph):
    document = read(facts, graph)
    assert pairs(document, model.ProvUsage) == {
        (f"{NODES}mixing", f"{NODES}out1"),
        (f"{NODES}mixing", f"{NODES}reservoir"),
        (f"{ACTIVITIES}training/org/m1%40abc", f"{NODES}reservoir"),
        (f"{ACTIVITIES}training/m2", f"{NODES}set2"),
        (f"{ACTIVITIES}evaluation/m2", f"{NODES}held-out"),
        (f"{ACTIVITIES}generation/out1", f"{NODES}org/m1%40abc"),
    }
    assert pairs(document, model.ProvGeneration) == {
        (f"{NODES}set2", f"{NODES}mixing"),
        (f"{NODES}org/m1%40abc", f"{ACTIVITIES}training/org/m1%40abc"),
        (f"{NODES}m2", f"{ACTIVITIES}training/m2"),
        (f"{NODES}out1", f"{ACTIVITIES}generation/out1"),
    }


def test_models_that_wrote_and_creators_are_agents(facts, graph):
    document = read(facts, graph)
    assert set(records(document, model.ProvAgent)) == {f"{NODES}org/m1%40abc", f"{AGENTS}Ann%20Other", f"{AGENTS}longtail"}
    assert pairs(document, model.ProvAttribution) == {(f"{NODES}out1", f"{NODES}org/m1%40abc"), (f"{NODES}set2", f"{AGENTS}Ann%20Other")}
    assert pairs(document, model.ProvAssociation) == {(f"{ACTIVITIES}generation/out1", f"{NODES}org/m1%40abc")}


def test_counts_hashes_and_times_are_read_back(facts, graph):
    document = read(facts, graph)
    entities = records(document, model.ProvEntity)

    def value(name, attribute):
        return next(iter(entities[f"{NODES}{name}"].get_attribute(f"lt:{attribute}")))

    assert value("reservoir", "sha256") == "c" * 64
    assert value("reservoir", "depth") == 0
    assert (value("set2", "documents"), value("set2", "origin_unknown"), value("set2", "by_models")) == (1000, 100, 300)
    assert value("set2", "head") == "f" * 64
    assert not entities[f"{NODES}set2"].get_attribute("lt:depth")
    ended = records(document, model.ProvActivity)[f"{NODES}mixing"].get_endTime()
    assert ended.isoformat() == "2026-01-31T23:00:00+00:00"


def test_the_librarys_own_round_trip_changes_nothing(facts, graph):
    document = read(facts, graph)
    again = model.ProvDocument.deserialize(content=document.serialize(format="json"), format="json")
    assert again == document
    assert document.unified() is not None


def test_it_writes_no_more_than_the_graph_however_many_documents(facts, graph):
    few, many = (json.loads(to_prov(facts.__class__(name="set2", documents=documents), graph)) for documents in (1, 10**9))
    assert {kind: len(part) for kind, part in few.items()} == {kind: len(part) for kind, part in many.items()}


def test_runs_after_runs_inform_each_other(bare):
    first = Node(name="tag", kind="run")
    second = Node(name="mix", kind="run", parents=(Edge(node="tag", role="made_by"),))
    assert pairs(read(bare, Graph([first, second])), model.ProvCommunication) == {(f"{NODES}mix", f"{NODES}tag")}


def test_what_a_run_made_of_nothing_recorded_is_derived_from_nothing(bare):
    document = read(
        bare, Graph([Node(name="crawl", kind="run"), Node(name="web", kind="dataset", parents=(Edge(node="crawl", role="made_by"),))])
    )
    assert pairs(document, model.ProvGeneration) == {(f"{NODES}web", f"{NODES}crawl")}
    assert pairs(document, model.ProvDerivation) == set()


def test_no_name_breaks_it(nasty, graph):
    assert read(nasty, graph).get_records(model.ProvEntity)
