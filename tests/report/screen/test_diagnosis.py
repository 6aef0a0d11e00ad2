"""The screen and the page of a diagnosis."""

import io
import json

import pytest
from rich.console import Console

from longtail.auditing import audit
from longtail.diagnosis.records import Contradiction, Diagnosis, Entry, Exposure, Look, Past, Reading, Risk, Signature, Version
from longtail.errors import UsageError
from longtail.records import LeadTime
from longtail.report.page.diagnosis import to_html, write
from longtail.report.screen.diagnosis import lines, parts, rows, share, to_json, verdict


@pytest.fixture(scope="module")
def report():
    texts = [f"alpha beta gamma delta word{number % 97} other{number % 31} more{number}" for number in range(300)]
    return audit(lineage=[texts[:100], texts[100:200], texts[:200]], reference=texts[:250], views=("words_1",))


@pytest.fixture
def made():
    """Make a diagnosis of four versions, of which one is a hole and one has no outputs that can be read."""

    def make(**more):
        versions = (
            Version(name="v1", place=1, time="2024-03-02T10:00:00Z", rows=12_000, told_by=("git 3fa9c1d",)),
            Version(name="v2", place=2, is_hole=True),
            Version(name="<b>v3</b>", place=3, rows=9),
            Version(name="v4", place=4),
        )
        past = Past(
            versions=versions,
            contradictions=(Contradiction(version="v1", about="rows", said=("m1.json: 10", "git: 12,000"), taken="git's, which is newer"),),
            looks=(Look(source="git", versions=3), Look(source="dvc", versions=0, reason="no .dvc file")),
            statement="3 of 4 versions are told of by git",
        )
        exposures = (
            Exposure(version="v1", told="recorded", share=0.0, low=0.0, high=0.0),
            Exposure(version="v2", told="not_measured", because="no record"),
            Exposure(version="<b>v3</b>", told="estimated", share=0.4, low=0.35, high=0.45),
            Exposure(version="v4", told="recorded", low=0.2, high=0.6),
        )
        readings = (
            Reading(version="v1", place=1, path="e/v1", documents=100),
            Reading(version="<b>v3</b>", place=3, path="e/v3", unread="it is empty"),
            Reading(version="v4", place=4, path="e/v4", documents=90, phase="early", labels=("tail-first",), is_cached=True),
        )
        given = {
            "longtail_version": "0", "created_at": "2026-01-02T00:00:00+00:00", "command": "longtail diagnose", "seed": 0, "past": past,
            "entry": Entry(told="estimated", version="v3", exposures=exposures, statement="entered after v1"), "readings": readings,
            "signature": Signature(status="present", confidence="medium", because="48% [40%, 58%] left"), "phase": "early",
            "shape": "mild_narrowing", "onset": "v4", "onset_statement": "The loss began not later than v4.", "explanations": (),
            "lead_times": (LeadTime(signal="hill_1@words_1", first_alarm=2, generations_before_last=0),),
            "risks": (Risk(version="v4", rank=1, score=1.2, because="a share of 0.2 to 0.6"),), "confidence": "medium",
            "because": "the outputs of v3 could not be read", "collect": ("outputs of v3: longtail diagnose --repo .",),
            "settings": {"prompts": "50 prompts of the reference", "cache": ".longtail-cache"},
        }  # fmt: skip
        return Diagnosis(**(given | more))

    return make


def printed(found, width=80):
    out = io.StringIO()
    console = Console(file=out, width=width, no_color=True)
    for line in lines(found):
        console.print(line, markup=False, highlight=False, emoji=False)
    return out.getvalue()


def test_the_first_line_is_the_verdict_with_its_confidence(made):
    screen = printed(made())
    assert screen.startswith("MILD NARROWING, confidence medium")
    assert screen.splitlines()[2].startswith("confidence medium: the outputs of v3 could not be read")
    assert max(map(len, screen.splitlines())) <= 80


def test_each_version_has_a_row_with_what_is_not_known_called_so(made):
    assert [tuple(row[:5]) for row in rows(made())] == [
        ("v1", "2024-03-02", "12,000", "0.0%", "start"),
        ("v2 (hole)", "unknown", "unknown", "unknown", "no outputs"),
        ("<b>v3</b>", "unknown", "9", "about 40.0% (35.0% to 45.0%)", "not read"),
        ("v4", "unknown", "unknown", "20.0% to 60.0%", "early (tail-first)"),
    ]


def test_a_share_is_an_interval_where_it_is_not_exact():
    assert share(None) == "unknown"
    assert share(Exposure(version="v", told="estimated", low=0.1, high=0.2)) == "about 10.0% to 20.0%"
    assert share(Exposure(version="v", told="recorded", share=0.5)) == "50.0%"
    assert share(Exposure(version="v", told="recorded")) == "unknown"


def test_all_that_is_told_has_its_part_and_signals_are_called_by_version(made):
    told = {part.name: part.told for part in parts(made())}
    assert told["records"] == ("3 of 4 versions are told of by git", "git: 3 versions; dvc: no .dvc file")
    assert told["records disagree"] == ("v1, rows: m1.json: 10 | git: 12,000; taken: git's, which is newer",)
    assert told["synthetic data"] == ("entered after v1",)
    assert told["not read"] == ("<b>v3</b>: it is empty",)
    assert told["asked"] == ("50 prompts of the reference; kept in .longtail-cache, from where those of v4 were read",)
    assert told["onset"] == ("The loss began not later than v4.",)
    assert told["tail first"] == ("present (confidence medium): 48% [40%, 58%] left",)
    assert told["first signs of a loss"][0].startswith("v4: ")
    assert "regime" not in told
    assert "share not known" not in told
    estimated = {part.name: part.told for part in parts(made(settings={"synthetic": "machine.jsonl"}))}
    assert estimated["share not known"] == ("v2: no record",)
    assert not {"asked", "records disagree"} & {part.name for part in parts(made(settings={}, past=Past()))}


def test_without_an_audit_the_verdict_is_not_measured_and_says_what_follows(made):
    name, status, sentence = verdict(made(phase="not_measured", shape="not_measured"))
    assert (name, status) == ("NOT MEASURED", "not_measured")
    assert "what records tell" in sentence
    assert "no version is known" in printed(made(phase="not_measured", shape="not_measured", past=Past(), readings=(), lead_times=()))


def test_where_there_is_no_shape_the_phase_is_the_verdict(made, report):
    name, status, sentence = verdict(made(phase="early", shape="not_measured", audit=report))
    assert (name, status) == ("EARLY", "fail")
    assert sentence


GRAVE = [
    ("flat", "healthy", "pass"),
    ("mild_narrowing", "healthy", "warn"),
    ("mild_narrowing", "early", "fail"),
    ("advanced_collapse", "late", "fail"),
    ("concentrating", "concentrating", "fail"),
    ("drift", "drift", "warn"),
    ("drift", "late", "fail"),
]


@pytest.mark.parametrize(("shape", "phase", "status"), GRAVE)
def test_a_verdict_is_as_grave_as_the_graver_of_shape_and_phase(made, shape, phase, status):
    assert verdict(made(shape=shape, phase=phase))[:2] == (shape.replace("_", " ").upper(), status)


def test_commands_stand_on_lines_of_their_own(made):
    assert "  1  outputs of v3:\n     longtail diagnose --repo .\n" in "".join(
        line.rstrip() + "\n" for line in printed(made()).splitlines()
    )


def test_json_holds_the_audit_in_the_order_of_its_contract(made, report):
    found = json.loads(to_json(made(audit=report)))
    assert list(found)[:4] == ["longtail_version", "created_at", "command", "seed"]
    assert list(found["audit"])[0] == "schema_version"
    assert json.loads(to_json(made()))["audit"] is None
    assert "\\udcff" in to_json(made(because="a file \udcff"))


def test_the_page_has_versions_parts_and_the_audit_and_escapes_names(made, report):
    page = to_html(made(audit=report))
    assert "Mild narrowing, confidence medium" in page
    assert "&lt;b&gt;v3&lt;/b&gt;" in page
    assert "<b>v3</b>" not in page.split('id="longtail-diagnosis"')[0]
    assert "What to collect next" in page
    embedded = page.split('id="longtail-diagnosis">')[1].split("</script>")[0]
    assert json.loads(embedded)["audit"]["phase"] == json.loads(to_json(made(audit=report)))["audit"]["phase"]
    assert "http://" not in page.replace("http://www.w3.org", "")


def test_a_page_without_an_audit_is_a_page(made):
    assert "Not measured, confidence medium" in to_html(made(phase="not_measured", shape="not_measured"))


def test_files_are_written_by_suffix_and_others_are_refused(made, tmp_path):
    write(made(), tmp_path / "d.json")
    assert (tmp_path / "d.json").read_text() == to_json(made())
    with pytest.raises(UsageError, match="known suffixes"):
        write(made(), tmp_path / "d.pdf")
