"""What the gate says of an answer, in one line."""

import pytest

from longtail.rag.decision import Decision, Reason

WHY = (Reason("support", "claim 1 is not held"), Reason("quota", "full"))


@pytest.mark.parametrize(("decision", "told"), [
    (Decision("accept"), "accept"),
    (Decision("accept", merged_into="d1"), "accept: merged into d1"),
    (Decision("review", WHY), "review: support: claim 1 is not held; quota: full"),
    (Decision("reject", WHY[:1], merged_into="d1"), "reject: support: claim 1 is not held"),
])  # fmt: skip
def test_a_decision_tells_its_reasons_else_what_it_was_merged_into(decision, told):
    assert str(decision) == told


@pytest.mark.parametrize("said", ["accept", "review", "reject"])
def test_only_what_is_accepted_may_be_stored(said):
    assert Decision(said).accepted == (said == "accept")
