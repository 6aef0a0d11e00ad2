"""Whether those who choose narrow what comes back in: how many kinds of documents each reviewer lets pass.

Choosing by preference narrows a loop even where every single choice is a good one (Ferbach et al., arXiv:2407.09499). The number
of kinds is compared with that of equally many documents taken at random from those shown to the same reviewer.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from longtail.gates.review.item import DECIDING, Event, Item, Task
from longtail.gates.review.signals import opening
from longtail.records import Record

ROUNDS = 499
FEWEST = 20
"""Decisions below which nothing is said of one reviewer's part."""
NEARLY_ALL = 0.9
"""Share of all decisions above which one reviewer decides nearly all."""


class Narrowing(Record, frozen=True):
    """How many kinds one reviewer let pass.

    Attributes:
        reviewer: Who.
        of: Kinds of what: "openings" or "strata".
        shown: Documents decided on.
        accepted: Documents let pass.
        effective: Their effective number of kinds, exp of the entropy.
        expected: That of as many documents taken at random from those shown.
        p: Chance of as few kinds by such taking.
    """

    reviewer: str
    of: str
    shown: int
    accepted: int
    effective: float
    expected: float
    p: float


class Concentration(Record, frozen=True):
    """Who decides, and what they let pass.

    Attributes:
        shares: Share of all decisions by reviewer, greatest first.
        effective: Effective number of reviewers.
        narrowing: What each let pass.
        warning: What is worth a warning, may be empty.
    """

    shares: dict[str, float]
    effective: float
    narrowing: tuple[Narrowing, ...]
    warning: str


def effective_number(counts: Iterable[int]) -> float:
    """Return exp of the Shannon entropy: the number of equally common kinds that would be as varied (Hill, 1973)."""
    given = [count for count in counts if count]
    whole = sum(given)
    return math.exp(-sum(count / whole * math.log(count / whole) for count in given)) if given else 0.0


def concentration(tasks: Iterable[Task], votes: Sequence[Event], items: dict[int, Item], seed: int = 0) -> Concentration:
    """Return who decides, and how many kinds each lets pass.

    Args:
        tasks: All tasks.
        votes: What each reviewer says of each task now.
        items: By number.
        seed: Of the taking at random.
    """
    of = {task.key: task.item for task in tasks}
    said: dict[str, dict[int, bool]] = {}
    for vote in votes:
        if vote.action in DECIDING:
            said.setdefault(vote.reviewer, {})[of[vote.task]] = vote.action != "reject"
    counts = Counter({reviewer: len(found) for reviewer, found in said.items()})
    whole = counts.total()
    narrowing = tuple(
        each
        for reviewer in sorted(said)
        for kind in ("openings", "strata")
        if (each := _narrowing(reviewer, kind, said[reviewer], items, seed))
    )
    shares = {reviewer: count / whole for reviewer, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))}
    return Concentration(shares=shares, effective=effective_number(counts.values()), narrowing=narrowing, warning=_warning(shares, whole))


def _narrowing(reviewer: str, of: str, said: dict[int, bool], items: dict[int, Item], seed: int) -> Narrowing | None:
    kinds = [(opening(items[item].text) if of == "openings" else items[item].stratum or "") for item in said]
    accepted = np.fromiter(said.values(), np.bool_, len(said))
    known = np.array([bool(kind) for kind in kinds], np.bool_)
    numbers = np.unique(kinds, return_inverse=True)[1][known]
    many = int((accepted & known).sum())
    if not many:
        return None
    found = effective_number(np.bincount(numbers[accepted[known]]).tolist())
    rng = np.random.default_rng(seed)
    taken = [effective_number(np.bincount(rng.permutation(numbers)[:many]).tolist()) for _ in range(ROUNDS)]
    as_few = sum(each <= found + 1e-9 for each in taken)
    p = (1 + as_few) / (1 + ROUNDS)
    return Narrowing(reviewer=reviewer, of=of, shown=int(known.sum()), accepted=many, effective=found, expected=float(np.mean(taken)), p=p)


def _warning(shares: dict[str, float], decisions: int) -> str:
    if decisions < FEWEST or not shares:
        return ""
    most = next(iter(shares))
    if shares[most] < NEARLY_ALL:
        return ""
    return (
        f"{most} made {100 * shares[most]:.0f}% of {decisions:,} decisions; what one person likes is what will come back in: "
        "let a second reviewer decide on a part"
    )
