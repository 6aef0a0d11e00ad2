import json
from pathlib import Path

import numpy as np
import pytest

from longtail.errors import ConfigError
from longtail.gates.attribution import Attribution, placed
from longtail.gates.batch import Batch
from longtail.gates.catalogue import GATES
from longtail.gates.verdicts import KEEP

STORED = json.loads((Path(__file__).parent / "entailment" / "answers.json").read_text(encoding="utf-8"))
EVIDENCE = [
    {"id": "oslo", "text": "Oslo is the capital of Norway."},
    {"id": "fish", "text": "Norway exports fish to 90 countries."},
    {"id": "rain", "text": "Bergen has 230 days of rain each year."},
]


def judged(text, citations=None, evidence=EVIDENCE, **settings):
    document = {"text": text, "citations": citations, "evidence": evidence}
    return Attribution(**settings)(Batch.of([document])).at(0)


@pytest.mark.parametrize(
    ("text", "citations"),
    [
        ("Oslo is the capital of Norway [oslo].", None),
        ("Oslo is the capital of Norway.", ["oslo"]),
        ("Oslo is the capital of Norway.", "oslo"),
        ("Oslo is the capital of Norway.", [{"id": "oslo"}]),
        ("Oslo is the capital of Norway [1].", None),
        ("Oslo is the capital of Norway (source: oslo). Norway exports fish to 90 countries [fish].", None),
        ("Oslo is the capital of Norway. Norway exports fish to 90 countries.", ["oslo", "fish"]),
        ("Oslo is the capital of Norway. Norway exports fish to 90 countries [fish].", ["oslo"]),
    ],
)
def test_what_is_cited_and_held_is_kept(text, citations):
    found = judged(text, citations)
    assert found.decision == "keep", found
    assert found.matched_id in ("oslo", "fish")


def test_an_id_that_was_made_up_is_rejected():
    found = judged("Oslo is the capital of Norway [oslo].", ["doc-9"], known=["oslo", "fish", "rain", "paris"])
    assert (found.decision, found.reason, found.matched_id) == ("reject", "it cites 'doc-9', which does not exist", "doc-9")


def test_an_id_that_exists_but_was_not_retrieved_is_rejected_with_another_reason():
    found = judged("Oslo is the capital of Norway [oslo].", ["paris"], known=["oslo", "fish", "rain", "paris"])
    assert (found.decision, found.reason) == ("reject", "it cites 'paris', which was not retrieved")


def test_evidence_that_was_not_retrieved_may_not_be_cited():
    document = {"text": "Oslo is the capital of Norway [oslo].", "evidence": EVIDENCE, "found": ["fish", "rain"]}
    found = Attribution(retrieved="found")(Batch.of([document])).at(0)
    assert (found.decision, found.reason) == ("reject", "it cites 'oslo', which was not retrieved")
    assert Attribution(retrieved="found")(Batch.of([{**document, "found": ["oslo"]}])).at(0).decision == "keep"


def test_without_a_list_of_ids_the_two_are_not_told_apart():
    found = judged("Oslo is the capital of Norway [oslo].", ["paris"])
    assert found.reason == "it cites 'paris', which is not in the evidence: not retrieved, or made up"


def test_an_id_that_was_retrieved_but_whose_text_is_missing_is_rejected():
    document = {"text": "Oslo is the capital of Norway [x1].", "evidence": EVIDENCE, "found": ["x1"]}
    found = Attribution(retrieved="found")(Batch.of([document])).at(0)
    assert (found.decision, found.reason) == ("reject", "it cites 'x1', whose text is not in the evidence")


@pytest.mark.parametrize("text", ["Oslo is the capital of Norway [fish].", "Oslo is the capital of Norway [2]."])
def test_a_citation_that_does_not_hold_the_claim_is_rejected_although_another_passage_would(text):
    found = judged(text)
    assert found.decision == "reject"
    assert "claim 1 of 1, 'Oslo is the capital of Norway.', cites 'fish', which does not hold it" in found.reason


def test_one_valid_citation_does_not_carry_the_other_claims():
    found = judged("Oslo is the capital of Norway [oslo]. Norway exports fish to 90 countries [rain].")
    assert (found.decision, found.matched_id) == ("reject", "rain")
    assert "claim 2 of 2" in found.reason


def test_a_source_that_holds_nothing_it_is_cited_for_is_for_review():
    found = judged("Oslo is the capital of Norway [oslo][rain].")
    assert (found.decision, found.matched_id) == ("review", "rain")
    assert "holds no claim" in found.reason
    assert judged("Oslo is the capital of Norway.", ["oslo", "fish"]).decision == "review"


@pytest.mark.parametrize("uncited", ["reject", "review", "keep"])
def test_what_becomes_of_no_citation_is_a_setting(uncited):
    assert judged("Oslo is the capital of Norway.", uncited=uncited).decision == uncited
    assert judged("Oslo is the capital of Norway.", [], uncited=uncited).decision == uncited
    partly = judged("Oslo is the capital of Norway [oslo]. Bergen has 230 days of rain each year.", uncited=uncited)
    assert partly.decision == uncited
    assert ("claim 2 of 2" in partly.reason) == (uncited != "keep")


def test_a_number_is_a_place_only_where_ids_are_no_numbers():
    assert placed("2", ["a", "b"]) == "b"
    assert placed("3", ["a", "b"]) == "3"
    assert placed("0", ["a", "b"]) == "0"
    assert placed("1", ["17", "b"]) == "1"
    numbered = [{"id": 17, "text": EVIDENCE[0]["text"]}]
    assert judged("Oslo is the capital of Norway [1].", evidence=numbered).decision == "reject"
    assert judged("Oslo is the capital of Norway [17].", evidence=numbered).decision == "keep"
    assert judged("Oslo is the capital of Norway [1].", evidence=[each["text"] for each in EVIDENCE]).decision == "keep"


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ({"text": "Oslo is big [1]."}, "not in the evidence"),
        ({"text": "...", "citations": ["oslo"], "evidence": EVIDENCE}, "no claim"),
        ({"text": "Oslo is big.", "citations": [None], "evidence": EVIDENCE}, "a citation is None, not an id"),
        ({"text": "Oslo is big.", "citations": ["oslo"], "evidence": [3]}, "passage 1 of the evidence has no text"),
    ],
)
def test_what_cannot_be_judged_is_rejected_with_the_reason(document, told):
    found = Attribution()(Batch.of([document])).at(0)
    assert found.decision == "reject"
    assert told in found.reason


def test_a_verifier_that_fails_never_keeps():
    for verifier in (lambda pairs: np.full((len(pairs), 3), np.nan), lambda pairs: 1 / 0):
        found = judged("Oslo is the capital of Norway [oslo].", verifier=verifier, canaries=False)
        assert found.decision == "reject"
        assert "could not be verified" in found.reason


def test_thresholds_of_a_cited_passage():
    for entailed, decision in ((0.9, "keep"), (0.85, "review"), (0.79, "reject")):
        row = [entailed, 1 - entailed, 0]
        found = judged("Oslo is big [oslo].", verifier=lambda pairs, row=row: np.tile(row, (len(pairs), 1)), canaries=False)
        assert found.decision == decision


def test_of_cited_answers_only_supported_ones_are_kept():
    documents = [{"text": each["text"], "evidence": STORED["passages"][each["topic"]]} for each in STORED["answers"]]
    verdicts = Attribution()(Batch.of(documents))
    labels = np.array([each["label"] for each in STORED["answers"]])
    kept = verdicts.decisions == KEEP
    assert set(labels[kept]) == {"supported"}
    assert kept[labels == "supported"].mean() >= 0.8


@pytest.mark.parametrize(
    "settings", [{"uncited": "drop"}, {"known": "oslo"}, {"known": 5}, {"citations": 1}, {"least": 2}, {"timeout_s": -1}, {"verifier": ""}]
)
def test_settings_out_of_range_are_refused(settings):
    with pytest.raises(ConfigError):
        Attribution(**settings)


def test_the_gate_is_in_the_catalogue_and_judges_no_documents():
    assert GATES["attribution"].member is Attribution
    assert len(Attribution()(Batch.of([]))) == 0
