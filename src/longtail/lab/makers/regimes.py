"""Pipelines composed by a policy and told by their manifests alone: is the regime read right, and the generation of a slide?

A pipeline is laid out by sizes of pools. Rows that are drawn from several pools together are drawn at random; each training
set then loses up to 1 % of its rows, as real ones do to what cannot be read. The regime that a policy is known for, and the
generations at which it lets original rows go, are told by the experiment and never looked up here.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy

from longtail.lab.makers.catalogue import AskedOf
from longtail.lab.script import Key, Step, script
from longtail.lab.settings import Change, Settings
from longtail.ledger.manifest import Manifest
from longtail.metrics.regime import regime_of
from longtail.records import NotMeasured, Origin
from longtail.rules.catalogue import RULES
from longtail.rules.evidence import Evidence, Sample

ORIGINAL: Key = ("human", 0)
LOST = 0.01
FIRST_SLIDE = 3


class Asked(AskedOf, frozen=True):
    """Settings of a pipeline.

    Args:
        policy: How it composes; `{share}` stands for a share that is drawn from `shares`.
        slides: The policy that it changes to at a generation that is drawn, from the third to the last.
        retained: The original rows that each training set keeps, as shares, in place of a policy; sizes are those of accumulation.
        regime: What it is known to be.
        dropped: Generation at which original rows are first let go, None for never; after a slide the generation of the slide.
        swapped: Generation at which model output first stands in for human rows at an equal size, None for never.
        rows: Fewest and most rows of generation 1.
        shares: Least and greatest share.
    """

    policy: str = "accumulate"
    slides: str | None = None
    retained: tuple[float, ...] = ()
    regime: str = "mixed"
    dropped: int | None = None
    swapped: int | None = None
    rows: tuple[int, int] = (1_000, 100_000)
    shares: tuple[float, float] = (0.1, 0.9)


def values(asked: Asked, replicate: int) -> dict[str, list[float]]:
    """Return whether regime, first loss and first swap were told right, 1 or 0, how many it was off by, and rows by generation."""
    rng = numpy.random.default_rng([asked.seed, replicate])
    rows = int(rng.integers(asked.rows[0], asked.rows[1], endpoint=True))
    share = float(rng.uniform(*asked.shares))
    slide = int(rng.integers(FIRST_SLIDE, asked.generations, endpoint=True)) if asked.slides else None
    sets = _told(asked, rows) if asked.retained else composed(_settings(asked, rows, share, slide), rng)
    manifests = tuple(manifest_of(at, held, rows) for at, held in enumerate(sets, 1))
    dropped, swapped = (_first(code, manifests) for code in ("LT201", "LT202"))
    return {
        "named": [float(regime_of(manifests).name == asked.regime)],
        "dropped": [float(dropped == (slide or asked.dropped))],
        "swapped": [float(swapped == asked.swapped)],
        "rows": [sum(held.values()) / rows for held in sets],
    }


def composed(settings: Settings, rng: numpy.random.Generator) -> list[Counter[Key]]:
    """Return the rows of each pool in each training set of a pipeline."""
    sizes: dict[Key, int] = {}
    held: Counter[Key] = Counter()
    found = []
    for step in script(settings):
        sizes |= _entering(step)
        held = _edited(held, step, rng) if step.edits else _drawn(step, sizes, rng)
        found.append(_part(held, held.total() - int(rng.uniform(0, LOST) * held.total()), rng))
    return found


def manifest_of(generation: int, held: Mapping[Key, int], original: int) -> Manifest:
    """Return the manifest of a training set."""
    human = sum(rows for (kind, _), rows in held.items() if kind == "human")
    rows = sum(held.values())
    origins = {Origin.HUMAN.value: human, Origin.SYNTHETIC.value: rows - human}
    return Manifest(generation=generation, rows=rows, origins=origins, original=held.get(ORIGINAL, 0), original_available=original)


def _settings(asked: Asked, rows: int, share: float, slide: int | None) -> Settings:
    changes = (Change(generation=slide, policy=asked.slides),) if slide else ()
    policy = asked.policy.replace("{share}", f"{share:.6f}")
    return Settings(family="categorical", policy=policy, generations=asked.generations, samples=rows, changes=changes)


def _entering(step: Step) -> dict[Key, int]:
    first = sum(taken.rows for taken in step.taken) if step.generation == 1 else 0
    new: dict[Key, int] = {
        ORIGINAL: first,
        ("human", step.generation): step.collects,
        ("synthetic", step.generation - 1): max(step.writes, step.edits),
    }
    return {key: rows for key, rows in new.items() if rows}


def _drawn(step: Step, sizes: Mapping[Key, int], rng: numpy.random.Generator) -> Counter[Key]:
    held: Counter[Key] = Counter()
    for taken in step.taken:
        held += _part({key: sizes[key] for key in taken.pools}, taken.rows, rng)
    return held


def _edited(held: Counter[Key], step: Step, rng: numpy.random.Generator) -> Counter[Key]:
    """Return a training set in which the newest model rewrote rows at random."""
    rewritten = min(step.edits, held.total())
    return _part(held, held.total() - rewritten, rng) + Counter({("synthetic", step.generation - 1): rewritten})


def _part(held: Mapping[Key, int], rows: int, rng: numpy.random.Generator) -> Counter[Key]:
    """Return `rows` rows at random."""
    drawn = rng.multivariate_hypergeometric(list(held.values()), rows, method="marginals").tolist()
    return Counter({key: count for key, count in zip(held, drawn, strict=True) if count})


def _told(asked: Asked, rows: int) -> list[Counter[Key]]:
    """Return training sets that keep the shares asked for, and are as large as by accumulation."""
    kept = [round(share * rows) for share in asked.retained]
    return [Counter({ORIGINAL: old, ("synthetic", at - 1): at * rows - old}) for at, old in enumerate(kept, 1)]


def _first(code: str, manifests: Sequence[Manifest]) -> int | None:
    """Return the generation that a rule names, None where it finds nothing."""
    nothing = NotMeasured(reason="no rows are read", enable="rows", metric="duplicates")
    evidence = Evidence(candidate=Sample(0, 0, 0, 0), duplicates=nothing, fewest=0, manifests=tuple(manifests))
    return RULES[code].member(evidence).generation
