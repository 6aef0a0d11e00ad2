"""How sure a diagnosis is, and what to collect next."""

import msgspec
import pytest

from longtail.auditing import audit
from longtail.diagnosis.records import Contradiction, Entry, Exposure, Past, Reading, Version
from longtail.diagnosis.standing import Known, confidence_of, to_collect
from longtail.records import LineageRecord, Phase

NAMES = ("v1", "v2", "v3")


@pytest.fixture(scope="module")
def report():
    """A real report of three versions, whose phase and onset tests set."""
    texts = [f"alpha beta gamma delta word{number % 97} other{number % 31} more{number}" for number in range(300)]
    return audit(lineage=[texts[:100], texts[100:200], texts[:200]], reference=texts[:250], views=("words_1",))


@pytest.fixture
def known(report):
    """Make what a diagnosis with nothing to complain of rests on, but for what is given."""

    def make(phase="early", onset=None, unread=(), past=None, told="recorded", entry="v2", asked=None, **more):
        lineage: LineageRecord = msgspec.structs.replace(report.lineage, onset=onset)
        whole = msgspec.structs.replace(report, phase=Phase(name=phase, decided_by=(), definition="d"), lineage=lineage)
        exposures = tuple(Exposure(version=name, told=told, share=0.1) for name in NAMES)
        versions = tuple(Version(name=name, place=place) for place, name in enumerate(NAMES, 1))
        readings = tuple(
            Reading(version=name, place=place, path=name, unread="it is empty" if name in unread else "")
            for place, name in enumerate(NAMES, 1)
        )
        given = {"past": past or Past(versions=versions), "readings": readings, "report": whole} | more
        found = Entry(told=told, version=entry, exposures=exposures, statement="s")
        return Known(entry=found, asked={"reference": "human.jsonl"} if asked is None else asked, **given)

    return make


def test_it_is_high_where_records_and_outputs_are_whole_and_agree(known):
    assert confidence_of(known()) == ("high", "records and outputs of 3 versions agree")
    assert confidence_of(known(onset=2))[0] == "high"
    assert confidence_of(known(phase="healthy", entry=None))[0] == "high"


@pytest.mark.parametrize(
    ("more", "because"),
    [
        ({"unread": ("v2",)}, "the outputs of v2 could not be read"),
        ({"told": "not_measured"}, "no record tells what any training set was made of"),
        ({"onset": 2, "entry": "v3"}, "the loss began by v2, before the synthetic data that records tell of (v3)"),
        ({"onset": 3, "entry": None}, "outputs and records do not agree"),
    ],
)
def test_it_is_medium_where_something_is_incomplete_or_does_not_agree(known, more, because):
    confidence, reason = confidence_of(known(**more))
    assert confidence == "medium"
    assert because in reason


def test_holes_contradictions_and_versions_without_outputs_keep_it_from_being_high(known):
    versions = (*known().past.versions, Version(name="v4", place=4, is_hole=True))
    torn = Contradiction(version="v2", about="rows", said=("a: 1", "b: 2"), taken="1")
    confidence, because = confidence_of(known(past=Past(versions=versions, contradictions=(torn,))))
    assert confidence == "medium"
    for reason in ("no record tells of v4", "the training set of v4", "no outputs of v4", "records of v2 do not agree"):
        assert reason in because


def test_a_small_reference_keeps_it_from_being_high(known, report):
    small = [msgspec.structs.replace(each, documents=50) if each.role == "reference" else each for each in report.inputs]
    made = known()
    assert (
        "the reference holds 50 documents only" in confidence_of(known(report=msgspec.structs.replace(made.report, inputs=tuple(small))))[1]
    )


@pytest.mark.parametrize(
    ("more", "because"),
    [
        ({"unread": NAMES}, "no outputs that can be read"),
        ({"readings": ()}, "no outputs that can be read"),
        ({"report": None}, "no frozen reference"),
        ({"unread": ("v1", "v2")}, "only the outputs of v3 could be read"),
        ({"phase": "inconclusive"}, "do not decide the phase"),
    ],
)
def test_it_is_low_where_versions_were_not_compared_or_nothing_is_decided(known, more, because):
    confidence, reason = confidence_of(known(**more))
    assert confidence == "low"
    assert because in reason


def test_what_is_lacking_most_is_to_be_collected_first(known):
    found = to_collect(known(report=None, asked={}, told="not_measured", entry=None))
    assert found[0].startswith("a frozen reference")
    assert all("longtail " in each for each in found)
    assert [each.split(":")[0].split(",")[0].split(" of ")[0] for each in found[1:]] == [
        "outputs", "the training sets", "text", "manifests from now on",
    ]  # fmt: skip


def test_nothing_that_is_there_is_asked_for(known):
    found = to_collect(known())
    assert len(found) == 1
    assert "--scores" in found[0]


def test_documents_holes_and_unread_outputs_are_asked_for_by_name(known):
    versions = (*known().past.versions, Version(name="v4", place=4, is_hole=True))
    found = to_collect(known(phase="inconclusive", unread=("v2",), past=Past(versions=versions)))
    assert any("outputs of v2 that can be read (it is empty)" in each for each in found)
    assert any("more documents of each version: longtail calibrate" in each for each in found)
    assert any("anything that tells of v4" in each for each in found)
    assert any("outputs of v4" in each for each in found)
    assert any("the training set of v4, their rows" in each for each in found)


def test_the_first_version_is_asked_for_where_others_stand_in_for_it(known):
    assert any("outputs of v1, which the others are held against" in each for each in to_collect(known(unread=("v1",))))
