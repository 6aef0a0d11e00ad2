"""The true phase: the conventions of the phases on what the laws themselves are, no sample of documents being drawn.

The tail is the one that the reference chose, as an audit has it; all else belongs to the laws. A quantity within a tenth of a
margin is taken for either side of it, and where the phase then depends on the side the generation is near a margin.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from bench.diagnosis.worlds import World
from bench.synthetic import Shares, type_hashes
from longtail.auditing.options import MARGINS
from longtail.auditing.phase import GARBAGE
from longtail.records import PhaseName
from longtail.summaries.frequencies import ALL_TYPES
from longtail.summaries.reference import Reference
from longtail.summaries.strata import BEYOND, TAIL

NEAR = 0.10
"""Part of a margin within which a quantity counts as near it."""
BEGUN = 0.999
"""Ratio below which a loss has begun."""
DECLINED = 0.99
"""Ratio below which a loss counts as one, inside the margin: watch."""
SAME, MOVED = 0.01, 0.05
"""Total variation up to which two laws count as one, and from which they count as shifted; between them either may be said."""
LEVEL = 0.02
"""Contrast around zero that counts as neither sign."""
COLLAPSED = ("early", "narrowing", "late")


@dataclass(frozen=True)
class Truth:
    """A law beside that of generation 1.

    Attributes:
        types, mass: Expected types of the tail in equally many documents, and mass of the tail, as ratios.
        hill_1, hill_2: Effective numbers of types, as ratios.
        contrast: Log ratio of the types that the estimator of richness expects, less that of `hill_2`.
        novel: Mass of types that the reference lacks, as a ratio; None where neither has any, infinite where generation 1 has none.
        moved: Total variation over the buckets of the test of a shift.
        nats: Loss on human text less that of generation 1, in nats per token; None where nobody has scored it.
    """

    types: float
    mass: float
    hill_1: float
    hill_2: float
    contrast: float
    novel: float | None
    moved: float
    nats: float | None

    @property
    def is_lost(self) -> bool:
        """Whether any of the tail has been lost at all."""
        return min(self.types, self.mass) < BEGUN


def truths(world: World, laws: Sequence[Shares], nats: Sequence[float] | None, reference: Reference, documents: int) -> list[Truth]:
    """Return the truth of every generation after the first.

    Args:
        world: The family of the laws.
        laws: Shares of the types by generation, each of shape (types,).
        nats: Loss on human text beyond that of generation 1, by generation; None where nobody has scored it.
        reference: What chose the tail.
        documents: Documents of each generation.
    """
    hashes = type_hashes(np.arange(len(laws[0])), reference.profile.seed)
    codes = reference.whole.strata("words_1", 0.10, ALL_TYPES).of(hashes)
    bucket = buckets(laws[0], codes)
    first, *later = [_of(world, law, codes, documents) for law in laws]
    return [
        Truth(
            types=each["types"] / first["types"],
            mass=each["mass"] / first["mass"],
            hill_1=each["hill_1"] / first["hill_1"],
            hill_2=each["hill_2"] / first["hill_2"],
            contrast=float(np.log(each["hill_0"] / first["hill_0"]) - np.log(each["hill_2"] / first["hill_2"])),
            novel=ratio(each["novel"], first["novel"]),
            moved=float(np.abs(np.bincount(bucket, law) - np.bincount(bucket, laws[0])).sum() / 2),
            nats=None if nats is None else nats[at],
        )
        for at, (each, law) in enumerate(zip(later, laws[1:], strict=True), start=1)
    ]


def ratio(here: float, there: float) -> float | None:
    """Return a ratio of masses: None where there are none, infinite where only the first there is."""
    if not there:
        return math.inf if here else None
    return here / there


def buckets(law: Shares, codes: np.ndarray) -> np.ndarray:
    """Return a bucket for each type: the commonest apart, what the reference lacks in one, the others together by number."""
    bucket = 512 + np.arange(len(law)) % 511
    commonest = np.argsort(-law, kind="stable")[:512]
    bucket[commonest] = np.arange(len(commonest))
    bucket[codes == BEYOND] = 1023
    return np.asarray(bucket)


def expected_types(presence: Shares, documents: int) -> float:
    """Return the types expected in some documents, each of which holds type t with chance `presence[t]`."""
    return float((1 - (1 - presence) ** documents).sum())


def _of(world: World, law: Shares, codes: np.ndarray, documents: int) -> dict[str, float]:
    held, presence = law[law > 0], world.presence(law)
    once = documents * presence * (1 - presence) ** (documents - 1)
    twice = (documents - 1) / 2 * documents * presence**2 * (1 - presence) ** max(documents - 2, 0)
    return {
        "types": expected_types(presence[codes == TAIL], documents),
        "mass": float(law[codes == TAIL].sum()),
        "hill_0": _richness(expected_types(presence, documents), float(once.sum()), float(twice.sum()), documents),
        "hill_1": float(np.exp(-(held * np.log(held)).sum())),
        "hill_2": float(1 / (held**2).sum()),
        "novel": float(law[codes == BEYOND].sum()),
    }


def _richness(seen: float, once: float, twice: float, documents: int) -> float:
    """Return what Chao2 (Chao 1987) comes to where its counts are those expected."""
    return seen + (documents - 1) / documents * once**2 / (2 * twice) if twice else seen


# ------------------------------------------------------------------------------------------------------------ the rule


def phase(truth: Truth) -> tuple[PhaseName, bool]:
    """Return the true phase, and whether it would be another within a tenth of a margin."""
    sides = _sides(truth)
    found = {_named(dict(zip(sides, chosen, strict=True)), truth) for chosen in product(*sides.values())}
    return _named(_exact(truth), truth), len(found) > 1


def _exact(truth: Truth) -> dict[str, bool]:
    margins = _margins(truth)
    return {name: value < margin for name, (value, margin, _) in margins.items()}


def _sides(truth: Truth) -> dict[str, tuple[bool, ...]]:
    """Return for each margin whether the quantity is below it: both, where it is near."""
    made: dict[str, tuple[bool, ...]] = {}
    for name, (value, margin, near) in _margins(truth).items():
        made[name] = (True, False) if abs(value - margin) <= near else (value < margin,)
    return made


def _margins(truth: Truth) -> dict[str, tuple[float, float, float]]:
    """Return by name a quantity, its margin, and how far from it is near."""
    tail, late, nll = MARGINS["tail"], MARGINS["late"], MARGINS["nll"]
    return {
        "types": (truth.types, tail, NEAR * tail),
        "mass": (truth.mass, tail, NEAR * tail),
        "hill_1": (truth.hill_1, tail, NEAR * tail),
        "hill_2": (truth.hill_2, tail, NEAR * tail),
        "late": (truth.hill_1, late, NEAR * late),
        "as good": (truth.nats if truth.nats is not None else -1.0, nll, NEAR * nll),
        "tail first": (truth.contrast, 0.0, LEVEL),
        "no garbage": (truth.novel if truth.novel is not None else 1.0, GARBAGE, NEAR * GARBAGE),
        "same": (truth.moved, (SAME + MOVED) / 2, (MOVED - SAME) / 2),
    }


def _named(below: dict[str, bool], truth: Truth) -> PhaseName:
    """Return the phase, the gravest first, where a quantity is below its margin or not."""
    is_lost, is_crowded = below["types"] or below["mass"], below["hill_2"]
    rules: tuple[tuple[PhaseName, bool], ...] = (
        ("late", not below["as good"] and below["late"]),
        ("late", is_lost and not below["no garbage"]),
        ("narrowing", is_lost and is_crowded),
        ("early", is_lost),
        ("concentrating", (is_crowded or below["hill_1"]) and not below["tail first"]),
        ("watch", min(truth.types, truth.mass) < DECLINED),
        ("drift", not below["same"] and not (is_crowded or below["hill_1"])),
    )
    return next((name for name, holds in rules if holds), "healthy")
