"""Adding a data set to a ledger: its statements, its node, and what is known again."""

import json
from collections import Counter

import pytest

from longtail.errors import InvalidRecord, ReadError, UsageError
from longtail.ledger.adding import add_data, add_node
from longtail.ledger.node import Edge
from longtail.ledger.store import Ledger, verify
from longtail.ledger.store.place import Place

DOCUMENTS = [
    {"lt_id": "h", "text": "people wrote this one", "lt_origin": "human", "lt_depth": 0},
    {"lt_id": "s", "text": "a model wrote the words that stand here", "lt_origin": "synthetic", "lt_depth": 1, "lt_parents": ["h"]},
    {"text": "nothing is known of this one"},
    {"lt_id": "r", "text": "said to be by a robot", "lt_origin": "robot"},
    {"lt_id": "s", "text": "a model wrote the words that stand here", "lt_origin": "synthetic", "lt_depth": 1, "lt_parents": ["h"]},
]


@pytest.fixture
def data(write_rows):
    return str(write_rows("tagged.jsonl", DOCUMENTS))


@pytest.fixture
def ledger(tmp_path):
    with Ledger.create(tmp_path / "ledger") as made:
        yield made


def stated(ledger, sql="SELECT lt_id, dataset FROM {} ORDER BY ALL", table="rows"):
    return [tuple(row.values()) for batch in ledger.query(lambda tables: sql.format(tables[table]), table) for row in batch.to_pylist()]


def test_every_document_is_stated_and_counted(ledger, data):
    added = add_data(ledger, [data])
    assert added.node.name == "tagged" and added.node.rows == 5 == len(stated(ledger))
    assert added.node.origins == {"human": 1, "synthetic": 2, "unknown": 2} and added.node.depths == {"0": 1, "1": 2, "unknown": 2}
    assert (added.signed, added.computed, added.untold, added.not_origins) == (2, 1, 1, {"robot": 1})
    assert Counter(dataset for _, dataset in stated(ledger)) == {"tagged": 5}
    assert verify(ledger.place).origins == added.node.origins


def test_the_state_of_its_commit_holds_the_data_set_whole(ledger, data):
    add_data(ledger, [data], "g0")
    added = add_data(ledger, [data], "again", [Edge(node="g0", role="derived_from")])
    with Ledger.open(ledger.place.address, added.version) as past:
        assert set(past.graph().names) == {"g0", "again"} and len(past.recogniser()) == 1 and len(stated(past)) == 10
    with Ledger.open(ledger.place.address, 1) as past:
        assert set(past.graph().names) == {"g0"} and len(stated(past)) == 5


def test_what_models_wrote_is_known_again_and_nothing_else(ledger, data):
    add_data(ledger, [data])
    texts = ["A  model wrote the words that stand HERE", "people wrote this one"]
    found = list(ledger.recogniser().look_up(texts))
    assert (found[0].lt_id, found[0].kind, found[1]) == ("s", "normalised", None)


def test_the_same_data_add_nothing_and_others_under_that_name_are_refused(ledger, data, write_rows):
    add_data(ledger, [data], "g0")
    before = {name: ledger.table(name).version for name in ("rows", "nodes", "signatures", "parents")}
    with pytest.raises(UsageError, match="'g0' is in the ledger with the same content; nothing was added"):
        add_data(ledger, [data], "g0")
    with pytest.raises(UsageError, match="'g0' is in the ledger with other content; give this data set another name with --name"):
        add_data(ledger, [str(write_rows("other.jsonl", DOCUMENTS[:1]))], "g0")
    ledger.flush()
    assert {name: ledger.table(name).version for name in before} == before


def test_data_whose_rows_did_not_all_arrive_can_be_added_again(ledger, data, monkeypatch):
    monkeypatch.setattr(Ledger, "flush", lambda self: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        add_data(ledger, [data], "g0")
    monkeypatch.undo()
    ledger._waiting.clear()
    monkeypatch.setattr("longtail.ledger.adding._now", lambda: "2030-01-01T00:00:00+00:00")  # the next writer comes later
    with Ledger.open(ledger.place.address) as other:
        add_data(other, [data], "g0")
        assert len(stated(other)) == 5 and other.graph().conflicts == ()


def test_a_parent_that_was_named_before_it_was_recorded_is_then_recorded(ledger, data):
    add_node(ledger, "m1", "checkpoint", [Edge(node="g0", role="trained_on")])
    assert set(ledger.graph().names) == {"m1", "unknown:g0"}
    add_data(ledger, [data], "g0")
    assert set(ledger.graph().names) == {"m1", "g0"} and verify(Place(ledger.place.address)).faults == ()


def test_documents_without_id_and_content_are_set_aside_and_counted(ledger, write_rows):
    added = add_data(ledger, [str(write_rows("odd.jsonl", [{"lt_origin": "human"}, {"text": None}, *DOCUMENTS[:1]]))])
    assert (added.node.rows, added.quarantined, len(added.quarantine)) == (1, 2, 2)


def test_what_cannot_be_read_or_named_adds_nothing(ledger, data, tmp_path):
    with pytest.raises(ReadError, match=r"missing\.jsonl"):
        add_data(ledger, [str(tmp_path / "missing.jsonl")])
    with pytest.raises(InvalidRecord, match="leave out blanks"):
        add_data(ledger, [data], "two words")
    ledger.flush()
    assert stated(ledger) == [] and len(ledger.graph().names) == 0


@pytest.mark.slow
def test_a_document_of_a_hundred_megabytes_is_added_in_bounded_memory(subprocess_cli, tmp_path):
    path = tmp_path / "big.jsonl"
    with path.open("w") as stream:
        for number in range(3):
            text = f"{number} longer and longer " * 5_000_000
            stream.write(json.dumps({"text": text, "lt_origin": "synthetic", "lt_id": f"{number}"}) + "\n")
    assert path.stat().st_size > 300_000_000
    assert subprocess_cli("ledger", "init", tmp_path / "l").code == 0
    done = subprocess_cli("ledger", "add", tmp_path / "l", path, "--json")
    assert done.code == 0, done.err
    assert (done.report["node"]["rows"], done.report["signed"]) == (3, 3)
    assert sum(file.stat().st_size for file in (tmp_path / "l").rglob("*") if file.is_file()) < 1_000_000


def test_model_output_without_an_id_of_its_own_is_known_again_and_copies_and_contradictions_are_told(tmp_path):
    rows = {"h": [("shared words", "human"), ("of people", "human")], "s": [("shared words", "synthetic"), ("of a model", "synthetic")] * 2}
    for name, texts in rows.items():
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps({"text": text, "lt_origin": origin}) + "\n" for text, origin in texts))
    with Ledger.create(tmp_path / "ledger") as ledger:
        first, second = (add_data(ledger, [str(tmp_path / f"{name}.jsonl")]) for name in rows)
        assert (first.signed, first.duplicates, first.contradicted) == (0, 0, 0)
        assert (second.signed, second.duplicates, second.contradicted) == (4, 2, 1)
        assert [match and match.kind for match in ledger.recogniser().look_up(["of a model", "of people"])] == ["exact", None]
