"""The same world in words: facts as sentences among real prose, found by BM25, answered, and judged by the write-back gate.

Who answers copies the sentence on the entity that a search found, in one of two wordings, with a slip now and then, and cites it.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from longtail.gates.entailment.passages import Passage
from longtail.gates.entailment.rules import RuleEntailment
from longtail.gates.writeback.case import Source, case_of
from longtail.gates.writeback.judging import judged
from longtail.gates.writeback.quota import Holdings, Quota, exceeded
from longtail.gates.writeback.restating import Stored, likeness
from longtail.lab.worlds.retrieval import STEPS_OF, Arm, World
from longtail.records import Origin

TEXT_ARMS: tuple[Arm, ...] = ("static", "open", "not_contradicted", "entailed", "attributed", "human", "gated")
FOUND, COMPARED = 5, 10
MOST_WRITTEN = 0.4
"""Share of what is found that models may have written, for the arm "gated"."""
DISTRACTORS = 100
K1, B = 1.2, 0.75

_WORD = re.compile(r"\w+")
_SYLLABLES = ("ba", "do", "fe", "gri", "hal", "ko", "lun", "mer", "nov", "or", "pel", "qui", "ras", "sto", "tur", "vel", "wen", "zam")
_KINDS = (
    ("When was {e} founded?", "{e} was founded in {v}.", "In {v}, {e} was founded."),
    ("How many inhabitants does {e} have?", "{e} has {v} inhabitants.", "According to the sources, {e} has {v} inhabitants."),
    ("Who is the mayor of {e}?", "The mayor of {e} is {v}.", "{v} is the mayor of {e}."),
    ("How far from the coast does {e} lie?", "{e} lies {v} km from the coast.", "{e} lies {v} km from the coast, it is said."),
)


class Text(NamedTuple):
    """A document: its words, whether a person wrote it, its depth, and of which entity it says what; None for mere prose."""

    text: str
    human: bool
    depth: int = 0
    entity: int | None = None
    value: str = ""


class Words:
    """An index of words with BM25 (Robertson and Zaragoza 2009)."""

    def __init__(self) -> None:
        self._holders: dict[str, dict[int, int]] = {}
        self._lengths: list[int] = []

    def add(self, text: str) -> None:
        """Take in one more document."""
        counts = Counter(_WORD.findall(text.lower()))
        for word, count in counts.items():
            self._holders.setdefault(word, {})[len(self._lengths)] = count
        self._lengths.append(counts.total())

    def best(self, question: str) -> list[int]:
        """Return the documents that share a word with a question, the best first, of equals the earliest."""
        many, mean = len(self._lengths), sum(self._lengths) / max(1, len(self._lengths))
        scores: dict[int, float] = {}
        for word in dict.fromkeys(_WORD.findall(question.lower())):
            holders = self._holders.get(word, {})
            weight = math.log(1 + (many - len(holders) + 0.5) / (len(holders) + 0.5))
            for at, count in holders.items():
                gain = weight * count * (K1 + 1) / (count + K1 * (1 - B + B * self._lengths[at] / mean))
                scores[at] = scores.get(at, 0.0) + gain
        return sorted(scores, key=lambda at: (-scores[at], at))


class Library:
    """A store of texts with one arm's gate before it.

    Args:
        world: The world; the verifier is the rules, so that `found` and `mistaken` do not matter.
        arm: What decides.
        quota: The most that may be model-written, for the arm "gated".
        rng: All chance.
        prose: Paragraphs among which the facts stand.
    """

    def __init__(self, world: World, arm: Arm, quota: Quota, rng: np.random.Generator, prose: Sequence[str]) -> None:
        self.world, self.arm, self.quota, self._rng = world, arm, quota, rng
        names = _names(2 * world.entities, rng)
        self._names, self._people = names[: world.entities], names[world.entities :]
        self.truth = [self._value(entity) for entity in range(world.entities)]
        self._texts: list[Text] = []
        self._words, self._verifier = Words(), RuleEntailment()
        self.added = self.wrong = self.learnt = 0
        self._known: set[int] = set()
        drawn = iter(rng.permutation(len(prose)).tolist())
        for entity in rng.permutation(world.entities)[: round(world.documented * world.entities)].tolist():
            text = f"{prose[next(drawn)]} {self._said(entity, self.truth[entity], 1)}"
            self._store(Text(text, True, 0, entity, self.truth[entity]))
        for _ in range(DISTRACTORS):
            self._store(Text(prose[next(drawn)], True))
        self.learnt = 0  # what was there at the start was not learnt

    def asked(self, entity: int) -> bool:
        """Answer a question, take the answer back where the gate lets it in, and tell whether it was right."""
        found = self._found(_KINDS[entity % len(_KINDS)][0].format(e=self._names[entity]))
        telling = next((at for at in found if self._texts[at].entity == entity), None)
        sources = [self._source(at) for at in found]
        if telling is not None:
            value, cited = self._copied(entity, self._texts[telling].value), [str(telling)]
        elif self._rng.random() < self.world.arriving:
            brought = Passage("brought", self._said(entity, self.truth[entity], 1))
            sources.insert(0, Source(brought, Origin.HUMAN.value, 0, True))
            value, cited = self._copied(entity, self.truth[entity]), ["brought"]
        elif self._rng.random() < self.world.inventions:
            value = self._value(entity)
            cited = [str(found[0])] if found and self._rng.random() < self.world.miscited else []
        else:
            return False
        answer = self._said(entity, value, int(self._rng.integers(1, 3)))
        self._write_back(Text(answer, False, 1, entity, value), sources, cited)
        return value == self.truth[entity]

    def covered(self) -> float:
        """Return the share of entities that the store has a document on."""
        return len({text.entity for text in self._texts if text.entity is not None}) / self.world.entities

    def covered_right(self) -> float:
        """Return the share of entities on which a document drawn from the store is right, 0 where there is none."""
        told: dict[int, list[bool]] = {}
        for text in self._texts:
            if text.entity is not None:
                told.setdefault(text.entity, []).append(text.value == self.truth[text.entity])
        return sum(sum(found) / len(found) for found in told.values()) / self.world.entities

    def wrong_share(self) -> float:
        """Return the share of the documents on entities that are wrong; mere prose does not count."""
        return self.wrong / sum(text.entity is not None for text in self._texts)

    def _found(self, question: str) -> list[int]:
        ranked = self._words.best(question)
        if self.arm != "gated":
            return ranked[:FOUND]
        written = [at for at in ranked if not self._texts[at].human][: int(MOST_WRITTEN * FOUND)]
        return [at for at in ranked if self._texts[at].human or at in written][:FOUND]

    def _write_back(self, text: Text, sources: Sequence[Source], cited: Sequence[str]) -> None:
        if self.arm == "static":
            return
        steps, rules = STEPS_OF[self.arm]
        known = {str(at) for at in range(len(self._texts))} | {source.passage.id for source in sources}
        found = judged(case_of(text.text, sources, cited, self._verifier, known=known), rules, steps)
        if found.decision == "keep" and (self.arm != "gated" or self._has_room(text)):
            self.added += 1
            self._store(text._replace(depth=found.depth or 1))

    def _has_room(self, text: Text) -> bool:
        """Tell whether nothing in the store says the same already, which is merged, or otherwise, and the quota leaves room."""
        like = self._words.best(text.text)[:COMPARED]
        if any(likeness(text.text, Stored(str(at), self._texts[at].text)) != "other" for at in like):
            return False
        return not exceeded(Holdings(len(self._texts), self.added), self.quota)

    def _store(self, text: Text) -> None:
        self._texts.append(text)
        self._words.add(text.text)
        if text.entity is None:
            return
        is_right = text.value == self.truth[text.entity]
        self.wrong += not is_right
        self.learnt += is_right and text.entity not in self._known
        if is_right:
            self._known.add(text.entity)

    def _source(self, at: int) -> Source:
        text = self._texts[at]
        return Source(Passage(str(at), text.text), (Origin.HUMAN if text.human else Origin.SYNTHETIC).value, text.depth, True)

    def _said(self, entity: int, value: str, wording: int) -> str:
        return _KINDS[entity % len(_KINDS)][wording].format(e=self._names[entity], v=value)

    def _copied(self, entity: int, value: str) -> str:
        slip = self._rng.random() < self.world.slips
        return next(other for other in iter(lambda: self._value(entity), None) if other != value) if slip else value

    def _value(self, entity: int) -> str:
        """Return any value that the entity might have."""
        kind, rng = entity % len(_KINDS), self._rng
        if kind == 2:
            return self._people[int(rng.integers(len(self._people)))]
        low, high = ((1500, 1990), (1_000, 90_000), (0, 0), (2, 400))[kind]
        return str(int(rng.integers(low, high)))


def _names(many: int, rng: np.random.Generator) -> list[str]:
    """Return different made-up names of three syllables."""
    base = len(_SYLLABLES)
    return ["".join(_SYLLABLES[at // base**place % base] for place in range(3)).title() for at in rng.permutation(base**3)[:many].tolist()]
