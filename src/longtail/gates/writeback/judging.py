"""The steps of a write-back gate, and what an answer comes to when it is taken through them.

Each step looks at the whole case by itself. The first rejection ends the matter; a review goes on, for a later step may reject.
Novelty is not among the steps: an error is always new, and a faithful answer is not.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from longtail.gates.attribution import held, unfit
from longtail.gates.entailment.particulars import contained, unheld
from longtail.gates.entailment.support import decided, support
from longtail.gates.verdicts import KEPT, Judgement
from longtail.gates.writeback.case import Case, Source, holders
from longtail.gates.writeback.rules import BY_DEFAULT, Rules
from longtail.summaries.normal import normal

_unheld, _contained = lru_cache(maxsize=4096)(unheld), lru_cache(maxsize=4096)(contained)

Step: TypeAlias = Callable[[Case, Rules], Judgement]


class Judged(NamedTuple):
    """What steps said of an answer.

    Attributes:
        decision: "keep", "review" or "reject".
        reasons: The step and what it said, of each that said something.
        parents: Ids of the sources that hold its claims, each once.
        depth: 1 more than the deepest of them, None where there are none or one is unknown.
    """

    decision: str
    reasons: tuple[tuple[str, str], ...]
    parents: tuple[str, ...] = ()
    depth: int | None = None


def entailed(case: Case, rules: Rules) -> Judgement:
    """Ask that every claim is entailed by something that was retrieved, and contradicted by nothing."""
    if not case.cited.claims:
        return Judgement("reject", "no claim")
    if not case.sources:
        return Judgement("reject", "no evidence")
    rows = zip(case.cited.claims, case.rows, strict=True)
    return decided([support(claim, case.cited.passages, each) for claim, each in rows], rules.bounds)


def attributed(case: Case, rules: Rules) -> Judgement:
    """Ask that what is cited exists, was retrieved, and holds what it is cited for."""
    retrieved = {source.passage.id for source in case.sources}
    return unfit(case.cited, retrieved, case.known) or held(case.cited, case.rows, rules.bounds)


def agreeing(case: Case, rules: Rules) -> Judgement:
    """Ask that a source which holds a claim has its numbers, dates and names, and denies nothing of it."""
    for number, (claim, places) in enumerate(zip(case.cited.claims, _holding(case, rules), strict=True), 1):
        told = [(case.sources[at].passage, _unheld(claim.text, case.sources[at].passage.text)) for at in places]
        if told and all(what for _, what in told):
            return Judgement("reject", f"{_named(case, number)} {told[0][0].id!r} does not hold {told[0][1]}")
    return KEPT


def descended(case: Case, rules: Rules) -> Judgement:
    """Ask that every claim is held by a source that people wrote, or that descends from one and is not too deep."""
    pairs = zip(_holding(case, rules), counted(case, rules), strict=True)
    for number, (places, counting) in enumerate(pairs, 1):
        if not counting:
            told = "; ".join(f"{case.sources[at].passage.id!r} {fault_of(case.sources[at], rules)}" for at in places)
            return Judgement("reject", f"{_named(case, number)} no source counts as evidence: {told or 'none holds it'}")
    return KEPT


def broad(case: Case, rules: Rules) -> Judgement:
    """Ask for several sources where none has all the words of a claim; copies of one text are one source."""
    for number, (claim, places) in enumerate(zip(case.cited.claims, counted(case, rules), strict=True), 1):
        texts = {normal(case.sources[at].passage.text) for at in places}
        if len(texts) < rules.least_sources and not any(_contained(claim.text, case.sources[at].passage.text) for at in places):
            told = f"no source has all of its words, and {len(texts)} of {rules.least_sources} hold it"
            return Judgement("review", f"{_named(case, number)} {told}")
    return KEPT


STEPS: tuple[Step, ...] = (entailed, attributed, agreeing, descended, broad)
"""What an answer is taken through, in this order."""
_NAMES: dict[Step, str] = {
    entailed: "entailment",
    attributed: "attribution",
    agreeing: "particulars",
    descended: "lineage",
    broad: "sources",
}


def judged(case: Case, rules: Rules = BY_DEFAULT, steps: Sequence[Step] = STEPS) -> Judged:
    """Return what steps say of an answer, and what it descends from."""
    reasons: list[tuple[str, str]] = []
    for step in steps:
        found = step(case, rules)
        if found.decision != "keep":
            reasons.append((_NAMES.get(step, step.__name__), found.reason))
        if found.decision == "reject":
            return Judged("reject", tuple(reasons))
    parents = [case.sources[at] for at in dict.fromkeys(at for places in counted(case, rules) for at in places)]
    return Judged("review" if reasons else "keep", tuple(reasons), tuple(each.passage.id for each in parents), _depth(parents))


def _depth(parents: Sequence[Source]) -> int | None:
    """Return the depth of what was made from sources, None where that of one is unknown."""
    depths = [0 if each.human else each.depth for each in parents]
    return None if None in depths else 1 + max((each for each in depths if each is not None), default=0)


def counted(case: Case, rules: Rules) -> list[list[int]]:
    """Return for each claim the places of the sources that hold it, particulars included, and count as evidence."""
    return [
        [at for at in places if not fault_of(case.sources[at], rules) and not _unheld(claim.text, case.sources[at].passage.text)]
        for claim, places in zip(case.cited.claims, _holding(case, rules), strict=True)
    ]


def fault_of(source: Source, rules: Rules) -> str:
    """Return why a source does not count as evidence, "" where it does."""
    if source.barred or source.human:
        return source.barred
    if not source.rooted:
        return f"is of origin {source.origin} and descends from nothing that a person is known to have written"
    if source.depth is None or source.depth + 1 > rules.most_depth:
        return f"is of origin {source.origin} and depth {'unknown' if source.depth is None else source.depth}"
    return ""


def _holding(case: Case, rules: Rules) -> list[list[int]]:
    """Return the holders of each claim; what is enough for review is enough to be one."""
    return holders(case, rules.bounds.review)


def _named(case: Case, number: int) -> str:
    """Return how a claim is named in a reason."""
    text = case.cited.claims[number - 1].text
    return f"claim {number} of {len(case.cited.claims)}, {text[:120]!r}:"
