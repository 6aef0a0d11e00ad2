"""Croissant, validated and read back by mlcroissant, and its triples by rdflib."""

import hashlib
import json

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from longtail.ledger.columns import NAMES, SCHEMA
from longtail.ledger.facts import File
from longtail.ledger.graph import Graph
from longtail.report.provenance.croissant import to_croissant

mlcroissant = pytest.importorskip("mlcroissant", reason="validates Croissant; comes with the peers-test extra")
rdflib = pytest.importorskip("rdflib", reason="reads JSON-LD; comes with mlcroissant")
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::PendingDeprecationWarning")
PROV = "http://www.w3.org/ns/prov#"
NODES = "urn:longtail:"


def read(facts, graph):
    metadata = mlcroissant.Dataset(jsonld=json.loads(to_croissant(facts, graph))).metadata
    assert not metadata.ctx.issues.errors
    return metadata


def triples(facts, graph):
    return rdflib.Graph().parse(data=to_croissant(facts, graph), format="json-ld")


def test_it_is_valid_croissant_1_1(facts, graph):
    metadata = read(facts, graph)
    assert metadata.ctx.conforms_to.value == "http://mlcommons.org/croissant/1.1"
    assert metadata.conforms_to == ["http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0"]


def test_the_library_warns_of_nothing_but_what_nobody_recorded(facts, graph):
    warnings = read(facts, graph).ctx.issues.warnings
    assert {part for warning in warnings for part in ("citeAs", "datePublished") if part in warning} == {"citeAs", "datePublished"}
    assert len(warnings) == 2


def test_the_validator_can_fail(facts, graph):
    broken = json.loads(to_croissant(facts, graph))
    del broken["distribution"][0]["sha256"]
    with pytest.raises(mlcroissant.ValidationError, match="sha256"):
        mlcroissant.Dataset(jsonld=broken)


def test_files_and_hashes_are_read_back(facts, graph):
    metadata = read(facts, graph)
    assert {(file.id, file.sha256, file.content_size) for file in metadata.file_objects} == {
        ("data/a.parquet", "a" * 64, "1000 B"),
        ("data/b.parquet", "b" * 64, "1500 B"),
    }
    assert sorted(metadata.file_sets[0].includes) == ["data/a.parquet", "data/b.parquet"]


def test_counts_are_read_back(facts, graph):
    counts = {annotation.id: annotation.value for annotation in read(facts, graph).record_sets[0].annotations}
    assert counts == {
        "documents/count": 1000,
        "documents/lt_origin/human": 600,
        "documents/lt_origin/model_edited": 50,
        "documents/lt_origin/synthetic": 250,
        "documents/lt_origin/unknown": 100,
        "documents/lt_depth/0": 600,
        "documents/lt_depth/1": 300,
        "documents/lt_depth/unknown": 100,
    }


def test_all_provenance_columns_are_fields_with_their_property(facts, graph):
    fields = {field.name: field for field in read(facts, graph).record_sets[0].fields}
    assert set(fields) == set(NAMES)
    assert fields["lt_parents"].equivalentProperty == ["prov:wasDerivedFrom"]
    assert fields["lt_model"].equivalentProperty == ["prov:wasAttributedTo"]
    assert fields["lt_parents"].is_array
    assert not fields["lt_id"].is_array


def test_the_vocabulary_for_responsible_use_states_the_synthetic_share(facts, graph):
    metadata = read(facts, graph)
    assert "300 of 1,000 documents (30.0 %)" in metadata.data_limitations[0]
    assert "100 (10.0 %) is unknown" in metadata.data_limitations[0]
    assert metadata.machine_annotation_tools == ["org/m1@abc"]
    assert "https://example.org/wiki (500); letters (100)" in metadata.data_collection


def test_nothing_that_was_written_is_lost_on_the_way_through_the_library(facts, graph):
    written = json.loads(to_croissant(facts, graph))
    assert set(written) <= set(read(facts, graph).to_json())


def test_what_it_was_derived_from_is_in_the_triples(facts, graph):
    parsed = triples(facts, graph)
    derived = {str(entity) for entity in parsed.objects(None, rdflib.URIRef(f"{PROV}wasDerivedFrom"))}
    assert derived == {f"{NODES}out1", f"{NODES}reservoir"}
    activities = list(parsed.subjects(rdflib.RDF.type, rdflib.URIRef(f"{PROV}Activity")))
    assert len(activities) == 1
    assert {str(used) for used in parsed.objects(activities[0], rdflib.URIRef(f"{PROV}used"))} == derived


def test_models_are_agents_and_creators_too(facts, graph):
    parsed = triples(facts, graph)
    assert set(parsed.subjects(rdflib.RDF.type, rdflib.URIRef(f"{PROV}SoftwareAgent"))) == {rdflib.URIRef(f"{NODES}org/m1%40abc")}
    label = rdflib.URIRef(f"{PROV}label")
    labels = {str(parsed.value(agent, label)) for agent in parsed.objects(None, rdflib.URIRef(f"{PROV}wasAttributedTo"))}
    assert labels == {"Ann Other", "org/m1@abc"}


def test_digital_source_types_are_those_of_the_origins_present(facts, graph, human):
    def kinds(told):
        return {
            str(kind).rpartition("/")[2]
            for kind in triples(told, graph).objects(None, rdflib.URIRef("https://schema.org/digitalSourceType"))
        }

    assert kinds(facts) == {"digitalCreation", "trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia"}
    assert kinds(human) == {"digitalCreation"}


def test_a_file_without_a_hash_is_not_listed_and_said_to_be_missing(facts, graph):
    told = msgspec.structs.replace(facts, files=(*facts.files, File(path="data/c.parquet")))
    metadata = read(told, graph)
    assert len(metadata.file_objects) == 2
    assert "1 of 3 files" in metadata.data_limitations[-1]


def test_without_files_it_stays_valid(bare):
    metadata = read(bare, Graph([]))
    assert metadata.record_sets[0].fields == []
    assert metadata.distribution == []


def test_no_name_breaks_it(nasty):
    metadata = read(msgspec.structs.replace(nasty, files=()), Graph([]))
    assert metadata.name == nasty.name.replace("\udc80", "?")


@pytest.mark.parametrize("files", [1, 2])
def test_the_library_loads_the_documents_that_the_metadata_describes(facts, graph, tmp_path, files):
    listed = []
    for place in range(files):
        rows = [{"lt_id": f"{place}{row:031x}", "lt_origin": "human" if row else "synthetic"} for row in range(5)]
        pq.write_table(pa.Table.from_pylist(rows, schema=SCHEMA), tmp_path / f"{place}.parquet")
        digest = hashlib.sha256((tmp_path / f"{place}.parquet").read_bytes()).hexdigest()
        listed.append(File(path=f"{place}.parquet", sha256=digest))
    (tmp_path / "croissant.json").write_text(to_croissant(msgspec.structs.replace(facts, files=tuple(listed)), graph), encoding="utf-8")
    records = list(mlcroissant.Dataset(jsonld=tmp_path / "croissant.json").records("documents"))
    assert len(records) == 5 * files
    assert sum(record["documents/lt_origin"] == b"synthetic" for record in records) == files
