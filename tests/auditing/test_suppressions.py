"""Whole audits with overrides: what moves out of the findings, what stands, and that all of it is shown."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from longtail.auditing import audit
from longtail.ledger.manifest import Manifest
from longtail.report import to_html, to_json
from longtail.rules import RULES, Override, Pipeline, lt8_suppressions

NOW = datetime(2026, 3, 1, tzinfo=UTC)
FAST = {"views": ["words_1"], "now": NOW}
SLID = [
    Manifest(generation=at, rows=1000, origins={"human": kept, "synthetic": 1000 - kept}, original=kept, original_available=1000)
    for at, kept in enumerate((1000, 600), 1)
]


def rows(count):
    return [{"text": f"the {number}th text says {number * 7} and {number % 13}"} for number in range(count)]


def override(code, days=1, **more):
    given = {"code": code, "reason": "by law", "owner": "ann", "expires": (NOW + timedelta(days=days)).date()}
    return Override(**given | more)


def audited(*overrides, **options):
    return audit(rows(50), manifests=SLID, pipeline=Pipeline(overrides=overrides), **options, **FAST)


def codes(report):
    return [finding.code for finding in report.findings]


def held(report):
    return [row["finding"]["code"] for row in report.panels.get("suppressed", ())]


def test_an_override_in_force_moves_its_finding_and_nothing_else():
    before, after = audited(), audited(override("LT201"))
    assert "LT201" in codes(before) and "suppressed" not in before.panels
    assert held(after) == ["LT201"] and codes(after) == [code for code in codes(before) if code != "LT201"]
    (row,) = after.panels["suppressed"]
    assert row["overrides"] == [{"code": "LT201", "reason": "by law", "owner": "ann", "expires": "2026-03-02", "where": ""}]
    assert row["finding"] == msgspec.to_builtins(next(one for one in before.findings if one.code == "LT201"))
    assert (after.phase, after.estimates, after.passed, after.regime) == (before.phase, before.estimates, before.passed, before.regime)


def test_every_rule_appears_once_the_suppressed_counted():
    report = audited(override("LT201"), override("LT101"))
    named = [*codes(report), *(absent.code for absent in report.not_measured), *report.passed, *held(report)]
    assert sorted(named) == [entry.name for entry in RULES]


def test_one_that_has_run_out_holds_nothing_back_and_is_a_finding():
    report = audited(override("LT201", days=-1))
    assert {"LT201", "LT804"} <= set(codes(report)) and held(report) == []
    assert next(one.status for one in report.findings if one.code == "LT804") == "fail"


def test_one_of_a_generation_holds_back_the_finding_of_that_generation_alone():
    assert held(audited(override("LT201", where="generation 2"))) == ["LT201"]
    assert held(audited(override("LT201", where="generation 1"))) == []


def test_one_that_is_of_no_use_is_told_and_holds_back_nothing():
    report = audited(override("LT402"))
    assert lt8_suppressions.unused_suppression.__name__ and held(report) == []
    assert next(one.status for one in report.findings if one.code == "LT890") == "warn"


def test_a_required_rule_is_not_taken_back_and_one_not_measured_fails_all_the_same():
    report = audited(override("LT201"), override("LT301"), require=["LT201", "LT301"])
    assert {"LT201", "LT900", "LT890"} <= set(codes(report)) and held(report) == []


def test_without_overrides_the_report_is_the_same_to_the_byte():
    plain = [to_json(msgspec.structs.replace(report, timing={})) for report in (audited(), audited())]
    assert plain[0] == plain[1] and "suppressed" not in plain[0]


def test_what_is_suppressed_is_shown_on_the_page_with_its_reason():
    page = to_html(audited(override("LT201")))
    section = page.split('id="accepted"')[1].split("</section>")[0]
    assert all(told in section for told in ("LT201", "suppressed", "by law", "ann", "2026-03-02")) and "<details" not in section
    assert "accepted for now" in page and 'id="accepted"' not in to_html(audited())


def test_a_finding_of_the_judged_generation_of_a_lineage_can_be_overridden_by_its_number(five_generations):
    given = {"lineage": list(five_generations.lineages["replace"][:3]), "reference": five_generations.human, **FAST}
    here, there = (audit(pipeline=Pipeline(overrides=(override("LT301", where=f"generation {at}"),)), **given) for at in (3, 2))
    assert ("LT301" in held(here), "LT301" in held(there)) == (True, False)
    assert here.phase == there.phase and here.worst() != "pass"


@pytest.mark.parametrize("code", ["LT804", "LT900"])
def test_a_file_that_overrides_what_cannot_be_is_refused_in_one_line(code, tmp_path):
    path = tmp_path / "pipeline.toml"
    path.write_text(f'[[override]]\ncode = "{code}"\nreason = "r"\nowner = "o"\nexpires = 2026-12-31\n')
    with pytest.raises(ValueError, match=f"{code} cannot be overridden") as refused:
        audit(rows(10), pipeline=path, **FAST)
    assert "\n" not in str(refused.value)
