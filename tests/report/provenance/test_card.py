"""Cards, read back by the library of the Hugging Face Hub."""

import msgspec
import pytest

from longtail.ledger.graph import Graph
from longtail.report.provenance.card import to_card
from longtail.report.provenance.hub import license_of, size_of

hub = pytest.importorskip("huggingface_hub", reason="reads the card back; comes with the peers-test extra")


def read(facts, graph):
    card = hub.DatasetCard(to_card(facts, graph))
    return card.data, card.text


def test_the_head_is_read_back_as_it_was_meant(facts, graph):
    data, _ = read(facts, graph)
    assert isinstance(data, hub.DatasetCardData)
    assert data.pretty_name == "set2"
    assert data.language == ["en", "no"]
    assert data.license == ["cc-by-4.0", "other", "unknown"]
    assert data.size_categories == ["1K<n<10K"]
    assert data.source_datasets == ["out1", "reservoir"]
    assert data.language_creators == ["machine-generated", "found"]
    assert data.annotations_creators == ["machine-generated"]
    assert data.tags == ["longtail", "synthetic"]


def test_the_own_block_holds_counts_depths_and_the_head_of_the_ledger(facts, graph):
    block = read(facts, graph)[0].to_dict()["longtail"]
    assert block["documents"] == 1000
    assert block["origins"] == {"human": 600, "model_edited": 50, "synthetic": 250, "unknown": 100}
    assert block["depths"] == {"0": 600, "1": 300, "unknown": 100}
    assert block["evidence"] == {"asserted": 800, "signed": 100}
    assert block["ledger_head"] == "f" * 64
    assert block["generation_depth"] == "unknown"
    assert "unknown" not in block["digital_source_types"]


def test_a_known_depth_is_a_number(facts):
    graph = Graph([])
    assert read(facts, graph)[0].to_dict()["longtail"]["generation_depth"] == "unknown"


def test_the_head_survives_the_librarys_own_round_trip(facts, graph):
    data, _ = read(facts, graph)
    again = hub.DatasetCard(f"---\n{data.to_yaml()}\n---\n")
    assert again.data.to_dict() == data.to_dict()


@pytest.mark.parametrize("origin", ["synthetic", "model_edited", "human_edited", "human_selected", "mixed"])
def test_one_document_with_a_models_hand_sets_the_tag(human, graph, origin):
    assert "synthetic" not in read(human, graph)[0].tags
    touched = msgspec.structs.replace(human, origins={"human": 999, origin: 1})
    assert "synthetic" in read(touched, graph)[0].tags


def test_unknown_documents_neither_set_the_tag_nor_count_as_found(bare):
    data, text = read(msgspec.structs.replace(bare, documents=7), Graph([]))
    assert data.tags == ["longtail"]
    assert data.language_creators is None
    assert data.to_dict()["longtail"]["origins"] == {"unknown": 7}
    assert "| unknown | 7 | 100.0 % |" in text


def test_the_body_shows_every_count(facts, graph):
    _, text = read(facts, graph)
    for line in ("| human | 600 | 60.0 % |", "| unknown | 100 | 10.0 % |", "| 1 | 300 | 30.0 % |", "| no source recorded | 400 | 40.0 % |"):
        assert line in text
    assert "Unknown stretches upstream: unknown:base." in text
    assert f"| data/a.parquet | 500 | 1,000 | {'a' * 64} |" in text


def test_no_name_breaks_the_head_or_a_table(nasty):
    data, text = read(nasty, Graph([]))
    assert data.pretty_name == nasty.name
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert all(line.replace("\\|", "").count("|") in (3, 4, 5) for line in rows)
    assert sum(line.startswith("# ") for line in text.splitlines()) == 1


@pytest.mark.parametrize(
    ("documents", "size"),
    [(0, "n<1K"), (999, "n<1K"), (1000, "1K<n<10K"), (10**6, "1M<n<10M"), (10**9, "1B<n<10B"), (10**12, "n>1T")],
)
def test_sizes_are_the_hubs(documents, size):
    assert size_of(documents) == size


@pytest.mark.parametrize(
    ("name", "identifier"), [("MIT", "mit"), ("GPL-3.0-only", "gpl-3.0"), ("CC-BY-SA-4.0", "cc-by-sa-4.0"), ("Home-made", "other")]
)
def test_licences_are_the_hubs_where_it_has_them(name, identifier):
    assert license_of(name) == identifier
