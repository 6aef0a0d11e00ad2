import numpy as np
import pytest

from longtail.errors import ConfigError
from longtail.gates.entailment.passages import Passage
from longtail.gates.entailment.rules import RuleEntailment
from longtail.gates.entailment.support import Bounds
from longtail.gates.writeback import Holdings, Quota, Rules, Source, Stored, case_of, checked_rules, exceeded, judged, likeness
from longtail.gates.writeback.quota import checked_quota

OSLO = Source(Passage("oslo", "Oslo is the capital of Norway. It was founded in 1040."), "human", 0, True)
FISH = Source(Passage("fish", "Norway exports fish to 90 countries."), "human", 0, True)
MEMORY = Source(Passage("memory", "Oslo is the capital of Norway."), "synthetic", 1, True)


def entailing(pairs):
    """A verifier that finds everything entailed."""
    return np.tile([1.0, 0.0, 0.0], (len(pairs), 1))


def found(answer, sources=(OSLO, FISH), citations=("oslo",), verifier=None, rules=None):
    return judged(
        case_of(answer, sources, citations, verifier or RuleEntailment(), known={"oslo", "fish", "memory", "paris"}), rules or Rules()
    )


def steps(*arguments, **settings):
    outcome = found(*arguments, **settings)
    return outcome.decision, [step for step, _ in outcome.reasons]


def test_what_is_said_and_cited_is_kept_and_descends_from_what_holds_it():
    outcome = found("Oslo is the capital of Norway [oslo]. Norway exports fish to 90 countries [fish].", citations=())
    assert (outcome.decision, outcome.parents, outcome.depth) == ("keep", ("oslo", "fish"), 1)


@pytest.mark.parametrize(
    ("answer", "citations", "step"),
    [
        ("Oslo is the capital of Sweden.", ("oslo",), "entailment"),
        ("Oslo is loud.", ("oslo",), "entailment"),
        ("[oslo]", (), "entailment"),
        ("Oslo is the capital of Norway.", (), "attribution"),
        ("Oslo is the capital of Norway.", ("fish",), "attribution"),
        ("Oslo is the capital of Norway.", ("paris",), "attribution"),
        ("Oslo is the capital of Norway.", ("doc-9",), "attribution"),
        ("Oslo is the capital of Norway [oslo]. Norway exports fish to 90 countries.", (), "attribution"),
    ],
)
def test_what_is_not_held_or_not_cited_is_rejected_by_its_step(answer, citations, step):
    assert steps(answer, citations=citations) == ("reject", [step])


def test_an_id_that_was_not_retrieved_is_told_from_one_that_does_not_exist():
    assert "which was not retrieved" in found("Oslo is the capital of Norway.", citations=("paris",)).reasons[0][1]
    assert "not retrieved" not in found("Oslo is the capital of Norway.", citations=("doc-9",)).reasons[0][1]


def test_one_contradiction_among_all_that_was_retrieved_outweighs_support():
    other = Source(Passage("other", "Oslo is not the capital of Norway."), "unknown")
    assert steps("Oslo is the capital of Norway.", [OSLO, other]) == ("reject", ["entailment"])


@pytest.mark.parametrize("answer", ["Oslo was founded in 1140.", "Oslo has 3 parks.", "Oslo was founded by Harald."])
def test_a_number_a_date_or_a_name_that_a_model_reads_over_is_rejected(answer):
    assert steps(answer, [OSLO], verifier=entailing) == ("reject", ["particulars"])


def test_a_denial_that_a_model_reads_over_is_rejected():
    assert steps("Oslo is not the capital of Norway.", [OSLO], verifier=entailing) == ("reject", ["particulars"])


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (MEMORY, "depth 1"),
        (MEMORY._replace(depth=None), "depth unknown"),
        (MEMORY._replace(origin="unknown", rooted=False), "descends from nothing that a person is known to have written"),
        (MEMORY._replace(origin="human", depth=0, barred="is in quarantine"), "is in quarantine"),
    ],
)
def test_a_memory_is_no_evidence(source, told):
    outcome = found("Oslo is the capital of Norway.", [source], ("memory",))
    assert (outcome.decision, outcome.reasons[0][0]) == ("reject", "lineage")
    assert told in outcome.reasons[0][1]


def test_two_hops_are_let_through_only_where_that_is_asked_for():
    outcome = found("Oslo is the capital of Norway.", [MEMORY], ("memory",), rules=Rules(most_depth=2))
    assert (outcome.decision, outcome.depth) == ("keep", 2)


def test_a_claim_that_no_source_has_all_words_of_takes_two_different_sources():
    claim, one = "Oslo houses the government.", Source(Passage("one", "The ministries sit in Oslo."), "human", 0, True)
    two, copy = (
        one._replace(passage=Passage("two", "Parliament meets in Oslo.")),
        one._replace(passage=Passage("two", "The ministries sit in OSLO.")),
    )
    assert steps(claim, [one], ("one",), entailing) == ("review", ["sources"])
    assert steps(claim, [one, copy], ("one", "two"), entailing) == ("review", ["sources"])
    assert steps(claim, [one, two], ("one", "two"), entailing) == ("keep", [])
    assert steps("The ministries sit in Oslo.", [one], ("one",), entailing) == ("keep", [])


def test_a_claim_that_is_nearly_entailed_is_for_review():
    def nearly(pairs):
        return np.tile([0.85, 0.15, 0.0], (len(pairs), 1))

    assert steps("Oslo is the capital of Norway.", [OSLO], verifier=nearly)[0] == "review"


def test_the_quota_counts_the_new_document_and_says_what_would_make_room():
    assert exceeded(Holdings(4, 0), Quota(0.2)) == ""
    assert (
        exceeded(Holdings(10, 2), Quota(0.2))
        == "27.3% of the store would be model-written, at most 20.0%; 4 more that people wrote would make room"
    )
    assert exceeded(Holdings(14, 2), Quota(0.2)) == ""
    assert "on 'fish'" in exceeded(Holdings(100, 3, 2), Quota(0.2, 2), "fish")
    assert exceeded(Holdings(100, 3, 2), Quota(0.2, 2)) == ""


@pytest.mark.parametrize(
    ("answer", "stored", "cosine", "expected"),
    [
        ("Oslo is the capital of Norway.", "oslo is the  capital of NORWAY.", None, "same"),
        ("Oslo is the capital of Norway.", "Norway is large. Oslo is the capital of Norway.", None, "same"),
        ("Oslo is the capital of Norway.", "Oslo is not the capital of Norway.", 0.99, "against"),
        ("Oslo has 12 parks.", "Oslo has 21 parks.", 0.99, "against"),
        ("Oslo is loud.", "Oslo is noisy.", 0.99, "same"),
        ("Oslo is loud.", "Oslo is noisy.", 0.9, "other"),
        ("Oslo is loud in 1990.", "Oslo is noisy.", 0.99, "other"),
        ("Oslo is loud.", "Bergen is rainy.", None, "other"),
        ("…", "Oslo is loud.", None, "other"),
    ],
)
def test_a_stored_document_says_the_same_otherwise_or_something_else(answer, stored, cosine, expected):
    assert likeness(answer, Stored("id", stored, cosine)) == expected


def test_settings_out_of_range_are_refused():
    for rules in (Rules(Bounds(least=1.5)), Rules(Bounds(least=0.7, review=0.8)), Rules(most_depth=0), Rules(least_sources=0)):
        with pytest.raises(ConfigError, match="write-back"):
            checked_rules("write-back", rules)
    for quota in (Quota(1.2), Quota(0.2, -1), Quota(0.2, True)):
        with pytest.raises(ConfigError, match="quota"):
            checked_quota(quota)
