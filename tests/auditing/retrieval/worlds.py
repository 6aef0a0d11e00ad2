"""Worlds with planted echoes: a store of people's prose, a log, and answers that are stored, recalled and said again."""

import random
import re
from dataclasses import dataclass, field

from longtail.lab.corpus import stdlib_prose
from longtail.readers.stores import Item, Log, Query, Store
from longtail.records import Origin

SWAPS = {
    "a": "one", "an": "one", "argument": "parameter", "as": "like", "be": "become", "by": "through", "can": "could",
    "default": "usual value", "error": "fault", "file": "document", "for": "on behalf of", "from": "out of", "function": "routine",
    "has": "owns", "if": "provided", "is": "remains", "it": "that", "list": "sequence", "must": "needs to", "not": "hardly",
    "object": "thing", "or": "or else", "return": "give back", "returns": "gives back", "string": "text", "that": "which",
    "the": "that", "this": "the present", "to": "towards", "use": "apply", "used": "applied", "when": "as soon as", "will": "shall",
    "with": "along with",
}  # fmt: skip


@dataclass
class World:
    """A store with its log, and which item came of which by plan."""

    items: list = field(default_factory=list)
    queries: list = field(default_factory=list)
    echoes: dict = field(default_factory=dict)

    @property
    def store(self):
        return Store(path="store", kind="json", items=tuple(self.items))

    @property
    def log(self):
        return Log(path="log", queries=tuple(self.queries))


def reworded(text, rng):
    """A copy, or one with some function words put for others, its clauses in another order, or a phrase before it."""
    way = rng.choice(["copied", "swapped", "turned", "both", "framed"])
    if way in ("swapped", "both"):
        text = re.sub(r"[a-z]+", lambda word: SWAPS[word[0]] if word[0] in SWAPS and rng.random() < 0.3 else word[0], text)
    if way in ("turned", "both"):
        clauses = re.split(r"(?<=[.;,])\s+", text)
        rng.shuffle(clauses)
        text = " ".join(clauses)
    return rng.choice(["As said before, ", "To repeat: ", "It is known that "]) + text if way == "framed" else text


def paragraphs(rng, many, least=15):
    found = [text for text in stdlib_prose() if len(text.split()) >= least]
    rng.shuffle(found)
    return found[:many]


def planted(seed, *, people=250, rounds=150, recalls=0.4, tagged=False, timed=True):
    """A world of rounds in which a recalled answer is said again and stored again, or something new is."""
    rng = random.Random(seed)
    texts = paragraphs(rng, people + rounds)
    origin = Origin.HUMAN if tagged else Origin.UNKNOWN
    world = World(
        [Item(id=f"p{at}", text=text, origin=origin, time=float(at) if timed else None) for at, text in enumerate(texts[:people])]
    )
    new, own = texts[people:], []
    for at in range(rounds):
        now = 10_000.0 + 10 * at if timed else None
        source = rng.choice(own) if own and rng.random() < recalls else None
        answer = reworded(source.text, rng) if source else new.pop()
        shown = [item.id for item in rng.sample(world.items[:people], 3)] + ([source.id] if source else [])
        item = Item(id=f"m{at}", text=answer, time=None if now is None else now + 1)
        world.items.append(item)
        own.append(item)
        if source:
            world.echoes[item.id] = source.id
        world.queries.append(Query(question=f"What of {at}?", retrieved=tuple(shown), cited=tuple(shown[-1:]), answer=answer, time=now))
    return world
