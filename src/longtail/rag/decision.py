"""What the gate says of an answer."""

from typing import Any, Literal, TypeAlias

from longtail.records import Record

Said: TypeAlias = Literal["accept", "review", "reject"]


class Reason(Record, frozen=True):
    """Why an answer is not simply accepted: the step that said so, and what it said."""

    step: str
    text: str


class ClaimScore(Record, frozen=True):
    """What was found of one claim.

    Attributes:
        text: The claim, citation marks taken out.
        entailed: Greatest probability of entailment by anything retrieved.
        by: Id of what has it, None without evidence.
        contradicted: Greatest probability of contradiction.
        against: Id of what has that.
        cited: Ids that it cites.
    """

    text: str
    entailed: float
    by: str | None
    contradicted: float
    against: str | None
    cited: tuple[str, ...]


class Decision(Record, frozen=True):
    """What the gate says of an answer.

    Attributes:
        decision: "accept", "review" or "reject".
        reasons: Why, in the order of the steps; empty where it is accepted.
        claims: What was found of each claim; empty where that could not be found.
        provenance: What is stored with it, for `Store.add`; None where it is rejected. What is for review is stored in quarantine.
        merged_into: Id of the stored document that says the same already, so that none is added.
    """

    decision: Said
    reasons: tuple[Reason, ...] = ()
    claims: tuple[ClaimScore, ...] = ()
    provenance: dict[str, Any] | None = None
    merged_into: str | None = None

    @property
    def accepted(self) -> bool:
        """Tell whether it may be stored."""
        return self.decision == "accept"

    def __str__(self) -> str:
        """Return the decision and its reasons in one line."""
        told = "; ".join(f"{reason.step}: {reason.text}" for reason in self.reasons)
        merged = f"merged into {self.merged_into}" if self.merged_into else ""
        return ": ".join(each for each in (self.decision, told or merged) if each)


class Rejection(Record, frozen=True):
    """An answer that was not accepted, as the log has it; `time` is when."""

    question: str
    answer: str
    decision: Said
    reasons: tuple[Reason, ...]
    time: str
