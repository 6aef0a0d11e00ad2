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


def test_failures_come_first_and_every_finding_has_an_anchor_of_its_own(empty):
    found = (finding("LT401", "warn"), finding("LT301", generation=2), finding("LT301", generation=3))
    shown = context.findings(replace(empty, findings=found))
    assert [(each["anchor"], each["status"]) for each in shown] == [("LT301", "fail"), ("LT301-2", "fail"), ("LT401", "warn")]
    assert [each["generation"] for each in shown] == [2, 3, None]


def test_a_finding_is_flat_text_with_its_evidence_cut_and_its_command_apart(empty):
    long = finding(because="two\nlines \u202e", evidence=tuple("x" * 400 for _ in range(23)), remedy="Tag it: longtail tag a -o b")
    (shown,) = context.findings(replace(empty, findings=(long,)))
    assert (shown["because"], shown["remedy"]) == ("two lines", ("Tag it:", "longtail tag a -o b"))
    assert (len(shown["evidence"]), {len(line) for line in shown["evidence"]}, shown["evidence_left"]) == (20, {300}, 3)


def test_an_estimate_is_one_row_and_what_it_lacks_is_blank():
    row = context.estimate(number(slice="poems", level=0.95, baseline="generation_1", decision="shrunk", p=0.00123, n=1))
    assert row["name"].endswith(" of poems") and row["metric"] == "tail_mass@words_1"
    assert (row["value"], row["interval"], row["unit"], row["level"]) == ("50.0%", "[40.0%, 60.0%]", "", "95%")
    assert (row["baseline"], row["n"], row["status"], row["p"], row["p_adjusted"]) == ("generation 1", "1 document", "fail", "0.0012", "")
    bare = context.estimate(number("entropy", view="", kind="value", unit="bit", value=12345, low=12000, high=13000, level=0.999))
    assert (bare["metric"], bare["value"], bare["unit"], bare["level"]) == ("entropy", "12,345", "bit", "99.9%")
    assert (bare["baseline"], bare["decision"], bare["status"], bare["needed"]) == ("–", "", None, None)


def test_the_documents_that_would_decide_are_asked_for_only_where_nothing_is_decided():
    assert context.estimate(number(decision="inconclusive", documents_needed=900))["needed"] == 900
    assert context.estimate(number(decision="ok", documents_needed=900))["needed"] is None


def test_a_page_cuts_the_table_of_estimates_and_counts_the_rest(empty):
    shown = context.page(replace(empty, estimates=(number(),) * 203, settings={"é": {"a": None}}))
    assert (len(shown["estimates"]), shown["estimates_left"], shown["name"]) == (200, 3, "no data set")
    assert shown["settings"] == [("é", '{"a": null}')]
    few = context.page(replace(empty, estimates=(number(),), created_at="2027-03-04T05:06:07Z", inputs=(source("candidate", "d/x.jsonl"),)))
    assert (few["estimates_left"], few["date"], few["name"]) == (0, "2027-03-04", "x.jsonl")
    assert few["strata"] is few["read"] is few["vanished"] is few["ranks"] is few["self_check"] is None
