"""The lines of Python that the documents show, run as they stand."""

import pyarrow as pa
import pytest

import longtail
from longtail.errors import LongtailError


@pytest.fixture
def folder(five_generations, monkeypatch):
    monkeypatch.chdir(five_generations.folder)


def test_an_audit_in_five_lines(folder):
    report = longtail.audit("replace/gen5.jsonl", reference="human.jsonl", baseline="replace/gen1.jsonl")
    assert report.phase.name in ("early", "narrowing")
    assert "generation 1" in report.findings[0].because
    assert report.to_dict()["findings"][0]["code"] == report.findings[0].code == "LT301"
    assert report.worst() == "fail"


def test_settings_are_named_and_a_wrong_name_gets_the_nearest(folder):
    report = longtail.audit(
        "replace/gen5.jsonl", reference="human.jsonl", views=["words_1"], margin={"tail": 0.5}, require=["LT301"], seed=3
    )
    assert (report.settings["margin"]["tail"], report.seed) == (0.5, 3)
    with pytest.raises(LongtailError, match="did you mean 'margin'"):
        longtail.audit("replace/gen5.jsonl", margins={"tail": 0.5})
    for wrong in ({"alpha": 0}, {"alpha": "0.05"}, {"views": ["words_9"]}, {"require": ["LT999"]}, {"tau": 0.5}, {"margin": {"tail": 2}}):
        with pytest.raises(LongtailError):
            longtail.audit("replace/gen5.jsonl", **wrong)


TEXTS = [f"the {n % 7} documents of number {n} speak of {n * n}" for n in range(200)]
RECORDS = [{"text": text, "lt_origin": "human"} for text in TEXTS]
DATA = {
    "list of str": TEXTS,
    "tuple of str": tuple(TEXTS),
    "generator of str": (text for text in TEXTS),
    "list of dict": RECORDS,
    "generator of dict": iter(RECORDS),
    "Arrow table": pa.table({"text": TEXTS}),
    "Arrow batch": pa.record_batch({"text": TEXTS}),
    "Arrow table of another column": pa.table({"content": TEXTS, "number": list(range(200))}).rename_columns(["text", "number"]),
}


@pytest.mark.parametrize("kind", DATA)
def test_data_in_memory_give_the_same_estimates_whatever_holds_them(kind):
    report = longtail.audit(DATA[kind], iter(TEXTS))
    expected = longtail.audit(longtail.profile(iter(TEXTS)), longtail.profile(iter(TEXTS)))
    assert report.estimates == expected.estimates
    assert report.inputs[0].documents == 200


@pytest.mark.parametrize("ending", ["see notes.txt", "loaded from data/train.parquet", "what is a README.md", "https://example.org/a.json"])
def test_one_text_that_ends_like_a_file_name_does_not_turn_a_list_of_texts_into_paths(ending):
    assert longtail.audit([*TEXTS, ending]).inputs[0].documents == 201


@pytest.mark.parametrize("texts", [["one", "two", "three"], ["模型坍塌", "尾部消失"]])
def test_short_texts_without_spaces_get_a_message_that_says_how_to_pass_texts(texts):
    try:
        assert longtail.audit(texts).inputs[0].documents == len(texts)
    except LongtailError as error:
        assert "text" in str(error)  # a list of words might be paths: the message has to say how to pass texts


@pytest.mark.parametrize("data", [None, 7, b"bytes", {"text": "a"}, [], [1, 2], "", [None]])
def test_what_is_no_data_set_is_refused_with_a_reason(data):
    with pytest.raises(LongtailError):
        longtail.audit(data)


def test_profiles_are_made_once_merged_saved_and_audited_later(folder, tmp_path):
    halves = [longtail.profile("replace/gen4.jsonl"), longtail.profile("replace/gen5.jsonl")]
    longtail.save(longtail.merge(halves), tmp_path / "both.ltp")
    assert halves[0].documents < longtail.load(tmp_path / "both.ltp").documents
    kept, read = (longtail.audit(data) for data in (tmp_path / "both.ltp", ["replace/gen4.jsonl", "replace/gen5.jsonl"]))
    assert kept.estimates == read.estimates


def test_an_audit_changes_neither_its_profiles_nor_its_data(folder):
    last, human = longtail.profile("replace/gen5.jsonl"), longtail.profile("human.jsonl")
    first = longtail.audit(last, human)
    again = longtail.audit(last, human)
    assert first.estimates == again.estimates
    assert longtail.audit("replace/gen5.jsonl", "human.jsonl").estimates == first.estimates


def test_the_estimates_of_a_report_can_be_read_as_a_table(folder):
    report = longtail.audit("replace/gen5.jsonl", views=["words_1"])
    assert len(report.to_frame()) == len(report.estimates)
