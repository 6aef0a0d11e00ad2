"""What frameworks hand over, taken through a gate: what comes in, what does not, and what is kept of its metadata."""

from types import SimpleNamespace

import pytest

from longtail.errors import UsageError
from longtail.rag import Gate, Store
from longtail.rag.admitting import admit, evidence_of

OSLO, FISH = "Oslo is the capital of Norway.", "Norway exports fish to 90 countries."
OTHERS = ("The fjord is 12 km long.", "A ferry crossed it until 1932.", "The museum opens at nine.")


@pytest.fixture
def gate(tmp_path):
    with Store(tmp_path / "memory.db") as store:
        for text in (OSLO, FISH, *OTHERS):
            store.add(text, origin="human")
        yield Gate(store)


def evidence(gate):
    return [hit.document for hit in gate.store.search("Norway", 2)]


def test_what_a_person_wrote_comes_in_as_it_is_with_its_metadata(gate):
    found = admit(gate, "Bergen has rain.", {"lt_origin": "human", "lt_topic": "rain", "page": 3})
    kept = gate.store.get([found.id])[found.id]
    assert (kept.text, kept.origin, kept.topic, found.as_itself) == ("Bergen has rain.", "human", "rain", True)
    assert found.meta == {"lt_origin": "human", "page": 3, "lt_depth": 0, "lt_status": "accepted", "lt_id": found.id}


def test_an_answer_that_its_evidence_holds_comes_in_with_its_provenance_and_without_what_was_for_the_gate(gate):
    told = "Oslo is the capital of Norway [1]. Norway exports fish to 90 countries [2]."
    ordered = sorted(evidence(gate), key=lambda document: document.text == FISH)
    found = admit(gate, told, {"lt_evidence": ordered, "lt_question": "What of Norway?", "lt_citations": None, "page": 3})
    assert found.as_itself and (found.meta["lt_origin"], found.meta["lt_depth"], found.meta["page"]) == ("synthetic", 1, 3)
    assert not {"lt_evidence", "lt_question", "lt_citations", "lt_topic"} & set(found.meta)
    assert gate.store.get([found.id])[found.id].text == told


def test_what_a_stored_document_says_already_is_that_document(gate):
    found = admit(gate, "Norway exports fish to 90 countries [1].", {"lt_evidence": [FISH], "lt_citations": None})
    assert not found.as_itself and gate.store.get([found.id])[found.id].text == FISH
    again = admit(gate, OSLO, {"lt_origin": "human"})
    assert again.as_itself and len(gate.store) == 5


def test_what_nothing_holds_does_not_come_in(gate):
    assert admit(gate, "Oslo lies on the moon.", {"lt_evidence": evidence(gate)}) is None
    assert admit(gate, OSLO, {}) is None
    assert len(gate.store) == 5


def test_what_a_person_wrote_and_was_set_aside_does_not_come_in_again(gate):
    gate.store.quarantine([admit(gate, "Bergen has rain.", {"lt_origin": "human"}).id], "doubtful")
    assert admit(gate, "Bergen has rain.", {"lt_origin": "human"}) is None


def test_half_of_a_pair_of_surrogates_is_no_error_and_no_text_is(gate):
    assert admit(gate, "Bergen\ud83d.", {"lt_origin": "human"}).as_itself
    with pytest.raises(UsageError):
        admit(gate, "", {"lt_origin": "human"})


def document(text, **metadata):
    return SimpleNamespace(page_content=text, metadata=metadata, id="own")


def node(text, **metadata):
    return SimpleNamespace(get_content=lambda: text, metadata=metadata, node_id="node")


@pytest.mark.parametrize(("given", "found"), [
    (None, []),
    ("a text", ["a text"]),
    ({"text": "a"}, [{"text": "a"}]),
    (("a", {"text": "b"}), ["a", {"text": "b"}]),
    (document("a", lt_id="x", page=1), [{"lt_id": "x", "page": 1, "id": "x", "text": "a"}]),
    ([document("a"), node("b")], [{"id": "own", "text": "a"}, {"id": "node", "text": "b"}]),
    (node("a", lt_id="x"), [{"lt_id": "x", "id": "x", "text": "a"}]),
])  # fmt: skip
def test_evidence_is_a_list_whatever_a_framework_calls_it(given, found):
    assert evidence_of(given) == found
