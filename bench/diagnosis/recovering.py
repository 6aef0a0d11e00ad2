"""Plans for recovery carried out: what was promised of the tail, and what the lineage then held.

A lineage is made and planned for from its outputs. The best course of each option is then carried out in the world of the
lineage, by no line of the planner: training sets of documents, a model that learns the shares of their tokens, and documents
written from these in which types cluster as they do in human ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bench.diagnosis.judging import REFERENCE, asked
from bench.diagnosis.recipes import Recipe, laws, recipe
from bench.diagnosis.truth import phase, truths
from bench.synthetic import Documents, Shares, profiled, type_hashes
from longtail.diagnosis.recovery.planning import plan
from longtail.diagnosis.recovery.records import Ceiling
from longtail.stats.rarefaction import absence
from longtail.summaries.frequencies import ALL_TYPES
from longtail.summaries.profile import Profile
from longtail.summaries.reference import Reference
from longtail.summaries.strata import TAIL

PLANNED = ("replace", "replace, gate", "replace, temperature", "fresh share", "window", "rare words merged", "late", "accumulate, gate")
AHEAD = 3


@dataclass(frozen=True)
class Promise:
    """What a plan promised of one course, and what the course came to.

    Attributes:
        number, kind: Of the lineage.
        option: Which option, with its share and policy.
        promised: Tail types retained at the last generation looked at: value, low, high.
        realised: Of the baseline's tail types.
        clean: Version that was picked, and the last one with the human law.
        is_far: Whether the first version after it is collapsed away from any margin.
        at_best: What the option was said to restore at most: value, low, high; None where nothing was said.
    """

    number: int
    kind: str
    option: str
    promised: tuple[float, float, float]
    realised: float
    clean: tuple[int | None, int]
    is_far: bool
    at_best: tuple[float, float, float] | None = None

    @property
    def is_kept(self) -> bool:
        """Whether what came was in the interval."""
        return self.promised[1] <= self.realised <= self.promised[2]


def planned(repetition: int) -> list[Promise]:
    """Return the promises of one plan beside what came of them; those of lineages that lost nothing are none."""
    made = chosen(repetition)
    rng, world, documents = np.random.default_rng([made.number, 78]), made.world, asked(made.family)
    written = laws(made)
    outputs = [world.documents(law, documents, rng) for law in written]
    reservoir, reference = (world.documents(world.law.shares, count, rng) for count in (documents // 2, REFERENCE))
    profiles = [profiled(each, made.number) for each in outputs]
    human = profiled(reference, made.number)
    found = plan(
        reference=human, outputs=profiles, reservoir=profiled(reservoir, made.number), size=documents, generations=AHEAD,
        views=("words_1",), seed=made.number,
    )  # fmt: skip
    true = truths(world, written, None, Reference(human), documents)
    name, is_near = phase(true[made.onset - 2])
    held = _Held(made, reference_tail(human, made), outputs, reservoir, round(found.settings["documents"]))
    starts = {"re-anchor": outputs[-1], "roll-back": outputs[(found.clean.place or 1) - 1]}
    promises = []
    for option in found.options:
        if option.best is not None and option.name in starts:
            best, most = option.best, option.at_best
            kept = outputs[found.clean.place or 1 :] if best.policy == "keep" else []
            promises.append(
                Promise(
                    number=made.number,
                    kind=made.kind,
                    option=f"{option.name}, share {best.share:g}, {best.policy}",
                    promised=(best.types.value, best.types.low, best.types.high),
                    realised=held.carried_out(best, starts[option.name], kept, rng),
                    clean=(found.clean.place, made.onset - 1),
                    is_far=not is_near and name in ("early", "narrowing", "late"),
                    at_best=None if most is None else (most.value, most.low, most.high),
                )
            )
    return promises


def chosen(repetition: int) -> Recipe:
    """Return the recipe of a lineage that is planned for."""
    number = 100_000
    for _ in range(repetition + 1):
        number += 1
        while recipe(number).kind not in PLANNED:
            number += 1
    return recipe(number)


def reference_tail(human: Profile, made: Recipe) -> np.ndarray:
    """Return which types half A of the reference chose as its tail, shape (types,)."""
    strata = Reference(human).chooser.strata("words_1", 0.10, ALL_TYPES)
    return np.asarray(strata.of(type_hashes(np.arange(len(made.world.law.shares)), human.seed)) == TAIL)


@dataclass(frozen=True)
class _Held:
    made: Recipe
    tail: np.ndarray
    outputs: Sequence[Documents]
    reservoir: Documents
    measured: int

    def carried_out(self, best: Ceiling, start: Documents, bad: Sequence[Documents], rng: np.random.Generator) -> float:
        """Return the tail types that a course ends with, over those of the baseline in as many documents."""
        size, types, world = len(start), len(self.tail), self.made.world
        real = round(best.share * size)
        pool = [counts(each, types) * (size / len(each)) for each in bad]
        before = start
        for _ in range(AHEAD):
            human = self.reservoir.taken(_rows(real, len(self.reservoir), rng))
            other = before.taken(_rows(size - real, len(before), rng))
            pool.append(counts(human, types) + counts(other, types))
            learned = pool[-1] if best.policy == "replace" else np.sum(pool, axis=0)
            before = world.documents(learned / learned.sum(), size, rng)
        last = world.documents(learned / learned.sum(), self.measured, rng)
        baseline = presences(self.outputs[0], types)[self.tail]
        there = (1 - absence(baseline, len(self.outputs[0]), min(self.measured, len(self.outputs[0])))).sum()
        return float((presences(last, types)[self.tail] > 0).sum() / there)


def _rows(wanted: int, there: int, rng: np.random.Generator) -> np.ndarray:
    """Return numbers of rows drawn without replacement, all of them again and again where more are wanted than there are."""
    whole = np.tile(np.arange(there), wanted // there)
    return np.concatenate([whole, rng.permutation(there)[: wanted % there]]).astype(np.int64)


def counts(documents: Documents, types: int) -> Shares:
    """Return the tokens of each type, shape (types,)."""
    return np.bincount(documents.types, minlength=types).astype(float)


def presences(documents: Documents, types: int) -> np.ndarray:
    """Return the documents that hold each type, shape (types,)."""
    return np.bincount(np.unique(documents.owner * types + documents.types) % types, minlength=types)
