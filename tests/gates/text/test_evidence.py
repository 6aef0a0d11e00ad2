"""Scores of watermarks and detectors, and what a ledger knows that we generated."""

import numpy as np
import pytest

from longtail.errors import ConfigError, LedgerError
from longtail.gates import Batch
from longtail.gates.text.evidence import Evidence, Recognised
from longtail.ledger.store.ledger import Ledger
from tests.gates.triage.planting import stdlib


def lengths(texts):
    return [len(text) for text in texts]


def wrong(texts):
    return [0.0]


ROWS = [
    {"text": "a", "lt_origin": "human", "meta": {"score": 0.99}},
    {"text": "b", "lt_origin": "synthetic", "meta": {"score": 0.99}},
    {"text": "c", "meta": {"score": "0.1"}},
    {"text": "d", "meta": {"score": None}},
    {"text": "e", "lt_origin": "human"},
]


def test_what_is_human_by_provenance_is_left_alone():
    found = Evidence(column="meta.score", threshold=0.5)(Batch.of(ROWS))
    assert found.decisions.tolist() == [0, 1, 0, 1, 0]
    assert found.at(1).reason == "its score 0.99 (column meta.score) is above 0.5; a score is no proof"
    assert found.at(3).reason == "no score (column meta.score)" and found.at(3).score is None


def test_what_is_above_can_be_rejected_but_not_what_has_no_score():
    assert Evidence(column="meta.score", threshold=0.5, above="reject")(Batch.of(ROWS)).decisions.tolist() == [0, 2, 0, 1, 0]


@pytest.mark.parametrize("score", [lengths, f"{__name__}:lengths"])
def test_a_function_may_give_the_score(score, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, __name__, sys.modules.get(__name__) or type(sys)(__name__))
    monkeypatch.setattr(sys.modules[__name__], "lengths", lengths, raising=False)
    found = Evidence(score=score, threshold=3)(Batch.of(["long enough", "no"]))
    assert found.decisions.tolist() == [1, 0] and found.scores.tolist() == [11, 2]


def test_a_function_that_answers_for_one_text_is_an_error():
    with pytest.raises(ValueError, match="shape"):
        Evidence(score=wrong, threshold=0.5)(Batch.of(["a", "b"]))


def test_no_reason_accuses():
    reasons = Evidence(score=lengths, threshold=1)(Batch.of(stdlib()[:50])).reasons
    assert all("no proof" in reason and "synthetic" not in reason and "model" not in reason for reason in reasons)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"column": "x", "threshold": float("nan")}, "threshold is nan"),
        ({"threshold": 0.5}, "give column or score"),
        ({"threshold": 0.5, "column": "x", "score": lengths}, "give column or score"),
        ({"threshold": 0.5, "score": "no_colon"}, "module:function"),
        ({"threshold": 0.5, "score": "os:nothing"}, "cannot be imported"),
        ({"threshold": 0.5, "score": "os:sep"}, "is a str"),
        ({"threshold": 0.5, "column": "x", "above": "burn"}, "above is 'burn'"),
    ],
)
def test_settings_out_of_range_are_refused(settings, says):
    with pytest.raises(ConfigError, match=says):
        Evidence(**settings)


def test_what_was_generated_here_is_recognised(tmp_path):
    texts = stdlib()
    made = [text for text in texts if len(text.split()) > 60][:20]
    with Ledger.create(tmp_path / "ledger") as ledger:
        ledger.add([{"text": text, "lt_origin": "synthetic", "lt_model": "m"} for text in made])
    words = made[2].split()
    words[30] = "otherwise"
    gate = Recognised(ledger=str(tmp_path / "ledger"))
    batch = Batch.of(
        [made[0], made[1].upper(), " ".join(words), next(text for text in texts if text not in made), {"text": "x", "lt_id": "own"}]
    )
    found = gate(batch)
    assert found.decisions.tolist() == [2, 2, 2, 0, 0]
    wanted = Batch.of(made[:3]).ids.to_pylist()
    assert [found.at(at).matched_id for at in range(3)] == wanted
    assert [found.at(at).reason.split(": ")[1].rsplit(" as ", 1)[0] for at in range(3)] == [
        "the same document", "the same text up to case and spacing", "much the same wording",
    ]  # fmt: skip
    assert Recognised(ledger=str(tmp_path / "ledger"), known="review")(batch).decisions.max() == 1
    assert np.isfinite(found.scores[:3]).all()


def test_a_ledger_that_is_not_there_stops_at_once(tmp_path):
    with pytest.raises(LedgerError):
        Recognised(ledger=str(tmp_path / "none"))
    with pytest.raises(ConfigError, match="similarity is 0"):
        Recognised(ledger=str(tmp_path), similarity=0)
