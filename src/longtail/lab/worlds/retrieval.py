"""A closed world of facts, some of them documented, and a store that answers questions and takes answers back.

Each entity has one true value. Where the store has documents on an entity, one of them is retrieved and copied, with a slip now and
then; where it has none, something else is retrieved, and a value is invented, or nothing is said. A verifier that errs stands for a
model of entailment. What comes back is decided by the steps of the write-back gate; an arm is a choice of steps.
"""

from typing import Literal, NamedTuple, TypeAlias

import numpy as np

from longtail.gates.attribution import Cited
from longtail.gates.entailment.claims import Claim
from longtail.gates.entailment.passages import Passage
from longtail.gates.entailment.support import Bounds
from longtail.gates.writeback.case import Case, Source
from longtail.gates.writeback.judging import STEPS, Step, attributed, descended, entailed, judged
from longtail.gates.writeback.quota import Holdings, Quota, exceeded
from longtail.gates.writeback.rules import Rules
from longtail.records import Origin

Arm: TypeAlias = Literal["static", "open", "not_contradicted", "entailed", "attributed", "human", "novel", "gated"]
ARMS: tuple[Arm, ...] = ("static", "open", "not_contradicted", "entailed", "attributed", "human", "novel", "gated")
_ANY_DEPTH = 10**6
STEPS_OF: dict[Arm, tuple[tuple[Step, ...], Rules]] = {
    "open": ((), Rules()),
    "not_contradicted": ((entailed,), Rules(Bounds(0.0, 0.0, 0.05))),
    "entailed": ((entailed,), Rules()),
    "attributed": ((entailed, attributed), Rules(most_depth=_ANY_DEPTH)),
    "novel": ((entailed, attributed), Rules(most_depth=_ANY_DEPTH)),
    "human": ((entailed, attributed, descended), Rules()),
    "gated": (STEPS, Rules()),
}


class World(NamedTuple):
    """How large the world is, and who errs how often.

    Attributes:
        entities: Each with one value.
        values: That there are.
        documented: Share of the entities that a person's document tells of at the start.
        slips: Chance that a copy has another value.
        inventions: Chance that a value is invented where nothing on the entity is retrieved.
        arriving: Chance that a person brings the true value along with a question on an entity without a document.
        miscited: Chance that an invention cites what was retrieved, though that is about something else.
        found: Chance that the verifier finds entailed what is entailed, or contradicted what is contradicted.
        mistaken: Chance that it finds entailed what is not.
    """

    entities: int = 600
    values: int = 50
    documented: float = 0.4
    slips: float = 0.05
    inventions: float = 0.8
    arriving: float = 0.0
    miscited: float = 0.0
    found: float = 0.9
    mistaken: float = 0.1


class Fact(NamedTuple):
    """A stored document: what it says of which entity, who wrote it, and its depth."""

    entity: int
    value: int
    human: bool
    depth: int


class Answer(NamedTuple):
    """What was answered: the value, None where nothing was said, what was retrieved, and whether it is cited."""

    entity: int
    value: int | None
    retrieved: Fact
    cites: bool


class Memory:
    """A store of facts with one arm's gate before it.

    Args:
        world: The world.
        arm: What decides.
        quota: The most that may be model-written, for the arm "gated".
        rng: All chance.
    """

    def __init__(self, world: World, arm: Arm, quota: Quota, rng: np.random.Generator) -> None:
        self.world, self.arm, self.quota, self._rng = world, arm, quota, rng
        self.truth = rng.integers(world.values, size=world.entities)
        documented = rng.permutation(world.entities)[: round(world.documented * world.entities)]
        self.facts: list[list[Fact]] = [[] for _ in range(world.entities)]
        self._every: list[Fact] = []
        self.added = self.wrong = self.learnt = 0
        self._known = np.zeros(world.entities, bool)
        for entity in documented.tolist():
            self._store(Fact(entity, int(self.truth[entity]), True, 0))
        self.learnt = 0  # what was there at the start was not learnt

    def asked(self, entity: int) -> bool:
        """Answer a question, take the answer back where the gate lets it in, and tell whether it was right."""
        answer = self._answer(entity)
        if answer.value is not None and self.arm != "static" and self._passes(answer):
            self._take(answer)
        return answer.value == int(self.truth[entity])

    def covered(self) -> float:
        """Return the share of entities that the store has a document on."""
        return sum(map(bool, self.facts)) / self.world.entities

    def covered_right(self) -> float:
        """Return the share of entities on which a document drawn from the store is right, 0 where there is none."""
        shares = [sum(fact.value == self.truth[at] for fact in found) / len(found) for at, found in enumerate(self.facts) if found]
        return float(sum(shares)) / self.world.entities

    def wrong_share(self) -> float:
        """Return the share of the documents that are wrong."""
        return self.wrong / len(self._every)

    def _answer(self, entity: int) -> Answer:
        world, rng = self.world, self._rng
        if self.facts[entity]:
            fact = self.facts[entity][int(rng.integers(len(self.facts[entity])))]
            return Answer(entity, self._copied(fact.value), fact, True)
        if rng.random() < world.arriving:
            fact = Fact(entity, int(self.truth[entity]), True, 0)
            return Answer(entity, self._copied(fact.value), fact, True)
        other = self._every[int(rng.integers(len(self._every)))]
        if rng.random() >= world.inventions:
            return Answer(entity, None, other, False)
        return Answer(entity, int(rng.integers(world.values)), other, bool(rng.random() < world.miscited))

    def _copied(self, value: int) -> int:
        slip = self._rng.random() < self.world.slips
        return int(value + 1 + self._rng.integers(self.world.values - 1)) % self.world.values if slip else value

    def _passes(self, answer: Answer) -> bool:
        steps, rules = STEPS_OF[self.arm]
        found = judged(_case(answer, self._says(answer)), rules, steps)
        if found.decision != "keep":
            return False
        if self.arm == "novel":
            return not any(fact.value == answer.value for fact in self.facts[answer.entity])
        return self.arm != "gated" or self._has_room(answer)

    def _has_room(self, answer: Answer) -> bool:
        """Tell whether the store neither says the same already, which is merged, nor is found to say otherwise, nor is full."""
        stored = self.facts[answer.entity]
        if any(fact.value == answer.value for fact in stored):
            return False
        against = any(self._rng.random() < self.world.found for _ in stored)
        return not against and not exceeded(Holdings(len(self._every), self.added), self.quota)

    def _says(self, answer: Answer) -> tuple[float, float, float]:
        """Return what the verifier says of an answer by what was retrieved: entailed, neutral, contradicted."""
        same_entity = answer.retrieved.entity == answer.entity
        holds = same_entity and answer.retrieved.value == answer.value
        if self._rng.random() < (self.world.found if holds else self.world.mistaken):
            return 1.0, 0.0, 0.0
        return (0.0, 0.0, 1.0) if same_entity and not holds else (0.0, 1.0, 0.0)

    def _take(self, answer: Answer) -> None:
        value = -1 if answer.value is None else answer.value
        self.added += 1
        self._store(Fact(answer.entity, value, False, answer.retrieved.depth + 1))

    def _store(self, fact: Fact) -> None:
        is_right = fact.value == self.truth[fact.entity]
        self.facts[fact.entity].append(fact)
        self._every.append(fact)
        self.wrong += not is_right
        if is_right and not self._known[fact.entity]:
            self._known[fact.entity] = True
            self.learnt += 1


def _case(answer: Answer, row: tuple[float, float, float]) -> Case:
    """Return the case of an answer; its words are beside the point, the verifier has spoken."""
    cited = ("1",) if answer.cites else ()
    passage = Passage("1", "a value")
    origin = Origin.HUMAN if answer.retrieved.human else Origin.SYNTHETIC
    source = Source(passage, origin.value, answer.retrieved.depth, True)
    return Case(Cited([Claim("a value", cited)], [passage], list(cited)), [source], np.array([[row]]))
