"""The gate that lets through what its evidence entails."""

from typing import Any

from longtail.errors import ConfigError
from longtail.gates.batch import Batch
from longtail.gates.catalogue import GATES
from longtail.gates.entailment.choosing import Spec, verifier_of
from longtail.gates.entailment.claims import Claim, claims_of
from longtail.gates.entailment.passages import Passage, Unreadable, passages_of
from longtail.gates.entailment.support import LEAST, MOST_CONTRADICTED, REVIEW, Bounds, checked, decided, supported
from longtail.gates.judging import FATAL
from longtail.gates.settings import number
from longtail.gates.verdicts import Judgement, Verdicts


@GATES.add("entailment", judges="documents", source="Chinthala, arXiv:2512.22199, with every claim against every passage; own thresholds")
class EntailmentGate:
    """Keep a document whose every claim is entailed by its evidence and contradicted by none of it.

    A document without evidence or without claims is rejected, and so is one on which the verifier raises, answers too late or
    returns what is no probability. Between `review` and `least` a person decides, so a recipe with this gate should say
    `unsure = "hold"`. The score is the entailment of the worst claim, the matched id the passage that entails it most.

    Args:
        evidence: Column of the passages: a list of texts, or of records with an id and a text.
        claims: Column of what is checked, a text or a list of claims; "" is the document's text.
        verifier: "rules", the folder of a model, "module:function", or a callable of pairs.
        least: Least entailment of every claim.
        review: Least entailment of every claim that a person should look at.
        most_contradicted: Greatest contradiction of any claim by any passage.
        id_field: Field of a record that holds its id.
        text_field: Field of a record that holds its text.
        device: Where a model computes; "" takes what there is.
        timeout_s: Seconds for one document.
        canaries: Whether a function must pass the five test pairs; models always must.

    Raises:
        ConfigError: A setting is out of range, or the verifier cannot be used.
        MissingExtra: A model is named, and the extra is not installed.
    """

    def __init__(
        self,
        *,
        evidence: str = "evidence",
        claims: str = "",
        verifier: Spec = "rules",
        least: float = LEAST,
        review: float = REVIEW,
        most_contradicted: float = MOST_CONTRADICTED,
        id_field: str = "id",
        text_field: str = "text",
        device: str = "",
        timeout_s: float = 60.0,
        canaries: bool = True,
    ) -> None:
        self.bounds = checked("entailment", Bounds(least, review, most_contradicted))
        self.timeout = number("entailment", "timeout_s", timeout_s, above=True)
        named("entailment", evidence=evidence, claims=claims, id_field=id_field, text_field=text_field, device=device)
        self.evidence, self.claims, self.fields = evidence, claims, (id_field, text_field)
        self.verifier = verifier_of(verifier, device=device or None, timeout=timeout_s, canaries=canaries)

    def __call__(self, batch: Batch) -> Verdicts:
        """Judge documents, each by itself."""
        texts = batch.values(self.claims) if self.claims else batch.texts.to_pylist()
        rows = zip(texts, batch.values(self.evidence), strict=True)
        return Verdicts.of([self._judged(text, evidence) for text, evidence in rows])

    def _judged(self, text: Any, evidence: Any) -> Judgement:
        try:
            key, field = self.fields
            passages = passages_of(evidence, key=key, text=field)
            claims = claims_in(text, passages)
            if not passages:
                return Judgement("reject", "no evidence")
            if not claims:
                return Judgement("reject", "no claim" if text else "no text")
            return decided(supported(claims, passages, self.verifier, self.timeout), self.bounds)
        except FATAL:
            raise
        except Exception as error:
            return failed(error)


def claims_in(value: Any, passages: list[Passage]) -> list[Claim]:
    """Return the claims of a text, or those of a list as they are, without their citation marks.

    Raises:
        Unreadable: It is neither a text nor a list of texts.
    """
    known = {passage.id for passage in passages}
    if value is None or isinstance(value, str):
        return claims_of(value or "", known)
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise Unreadable(f"the claims are {type(value).__name__}, not a text or a list of texts")
    return [claim for each in value for claim in claims_of(each, known)]


def failed(error: Exception) -> Judgement:
    """Return the rejection of a document that could not be judged."""
    told = " ".join(str(error).split())[:200]
    return Judgement("reject", told if isinstance(error, Unreadable) else f"it could not be verified: {type(error).__name__}: {told}")


def named(gate: str, **names: object) -> None:
    """Refuse names of columns, fields or devices that are no texts.

    Raises:
        ConfigError: One is not a text.
    """
    for setting, name in names.items():
        if not isinstance(name, str):
            raise ConfigError(f"{gate}: {setting} is {name!r}; write a name")
