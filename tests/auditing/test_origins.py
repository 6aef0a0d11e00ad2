"""What an audit finds of the origin of texts that nobody tagged."""

import json

import numpy as np
import pytest

from longtail.auditing import audit
from longtail.errors import ReadError, UsageError
from longtail.records import Report
from longtail.report import to_html, to_json
from longtail.summaries.files import save
from longtail.summaries.profiling import profile
from tests.origin.drawn import FOREIGN, HUMAN, MODEL, blend

FAST = {"views": ["words_1"]}
URL = "https://blog.example/1"


def status_of(report: Report, code: str) -> str:
    found = {finding.code: finding.status for finding in report.findings} | dict.fromkeys(report.passed, "pass")
    return found.get(code, "not_measured")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Human and machine texts to compare with, and a scrape of other texts, four in ten of them machine-made."""
    place, rng = tmp_path_factory.mktemp("origins"), np.random.default_rng(0)
    texts, kinds = blend(rng, [HUMAN, MODEL], [0.6, 0.4], 300)
    files = {
        "human": [{"text": text} for text in HUMAN.texts(rng, 160)],
        "model": [{"text": text} for text in MODEL.texts(rng, 160)],
        "scrape": [{"text": text, "url": URL} for text in texts],
        "called_human": [{"text": text, "lt_origin": "human", "lt_time": "2024-05-01", "lt_source": URL} for text in texts],
        "tagged": [{"text": text, "lt_origin": "synthetic" if kind else "human"} for text, kind in zip(texts, kinds, strict=True)],
        "foreign": [{"text": text, "url": URL} for text in FOREIGN.texts(rng, 150)],
    }
    for name, rows in files.items():
        (place / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return place


@pytest.fixture(scope="module")
def judged(folder):
    """Audit a data set beside both kinds of text."""
    made = {}

    def once(name, **more):
        if (name, *more) not in made:
            given = {"synthetic": folder / "model.jsonl", "closed": True} | more
            made[name, *more] = audit(folder / f"{name}.jsonl", folder / "human.jsonl", **given, **FAST)
        return made[name, *more]

    return once


def part(report, name):
    return report.panels["origin"]["parts"][name]


def test_a_hidden_share_in_an_untagged_scrape_is_found_and_fails(judged, folder):
    report = judged("scrape")
    found = part(report, "unknown")
    truth = np.mean([json.loads(line)["lt_origin"] == "synthetic" for line in (folder / "tagged.jsonl").read_text().splitlines()])
    assert found["machine"]["low"] < truth < found["machine"]["high"]
    assert status_of(report, "LT102") == "fail"
    assert "estimate: 0." in next(each.because for each in report.findings if each.code == "LT102")
    assert set(report.panels["origin"]["parts"]) == {"unknown"}


def test_without_machine_texts_nothing_is_estimated(folder):
    report = audit(folder / "scrape.jsonl", folder / "human.jsonl", **FAST)
    assert status_of(report, "LT102") == "warn" and "origin" not in report.panels


def test_machine_text_that_is_called_human_contradicts_its_tag_and_is_late(judged):
    report = judged("called_human")
    assert (status_of(report, "LT105"), status_of(report, "LT103"), status_of(report, "LT102")) == ("fail", "fail", "pass")
    assert set(report.panels["origin"]["parts"]) == {"human", "human_late"}
    assert part(report, "human")["machine"] == part(report, "human_late")["machine"]


def test_what_is_tagged_rightly_passes(judged):
    report = judged("tagged")
    assert part(report, "human")["machine"]["low"] < 0.02
    assert (status_of(report, "LT105"), status_of(report, "LT102")) == ("pass", "pass")


def test_a_cut_off_of_the_pipeline_says_what_is_late(folder, judged, tmp_path):
    later = tmp_path / "p.toml"
    later.write_text("[pipeline]\ncutoff = 2024-06-01\n")
    assert set(judged("called_human", pipeline=later).panels["origin"]["parts"]) == {"human"}


def test_texts_of_another_kind_are_refused_and_not_accused(judged):
    report = judged("foreign")
    assert part(report, "unknown")["status"] == "refused" and part(report, "unknown")["machine"]["share"] is None
    assert status_of(report, "LT102") == "warn"
    because = next(each.because for each in report.findings if each.code == "LT102")
    assert because.endswith("estimate refused (150 documents)")


def test_an_audit_with_an_estimate_can_be_written_and_says_the_same_again(judged, folder):
    report = judged("scrape")
    told = json.loads(to_json(report))["panels"]["origin"]
    again = audit(folder / "scrape.jsonl", folder / "human.jsonl", synthetic=folder / "model.jsonl", closed=True, **FAST)
    assert told == json.loads(to_json(again))["panels"]["origin"]
    assert 'id="origin"' in to_html(report)


def test_several_models_are_told_apart_by_name(folder):
    named = {"one": folder / "model.jsonl", "other": folder / "foreign.jsonl"}
    report = audit(folder / "scrape.jsonl", folder / "human.jsonl", synthetic=named, **FAST)
    assert [each["origin"] for each in part(report, "unknown")["origins"]] == ["one", "other"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"closed": True}, "there are none; add --synthetic FILE"),
        ({"group_column": "pair"}, "there are none; add --synthetic FILE"),
    ],
)
def test_options_without_machine_texts_are_refused(folder, given, told):
    with pytest.raises(UsageError, match=told):
        audit(folder / "scrape.jsonl", folder / "human.jsonl", **given, **FAST)


def test_machine_texts_without_human_ones_are_refused(folder):
    with pytest.raises(UsageError, match=r"give --reference HUMAN\.jsonl"):
        audit(folder / "scrape.jsonl", synthetic=folder / "model.jsonl", **FAST)


def test_a_profile_holds_no_texts_to_compare(folder, tmp_path):
    save(profile(folder / "human.jsonl", views=["words_1"]), tmp_path / "human.ltp")
    with pytest.raises(UsageError, match="is a profile, which holds no texts"):
        audit(folder / "scrape.jsonl", tmp_path / "human.ltp", synthetic=folder / "model.jsonl", **FAST)


def test_data_that_are_their_own_reference_are_refused(folder):
    with pytest.raises(UsageError, match="is read as data and as synthetic at once"):
        audit(folder / "scrape.jsonl", folder / "human.jsonl", synthetic=folder / "scrape.jsonl", **FAST)


def aged(path, markers, first=2014, last=2024, each=600):
    """Documents by year; from 2023 on, a share of them hold words that few used before."""
    rng, rows = np.random.default_rng(1), []
    for year in range(first, last + 1):
        for text in HUMAN.texts(rng, each, 20):
            new = [word for word in ("delve", "showcasing", "underscores") if rng.random() < (markers if year >= 2023 else 0.02)]
            rows.append({"text": f"{text} {' '.join(new)}", "url": URL, "year": year})
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.mark.parametrize(("markers", "status"), [(0.3, "fail"), (0.02, "warn")])
def test_dates_alone_bound_the_share_in_untagged_pages(tmp_path, markers, status):
    report = audit(aged(tmp_path / "dated.jsonl", markers), **FAST)
    assert report.panels["origin"]["date_column"] == "year"
    assert status_of(report, "LT102") == status
    if status == "fail":
        assert "delve" in next(each.because for each in report.findings if each.code == "LT102")


def test_a_column_of_dates_that_is_not_there_is_an_error_only_where_it_was_named(folder):
    with pytest.raises(ReadError, match="when"):
        audit(folder / "scrape.jsonl", date_column="when", **FAST)
    assert "origin" not in audit(folder / "scrape.jsonl", **FAST).panels


def test_tagged_pages_are_not_searched_for_dates(tmp_path):
    path = aged(tmp_path / "dated.jsonl", 0.3, 2021, 2023, 20)
    rows = [json.loads(line) | {"lt_origin": "human"} for line in path.read_text().splitlines()]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert "origin" not in audit(path, **FAST).panels
    assert "origin" not in audit(iter([row["text"] for row in rows]), **FAST).panels
