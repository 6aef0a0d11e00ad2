import pytest
from msgspec.structs import replace

from longtail.records import Estimate, Finding, InputRecord, Phase, Unmeasured
from longtail.report.page import context


def number(metric="tail_mass", **given):
    facts = {"view": "words_1", "value": 0.5, "low": 0.4, "high": 0.6, "n": 100, "unit": "ratio", "kind": "ratio"}
    return Estimate(metric=metric, resampling_unit="document", method="jackknife", **facts | given)


def source(role, path="a.jsonl", documents=10):
    return InputRecord(role=role, path=path, parts=1, documents=documents, bytes=1, quarantined=0, sha256=None)


def finding(code="LT301", status="fail", **given):
    facts = {"title": "t", "because": "b", "where": "candidate", "evidence": (), "remedy": ""}
    return Finding(code=code, status=status, **facts | given)


def phase(name):
    return Phase(name=name, decided_by=(), definition="none")


def test_inputs_stand_under_their_role_in_reading_order_and_sizes_add_up(empty):
    inputs = (source("reference", "h.jsonl", 1), source("candidate", "x/b.jsonl", 1000), source("candidate", "x/a.jsonl", 500))
    assert context.compared(replace(empty, inputs=inputs)) == [
        ("Audited", "b.jsonl, a.jsonl", "1,500 documents"),
        ("Human reference", "h.jsonl", "1 document"),
    ]
    assert context.compared(empty) == []


@pytest.mark.parametrize(
    ("name", "status"), [("healthy", "pass"), ("watch", "warn"), ("early", "fail"), ("late", "fail"), ("inconclusive", "not_measured")]
)
def test_the_first_light_is_that_of_the_phase_and_validity_is_never_measured(empty, name, status):
    variety, validity = context.lights(replace(empty, phase=phase(name)))
    assert variety == (status, "Variety", context.VARIETY[status])
    assert (validity.status, validity.name) == ("not_measured", "Validity")


def test_one_group_that_shrank_turns_the_light_of_variety(empty):
    healthy = replace(empty, phase=phase("healthy"))
    for slice_, decision, status in (("poems", "shrunk", "fail"), ("poems", "ok", "pass"), (None, "shrunk", "pass")):
        assert context.lights(replace(healthy, estimates=(number(slice=slice_, decision=decision),)))[0].status == status


def test_fidelity_has_a_light_only_where_it_was_decided_and_the_gravest_decides(empty):
    def third(*estimates):
        return [(light.name, light.status) for light in context.lights(replace(empty, estimates=estimates))[2:]]

    assert third(number("heldout_nll")) == third(number("tail_mass", decision="shrunk")) == []
    assert third(number("heldout_nll", decision="ok"), number("accuracy", decision="inconclusive")) == [("Fidelity", "not_measured")]
    assert third(number("tail_nll", decision="shrunk"), number("self_gap", decision="watch")) == [("Fidelity", "fail")]


def test_why_the_tail_was_not_compared_is_in_the_words_of_its_rule_first(empty):
    given = Unmeasured(code="LT301", reason="only 95 documents", enable="add more")
    assert context.unkept(replace(empty, not_measured=(Unmeasured(code="LT901", reason="r", enable=""), given))) is given
    assert "longtail audit DATA --reference" in context.unkept(empty).enable
    held = context.unkept(replace(empty, inputs=(source("reference"),)))
    assert (held.code, held.reason, held.enable) == ("LT301", "the report holds no numbers for it", "")


@pytest.mark.parametrize(
    ("statuses", "absent", "said"),
    [
        ((), 0, "No check failed."),
        (("fail",), 0, "1 check failed."),
        (("fail", "warn", "fail", "warn"), 1, "2 checks failed and 2 warnings; 1 check could not be made."),
        (("warn",), 2, "1 warning; 2 checks could not be made."),
        ((), 2, "No check failed; 2 checks could not be made."),
    ],
)
def test_what_was_noticed_is_one_sentence(empty, statuses, absent, said):
    missing = tuple(Unmeasured(code=f"LT90{at}", reason="r", enable="") for at in range(absent))
    assert context.noticed(replace(empty, findings=tuple(finding(status=each) for each in statuses), not_measured=missing)) == said


def test_a_page_of_little_leaves_out_what_is_not_there(empty):
    few = context.page(replace(empty, estimates=(number(),), created_at="2027-03-04T05:06:07Z", inputs=(source("candidate", "d/x.jsonl"),)))
    assert (few["date"], few["name"]) == ("2027-03-04", "x.jsonl") and context.page(empty)["name"] == "no data set"
    assert few["strata"] is few["by_itself"] is few["vanished"] is few["ranks"] is None
    assert context.page(replace(empty, settings={"é": {"a": None}}))["method"]["settings"] == [("é", '{"a": null}')]
