"""Clusters and phrases of texts in which they were planted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import longtail
from longtail.auditing.inputs import Inputs
from longtail.auditing.options import Options
from longtail.auditing.pictures.copies import SHOWN_MEMBERS, copies_of, difference, top_closings
from longtail.auditing.vanished import REDACTED
from longtail.metrics.surface.excerpts import excerpts_of
from longtail.summaries.reference import Reference
from tests.auditing.made import prose

BASE = prose(1, 99)[0]


def rows(texts):
    return [{"lt_id": f"d{at:03d}", "text": text} for at, text in enumerate(texts)]


def of(texts, reference=None, **options):
    held_out = None if reference is None else Reference(longtail.profile(reference))
    return copies_of(Inputs(longtail.profile(rows(texts)), held_out, None, None), Options(**options))


@pytest.fixture(scope="module")
def planted():
    return [*prose(40, 1), *[BASE] * 3, BASE.replace("word1 ", "changed ", 1), *["quite another text that is here twice over"] * 2]


def test_the_largest_group_comes_first_with_its_copies_and_ids(planted):
    found = of(planted)
    first, second = found["clusters"]
    assert (first["documents"], first["distinct"]) == (4, 2) and set(first["members"]) <= {"d040", "d041", "d042", "d043"}
    assert (second["documents"], second["distinct"], second["difference"]) == (2, 1, [])
    assert found["clusters_total"] == 2 and found["documents"] == len(planted)
    assert {text for kind, text in first["difference"] if kind != "same"} == {"word1", "changed"}


def test_members_are_capped():
    found = of([BASE + f" tail{at}" for at in range(30)])
    assert found["clusters"][0]["documents"] == 30 and len(found["clusters"][0]["members"]) == SHOWN_MEMBERS


def test_hidden_texts_leave_counts_and_ids(planted):
    hidden = of(planted, redact=True)
    shown = of(planted)
    assert [row["members"] for row in hidden["clusters"]] == [row["members"] for row in shown["clusters"]]
    assert all(row["text"] == REDACTED and row["difference"] == [] for row in hidden["clusters"]) and hidden["phrases"] == []


def test_phrases_are_counted_on_both_sides():
    here = [f"Certainly here is the answer to x{at} good bye now" for at in range(30)] + prose(20, 1)
    there = [f"certainly, here is some q{at}" for at in range(7)] + prose(50, 2)
    found = {(row["kind"], row["text"]): row for row in of(here, there)["phrases"]}
    opening = found["opening", "Certainly here is"]
    assert (opening["documents"], opening["of"], opening["reference_documents"], opening["reference_of"]) == (30, 50, 7, 57)
    assert found["closing", "good bye now"]["documents"] == 30 and found["closing", "good bye now"]["reference_documents"] == 0
    assert found["template", "Certainly here is the answer to"]["documents"] == 30


def test_without_another_sample_phrases_stand_alone():
    found = of([f"Certainly here is x{at}" for at in range(5)])["phrases"]
    assert found[0] == {"kind": "opening", "text": "Certainly here is", "documents": 5, "of": 5}


def test_nothing_in_common_is_no_panel():
    assert of(["one alone stands", "other words only", "third thing now"]) == {}


def test_a_document_that_was_cut_has_no_end_of_its_own():
    texts = ["word " * 1200 + "same end here" for _ in range(2)] + [f"x{at} same end here" for at in range(2)]
    texts[1] = "other " + texts[1]
    found = top_closings(excerpts_of(longtail.profile(texts)))
    assert [(phrase.text, phrase.documents) for phrase in found] == [("same end here", 2)]


@given(st.text(alphabet="abc ", max_size=60), st.text(alphabet="abc ", max_size=60))
def test_a_difference_tells_both_texts_again(before, after):
    pieces = difference(before, after)
    if any("…" in text for _, text in pieces):
        return
    for kinds, text in ((("same", "gone"), before), (("same", "new"), after)):
        assert " ".join(piece for kind, piece in pieces if kind in kinds).split() == text.split()


def test_a_long_run_of_equal_words_is_cut_in_the_middle():
    words = [f"w{at}" for at in range(40)]
    pieces = difference(" ".join([*words, "old"]), " ".join([*words, "new"]))
    assert pieces[0][1].split() == [*words[:6], "…", *words[-6:]] and pieces[1:] == [("gone", "old"), ("new", "new")]
