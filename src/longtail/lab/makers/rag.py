"""A store that is answered from and written back to, by questions asked round after round, with one of several gates before it.

The world "closed" has facts as numbers and a verifier that errs at a stated rate; "text" has sentences among real prose, a search by
words, and the write-back gate with its rules. Coverage is never given without correctness: `covered` stands beside
`covered_right`, and what came in wrong (`corruption`) beside what came to be known (`gain`), both per 100 questions so far.
"""

from typing import Literal, Protocol

import numpy as np

from longtail.errors import ConfigError
from longtail.gates.writeback.quota import Quota
from longtail.lab.makers.catalogue import AskedOf
from longtail.lab.makers.prose import prose
from longtail.lab.worlds.questions import TEXT_ARMS, Library
from longtail.lab.worlds.retrieval import Arm, Memory, World


class Asked(AskedOf, frozen=True):
    """How a store is used.

    Args:
        world: "closed" or "text".
        arm: What decides on what comes back.
        questions: In each round.
        entities: Of the world.
        documented: Share of them with a document at the start.
        slips: Chance that a copy goes wrong.
        inventions: Chance that something is invented where nothing is known.
        arriving: Chance that a person brings a fact along that the store has not.
        miscited: Chance that an invention cites what was retrieved.
        found: Chance that the verifier of the closed world is right about what is entailed.
        mistaken: Chance that it takes for entailed what is not.
        share: Greatest share of the store that may be model-written, for the arm "gated".
    """

    generations: int = 31
    world: Literal["closed", "text"] = "closed"
    arm: Arm = "gated"
    questions: int = 120
    entities: int = 600
    documented: float = 0.4
    slips: float = 0.05
    inventions: float = 0.8
    arriving: float = 0.0
    miscited: float = 0.0
    found: float = 0.9
    mistaken: float = 0.1
    share: float = 0.2

    def __post_init__(self) -> None:
        """Refuse what is no share, no number of questions, and an arm that the text has not."""
        shares = ("documented", "slips", "inventions", "arriving", "miscited", "found", "mistaken", "share")
        if wrong := [name for name in shares if not 0 <= getattr(self, name) <= 1]:
            raise ConfigError(f"{wrong[0]} is {getattr(self, wrong[0])!r}; take a number from 0 to 1")
        if min(self.questions, self.entities) < 1:
            raise ConfigError(f"questions is {self.questions}, entities {self.entities}; take 1 or more of each")
        if self.world == "text" and self.arm not in TEXT_ARMS:
            raise ConfigError(f"arm is {self.arm!r} in the world text; take {', '.join(TEXT_ARMS)}")


class Asking(Protocol):
    """A store in use: both worlds look like this."""

    added: int
    wrong: int
    learnt: int

    def asked(self, entity: int) -> bool:
        """Answer a question, take the answer back or not, and tell whether it was right."""

    def covered(self) -> float:
        """Return the share of entities that the store has a document on."""

    def covered_right(self) -> float:
        """Return the share of entities on which it is right."""

    def wrong_share(self) -> float:
        """Return the share of its documents that are wrong."""


def values(asked: Asked, replicate: int) -> dict[str, list[float]]:
    """Return the series of one seed, a number for each round; the first one is before any question."""
    rng = np.random.default_rng([asked.seed + replicate, 0])
    store = _store(asked, rng)
    found: dict[str, list[float]] = {
        name: [] for name in ("added", "wrong_of_added", "wrong_share", "accuracy", "covered", "covered_right", "corruption", "gain")
    }
    for number in range(asked.generations):
        drawn = rng.integers(asked.entities, size=asked.questions if number else 0)
        accuracy = float(np.mean([store.asked(int(entity)) for entity in drawn])) if number else np.nan
        hundreds = number * asked.questions / 100 if number else np.nan
        of_added = store.wrong / store.added if store.added else np.nan
        row = (store.added, of_added, store.wrong_share(), accuracy, store.covered(), store.covered_right())
        for name, value in zip(found, (*row, store.wrong / hundreds, store.learnt / hundreds), strict=True):
            found[name].append(float(value))
    return found


def _store(asked: Asked, rng: np.random.Generator) -> Asking:
    world = World(
        entities=asked.entities,
        documented=asked.documented,
        slips=asked.slips,
        inventions=asked.inventions,
        arriving=asked.arriving,
        miscited=asked.miscited,
        found=asked.found,
        mistaken=asked.mistaken,
    )
    quota = Quota(asked.share)
    return Library(world, asked.arm, quota, rng, prose()) if asked.world == "text" else Memory(world, asked.arm, quota, rng)
