"""The gate before a store: what a model answered comes in only if what it was answered from holds it."""

from collections.abc import Collection
from typing import Any

import msgspec
import numpy as np

from longtail.errors import ConfigError
from longtail.gates.entailment.choosing import Spec, verifier_of
from longtail.gates.entailment.passages import ids_of
from longtail.gates.entailment.support import LEAST, MOST_CONTRADICTED, REVIEW, Bounds
from longtail.gates.settings import number
from longtail.gates.writeback.case import Case, Source, case_of
from longtail.gates.writeback.judging import Judged, judged
from longtail.gates.writeback.quota import exceeded
from longtail.gates.writeback.restating import Stored, likeness
from longtail.gates.writeback.rules import Rules, checked_rules
from longtail.ledger.columns import identity
from longtail.rag.decision import ClaimScore, Decision, Reason, Rejection
from longtail.rag.document import plain
from longtail.rag.evidence import ids, sources_of
from longtail.rag.store import Store
from longtail.records import Origin

COMPARED = 10
"""Stored documents that an answer is compared with, the likest ones."""


class Gate:
    """Decide whether what a model answered may be stored: `gate.check(answer, evidence, citations)`.

    An answer is accepted if every claim of it is entailed by something that was retrieved and contradicted by nothing that was,
    cites what holds it, has no number, date, name or denial that its source has not, and goes back to what a person wrote. What the
    store says already is merged, not stored again; what the store contradicts is for review; what goes beyond the quota is rejected.
    That an answer is new speaks for nothing.

    Whatever goes wrong, the answer is not accepted: a verifier that cannot be loaded, whose labels are not named plainly, or that
    gets a test pair wrong is refused when the gate is made; one that raises, answers too late or returns what is no probability
    rejects the answer that it was asked about. All text is text: nothing in an answer or in evidence is followed.

    Args:
        store: Where answers go; what it says of the origin of evidence counts.
        verifier: "rules", the folder of a model, "module:function", or a callable of pairs.
        least: Least entailment of every claim.
        review: Least entailment of every claim that a person should look at.
        most_contradicted: Greatest contradiction of any claim by anything that was retrieved.
        most_depth: Greatest depth of what is stored; 1 lets only what people wrote be evidence.
        least_sources: Different sources that must hold a claim of which none has all the words.
        model: What writes the answers, for the provenance.
        device: Where a model computes; "" takes what there is.
        timeout_s: Seconds for the verifier on one answer.

    Raises:
        ConfigError: A setting is out of range, or the verifier cannot be used.
        MissingExtra: A model is named, and the extra is not installed.
    """

    def __init__(
        self,
        store: Store,
        *,
        verifier: Spec = "rules",
        least: float = LEAST,
        review: float = REVIEW,
        most_contradicted: float = MOST_CONTRADICTED,
        most_depth: int = 1,
        least_sources: int = 2,
        model: str = "",
        device: str = "",
        timeout_s: float = 10.0,
    ) -> None:
        if verifier is None:
            raise ConfigError("the write-back gate has no verifier; leave it out for the rules, or name a model's folder")
        self.rules = checked_rules("write-back", Rules(Bounds(least, review, most_contradicted), most_depth, least_sources))
        self.timeout = number("write-back", "timeout_s", timeout_s, above=True)
        self.store, self.model = store, model
        self.verifier = verifier_of(verifier, device=device or None, timeout=timeout_s)

    def check(
        self,
        answer: Any,
        evidence: Any,
        citations: Any = None,
        *,
        question: str = "",
        topic: str = "",
        recalled: Collection[str] = (),
        model: str = "",
    ) -> Decision:
        """Judge an answer, and write the decision down in the log of the store.

        Args:
            answer: What the model wrote, with or without citation marks such as "[1]".
            evidence: All that was retrieved: hits, documents or ids of the store, or records with a text.
            citations: Ids that the answer cites as a whole, where it has no marks.
            question: What was asked.
            topic: What the quota counts it under.
            recalled: Ids of memories that were recalled in this turn; those that no person wrote are never evidence.
            model: What wrote it, where that is not the gate's.
        """
        answer = plain(answer) if isinstance(answer, str) else answer
        try:
            found = self._checked(answer, sources_of(evidence, self.store, recalled), citations, topic, model or self.model)
        except Exception as error:
            found = _failed(error)
        try:
            self.store.log(question, answer if isinstance(answer, str) else repr(answer), found)
        except Exception as error:
            return _failed(error)
        return found

    def rejections(self, question: str | None = None, k: int = 10) -> list[Rejection]:
        """Return answers that were not accepted and why, to questions like one where that is given; a generator may learn from them."""
        return self.store.rejections(question, k)

    def _checked(self, answer: str, sources: list[Source], citations: Any, topic: str, model: str) -> Decision:
        cited = ids_of(citations)
        known = {*ids(sources), *self.store.get(cited)}
        case = case_of(answer, sources, cited, self.verifier, known=known, timeout=self.timeout)
        if marked := [each for each in case.cited.ids if each not in known]:
            case = case._replace(known={*known, *self.store.get(marked)})
        found, claims = judged(case, self.rules), scores_of(case)
        reasons = [Reason(step=step, text=text) for step, text in found.reasons]
        if found.decision == "reject":
            return Decision(decision="reject", reasons=tuple(reasons), claims=claims)
        into, more = self._beside(answer)
        reasons += more
        if into is None and (over := exceeded(self.store.holdings(topic), self.store.quota, topic)):
            return Decision(decision="reject", reasons=(*reasons, Reason(step="quota", text=over)), claims=claims)
        provenance = self._provenance(answer, found, case, into, "quarantined" if reasons else "accepted")
        provenance |= {"lt_model": model or None, "lt_time": self.store.now(), "topic": topic}
        return Decision(
            decision="review" if reasons else "accept", reasons=tuple(reasons), claims=claims, provenance=provenance, merged_into=into
        )

    def _beside(self, answer: str) -> tuple[str | None, list[Reason]]:
        """Return the id of a stored document that says the same, and what in the store speaks against the answer."""
        same = identity({"text": answer})
        if (held := self.store.get([same]).get(same)) is not None and held.status == "quarantined":
            return same, [Reason(step="store", text=f"the same text, {same}, is in quarantine: {self.store.moves(same)[-1]['reason']}")]
        into: str | None = None
        for hit in self.store.search(answer, COMPARED):
            how = likeness(answer, Stored(hit.document.id, hit.document.text, hit.cosine))
            if how == "against":
                return None, [
                    Reason(step="store", text=f"{hit.document.id!r} of the store, of origin {hit.document.origin}, says otherwise")
                ]
            into = into or (hit.document.id if how == "same" else None)
        return into, []

    def _provenance(self, answer: str, found: Judged, case: Case, into: str | None, status: str) -> dict[str, Any]:
        human = [source.passage.id for source in case.sources if source.human and source.passage.id in found.parents]
        scores = {"claims": [msgspec.to_builtins(each) for each in scores_of(case)], "human": human, "merged_into": into}
        return {
            "lt_id": identity({"text": answer}),
            "lt_origin": Origin.SYNTHETIC.value,
            "lt_depth": found.depth,
            "lt_parents": msgspec.json.encode(found.parents).decode(),
            "lt_scores": msgspec.json.encode(scores, order="deterministic").decode(),
            "lt_status": status,
        }


def scores_of(case: Case) -> tuple[ClaimScore, ...]:
    """Return what was found of each claim."""
    return tuple(
        ClaimScore(
            text=claim.text,
            entailed=float(rows[:, 0].max(initial=0.0)),
            by=case.cited.passages[int(np.argmax(rows[:, 0]))].id if len(rows) else None,
            contradicted=float(rows[:, 2].max(initial=0.0)),
            against=case.cited.passages[int(np.argmax(rows[:, 2]))].id if len(rows) else None,
            cited=claim.cited,
        )
        for claim, rows in zip(case.cited.claims, case.rows, strict=True)
    )


def _failed(error: Exception) -> Decision:
    told = " ".join(plain(str(error)).split())[:200]
    return Decision(decision="reject", reasons=(Reason(step="failed", text=f"it could not be verified: {type(error).__name__}: {told}"),))
