"""One answer with what was retrieved for it: which sources hold each of its claims."""

import numpy as np
import pytest

from longtail.gates.entailment.passages import Passage
from longtail.gates.writeback.case import Source, case_of, holders
from longtail.records import Origin

SOURCES = tuple(Source(Passage(name, f"Passage {name} says this."), "human", 0, True) for name in ("a", "b", "c"))
CLAIMS = ("bridge", "river", "town")
ANSWER = "The bridge is old [a][b]. The river is wide [c]. The town is small [a]."


def grading(table):
    """A verifier that says of claim i by passage j what a table says, told by their words."""
    asked = []

    def place(pair):
        said = " ".join(pair)
        return [word in said for word in CLAIMS].index(True), [f"Passage {name} " in said for name in "abc"].index(True)

    def verify(pairs):
        asked.extend(pairs)
        held = [table[place(pair)] for pair in pairs]
        return np.array([[value, 0.0, 1 - value] for value in held])

    verify.asked = asked
    return verify


@pytest.mark.parametrize("least", [0.3, 0.7])
def test_a_claim_is_held_by_what_it_cites_and_what_entails_it_and_by_nothing_else(least):
    table = np.random.default_rng(1).random((3, 3))
    case = case_of(ANSWER, SOURCES, (), grading(table))
    cited = [{0, 1}, {2}, {0}]
    expected = [[at for at in range(3) if at in cited[claim] and table[claim, at] >= least] for claim in range(3)]
    assert holders(case, least) == expected


def test_every_claim_is_held_against_every_passage():
    verify = grading(np.full((3, 3), 0.5))
    case = case_of(ANSWER, SOURCES, (), verify, known={"a", "z"})
    assert case.rows.shape == (3, 3, 3)
    assert len({(premise, claim) for premise, claim in verify.asked}) == 9
    assert case.known == {"a", "z"} and list(case.sources) == list(SOURCES)


def test_what_is_cited_beside_an_answer_without_marks_is_cited_by_all_its_claims():
    case = case_of("The bridge is old. The river is wide.", SOURCES, ("b",), grading(np.ones((3, 3))))
    assert holders(case, 0.5) == [[1], [1]]


@pytest.mark.parametrize("origin", Origin)
def test_only_what_a_person_wrote_is_of_a_person(origin):
    assert Source(SOURCES[0].passage, origin.value).human == (origin is Origin.HUMAN)
    assert not Source(SOURCES[0].passage).human
