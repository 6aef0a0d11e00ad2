"""Whole audits with provenance, manifests and a pipeline."""

import json
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from longtail.auditing import audit
from longtail.ledger.manifest import Manifest
from longtail.report import to_html, to_json
from longtail.rules import RULES, Override, Pipeline

NOW = datetime(2026, 3, 1, tzinfo=UTC)
FAST = {"views": ["words_1"], "now": NOW}
ALL_FAILING = Pipeline(
    loop=True,
    max_synthetic=0.1,
    metrics=("accuracy",),
    reference_sha256="0f" * 32,
    overrides=(Override(code="LT202", reason="r", owner="o", expires=NOW.date().replace(year=2025)),),
)


def rows(count, **columns):
    return [{"text": f"the {number}th text says {number * 7} and {number % 13}"} | columns for number in range(count)]


def slid(*kept):
    return [
        Manifest(generation=at, rows=1000, origins={"human": human, "synthetic": 1000 - human}, original=human, original_available=1000)
        for at, human in enumerate(kept, 1)
    ]


def status_of(report):
    return (
        {finding.code: finding.status for finding in report.findings}
        | {absent.code: "not_measured" for absent in report.not_measured}
        | dict.fromkeys(report.passed, "pass")
    )


def codes(report):
    return [finding.code for finding in report.findings]


@pytest.fixture
def human(write_rows):
    return write_rows("human.jsonl", rows(300, lt_origin="human"))


def pinned(path):
    """The hash of a file as the report states it."""
    return next(given.sha256 for given in audit(iter(["a text"]), path, **FAST).inputs if given.role == "reference")


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"manifests": slid(1000, 600)},
        {"pipeline": ALL_FAILING},
        {"manifests": slid(1000, 600), "pipeline": ALL_FAILING},
    ],
)
def test_every_rule_appears_exactly_once_whatever_is_given(given):
    report = audit(rows(50), **given, **FAST)
    named = [*codes(report), *(absent.code for absent in report.not_measured), *report.passed]
    assert sorted(named) == [entry.name for entry in RULES]


def test_tagging_lets_rules_be_measured_and_exactly_those_that_the_finding_promised():
    limit = Pipeline(max_synthetic=0.7)
    before = audit(rows(50), pipeline=limit, **FAST)
    after = audit(rows(50, lt_origin="synthetic", lt_depth=1), pipeline=limit, **FAST)
    (promised,) = (finding.unlocks for finding in before.findings if finding.code == "LT101")
    silent = [{absent.code for absent in report.not_measured} for report in (before, after)]
    assert silent[0] - silent[1] == set(promised)
    assert len(promised) >= 3


def test_with_everything_wrong_provenance_comes_first_and_accumulation_next():
    text = rows(30) + rows(30, lt_origin="human", lt_model="m", lt_time="2025-01-01")
    text += rows(30, lt_origin="synthetic") + rows(30, lt_source="https://a.org/x")
    report = audit(text, manifests=slid(1000, 1000, 600, 100), pipeline=msgspec.structs.replace(ALL_FAILING, reference_sha256=None), **FAST)
    assert codes(report)[:3] == ["LT101", "LT201", "LT202"]
    fails = {finding.code for finding in report.findings if finding.status == "fail"}
    assert fails >= {"LT101", "LT102", "LT103", "LT105", "LT201", "LT202", "LT203", "LT801", "LT804"}
    (slide,) = (finding for finding in report.findings if finding.code == "LT201")
    assert slide.generation == 3
    chain = [link["code"] for link in report.panels["chains"][0]]
    assert chain == ["LT101", "LT102", "LT204", "LT801", "LT201", "LT202"]


def test_a_share_counts_what_is_untagged_as_unknown_in_all_and_by_source_and_month():
    tagged = rows(300, lt_origin="synthetic", lt_source="https://a.org/1", lt_time="2025-03-04")
    report = audit(tagged + rows(700, lt_source="https://b.org/2", lt_time="2025-04-04"), **FAST)
    found = report.panels["composition"]
    assert (found["synthetic_share"], found["unknown_share"], found["human_share"]) == (0.3, 0.7, 0.0)
    assert found["unknown"] == 700
    assert [(row["source"], row["synthetic_share"], row["unknown_share"]) for row in found["sources"]] == [
        ("https://b.org", 0.0, 1.0),
        ("https://a.org", 1.0, 0.0),
    ]
    assert [(row["month"], row["documents"], row["synthetic"]) for row in found["months"]] == [("2025-03", 300, 300), ("2025-04", 700, 0)]
    page = to_html(report)
    assert "0.000 human, 0.300 synthetic, 0.700 unknown" in page and "https://b.org" in page


def test_a_data_set_that_says_nothing_of_itself_has_no_composition_to_show():
    report = audit(rows(50), **FAST)
    assert "composition" not in report.panels and "regime" not in report.panels and report.regime == "unknown"
    assert "What the data are made of" not in to_html(report)


@pytest.mark.parametrize(
    ("manifests", "regime"),
    [
        (slid(1000, 0, 0), "replace"),
        ([msgspec.structs.replace(one, rows=1000 * one.generation) for one in slid(1000, 1000, 1000)], "accumulate"),
        (slid(1000, 500, 333), "fixed_budget"),
        (slid(1000, 1000, 600, 100), "mixed"),
    ],
)
def test_the_report_names_the_regime_and_its_steps(manifests, regime):
    report = audit(rows(50), manifests=manifests, **FAST)
    assert report.regime == regime == report.panels["regime"]["name"]
    assert len(report.panels["regime"]["rows"]) == len(manifests)
    assert regime.split("_")[0] in to_html(report)


def test_a_changed_reference_leaves_every_comparison_unmeasured_until_it_is_frozen_again(human, write_rows):
    data = write_rows("data.jsonl", rows(300, lt_origin="synthetic"))
    frozen = Pipeline(reference_sha256=pinned(human))
    before = audit(data, human, pipeline=frozen, **FAST)
    assert status_of(before)["LT803"] == "pass" and before.phase.name != "not_measured"
    human.write_text(human.read_text() + '{"text": "one more text"}\n')
    changed = audit(data, human, pipeline=frozen, by=["lt_origin"], **FAST)
    compared = ["LT301", "LT302", "LT303", "LT304", "LT307", "LT308", "LT403", "LT902", "LT903", "LT904", "LT905"]
    assert status_of(changed)["LT803"] == "fail"
    assert {code: status_of(changed)[code] for code in compared} == dict.fromkeys(compared, "not_measured")
    assert next(finding.unlocks for finding in changed.findings if finding.code == "LT803") == tuple(compared)
    assert changed.phase.name == "not_measured" and not [one for one in changed.estimates if one.baseline]
    assert "not the one that was frozen" in changed.summary and "strata" not in changed.panels
    assert status_of(audit(data, human, pipeline=Pipeline(reference_sha256=pinned(human)), **FAST))["LT803"] == "pass"


def test_a_changed_reference_spends_nothing_of_a_history_and_writes_no_gaps(human, tmp_path):
    history = tmp_path / "audits.json"
    frozen = Pipeline(reference_sha256="0f" * 32)
    report = audit(rows(200), human, pipeline=frozen, history=history, export=tmp_path / "gaps.jsonl", **FAST)
    assert report.guarantee.alpha_here is None and not history.exists() and not (tmp_path / "gaps.jsonl").exists()


def test_a_lineage_by_a_changed_reference_is_not_compared_either(human, write_rows):
    generations = [write_rows(f"g{at}.jsonl", rows(200 + at)) for at in (1, 2, 3)]
    report = audit(None, human, lineage=generations, pipeline=ALL_FAILING, **FAST)
    assert report.lineage is None and report.phase.name == "not_measured" and status_of(report)["LT803"] == "fail"


def test_an_audit_after_a_hundred_days_is_overdue(five_generations, tmp_path):
    first, second = five_generations.lineages["replace"][:2]
    given = {"reference": five_generations.human, "history": tmp_path / "audits.json", "views": ["words_1"]}
    assert status_of(audit(first, **given))["LT802"] == "not_measured"
    (entry,) = json.loads((tmp_path / "audits.json").read_text())["audits"]
    made = datetime.fromisoformat(entry["time"])
    soon, late = (audit(first, now=made + timedelta(days=days), **given) for days in (20, 100))
    assert (status_of(soon)["LT802"], status_of(late)["LT802"]) == ("pass", "warn")
    looked = (made + timedelta(days=20)).date().isoformat()  # the same audit once more, which used nothing, is a look too
    assert looked in next(finding.because for finding in late.findings if finding.code == "LT802")
    assert [status_of(audit(second, now=made + timedelta(days=days), **given))["LT802"] for days in (130, 161)] == ["pass", "warn"]


def test_an_audit_against_the_generation_before_alone_is_told_so(human):
    assert status_of(audit(rows(200), against=rows(210), **FAST))["LT805"] == "warn"
    assert status_of(audit(rows(200), human, against=rows(210), **FAST))["LT805"] == "pass"


def test_records_and_files_give_the_same_report(tmp_path, human):
    paths = []
    for at, manifest in enumerate(slid(1000, 600)):
        paths.append(tmp_path / f"m{at}.json")
        paths[-1].write_bytes(msgspec.json.encode(manifest))
    toml = tmp_path / "p.toml"
    toml.write_text("[pipeline]\nloop = true\n")
    here = audit(human, manifests=slid(1000, 600), pipeline=Pipeline(loop=True), **FAST)
    there = audit(human, manifests=paths[::-1], pipeline=toml, **FAST)
    plain = [to_json(msgspec.structs.replace(report, timing={})) for report in (here, there)]
    assert plain[0] == plain[1]
    assert here.settings["pipeline"]["loop"] is True


def test_a_profile_merged_from_parts_says_what_the_whole_says(write_rows):
    tagged = rows(100, lt_origin="human", lt_time="2025-01-01", lt_source="web") + rows(60, lt_source="https://a.org")
    whole = audit(write_rows("whole.jsonl", tagged), **FAST)
    parts = audit([str(write_rows("a.jsonl", tagged[:70])), str(write_rows("b.jsonl", tagged[70:]))], **FAST)
    assert (whole.findings, whole.not_measured, whole.passed) == (parts.findings, parts.not_measured, parts.passed)
    assert whole.panels["composition"] == parts.panels["composition"]
