"""Answer-consistency: keep a prompt whose claimed answer is the one that most samples give."""

from collections.abc import Sequence
from typing import Any

from longtail.gates.batch import Batch
from longtail.gates.catalogue import GATES
from longtail.gates.consistency.answers import Normal, Vote, majority, normal_of
from longtail.gates.settings import choice, column, number, whole
from longtail.gates.verdicts import KEPT, Judgement, Verdicts

LEAST = 0.5
"""Share of the samples that must agree, as in Yu et al., arXiv:2507.23751, whose filter takes 8 to 16 samples."""
FEWEST = 2
"""Samples below which there is no vote."""
_SHOWN = 60


@GATES.add("consistency", judges="documents", source="Yu et al., arXiv:2507.23751")
class Consistency:
    """Keep a document whose claimed answer is the answer of most samples, by a share that is large enough.

    What is hard and what is wrong disagree alike, so this gate thins the frontier: audit it by difficulty and by format. With
    `on_disagreement` "review" a person decides; with "relabel" a document whose samples agree on another answer by that share is
    marked for review with that answer as its reason, and all else that is not kept is rejected. A gate only judges: `majority`
    gives the new label to whoever writes it. A recipe with either must say `unsure = "hold"`, or documents come in with the
    label that their samples speak against.

    Args:
        samples: Column of the answers, one for each sample, as a list.
        claimed: Column of the claimed answer; "" keeps whatever most samples agree on, without a claim.
        least: Least share of the samples that give the answer.
        compare: How answers are compared: "text" (without regard to case, white space and a full stop at the end), "exact",
            "number", or a function that returns the form in which an answer is compared, None for no answer.
        on_disagreement: "reject", "review" or "relabel".
        fewest: Samples below which there is no vote.

    Raises:
        ConfigError: A setting is out of range.
        UnknownName: There is no such way to compare.
    """

    def __init__(
        self,
        *,
        samples: str = "samples",
        claimed: str = "claimed_answer",
        least: float = LEAST,
        compare: str | Normal = "text",
        on_disagreement: str = "reject",
        fewest: int = FEWEST,
    ) -> None:
        self.samples = column("consistency", "samples", samples)
        self.claimed = column("consistency", "claimed", claimed) if claimed != "" else ""
        self.least = number("consistency", "least", least, 0, 1)
        self.normal = normal_of("consistency", compare)
        self.on_disagreement = choice("consistency", "on_disagreement", on_disagreement, ("reject", "review", "relabel"))
        self.fewest = whole("consistency", "fewest", fewest, 1)

    def __call__(self, batch: Batch) -> Verdicts:
        """Judge documents, each by its own samples; the score is the share of the samples that give the claimed answer."""
        claims = batch.values(self.claimed) if self.claimed else [None] * len(batch)
        return Verdicts.of(self._judged(found, claim) for found, claim in zip(batch.values(self.samples), claims, strict=True))

    def _judged(self, found: Any, claim: Any) -> Judgement:
        samples = answers_in(found)
        if samples is None:
            return Judgement("reject", f"no samples: {self.samples!r} is {_kind(found)}, not a list of answers")
        if len(samples) < self.fewest:
            return Judgement("reject", f"{len(samples)} samples, and {self.fewest} are needed for a vote")
        vote = majority(samples, self.normal)
        if not self.claimed:
            return self._unclaimed(vote)
        answer = self.normal(claim)
        if answer is None:
            return self._off("no claimed answer", vote, None)
        share = vote.share_of(answer)
        if vote.answer != answer:
            return self._off(f"{share:.0%} of {vote.samples} samples give the claimed answer", vote, share)
        if share < self.least:
            return self._weak(vote)
        return Judgement(score=share)

    def _unclaimed(self, vote: Vote) -> Judgement:
        if vote.answer is None:
            return Judgement(self._plain, told(vote), vote.share)
        return KEPT._replace(score=vote.share) if vote.share >= self.least else self._weak(vote)

    def _off(self, why: str, vote: Vote, share: float | None) -> Judgement:
        relabel = self.on_disagreement == "relabel" and vote.answer is not None and vote.share >= self.least
        return Judgement("review" if relabel else self._plain, f"{why}; {told(vote)}", share)

    def _weak(self, vote: Vote) -> Judgement:
        return Judgement(self._plain, f"{told(vote)}; {self.least:.0%} are needed", vote.share)

    @property
    def _plain(self) -> str:
        """Return what becomes of a document that samples do not speak for."""
        return "review" if self.on_disagreement == "review" else "reject"


def answers_in(found: Any) -> Sequence[Any] | None:
    """Return the samples of a document, None where there is no list of them."""
    return found if isinstance(found, list | tuple) else None


def told(vote: Vote) -> str:
    """Return in words what most samples say."""
    if not vote.leading:
        return f"none of {vote.samples} samples gives an answer"
    if vote.answer is None:
        return f"{len(vote.leading)} answers lead with {vote.share:.0%} each of {vote.samples} samples"
    shown = vote.answer if len(vote.answer) <= _SHOWN else f"{vote.answer[:_SHOWN]}…"
    return f"most say {shown!r} ({vote.share:.0%} of {vote.samples})"


def _kind(found: Any) -> str:
    return "absent" if found is None else f"a {type(found).__name__}"
