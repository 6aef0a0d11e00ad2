"""What recognisers return, and which of it may be written."""

import pytest

from longtail.errors import InvalidRecord, UsageError
from longtail.origin.recognising.called import Called
from longtail.origin.recognising.evidence import Recognised, Text, contradicts, strongest
from longtail.records import Evidence, Origin


def found(origin=None, evidence=Evidence.NONE, **more):
    return Recognised(recogniser="r", words="w", origin=origin, evidence=evidence, **more)


SIGNED_HUMAN = found(Origin.HUMAN, Evidence.SIGNED)
MARKED = found(Origin.SYNTHETIC, Evidence.WATERMARK)
COPY = found(Origin.SYNTHETIC, Evidence.INHERITED)


def test_only_a_watermark_a_verified_signature_or_a_copy_of_known_text_is_written():
    strong = {evidence for evidence in Evidence if found(Origin.SYNTHETIC, evidence).is_strong}
    assert strong == {Evidence.WATERMARK, Evidence.SIGNED, Evidence.INHERITED}
    assert not found().is_strong


@pytest.mark.parametrize("evidence", [Evidence.WATERMARK, Evidence.MEASURED, Evidence.INHERITED, Evidence.NONE])
def test_nothing_but_a_credential_calls_a_document_human(evidence):
    with pytest.raises(InvalidRecord, match="only a credential"):
        found(Origin.HUMAN, evidence)


@pytest.mark.parametrize("wrong", [{"p_value": 1.5}, {"p_value": float("nan")}, {"score": float("nan")}])
def test_a_number_that_is_none_is_refused(wrong):
    with pytest.raises(InvalidRecord, match="give a"):
        found(**wrong)


def test_of_several_findings_the_least_human_origin_stands_and_then_the_strongest_evidence():
    assert strongest([]) is None
    assert strongest([found(Origin.SYNTHETIC, Evidence.ASSERTED)]) is None
    assert strongest([SIGNED_HUMAN, COPY]) == COPY
    assert strongest([COPY, MARKED]) == MARKED


def test_a_contradiction_needs_a_person_on_one_side_alone():
    assert contradicts("human", MARKED) and contradicts("synthetic", SIGNED_HUMAN)
    assert not any(contradicts(said, MARKED) for said in (None, "unknown", "synthetic", "mixed", "human_edited", "model_edited"))
    assert not contradicts("human", SIGNED_HUMAN) and not contradicts("human", None)


def test_a_function_of_ones_own_is_a_recogniser():
    mine = Called(lambda texts: [MARKED if "x" in text else None for text in texts], "mine", "an x")
    assert mine.recognise([Text("axe"), Text("bee")]) == [MARKED, None]


@pytest.mark.parametrize("answer", [[None, None], ["yes"]])
def test_a_function_that_answers_wrongly_is_named(answer):
    with pytest.raises(UsageError, match="recogniser 'mine' returned"):
        Called(lambda texts: answer, "mine", "an x").recognise([Text("a")])
