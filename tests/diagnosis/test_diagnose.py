"""The diagnosis of pipelines with and without records, outputs and a reference."""

import shutil
from datetime import UTC, datetime

import pytest

from longtail.diagnosis.diagnose import diagnose
from longtail.diagnosis.records import Diagnosis
from longtail.errors import ReadError, UnknownName, UsageError
from longtail.report.screen.diagnosis import to_json
from tests.diagnosis.versions import SHARES, put, write

NOW = datetime(2026, 1, 2, tzinfo=UTC)
NAMES = [f"v{version}" for version in range(1, 7)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory, stdlib_paragraphs):
    return write(tmp_path_factory.mktemp("inherited"), stdlib_paragraphs)


def diagnosed(folder, **given) -> Diagnosis:
    return diagnose(**({"reference": str(folder / "human.jsonl"), "views": ("words_1",), "now": NOW} | given))


def outputs(folder):
    return str(folder / "evals/v*/outputs.jsonl")


@pytest.fixture(scope="module")
def whole(folder):
    return diagnosed(folder, repo=str(folder), outputs=outputs(folder))


def test_six_versions_with_records_have_their_entry_phases_onset_shape_and_risks(whole):
    assert [version.name for version in whole.past.versions] == NAMES
    assert [reading.version for reading in whole.readings] == NAMES
    assert [reading.documents for reading in whole.readings] == [250] * 6
    assert (whole.entry.told, whole.entry.after, whole.entry.version, whole.entry.share) == ("recorded", "v2", "v3", 0.4)
    assert {each.version: each.share for each in whole.entry.exposures if each.told == "recorded"} == {
        f"v{version}": share for version, share in SHARES.items()
    }
    assert whole.readings[0].phase is None
    assert whole.phase == whole.readings[-1].phase == whole.audit.phase.name
    assert whole.phase in ("early", "narrowing")
    assert whole.shape in ("mild_narrowing", "advanced_collapse")
    assert whole.onset in NAMES[1:]
    assert whole.onset in whole.onset_statement
    assert "generation" not in whole.onset_statement
    assert whole.signature.status == "present"
    assert [risk.version for risk in whole.risks][:2] == ["v6", "v5"]
    assert (whole.confidence, "v4" in whole.because) == ("medium", True)
    assert whole.explanations == whole.audit.differential


def test_the_same_input_gives_the_same_record(folder, whole):
    assert to_json(diagnosed(folder, repo=str(folder), outputs=outputs(folder))) == to_json(whole)


def test_outputs_alone_have_a_verdict_and_the_past_is_said_to_be_unknown(folder):
    found = diagnosed(folder, outputs=outputs(folder))
    assert "no records of the past were found" in found.past.statement
    assert (found.entry.told, found.entry.version) == ("not_measured", None)
    assert found.phase in ("early", "narrowing")
    assert found.confidence == "medium"
    assert any("longtail tag" in each for each in found.collect)


def test_the_outputs_of_the_last_one_alone_are_held_against_the_reference_with_low_confidence(folder):
    found = diagnosed(folder, outputs=str(folder / "evals/v6/outputs.jsonl"))
    assert [(reading.version, reading.phase) for reading in found.readings] == [("v6", found.phase)]
    assert (found.confidence, found.shape, found.onset) == ("low", "not_measured", None)
    assert found.onset_statement.startswith("Not measured: one version has no onset")
    assert found.signature.confidence == "low"
    assert found.audit.lineage is None
    assert any("outputs of v6, which the others" in each for each in found.collect)


def test_records_alone_tell_entry_and_risk_and_no_phase(folder):
    found = diagnosed(folder, repo=str(folder / "data"))
    assert (found.entry.version, found.entry.share) == ("v3", 0.4)
    assert [risk.version for risk in found.risks][0] == "v6"
    assert (found.phase, found.shape, found.audit, found.readings) == ("not_measured", "not_measured", None, ())
    assert found.onset_statement == "Not measured: nothing was compared."
    assert (found.confidence, found.because) == ("low", "there are no outputs that can be read")


def test_without_a_reference_nothing_is_compared_and_it_is_the_first_thing_to_collect(folder):
    found = diagnosed(folder, repo=str(folder), outputs=outputs(folder), reference=None)
    assert (found.phase, found.confidence, found.audit) == ("not_measured", "low", None)
    assert found.entry.version == "v3"
    assert [reading.documents for reading in found.readings] == [250] * 6
    assert found.collect[0].startswith("a frozen reference")


def test_outputs_that_are_empty_or_broken_are_told_and_the_rest_goes_on(folder, tmp_path, whole):
    shutil.copytree(folder / "evals", tmp_path / "evals")
    (tmp_path / "evals/v1/outputs.jsonl").write_text("")
    (tmp_path / "evals/v3/outputs.jsonl").write_bytes(b"PAR1 not at all")
    (tmp_path / "evals/v3/outputs.jsonl").rename(tmp_path / "evals/v3/outputs.parquet")
    found = diagnosed(folder, outputs=str(tmp_path / "evals/v*/outputs.*"))
    unread = {reading.version: reading.unread for reading in found.readings if reading.unread}
    assert set(unread) == {"v1", "v3"}
    assert "no documents" in unread["v1"]
    assert [reading.phase is None for reading in found.readings] == [True, True, True, False, False, False]
    assert [each.generation for each in found.audit.lineage.generations] == [1, 2, 3, 4]
    assert found.onset in ("v4", "v5", "v6", None)
    assert found.confidence == "medium"


def test_where_all_outputs_are_empty_nothing_is_invented(folder, tmp_path):
    for version in (1, 2):
        put(tmp_path / f"v{version}.jsonl", [])
    found = diagnosed(folder, outputs=str(tmp_path / "v*.jsonl"))
    assert (found.phase, found.confidence, found.audit) == ("not_measured", "low", None)
    assert found.because == "there are no outputs that can be read"
    assert all("no documents" in reading.unread for reading in found.readings)


def test_few_documents_are_inconclusive_with_low_confidence(folder, stdlib_paragraphs):
    found = diagnosed(folder, outputs={"a": stdlib_paragraphs[:5], "b": stdlib_paragraphs[5:10]})
    assert (found.phase, found.shape, found.confidence) == ("inconclusive", "not_measured", "low")
    assert any("longtail calibrate" in each for each in found.collect)


def test_versions_out_of_order_against_the_records_are_told(folder):
    lineage = [str(folder / f"evals/v{version}/outputs.jsonl") for version in (2, 1, 3)]
    found = diagnosed(folder, repo=str(folder / "data"), outputs=lineage)
    assert [reading.version for reading in found.readings] == ["v2", "v1", "v3"]
    told = [each for each in found.past.contradictions if each.about == "order"]
    assert told[0].said[0] == "outputs: v2, v1, v3"
    assert "do not agree" in found.because


def test_a_lineage_file_gives_outputs_order_and_reference(folder):
    (folder / "lineage.toml").write_text('generations = ["evals/v1/outputs.jsonl", "evals/v6/outputs.jsonl"]\nreference = "human.jsonl"\n')
    found = diagnosed(folder, lineage=str(folder / "lineage.toml"), reference=None)
    (folder / "lineage.toml").unlink()
    assert [reading.version for reading in found.readings] == ["v1", "v6"]
    assert found.phase in ("early", "narrowing")
    assert "outputs of 2 versions only" in found.because


def test_checkpoints_are_asked_the_first_words_of_the_reference_and_it_is_said(folder, tmp_path, stdlib_paragraphs):
    for version in (1, 2):
        (tmp_path / f"v{version}.bin").write_text(str(version))
    (tmp_path / "v3.bin").write_text("broken")

    def write_texts(prompts, checkpoint):
        with open(checkpoint) as stream:
            start = 40 * int(stream.read())
        return stdlib_paragraphs[start : start + len(prompts)]

    found = diagnosed(folder, checkpoints=str(tmp_path / "*.bin"), produce=write_texts, prompts=60)
    assert [(reading.version, reading.documents) for reading in found.readings] == [("v1", 60), ("v2", 60), ("v3", 0)]
    assert "ValueError" in found.readings[2].unread
    assert found.settings["prompts"].startswith("60 first 8 words of the documents of the reference, which holds no prompts")
    assert "not kept" in found.settings["prompts"]


def test_scores_follow_the_order_of_the_outputs(folder, tmp_path):
    for version in (1, 2, 10):
        rows = [{"lt_id": f"d{row}", "nll": 30 + version / 100 + row % 7, "tokens": 10} for row in range(300)]
        put(tmp_path / f"scores{version}.jsonl", rows)
    given = {f"v{version}": str(folder / f"evals/v{version}/outputs.jsonl") for version in (1, 2, 6)}
    found = diagnosed(folder, outputs=given, scores=str(tmp_path / "scores*.jsonl"))
    last = [each for each in found.audit.estimates if each.metric == "heldout_nll" and each.baseline and each.generation == 3]
    assert last[0].value == pytest.approx(0.009)
    with pytest.raises(UsageError, match="3 files of scores for 2 versions"):
        diagnosed(folder, outputs=list(given.values())[:2], scores=str(tmp_path / "scores*.jsonl"))


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({}, UsageError, "nothing to diagnose"),
        ({"outputs": "a", "lineage": "b"}, UsageError, "lineage and outputs were given"),
        ({"checkpoints": "a", "reference": None}, UsageError, "none was given"),
        ({"outputs": "a", "produce": "m:f"}, UsageError, "no checkpoints"),
        ({"repo": ".", "scores": ["s"]}, UsageError, "no outputs"),
        ({"outputs": "no/such*"}, UsageError, "nothing matches"),
        ({"repo": "no/such/folder"}, ReadError, "no/such/folder"),
        ({"outputs": {"v1": ["a text"]}, "reference": "no/such.jsonl"}, ReadError, "no/such.jsonl"),
        ({"outputs": {"v1": ["a text"]}, "colour": "red"}, UnknownName, "colour"),
    ],
)
def test_what_does_not_go_together_or_is_not_there_is_refused_in_one_line(folder, given, error, message):
    with pytest.raises(error, match=message):
        diagnosed(folder, **given)
