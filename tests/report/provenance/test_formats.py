"""What holds for every export format."""

import json

import msgspec
import pytest

from longtail.errors import InvalidRecord, UnknownName, UsageError
from longtail.ledger.facts import Facts, Source
from longtail.ledger.graph import Graph
from longtail.records import Origin
from longtail.report.provenance import FORMATS
from longtail.report.provenance.wording import DIGITAL_SOURCE_TYPES, media_types, moment, share

NAMES = ("card", "croissant", "eu-summary", "json", "openlineage", "prov")


def test_the_formats_are_those_of_the_command():
    assert tuple(entry.name for entry in FORMATS) == NAMES
    with pytest.raises(UnknownName, match="did you mean 'croissant'"):
        FORMATS["croisant"]


@pytest.mark.parametrize("name", NAMES)
def test_what_is_written_is_utf_8_and_the_same_every_time(name, facts, graph):
    write = FORMATS[name].member
    turned = Graph(reversed(list(graph)))
    shuffled = msgspec.structs.replace(facts, origins=dict(reversed(facts.origins.items())), sources=dict(reversed(facts.sources.items())))
    assert write(facts, graph).encode() == write(shuffled, turned).encode()


@pytest.mark.parametrize("name", NAMES)
def test_no_name_and_no_absence_stops_a_writer(name, nasty, bare, graph):
    for told in (nasty, bare):
        for lineage in (graph, Graph([])):
            if name == "openlineage" and len(lineage):
                told = msgspec.structs.replace(told, created_at="2026-02-02T00:00:00Z")
            assert FORMATS[name].member(told, lineage).isascii() or FORMATS[name].member(told, lineage).encode()


@pytest.mark.parametrize("name", NAMES)
def test_absent_counts_are_never_written_as_nan(name, bare):
    text = FORMATS[name].member(bare, Graph([]))
    assert "NaN" not in text
    assert "None" not in text


def test_json_holds_the_facts_and_the_graph_as_they_are(facts, graph):
    told = json.loads(FORMATS["json"].member(facts, graph))
    known = {name: value for name, value in told["facts"].items() if name in Facts.__struct_fields__}
    assert msgspec.convert(known, Facts) == facts
    assert told["facts"]["by_origin"] == {"human": 600, "model_edited": 50, "synthetic": 250, "unknown": 100}
    assert told["facts"]["by_models"] == 300
    assert [node["name"] for node in told["graph"]["nodes"]] == list(graph.names)
    assert {node["name"]: node["depth"] for node in told["graph"]["nodes"]} == {name: graph.depth_of(name) for name in graph.names}


def test_digital_source_types_name_every_origin_but_unknown():
    assert set(DIGITAL_SOURCE_TYPES) == set(Origin) - {Origin.UNKNOWN}
    assert DIGITAL_SOURCE_TYPES["synthetic"] == "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
    published = {"digitalCreation", "compositeWithTrainedAlgorithmicMedia", "compositeSynthetic", "trainedAlgorithmicMedia"}
    assert {uri.rpartition("/")[2] for uri in DIGITAL_SOURCE_TYPES.values()} == published
    assert [name for name, uri in DIGITAL_SOURCE_TYPES.items() if uri.endswith("digitalCreation")] == ["human"]


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [(0, 0, "–"), (0, 9, "0.0 %"), (9, 9, "100.0 %"), (1, 10**6, "< 0.1 %"), (10**6 - 1, 10**6, "> 99.9 %"), (1, 3, "33.3 %")],
)
def test_a_share_is_never_rounded_to_none_or_all(part, whole, text):
    assert share(part, whole) == text


@pytest.mark.parametrize(
    ("time", "text"),
    [
        ("2026-01-31", "2026-01-31T00:00:00Z"),
        ("2026-01-31T12:00:00+02:00", "2026-01-31T10:00:00Z"),
        ("2026-01-31T12:00:00.5Z", "2026-01-31T12:00:00.500000Z"),
    ],
)
def test_a_time_becomes_a_moment_in_utc(time, text):
    assert moment(time) == text


def test_media_types_go_by_the_suffixes():
    assert media_types("data/v1.2/a.JSONL") == ["application/jsonlines"]
    assert media_types("a.jsonl.gz") == ["application/jsonlines", "application/gzip"]
    assert media_types("README") == media_types("a.b") == ["application/octet-stream"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"origins": {"human": 11}}, "origins sum to 11 of 10"),
        ({"models": {"m": 11}}, "models sum to 11 of 10"),
        ({"sources": {"a": Source(documents=6), "b": Source(documents=5)}}, "sources sum to 11 of 10"),
        ({"depths": {"deep": 1}}, "deep"),
        ({"evidence": {"rumour": 1}}, "rumour"),
        ({"latest": "soon"}, "soon"),
        ({"documents": -1}, "-1 documents"),
    ],
)
def test_facts_that_cannot_be_are_refused(fields, words):
    with pytest.raises(InvalidRecord, match=words):
        Facts(**{"name": "a", "documents": 10, **fields})


def test_a_source_with_more_origins_than_documents_is_refused():
    with pytest.raises(InvalidRecord, match="sum to 2 of 1"):
        Source(documents=1, origins={"human": 2})


def test_openlineage_without_any_time_is_refused_in_one_line(facts, graph):
    with pytest.raises(UsageError, match="has no time"):
        FORMATS["openlineage"].member(msgspec.structs.replace(facts, created_at=None), graph)
