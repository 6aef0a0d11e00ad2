import json
import sys
import threading
import types
from pathlib import Path

import numpy as np
import pytest

from longtail.errors import ConfigError, UsageError
from longtail.gates.batch import Batch
from longtail.gates.catalogue import GATES
from longtail.gates.entailment import EntailmentGate, RuleEntailment, verifier_of
from longtail.gates.entailment.canaries import CANARIES
from longtail.gates.entailment.verifier import asked, sound
from longtail.gates.verdicts import KEEP

STORED = json.loads((Path(__file__).parent / "answers.json").read_text(encoding="utf-8"))
EVIDENCE = [{"id": "a", "text": "Oslo is the capital of Norway."}, {"id": "b", "text": "Norway exports fish to 90 countries."}]
GOOD = {"text": "Oslo is the capital of Norway.", "evidence": EVIDENCE}


def judged(document, **settings):
    return EntailmentGate(**settings)(Batch.of([document])).at(0)


def graded(**grades):
    """A verifier that gives grades by a word of the claim, else neutral."""

    def verifier(pairs):
        rows = [next((row for word, row in grades.items() if word in hypothesis), (0, 1, 0)) for _, hypothesis in pairs]
        return np.array(rows, float)

    return verifier


def test_each_answer_is_decided_by_its_worst_claim_against_all_passages():
    assert judged(GOOD) == ("keep", "", pytest.approx(0.98), "a")
    assert judged({"text": "Norway exports fish to 90 countries. Oslo is the capital of Norway.", "evidence": EVIDENCE}).decision == "keep"
    found = judged({"text": "Oslo is the capital of Norway. Oslo has a harbour.", "evidence": EVIDENCE})
    assert found.decision == "reject"
    assert "claim 2 of 2, 'Oslo has a harbour.', is not entailed by the evidence" in found.reason


def test_one_passage_that_contradicts_outweighs_another_that_entails():
    evidence = [*EVIDENCE, {"id": "c", "text": "Oslo is not the capital of Norway."}]
    found = judged({"text": "Oslo is the capital of Norway.", "evidence": evidence})
    assert (found.decision, found.matched_id) == ("reject", "c")
    assert "is contradicted by 'c' (0.98)" in found.reason


@pytest.mark.parametrize(
    ("row", "decision"),
    [
        ((0.9, 0.1, 0.0), "keep"),
        ((0.899, 0.101, 0.0), "review"),
        ((0.8, 0.2, 0.0), "review"),
        ((0.799, 0.201, 0.0), "reject"),
        ((0.95, 0.0, 0.05), "keep"),
        ((0.949, 0.0, 0.051), "reject"),
    ],
)
def test_thresholds_are_inclusive(row, decision):
    assert judged(GOOD, verifier=graded(Oslo=row), canaries=False).decision == decision


def test_answers_that_are_contradicted_or_unsupported_are_rejected_and_supported_ones_kept():
    documents = [{"text": each["text"], "evidence": STORED["passages"][each["topic"]]} for each in STORED["answers"]]
    verdicts = EntailmentGate()(Batch.of(documents))
    labels = np.array([each["label"] for each in STORED["answers"]])
    kept = verdicts.decisions == KEEP
    assert set(labels[kept]) == {"supported"}
    assert kept[labels == "supported"].mean() >= 0.8
    assert all(verdicts.at(at).decision == "reject" for at in np.flatnonzero(labels == "contradicted"))


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ({"text": "Oslo is big."}, "no evidence"),
        ({"text": "Oslo is big.", "evidence": []}, "no evidence"),
        ({"text": "Oslo is big.", "evidence": [" "]}, "no evidence"),
        ({"text": "...", "evidence": EVIDENCE}, "no claim"),
        ({"text": "Oslo is big.", "evidence": [{"id": "a"}]}, "passage 1 of the evidence has no text in 'text'"),
        ({"text": "Oslo is big.", "evidence": [None]}, "passage 1 of the evidence has no text"),
        ({"text": "Oslo is big.", "evidence": {"id": 3}}, "passage 1 of the evidence has no text"),
    ],
)
def test_what_cannot_be_judged_is_rejected_with_the_reason(document, told):
    found = judged(document)
    assert found.decision == "reject"
    assert told in found.reason


def test_a_document_without_text_is_rejected():
    found = judged({"text": "x", "answer": None, "evidence": EVIDENCE}, claims="answer")
    assert (found.decision, found.reason) == ("reject", "no text")


def test_evidence_may_be_texts_or_one_text_or_records_with_fields_of_other_names():
    assert judged({"text": GOOD["text"], "evidence": "Oslo is the capital of Norway."}).matched_id == "1"
    assert judged({"text": GOOD["text"], "evidence": ["Fish swim.", "Oslo is the capital of Norway."]}).matched_id == "2"
    records = [{"key": 7, "body": "Oslo is the capital of Norway."}]
    found = judged({"text": GOOD["text"], "rag": {"docs": records}}, evidence="rag.docs", id_field="key", text_field="body")
    assert (found.decision, found.matched_id) == ("keep", "7")


def test_claims_may_be_a_column_of_their_own():
    document = {"text": "Nonsense all over.", "evidence": EVIDENCE, "claims": ["Oslo is the capital of Norway [a]."]}
    assert judged(document, claims="claims").decision == "keep"
    assert judged({**document, "claims": [3]}, claims="claims").decision == "reject"


def broken(pairs):
    raise RuntimeError("no   memory\nleft")


def hanging(pairs):
    threading.Event().wait(5)


@pytest.mark.parametrize(
    ("verifier", "told"),
    [
        (broken, "RuntimeError: no memory left"),
        (hanging, "did not answer within 0.1 s"),
        (lambda pairs: np.full((len(pairs), 3), np.nan), "not finite"),
        (lambda pairs: np.full((len(pairs), 2), 0.5), "shape"),
        (lambda pairs: np.tile([4.0, -1.0, 2.0], (len(pairs), 1)), "no probabilities"),
        (lambda pairs: np.tile([0.3, 0.3, 0.3], (len(pairs), 1)), "no probabilities"),
        (lambda pairs: None, "shape|array"),
        (lambda pairs: ["yes"] * len(pairs), "not an array"),
    ],
)
def test_a_verifier_that_fails_never_keeps_and_never_stops_the_run(verifier, told):
    gate = EntailmentGate(verifier=verifier, canaries=False, timeout_s=0.1)
    verdicts = gate(Batch.of([GOOD, GOOD]))
    assert [verdicts.at(at).decision for at in range(2)] == ["reject", "reject"]
    with pytest.raises(UsageError, match=told) if verifier is not broken else pytest.raises(RuntimeError, match="memory"):
        asked(verifier, [("a", "b")], 0.1)
    with pytest.raises(ConfigError, match="failed on five test pairs"):
        verifier_of(verifier, timeout=0.1)


def test_a_function_with_its_labels_permuted_is_refused_and_one_with_them_right_is_used():
    rules = RuleEntailment()
    assert judged(GOOD, verifier=lambda pairs: rules(pairs)).decision == "keep"
    for order in ([1, 0, 2], [2, 1, 0], [0, 2, 1], [1, 2, 0], [2, 0, 1]):
        with pytest.raises(ConfigError, match="test pairs wrong"):
            EntailmentGate(verifier=lambda pairs, order=order: rules(pairs)[:, order])
    with pytest.raises(ConfigError, match="test pairs wrong"):
        EntailmentGate(verifier=lambda pairs: rules([(hypothesis, premise) for premise, hypothesis in pairs]))


def test_a_verifier_can_be_named_as_module_and_function(monkeypatch):
    module = types.ModuleType("own_verifier")
    module.judge, module.Judge, module.number = RuleEntailment(), RuleEntailment, 3
    monkeypatch.setitem(sys.modules, "own_verifier", module)
    assert judged(GOOD, verifier="own_verifier:judge").decision == "keep"
    assert judged(GOOD, verifier="own_verifier:Judge").decision == "keep"
    for spec in ("own_verifier:none", "no_such_module:judge", "own_verifier:number", "", 3):
        with pytest.raises(ConfigError, match="verifier"):
            EntailmentGate(verifier=spec)


@pytest.mark.parametrize(
    "settings",
    [
        {"least": 1.5},
        {"least": 0},
        {"review": 0},
        {"least": 0.5},
        {"least": "0.9"},
        {"most_contradicted": -0.1},
        {"timeout_s": 0},
        {"timeout_s": "soon"},
        {"evidence": 3},
        {"device": None},
    ],
)
def test_settings_out_of_range_are_refused(settings):
    with pytest.raises(ConfigError, match="entailment: "):
        EntailmentGate(**settings)


def test_the_gate_is_in_the_catalogue_and_judges_no_documents():
    assert GATES["entailment"].member is EntailmentGate
    assert len(EntailmentGate()(Batch.of([]))) == 0


def test_the_test_pairs_are_five_and_of_each_kind():
    assert len(CANARIES) == 5
    assert {label for _, _, _, right in CANARIES for label in right} == {"entailment", "neutral", "contradiction"}


def test_rows_may_sum_to_more_than_one_and_not_to_less():
    assert sound([[0.9, 0.0, 0.8]], 1).tolist() == [[0.9, 0.0, 0.8]]
    with pytest.raises(UsageError, match="no probabilities"):
        sound([[0.5, 0.0, 0.0]], 1)
