"""A prompt is kept where most samples give its claimed answer."""

from collections import Counter

import numpy as np
import pytest

from longtail.errors import ConfigError, UnknownName
from longtail.gates.batch import Batch
from longtail.gates.consistency.answers import exact, majority, number, text
from longtail.gates.consistency.consistency import Consistency
from longtail.gates.consistency.unanimous import Unanimous


def asked(samples, claim="4", at=0):
    return {"text": f"prompt {at}", "claimed_answer": claim, "samples": samples}


def judged(gate, *documents):
    verdicts = gate(Batch.of(documents))
    return [verdicts.at(at) for at in range(len(documents))]


def decisions(gate, documents):
    return [each.decision for each in judged(gate, *documents)]


def test_exactly_those_are_kept_whose_claim_most_samples_give():
    rng = np.random.default_rng(0)
    documents = [asked(rng.integers(0, 4, 12).tolist(), int(rng.integers(0, 4)), at) for at in range(500)]
    expected = []
    for each in documents:
        (first, votes), *others = Counter(each["samples"]).most_common()
        alone = not others or others[0][1] < votes
        expected.append(alone and first == each["claimed_answer"] and votes / 12 >= 0.3)
    found = decisions(Consistency(least=0.3), documents)
    assert [decision == "keep" for decision in found] == expected and 50 < sum(expected) < 450


def test_the_share_that_must_agree_counts_samples_without_an_answer():
    documents = [asked(["4", "4", None, None]), asked(["4", "4", None, None, None])]
    assert decisions(Consistency(), documents) == ["keep", "reject"]
    assert judged(Consistency(), *documents)[0].score == 0.5


def test_two_answers_that_lead_are_no_majority():
    found = judged(Consistency(), asked(["4", "4", "5", "5"]))[0]
    assert found.decision == "reject" and "2 answers lead with 50% each of 4 samples" in found.reason and found.score == 0.5


@pytest.mark.parametrize(
    ("way", "expected"),
    [
        ("reject", ["keep", "reject", "reject", "reject"]),
        ("review", ["keep"] + ["review"] * 3),
        ("relabel", ["keep", "review"] + ["reject"] * 2),
    ],
)
def test_what_disagrees_is_rejected_or_reviewed_or_reviewed_with_another_label(way, expected):
    documents = [asked(["4", "4", "5"]), asked(["5", "5", "4"]), asked(["5", "6", "7", "8", "5"]), asked(["4", "5"])]
    found = judged(Consistency(on_disagreement=way), *documents)
    assert [each.decision for each in found] == expected
    assert "most say '5' (67% of 3)" in found[1].reason


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ({"text": "a", "claimed_answer": "4"}, "is absent, not a list"),
        (asked("4 4 4"), "is a str, not a list"),
        (asked(["4"]), "2 are needed for a vote"),
        (asked([]), "0 samples"),
        (asked(["4", "4"], None), "no claimed answer"),
        (asked([None, ""]), "none of 2 samples gives an answer"),
    ],
)
def test_a_document_without_a_vote_or_a_claim_is_no_pass(document, told):
    found = judged(Consistency(), document)[0]
    assert found.decision == "reject" and told in found.reason


def test_without_a_claim_the_majority_alone_decides():
    documents = [asked(["4", "4", "5"]), asked(["4", "5", "6"]), asked(["4", "4", "5", "6", "7"])]
    assert decisions(Consistency(claimed=""), documents) == ["keep", "reject", "reject"]


@pytest.mark.parametrize(
    ("compare", "same", "other"),
    [
        (text, ["The  Cat.", "the cat"], "a cat"),
        (exact, ["The Cat", "The Cat"], "the cat"),
        (number, ["0.50", "1/2", ".5", "1,000/2,000"], "0.51"),
        (number, ["-3", "\N{MINUS SIGN}3.", -3, -3.0], "3"),
    ],
)
def test_answers_are_compared_in_one_form(compare, same, other):
    assert len({compare(each) for each in same}) == 1 and compare(other) not in {compare(each) for each in same}


@pytest.mark.parametrize("written", ["nan", "inf", "1/0", "", None, True, "4 apples", "1e999999", "1//2"])
def test_what_is_no_finite_number_is_no_answer(written):
    assert number(written) is None


def test_a_function_of_ones_own_compares_answers():
    last = Consistency(compare=lambda answer: answer.split()[-1] if answer else None)
    assert decisions(last, [asked(["so it is 4", "that makes 4", "3"])]) == ["keep"]


def test_the_vote_gives_the_new_label_to_whoever_relabels():
    vote = majority(["7", "8", "7.", None])
    assert (vote.answer, vote.share, vote.samples) == ("7", 0.5, 4)
    assert majority([]).answer is None and majority([]).share == 0


def test_easy_prompts_go_on_up_to_a_share_whatever_their_order():
    documents = [asked(["4", "4"] if at % 2 else ["4", "5"], at=at) for at in range(100)]
    found = dict(zip((each["text"] for each in documents), decisions(Unanimous(most=0.2), documents), strict=True))
    assert Counter(found.values()) == {"keep": 70, "review": 30}
    assert all(found[f"prompt {at}"] == "keep" for at in range(0, 100, 2))
    backwards = documents[::-1]
    assert dict(zip((each["text"] for each in backwards), decisions(Unanimous(most=0.2), backwards), strict=True)) == found
    assert decisions(Unanimous(most=0.2, seed=1), documents) != decisions(Unanimous(most=0.2), documents)
    assert set(decisions(Unanimous(most=0.5), documents)) == {"keep"} == set(decisions(Unanimous(most=1), documents))
    assert "all samples agree, as in 50 of 100 documents; at most 0% go on" in judged(Unanimous(most=0), *documents)[1].reason


def test_in_parts_the_gate_says_what_it_says_of_the_whole():
    documents = [asked(["4", "4"] if at % 3 else ["4", "5"], at=at) for at in range(60)]
    batch = Batch.of(documents)
    gate = Unanimous(most=0.3)
    parts = [batch.take(np.arange(start, start + 20)) for start in (0, 20, 40)]
    judge = gate.over(lambda: iter(parts))
    assert np.concatenate([judge(part).decisions for part in parts]).tolist() == gate(batch).decisions.tolist()


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"least": 1.5}, "least is 1.5"),
        ({"least": True}, "least is True"),
        ({"fewest": 0}, "fewest is 0"),
        ({"on_disagreement": "drop"}, "take reject or review or relabel"),
        ({"samples": ""}, "name a column"),
        ({"compare": 3}, "compare is 3"),
    ],
)
def test_a_setting_out_of_range_is_refused(settings, told):
    with pytest.raises(ConfigError, match=told):
        Consistency(**settings)


def test_a_way_to_compare_that_is_not_known_names_the_nearest():
    with pytest.raises(UnknownName, match="did you mean 'number'"):
        Consistency(compare="numbr")
    with pytest.raises(ConfigError, match="most is 2"):
        Unanimous(most=2)
