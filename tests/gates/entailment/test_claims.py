import pytest

from longtail.gates.entailment import claims_of
from longtail.gates.entailment.claims import MOST_OF_A_RANGE, marks_of, sentences_of


def texts(answer, **known):
    return [claim.text for claim in claims_of(answer, **known)]


def sentences(text):
    return [text[start:end] for start, end in sentences_of(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Dr. Smith met Prof. J. K. Rowling of Penguin Inc. in Jan. 2020.",
        "It costs $3.5 million, i.e. 2.1 % of the budget, cf. Fig. 4.",
        "The U.S. army left at 10 a.m. on Sunday.",
        "Is 3.14 near pi, e.g. No. 3.142?",
        'He asked "why?" and left.',
        "Visit example.com. it says.",
    ],
)
def test_a_full_stop_that_ends_nothing_does_not_cut(text):
    assert sentences(text) == [text]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One fell. Two rose! Did three? Yes.", ["One fell.", "Two rose!", "Did three?", "Yes."]),
        ("“It works.” They left.", ["“It works.”", "They left."]),
        ("Bring pens, paper, etc. The test is long.", ["Bring pens, paper, etc.", "The test is long."]),
        ("他来了。他走了。", ["他来了。", "他走了。"]),
        ("A line\nthat goes on. Another.", ["A line\nthat goes on.", "Another."]),
        ("First paragraph\n\nsecond paragraph", ["First paragraph", "second paragraph"]),
        ("In 2019. 5 people left.", ["In 2019.", "5 people left."]),
        ("", []),
    ],
)
def test_sentences_end_where_they_end(text, parts):
    assert sentences(text) == parts


def test_items_of_a_list_are_claims_with_what_introduces_them():
    answer = "The causes are:\n- rain [1]\n- wind\n\nThe end is near."
    assert texts(answer) == ["The causes are rain", "The causes are wind", "The end is near."]
    assert texts("1. Copper conducts.\n2. Glass does not.") == ["Copper conducts.", "Glass does not."]


def test_clauses_that_stand_alone_are_claims_and_others_are_not():
    assert texts("The bridge opened in 1932, and the tunnel opened in 1992; the ferry still runs.") == [
        "The bridge opened in 1932",
        "the tunnel opened in 1992",
        "the ferry still runs.",
    ]
    for whole in (
        "The flag is red, white, and Blue Peter sails.",
        "The bridge opened in 1932, and it spans 503 metres.",
        "He won, but The Hague lost.",
    ):
        assert len(texts(whole)) == 1


@pytest.mark.parametrize(
    ("answer", "cited"),
    [
        ("Tea is grown in Assam [1].", ["1"]),
        ("Tea is grown in Assam.[1][doc-3]", ["1", "doc-3"]),
        ("Tea is grown in Assam. [2]", ["2"]),
        ("[2] Tea is grown in Assam.", ["2"]),
        ("Tea [1, 2; 7] is grown in Assam [2].", ["1", "2", "7"]),
        ("Tea is grown in Assam [1-3].", ["1", "2", "3"]),
        ("Tea is grown in Assam [^4].", ["4"]),
        ("Tea is grown in Assam (source: assam).", ["assam"]),
        ("Tea is grown in Assam [source: a/b#c].", ["a/b#c"]),
        ("Tea is grown in Assam 【3†tea】.", ["3"]),
        ("According to [5], Tea is grown in Assam.", ["5"]),
    ],
)
def test_citation_marks_are_taken_out_and_remembered(answer, cited):
    (claim,) = claims_of(answer)
    assert list(claim.cited) == cited
    assert claim.text.rstrip(".").replace("  ", " ") == "Tea is grown in Assam"


def test_a_mark_belongs_to_the_sentence_before_it():
    assert [claim.cited for claim in claims_of("Salt melts. [1] Ice floats. [2][3]\nSteam rises.")] == [("1",), ("2", "3"), ()]


def test_a_mark_at_the_end_of_a_sentence_is_that_of_all_its_clauses():
    assert [claim.cited for claim in claims_of("The gate opened in 1932, and the dam opened in 1992 [4].")] == [("4",), ("4",)]
    assert [claim.cited for claim in claims_of("The gate opened in 1932 [1]; the dam opened in 1992 [4].")] == [("1",), ("4",)]


def test_a_bracket_is_no_mark_unless_it_has_a_digit_or_is_known():
    assert texts("He writes [sic] of a [link](http://a.b).") == ["He writes [sic] of a [link](http://a.b)."]
    assert marks_of("Tea grows [assam].") == marks_of("Tea does (doc not) grow.") == ()
    assert marks_of("Tea grows [assam].", {"assam"}) == ("assam",)
    assert marks_of(f"A [1-{MOST_OF_A_RANGE + 1}].") == (f"1-{MOST_OF_A_RANGE + 1}",)
    assert marks_of("A [1-2].", {"1-2"}) == ("1-2",)


def test_every_letter_and_digit_of_an_answer_is_in_a_claim_or_a_mark():
    answer = "# Tea\nTea grows in Assam [1], and Dr. No drinks it; The cup is hot.\n- one\n- two [2]\nIs it? Yes!"
    inside = "".join(answer[claim.start : claim.end] for claim in claims_of(answer))
    assert {each for each in answer if each.isalnum()} == {each for each in inside if each.isalnum()}
    assert sum(map(str.isalnum, inside)) == sum(map(str.isalnum, answer))


def test_spans_do_not_overlap_and_come_in_order():
    claims = claims_of("A fell. B rose, but C was seen. D left; e stayed.\n* f\n* g")
    assert all(one.end <= other.start for one, other in zip(claims, claims[1:], strict=False))


def test_what_holds_no_letter_or_digit_is_no_claim():
    assert claims_of("…  --- !") == []
