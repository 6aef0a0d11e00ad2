"""The gate that lets through what cites sources that exist, were retrieved, and hold what is said."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from longtail.errors import ConfigError
from longtail.gates.batch import Batch
from longtail.gates.catalogue import GATES
from longtail.gates.entailment.choosing import Spec, verifier_of
from longtail.gates.entailment.claims import Claim, claims_of
from longtail.gates.entailment.gate import failed, named
from longtail.gates.entailment.passages import Passage, ids_of, passages_of
from longtail.gates.entailment.support import LEAST, REVIEW, Bounds, Support, checked, grid, shown, support
from longtail.gates.judging import FATAL
from longtail.gates.settings import number
from longtail.gates.verdicts import DECISIONS, KEPT, Judgement, Verdicts


class Cited(NamedTuple):
    """What a document cites.

    Attributes:
        claims: Its claims, each with the ids that hold for it: those of its own marks, else those listed for the document.
        passages: The evidence.
        ids: All ids that are cited, in order.
    """

    claims: Sequence[Claim]
    passages: Sequence[Passage]
    ids: Sequence[str]


@GATES.add("attribution", judges="documents", source="Chinthala, arXiv:2512.22199, where one valid citation is enough; here every claim")
class Attribution:
    """Keep a document whose every claim cites a source that exists, was retrieved, and entails it.

    Marks in the text ("[1]", "[doc-3]", "(source: id)") count for their claim; a claim without one is held by the ids listed for
    the document. A number that no passage has as its id, where no id is a number, is the place of a passage, counted from 1.
    A source that holds no claim it is cited for, where others do, sends the document to review. A document on which the verifier
    raises, answers too late or returns what is no probability is rejected. The score is the support of the worst claim, the
    matched id the source that supports it most.

    Args:
        citations: Column of the ids that a document cites: an id or a list of ids, or of records with one.
        evidence: Column of the passages, as in the gate `entailment`.
        claims: Column of the text that is checked; "" is the document's text.
        retrieved: Column of the ids that were retrieved; "" takes those of the evidence.
        known: Ids that exist, so that what was not retrieved and what was made up are told apart.
        uncited: What becomes of a claim that cites nothing: "reject", "review" or "keep".
        verifier: "rules", the folder of a model, "module:function", or a callable of pairs.
        least: Least entailment of every claim by a source that it cites.
        review: Least entailment of every claim that a person should look at.
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
        citations: str = "citations",
        evidence: str = "evidence",
        claims: str = "",
        retrieved: str = "",
        known: Collection[str] | None = None,
        uncited: str = "reject",
        verifier: Spec = "rules",
        least: float = LEAST,
        review: float = REVIEW,
        id_field: str = "id",
        text_field: str = "text",
        device: str = "",
        timeout_s: float = 60.0,
        canaries: bool = True,
    ) -> None:
        if uncited not in DECISIONS:
            raise ConfigError(f"attribution: uncited is {uncited!r}; take {', '.join(DECISIONS)}")
        if isinstance(known, str) or not isinstance(known, Collection | None):
            raise ConfigError(f"attribution: known is {known!r}; write a list of ids")
        self.bounds = checked("attribution", Bounds(least, review))
        self.timeout = number("attribution", "timeout_s", timeout_s, above=True)
        self.columns = {"citations": citations, "evidence": evidence, "claims": claims, "retrieved": retrieved}
        named("attribution", **self.columns, id_field=id_field, text_field=text_field, device=device)
        self.known = None if known is None else frozenset(map(str, known))
        self.uncited, self.fields = uncited, (id_field, text_field)
        self.verifier = verifier_of(verifier, device=device or None, timeout=timeout_s, canaries=canaries)

    def __call__(self, batch: Batch) -> Verdicts:
        """Judge documents, each by itself."""
        columns = {name: batch.values(column) for name, column in self.columns.items() if column}
        columns.setdefault("claims", batch.texts.to_pylist())
        rows = [{name: values[at] for name, values in columns.items()} for at in range(len(batch))]
        return Verdicts.of([self._judged(row) for row in rows])

    def _judged(self, row: Mapping[str, Any]) -> Judgement:
        try:
            found = self._cited(row)
            if not found.claims:
                return Judgement("reject", "no claim" if row["claims"] else "no text")
            return self._unfit(row, found) or self._held(found)
        except FATAL:
            raise
        except Exception as error:
            return failed(error)

    def _cited(self, row: Mapping[str, Any]) -> Cited:
        key, field = self.fields
        passages = passages_of(row["evidence"], key=key, text=field)
        return cited_in(str(row["claims"] or ""), passages, ids_of(row["citations"], key=key), self.known or ())

    def _unfit(self, row: Mapping[str, Any], found: Cited) -> Judgement | None:
        retrieved = ids_of(row["retrieved"], key=self.fields[0]) if "retrieved" in row else [passage.id for passage in found.passages]
        return unfit(found, set(retrieved), self.known, self.uncited)

    def _held(self, found: Cited) -> Judgement:
        return held(found, grid(found.claims, found.passages, self.verifier, self.timeout), self.bounds, self.uncited)


def cited_in(text: str, passages: Sequence[Passage], citations: Sequence[str], known: Collection[str] = ()) -> Cited:
    """Return the claims of a text with what each cites: its own marks, else the ids listed for the text.

    Args:
        text: The text.
        passages: The evidence.
        citations: Ids listed for the text.
        known: Further ids that exist, so that marks without a digit are found.
    """
    ids = [passage.id for passage in passages]
    listed = [placed(each, ids) for each in citations]
    found = claims_of(text, {*ids, *listed, *known})
    claims = [each._replace(cited=tuple(placed(one, ids) for one in each.cited) or tuple(listed)) for each in found]
    return Cited(claims, passages, list(dict.fromkeys([one for each in claims for one in each.cited] + listed)))


def unfit(found: Cited, retrieved: Collection[str], known: Collection[str] | None, uncited: str = "reject") -> Judgement | None:
    """Return the judgement of a text that cites nothing, or an id that it may not cite; None where all may be cited.

    Args:
        found: What it cites.
        retrieved: Ids that were retrieved.
        known: Ids that exist, None where that is not known.
        uncited: What becomes of a text that cites nothing.
    """
    if not found.ids:
        return _without(uncited, "it cites nothing")
    texts = {passage.id for passage in found.passages}
    for each in found.ids:
        if told := _fault(each, texts, retrieved, known):
            return Judgement("reject", told, matched_id=each)
    return None


def held(found: Cited, rows: npt.NDArray[np.float64], bounds: Bounds, uncited: str = "reject") -> Judgement:
    """Return the judgement of a text whose citations may be cited: whether they hold what they are cited for.

    Args:
        found: What it cites, one claim or more that cites something.
        rows: What the verifier says, shape (claims, passages, 3).
        bounds: The thresholds.
        uncited: What becomes of a claim that cites nothing.
    """
    supports = [_by_cited(claim, found.passages, each) for claim, each in zip(found.claims, rows, strict=True)]
    worst = min((each for each in supports if each.claim.cited), key=lambda each: each.entailed)
    faults = [_unheld(supports, worst, bounds), _bare(supports, worst, uncited), _idle(found, rows, bounds.least)]
    fault = max((each for each in faults if each), key=lambda each: DECISIONS.index(each.decision), default=None)
    return fault or Judgement(score=worst.entailed, matched_id=worst.by)


def _without(uncited: str, told: str) -> Judgement:
    return KEPT if uncited == "keep" else Judgement(uncited, told)


def _bare(supports: Sequence[Support], worst: Support, uncited: str) -> Judgement | None:
    bare = [each for each in supports if not each.claim.cited]
    if not bare or uncited == "keep":
        return None
    return Judgement(uncited, f"{shown(supports, bare[0])} cites nothing", worst.entailed)


def _unheld(supports: Sequence[Support], worst: Support, bounds: Bounds) -> Judgement | None:
    if worst.entailed >= bounds.least:
        return None
    decision = "review" if worst.entailed >= bounds.review else "reject"
    told = f"{shown(supports, worst)} cites {', '.join(map(repr, worst.claim.cited))}, which does not hold it"
    return Judgement(decision, f"{told} ({worst.entailed:.2f}, at least {bounds.least:g})", worst.entailed, worst.by)


def _idle(found: Cited, rows: npt.NDArray[np.float64], least: float) -> Judgement | None:
    """Return the review of a document that cites a source for claims of which it holds none."""
    holds = {
        passage.id
        for claim, row in zip(found.claims, rows, strict=True)
        for passage, (entailed, _, _) in zip(found.passages, row, strict=True)
        if passage.id in claim.cited and entailed >= least
    }
    idle = [each for each in found.ids if each not in holds]
    return Judgement("review", f"it cites {idle[0]!r}, which holds no claim that cites it", matched_id=idle[0]) if idle else None


def placed(cited: str, ids: Sequence[str]) -> str:
    """Return the id that a citation means: itself, or that of the passage in its place where ids are no numbers."""
    if cited in ids or not cited.isdecimal() or any(each.isdecimal() for each in ids):
        return cited
    return ids[int(cited) - 1] if 1 <= int(cited) <= len(ids) else cited


def _fault(cited: str, held: Collection[str], retrieved: Collection[str], known: Collection[str] | None) -> str:
    """Return what is wrong with an id that is cited, or "" where it was retrieved and its text is at hand."""
    if cited in held and cited in retrieved:
        return ""
    if cited in retrieved:
        return f"it cites {cited!r}, whose text is not in the evidence"
    if known is None and cited not in held:
        return f"it cites {cited!r}, which is not in the evidence: not retrieved, or made up"
    if cited in held or cited in (known or ()):
        return f"it cites {cited!r}, which was not retrieved"
    return f"it cites {cited!r}, which does not exist"


def _by_cited(claim: Claim, passages: Sequence[Passage], rows: npt.NDArray[np.float64]) -> Support:
    chosen = [at for at, passage in enumerate(passages) if passage.id in claim.cited]
    return support(claim, [passages[at] for at in chosen], rows[chosen]) if chosen else Support(claim)
