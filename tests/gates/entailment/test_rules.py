import csv
import json
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from longtail.gates.entailment import RuleEntailment, claims_of, supported
from longtail.gates.entailment.canaries import pass_canaries
from longtail.gates.entailment.passages import Passage
from longtail.gates.entailment.rules import LOOSE, MOST_NEUTRAL

HERE = Path(__file__).parent
with (HERE / "pairs.tsv").open(encoding="utf-8") as stream:
    PAIRS = list(csv.DictReader(stream, delimiter="\t"))
RULES = RuleEntailment()


def judged(rows):
    grades = RULES([(row["premise"], row["hypothesis"]) for row in rows])
    return ["E" if entailed >= 0.9 else "C" if contradicted > 0.05 else "N" for entailed, _, contradicted in grades]


def rates(rows):
    """Precision and recall of each class."""
    found = list(zip(judged(rows), [row["label"] for row in rows], strict=True))
    hits = {label: sum(said == right == label for said, right in found) for label in "ENC"}
    return {
        label: (hits[label] / sum(said == label for said, _ in found), hits[label] / sum(right == label for _, right in found))
        for label in "ENC"
    }


def one(premise, hypothesis):
    return judged([{"premise": premise, "hypothesis": hypothesis}])[0]


@pytest.mark.parametrize("row", [row for row in PAIRS if row["split"] == "tune"], ids=lambda row: f"{row['kind']}: {row['hypothesis']}")
def test_pairs_that_the_rules_were_written_with_are_judged_right(row):
    assert judged([row]) == [row["label"]]


def test_pairs_that_were_held_out_are_judged_with_high_precision():
    held = [row for row in PAIRS if row["split"] == "held"]
    found = rates(held)
    assert len(PAIRS) >= 60
    assert len(held) >= len(PAIRS) / 3
    assert found["E"][0] == 1.0, found
    assert found["C"][0] == 1.0, found
    assert min(recall for _, recall in found.values()) >= 0.75, found


ENTAILED = [row for row in PAIRS if row["label"] == "E"]


@given(st.sampled_from(ENTAILED), st.integers(0, 30), st.sampled_from(["zorbic", "quandles", "Zembla", "purported"]))
def test_a_claim_with_a_word_that_the_evidence_lacks_is_never_entailed(row, at, word):
    words = row["hypothesis"].split()
    words.insert(at % len(words), word)
    assert one(row["premise"], " ".join(words)) != "E"


@given(st.sampled_from([row for row in ENTAILED if re.search(r"\d\d", row["hypothesis"])]), st.integers(0, 99), st.integers(1, 9))
def test_a_claim_with_another_digit_is_never_entailed(row, at, by):
    digits = [match.start() for match in re.finditer(r"\d", row["hypothesis"])]
    place = digits[at % len(digits)]
    changed = str((int(row["hypothesis"][place]) + by) % 10)
    claim = f"{row['hypothesis'][:place]}{changed}{row['hypothesis'][place + 1 :]}"
    assert one(row["premise"], claim) != "E" or "more than" in claim


@given(st.sampled_from(ENTAILED))
def test_a_denied_claim_is_never_entailed_by_what_entails_it(row):
    assert one(row["premise"], f"It is not true that {row['hypothesis']}") != "E"


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_has_three_grades_that_sum_to_one(premise, hypothesis):
    grades = RULES([(premise, hypothesis)])
    assert grades.shape == (1, 3)
    assert np.isfinite(grades).all()
    assert grades.sum() == pytest.approx(1)
    assert grades.min() >= 0


def test_no_evidence_and_no_claim_entail_nothing():
    assert RULES([("", "The sun is hot."), ("The sun is hot.", ""), ("The sun is hot.", "It is.")])[:, 0].max() <= MOST_NEUTRAL
    assert RULES([]).shape == (0, 3)


def test_what_a_pronoun_stands_for_is_loosely_entailed():
    premise = "The Alqueva Dam lies in Portugal. It was completed in 2002."
    assert RULES([(premise, "The Alqueva Dam was completed in 2002.")])[0, 0] == LOOSE
    assert RULES([(premise, "It was completed in 2002.")])[0, 0] == LOOSE


def test_a_sentence_that_entails_outweighs_one_of_the_same_premise_that_conflicts():
    premise = "Sales rose in 2019. Sales rose in 2020."
    assert one(premise, "Sales rose in 2020.") == "E"
    assert one("Sales rose in 2019.", "Sales rose in 2020.") == "C"


@pytest.mark.parametrize(
    ("premise", "claim"),
    [
        ("The mother of the king opened the school.", "The king opened the school."),
        ("The treaty between Spain and France ended the war.", "France ended the war."),
        ("Doctors who treated patients were paid.", "Patients were paid."),
        ("Gold is more valuable than silver.", "Silver is valuable."),
        ("The law bans smoking in bars.", "The law bans smoking."),
        ("Anna said that Peter stole the car.", "Peter stole the car."),
        ("Mozart taught Beethoven, and Haydn taught Mozart.", "Haydn taught Beethoven."),
        ("The university has 3 campuses in Kenya and 5 in Uganda.", "The university has 5 campuses in Kenya."),
        ("The study found no effect on mortality.", "The study found no effect."),
        ("Paris has 2.1 million inhabitants; Lyon has 522,000.", "Lyon has 2.1 million inhabitants."),
        ("The plant is near Lyon.", "The plant is in Lyon."),
        ("Is the bridge safe?", "The bridge is safe."),
        ("Banks finance the bridge.", "Banks own the bridge."),
        ("Oslo ist nicht die Hauptstadt von Schweden.", "Oslo ist die Hauptstadt von Schweden."),
        ("Helsinki ei ole Ruotsin suurin kaupunki.", "Helsinki ole Ruotsin suurin kaupunki."),
        ("A girl is standing on one leg.", "A girl is standing on both legs."),
    ],
)
def test_words_that_are_all_there_but_say_something_else_are_not_entailed(premise, claim):
    assert one(premise, claim) != "E"


def test_who_does_what_to_whom_is_read_across_voices():
    for active, passive in (
        ("The dog bit the man.", "The man was bitten by the dog."),
        ("Penguin hired Orwell.", "Orwell was hired by Penguin."),
    ):
        assert one(active, passive) == one(passive, active) == "E"
    for active, passive in (
        ("The man bit the dog.", "The man was bitten by the dog."),
        ("Orwell hired Penguin.", "Orwell was hired by Penguin."),
    ):
        assert one(active, passive) == one(passive, active) == "C"


def test_the_rules_pass_the_test_pairs():
    pass_canaries(RULES, "rules")


def test_answers_that_are_contradicted_or_unsupported_are_never_kept_and_most_others_are():
    stored = json.loads((HERE / "answers.json").read_text(encoding="utf-8"))
    kept, right = [], []
    for answer in stored["answers"]:
        passages = [Passage(each["id"], each["text"]) for each in stored["passages"][answer["topic"]]]
        found = supported(claims_of(answer["text"]), passages, RULES)
        kept.append(all(each.entailed >= 0.9 and each.contradicted <= 0.05 for each in found))
        right.append(answer["label"] == "supported")
    precision = np.mean(np.array(right)[np.array(kept)])
    recall = np.mean(np.array(kept)[np.array(right)])
    assert precision == 1.0
    assert recall >= 0.8
