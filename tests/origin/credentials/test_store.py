"""What manifests say, from plain data."""

import pytest

from longtail.errors import InvalidRecord
from longtail.origin.credentials.credential import Credential
from longtail.origin.credentials.store import Store, credential
from longtail.records import Evidence, Origin

IPTC = "http://cv.iptc.org/newscodes/digitalsourcetype/"


def manifest(*types, ingredients=(), **more):
    actions = [{"action": "c2pa.edited", "digitalSourceType": IPTC + each} for each in types]
    return {"assertions": [{"label": "c2pa.actions.v2", "data": {"actions": actions}}], "ingredients": list(ingredients), **more}


def made_from(name, relationship="parentOf"):
    return {"active_manifest": name, "relationship": relationship, "title": name}


def store(state="Trusted", **manifests):
    return Store({"active_manifest": "own", "manifests": manifests, "validation_state": state})


@pytest.mark.parametrize(
    ("types", "origin"),
    [
        (["trainedAlgorithmicMedia"], Origin.SYNTHETIC),
        (["trainedAlgorithmicMedia", "humanEdits"], Origin.HUMAN_EDITED),
        (["digitalCapture", "humanEdits"], Origin.HUMAN),
        (["digitalCapture", "compositeWithTrainedAlgorithmicMedia"], Origin.MIXED),
        (["digitalCapture", "trainedAlgorithmicMedia"], Origin.MIXED),
        (["algorithmicMedia"], None),
        (["screenCapture"], None),
        (["neverHeardOf"], None),
        ([], None),
    ],
)
def test_several_source_types_are_one_origin(types, origin):
    found = credential("c2pa", store(own=manifest(*types)), True)
    assert found.origin == origin
    assert found.evidence == (Evidence.NONE if origin is None else Evidence.SIGNED)


def test_what_a_document_was_made_from_counts_however_far_back():
    chain = {
        "own": manifest("humanEdits", ingredients=[made_from("parent")]),
        "parent": manifest(ingredients=[made_from("grandparent", "componentOf"), made_from("own")]),
        "grandparent": manifest("trainedAlgorithmicMedia"),
    }
    found = credential("c2pa", store(**chain), True)
    assert (found.state, found.origin, found.evidence) == ("verified", Origin.HUMAN_EDITED, Evidence.ASSERTED)


def test_what_was_put_into_a_model_is_not_what_came_out():
    parts = {"own": manifest("trainedAlgorithmicMedia", ingredients=[made_from("prompt", "inputTo")]), "prompt": manifest("digitalCapture")}
    assert credential("c2pa", store(**parts), True).origin == Origin.SYNTHETIC


@pytest.mark.parametrize(("state", "trusting", "expected"), [
    ("Trusted", True, "verified"), ("Trusted", False, "declared"), ("Valid", True, "declared"), ("Valid", False, "declared"),
    ("Invalid", True, "invalid"), ("Unheard", True, "invalid"),
])  # fmt: skip
def test_only_a_trust_list_of_the_reader_verifies(state, trusting, expected):
    assert credential("c2pa", store(state, own=manifest("digitalCapture")), trusting).state == expected


def test_an_invalid_credential_keeps_its_rights_and_states_no_origin():
    entries = {"cawg.data_mining": {"use": "constrained", "constraint_info": "ask first"}, "odd": "text", "empty": {}}
    own = manifest("digitalCapture")
    own["assertions"].append({"label": "cawg.training-mining", "data": {"entries": entries}})
    found = credential("c2pa", store("Invalid", own=own), True)
    assert found.rights == {"cawg.data_mining": "constrained", "cawg.data_mining.constraint_info": "ask first"}
    assert (found.origin, found.evidence) == (None, Evidence.NONE)


def test_a_credential_cannot_rest_on_nothing():
    with pytest.raises(InvalidRecord, match="cannot rest on 'none'"):
        Credential(kind="c2pa", state="declared", words="", origin=Origin.HUMAN)
    with pytest.raises(InvalidRecord, match="only a verified one"):
        Credential(kind="c2pa", state="declared", words="", origin=Origin.HUMAN, evidence=Evidence.SIGNED)


@pytest.mark.parametrize(
    "report", [{}, {"validation_state": "Invalid"}, {"active_manifest": "gone", "manifests": {}, "validation_state": "Invalid"}]
)
def test_a_report_without_a_manifest_is_not_believed(report):
    found = credential("c2pa", Store(report), True)
    assert (found.state, found.origin, found.claims["failures"]) == ("invalid", None, ["the signature does not hold"])


def test_assertions_of_an_odd_shape_say_nothing():
    odd = [
        {"label": "c2pa.actions.v2", "data": [1, 2]}, {"label": "c2pa.actions", "data": {"actions": ["x", None]}},
        {"label": "cawg.training-mining", "data": {"entries": [1]}}, {"label": "c2pa.training-mining", "data": "no"}, {},
    ]  # fmt: skip
    found = credential("c2pa", store(own={"assertions": odd, "claim_generator_info": None}), True)
    assert (found.state, found.origin, found.rights) == ("verified", None, {})
