"""Records that may not exist do not."""

import math
from itertools import permutations

import msgspec
import pytest

from longtail.errors import InvalidRecord
from longtail.records import SCHEMA_VERSION, Estimate, Finding, Guarantee, NotMeasured, Origin, Phase, Report, Verdict

SOUND = {
    "metric": "tail_mass_retained", "view": "words_1", "value": 0.9, "low": 0.8, "high": 1.0, "n": 100, "unit": "ratio",
    "resampling_unit": "document", "method": "by hand",
}  # fmt: skip


def report(**changes):
    fields = {
        "longtail_version": "0", "created_at": "2026-01-01T00:00:00+00:00", "command": "c", "seed": 0, "inputs": (),
        "phase": Phase(name="healthy", decided_by=(), definition="d"),
        "guarantee": Guarantee(text="t", alpha=0.05, alpha_spent=0.05, audit_number=1, level="checkpoint"),
        "estimates": (), "findings": (), "not_measured": (), "passed": (), "summary": "s", "panels": {}, "settings": {},
    }  # fmt: skip
    return Report(**fields | changes)


def finding(status):
    return Finding(code="LT301", status=status, title="t", because="b", where="w", evidence=(), remedy="r")


@pytest.mark.parametrize("name", ["value", "low", "high", "baseline_value", "tau", "p"])
@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_an_estimate_that_is_not_a_number_does_not_exist(name, number):
    with pytest.raises(InvalidRecord, match=rf"'tail_mass_retained': {name} is .*return NotMeasured"):
        Estimate(**SOUND | {name: number})


@pytest.mark.parametrize("bounds", [{"low": 0.95}, {"high": 0.85}, {"low": 1.0, "high": 0.8}])
def test_an_interval_holds_its_value(bounds):
    with pytest.raises(InvalidRecord, match="need low <= value <= high"):
        Estimate(**SOUND | bounds)


def test_an_interval_may_be_a_point():
    assert Estimate(**SOUND | {"low": 0.9, "high": 0.9}).value == 0.9


def test_records_are_frozen_and_refuse_unknown_fields():
    with pytest.raises(AttributeError, match="immutable"):
        Estimate(**SOUND).value = 1.0
    with pytest.raises(TypeError, match="colour"):
        Estimate(**SOUND, colour="red")
    with pytest.raises(msgspec.ValidationError, match="unknown field `colour`"):
        msgspec.convert(SOUND | {"colour": "red"}, Estimate)


def test_an_estimate_read_back_is_checked_again():
    stored = msgspec.json.encode(Estimate(**SOUND))
    assert msgspec.json.decode(stored, type=Estimate) == Estimate(**SOUND)
    with pytest.raises(msgspec.ValidationError, match="need low <= value <= high"):
        msgspec.json.decode(stored.replace(b'"low":0.8', b'"low":2.0'), type=Estimate)


@pytest.mark.parametrize("empty", ["", " ", "\n"])
def test_an_absence_and_a_verdict_need_a_reason(empty):
    with pytest.raises(InvalidRecord, match="needs a reason: say what is missing"):
        NotMeasured(reason=empty)
    for status in ("pass", "warn", "fail", "not_measured"):
        with pytest.raises(InvalidRecord, match=f"status '{status}' needs a reason"):
            Verdict(status=status, because=empty)


@pytest.mark.parametrize(
    ("parents", "expected"),
    [
        ([], "unknown"),
        (["human"], "human"),
        (["human", "model_edited"], "model_edited"),
        (["human", "human_edited"], "human_edited"),
        (["human_edited", "human_selected"], "human_selected"),
        (["human_selected", "synthetic"], "synthetic"),
        (["human", "synthetic"], "synthetic"),
        (["synthetic", "unknown"], "unknown"),
        (["mixed", "unknown"], "unknown"),
        (["human", "model_edited", "human_selected", "synthetic", "unknown"], "unknown"),
    ],
)
def test_a_merged_document_has_the_least_human_origin_of_its_parents(parents, expected):
    for order in permutations(map(Origin, parents)):
        assert Origin.merged(order) == expected


def test_parents_that_are_equally_human_merge_alike_in_either_order():
    pair = [Origin.MODEL_EDITED, Origin.HUMAN_EDITED]
    assert Origin.merged(pair) == Origin.merged(pair[::-1])


def test_merging_origins_is_associative():
    for one in Origin:
        for two in Origin:
            for three in Origin:
                assert Origin.merged([Origin.merged([one, two]), three]) == Origin.merged([one, Origin.merged([two, three])])


def test_the_worst_finding_decides():
    assert report().worst() == "pass"
    assert report(findings=(finding("warn"),)).worst() == "warn"
    assert report(findings=(finding("warn"), finding("fail"))).worst() == "fail"


def test_a_report_as_plain_values_can_be_read_back():
    made = report(estimates=(Estimate(**SOUND),), findings=(finding("warn"),))
    plain = made.to_dict()
    assert next(iter(plain)) == "schema_version"
    assert plain["schema_version"] == SCHEMA_VERSION
    assert set(plain) == set(Report.__struct_fields__)
    assert msgspec.convert(plain, Report) == made
