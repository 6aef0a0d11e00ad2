"""What a statement becomes as a manifest definition."""

import pytest

from longtail.errors import ConfigError, UnknownName
from longtail.origin.credentials.statement import Statement
from longtail.origin.credentials.store import ORIGINS


def test_a_plain_statement_is_one_action_and_its_writer():
    found = Statement("trainedAlgorithmicMedia", "a model").definition("longtail", "1.2")
    action = {
        "action": "c2pa.created",
        "digitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
        "softwareAgent": {"name": "a model"},
    }
    assert found == {
        "claim_generator_info": [{"name": "longtail", "version": "1.2"}],
        "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": [action]}, "created": True}],
    }


@pytest.mark.parametrize("source_type", ORIGINS)
def test_only_model_made_data_is_a_source_type_of_c2pa(source_type):
    (held,) = Statement(source_type, "a").definition("g", "1")["assertions"]
    place = "c2pa.org" if source_type == "trainedAlgorithmicData" else "cv.iptc.org/newscodes"
    assert held["data"]["actions"][0]["digitalSourceType"] == f"http://{place}/digitalsourcetype/{source_type}"


def test_title_and_rights_are_stated_where_given_and_more_assertions_come_last():
    rights = {"cawg.ai_inference": "allowed", "cawg.data_mining": "constrained", "cawg.ai_training": "notAllowed"}
    more = {"label": "org.example", "data": {"a": 1}}
    found = Statement("digitalCreation", "a pen", "Essay", rights).definition("g", "1", more)
    assert found["title"] == "Essay"
    assert [each["label"] for each in found["assertions"]] == ["c2pa.actions.v2", "cawg.training-mining", "org.example"]
    assert found["assertions"][1]["data"] == {"entries": {name: {"use": use} for name, use in rights.items()}}
    assert found["assertions"][2] == more


def test_an_unknown_source_type_is_refused_with_the_nearest():
    with pytest.raises(UnknownName, match="trainedAlgorithmicMedia"):
        Statement("trainedAlgoritmicMedia", "a model")


@pytest.mark.parametrize("use", ["notallowed", "", "yes"])
def test_an_unknown_use_is_refused_with_the_three(use):
    with pytest.raises(
        ConfigError, match=f"the use '{use}' of 'cawg.data_mining' is unknown; give one of allowed, notAllowed, constrained"
    ):
        Statement("digitalCapture", "camera", rights={"cawg.ai_training": "allowed", "cawg.data_mining": use})
