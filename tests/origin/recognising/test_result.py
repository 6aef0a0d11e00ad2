"""Records of what was found: they stand in JSON as they are, and take nothing else."""

import json

import msgspec
import pytest

from longtail.origin.recognising.result import Contradiction, Detected, Looked
from longtail.records import SCHEMA_VERSION, Quarantined

LOOKED = Looked(recogniser="z", looks_for="the letter z", documents=3, tested=None, threshold=None, found=1, strong=1)
WHOLE = Detected(
    documents=3,
    quarantined=1,
    fdr=0.01,
    recognisers=(LOOKED, Looked(recogniser="p", looks_for="p", documents=3, tested=2, threshold=1e-300, found=1, strong=0)),
    marked=({"key_id": "k", "share": None},),
    origins={"synthetic": 1},
    contradictions=(Contradiction(says="human", found="synthetic", recogniser="z", documents=1, first=2),),
    findings=({"document": 2, "words": "a «z»"},),
    media=({"path": "a.png", "state": "unread"},),
    quarantine=(Quarantined(path="a.jsonl", line=4, reason="no text"),),
)


def test_the_record_comes_back_from_json_as_it_went_in():
    assert msgspec.json.decode(msgspec.json.encode(WHOLE), type=Detected) == WHOLE


def test_what_is_not_known_stands_in_json_as_null_and_the_version_beside_it():
    told = json.loads(msgspec.json.encode(WHOLE))
    assert told["schema_version"] == SCHEMA_VERSION
    assert (told["recognisers"][0]["tested"], told["recognisers"][0]["threshold"]) == (None, None)
    assert told["contradictions"] == [{"says": "human", "found": "synthetic", "recogniser": "z", "documents": 1, "first": 2}]


@pytest.mark.parametrize("kind", [Looked, Contradiction, Detected])
def test_a_field_that_is_missing_or_strange_is_refused(kind):
    plain = msgspec.to_builtins({Looked: LOOKED, Contradiction: WHOLE.contradictions[0], Detected: WHOLE}[kind])
    assert msgspec.convert(plain, kind)
    with pytest.raises(msgspec.ValidationError, match="unknown field `strange`"):
        msgspec.convert(plain | {"strange": 1}, kind)
    with pytest.raises(msgspec.ValidationError, match="missing required field `documents`"):
        msgspec.convert({name: value for name, value in plain.items() if name != "documents"}, kind)


def test_a_record_cannot_be_changed():
    with pytest.raises(AttributeError):
        WHOLE.documents = 4
