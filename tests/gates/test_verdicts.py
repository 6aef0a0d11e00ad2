import numpy as np
import pytest

from longtail.errors import UsageError
from longtail.gates import KEEP, REJECT, REVIEW, Judgement, Verdicts

JUDGEMENTS = [Judgement(), Judgement("review", "looks odd", 0.4), Judgement("reject", "copy", 0.9, "abc")]


def test_judgements_become_columns_and_come_back():
    verdicts = Verdicts.of(JUDGEMENTS)
    assert verdicts.decisions.tolist() == [KEEP, REVIEW, REJECT]
    back = Verdicts.from_arrow(verdicts.to_arrow())
    assert [back.at(index) for index in range(3)] == JUDGEMENTS
    assert len(back) == 3


def test_an_absent_score_is_null_and_never_a_number_when_stored():
    assert Verdicts.of(JUDGEMENTS).to_arrow().column("score").to_pylist() == [None, 0.4, 0.9]


def test_what_was_found_gets_the_decision_and_the_rest_is_kept():
    verdicts = Verdicts.where(np.array([True, False]), "too long", scores=np.array([9.0, 1.0]), decision=REVIEW)
    assert [verdicts.at(index) for index in range(2)] == [Judgement("review", "too long", 9.0), Judgement("keep", "", 1.0)]


@pytest.mark.parametrize(("judgement", "says"), [(Judgement("drop", "x"), "'drop'"), (Judgement("reject"), "without a reason")])
def test_a_decision_that_is_none_or_has_no_reason_is_refused(judgement, says):
    with pytest.raises(UsageError, match=says):
        Verdicts.of([judgement])
