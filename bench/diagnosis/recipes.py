"""Recipes of lineages, and the law of each generation that they lead to.

Up to the onset every generation writes by the human law. From there on each learns shares from a sample of tokens (of the
generation before, of all so far, of the last few, or with fresh human text among them) and may be sharpened, cut or judged
by a gate when it writes. Controls lose nothing of the tail: they drift, overfit, or are sharpened once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from bench.diagnosis.worlds import Numbers, World, worlds
from bench.synthetic import Shares, concentrated

Policy = Literal["none", "replace", "accumulate", "fresh", "window"]
SMOOTHED = 0.05
"""Weight of the uniform law in what a model makes of human text."""

KINDS = (
    "healthy", "healthy, accumulating", "overfitted", "drift of common words", "drift of common words", "sharpened once",
    "sharpened head", "replace", "replace", "replace, gate", "replace, temperature", "replace, top-p", "accumulate",
    "fresh share", "window", "accumulate, gate", "fresh share, temperature", "garbage", "late", "new subjects", "rare words merged",
    "rare words merged",
)  # fmt: skip
CONTROLS = (
    "healthy", "healthy, accumulating", "overfitted", "drift of common words", "sharpened once", "sharpened head", "new subjects",
    "texts, healthy",
)  # fmt: skip


@dataclass(frozen=True)
class Recipe:
    """How a lineage is made.

    Attributes:
        number: Of the lineage; all its chance comes from it.
        kind: One of `KINDS`.
        family: Number of its world.
        policy: What a generation learns from.
        generations: How many, the first included.
        onset: The first generation that the kind acts on.
        tokens: Tokens that a generation learns from.
        fresh: Share of fresh human text among them.
        window: Generations that are kept.
        temperature, top_p: Of what is written.
        gate: Share of rare types that passes a gate.
        strength: Of what else the kind does.
        is_scored: Whether log-probabilities of human text are known.
    """

    number: int
    kind: str
    family: int
    policy: Policy
    generations: int
    onset: int
    tokens: int
    fresh: float = 0.0
    window: int = 1
    temperature: float = 1.0
    top_p: float = 1.0
    gate: float = 1.0
    strength: float = 0.0
    is_scored: bool = False

    @property
    def world(self) -> World:
        """Return its family."""
        return worlds()[self.family]

    @property
    def is_control(self) -> bool:
        """Whether nothing feeds on itself in it."""
        return self.kind in CONTROLS


def recipe(number: int) -> Recipe:
    """Return the recipe of a lineage; kinds take turns and all else is drawn."""
    rng = np.random.default_rng([number, 71])
    kind = KINDS[number % len(KINDS)]
    generations = int(rng.integers(4, 7))
    tokens = int(np.exp(rng.uniform(np.log(40_000), np.log(400_000))))
    drawn = {"temperature": rng.uniform(0.7, 0.97), "top_p": rng.uniform(0.8, 0.99), "gate": rng.uniform(0.3, 0.95)}
    fresh, window, strength = rng.uniform(0.02, 0.5), int(rng.integers(2, 4)), rng.uniform(0.2, 1.0)
    writing = {
        name: value
        for name, value in drawn.items()
        if name.replace("_", "-") in kind or (kind == "sharpened once" and name == "temperature")
    }
    if kind == "late":
        writing = {"temperature": rng.uniform(0.7, 0.9)}
    policy = _policy(kind)
    return Recipe(
        number=number,
        kind=kind,
        family=int(rng.integers(0, len(worlds()))),
        policy=policy,
        generations=generations,
        onset=2 if kind == "late" else int(rng.integers(2, generations + 1)),
        tokens=4_000_000 if kind == "healthy, accumulating" else tokens,
        fresh=fresh if policy == "fresh" else 0.0,
        window=window if policy == "window" else 1,
        strength=strength,
        is_scored=kind in ("overfitted", "late") or bool(rng.integers(0, 2)),
        **writing,
    )


def _policy(kind: str) -> Policy:
    named: dict[str, Policy] = {"accumulat": "accumulate", "fresh": "fresh", "window": "window", "replace": "replace", "garbage": "replace"}
    if kind == "late":
        return "replace"
    return next((policy for part, policy in named.items() if part in kind), "none")


def laws(made: Recipe) -> list[Shares]:
    """Return the shares of the types that each generation writes with, each of shape (types,)."""
    rng, human = np.random.default_rng([made.number, 72]), made.world.law.shares
    written = [human]
    data = [rng.multinomial(made.tokens, human)]
    while len(written) < made.generations:
        generation = len(written) + 1
        if generation < made.onset:
            written.append(human)
            continue
        if made.policy == "none":
            written.append(_CHANGES[made.kind](made, generation, np.random.default_rng([made.number, 73])))
            continue
        learned = _training(made, data, rng)
        written.append(_written(made, learned / learned.sum(), generation))
        data.append(rng.multinomial(made.tokens, written[-1]))
    return written


def _training(made: Recipe, data: list[Numbers], rng: np.random.Generator) -> Shares:
    """Return the counts of the training set, `data` being what each generation since the onset wrote, what came before first."""
    if made.policy == "accumulate":
        return np.asarray(sum(data), dtype=float)
    if made.policy == "window":
        return np.asarray(sum(data[-made.window :]), dtype=float)
    if made.policy == "fresh":
        mixed = made.fresh * made.world.law.shares + (1 - made.fresh) * data[-1] / data[-1].sum()
        return np.asarray(rng.multinomial(made.tokens, mixed / mixed.sum()), dtype=float)
    return np.asarray(data[-1], dtype=float)


def _written(made: Recipe, learned: Shares, generation: int) -> Shares:
    """Return the shares that a model writes with that has learned others."""
    shares = learned ** (1 / made.temperature)
    shares = shares / shares.sum()
    if made.top_p < 1:
        order = np.argsort(-shares, kind="stable")
        above = np.cumsum(shares[order]) - shares[order]
        shares[order[above >= made.top_p]] = 0.0
    shares = np.where(made.world.law.rare, made.gate * shares, shares)
    if made.kind == "garbage":
        shares = _with_garbage(shares / shares.sum(), 0.05 * made.strength * (generation - made.onset + 1))
    return np.asarray(shares / shares.sum())


def _with_garbage(shares: Shares, part: float) -> Shares:
    unused = _unused(shares)
    return np.where(unused, part / max(1, unused.sum()), (1 - part) * shares)


def _unused(shares: Shares) -> np.ndarray:
    unused = np.zeros(len(shares), bool)
    unused[-2_000:] = True
    return unused


def _unchanged(made: Recipe, generation: int, rng: np.random.Generator) -> Shares:
    return made.world.law.shares


def _drifted(made: Recipe, generation: int, rng: np.random.Generator) -> Shares:
    """Return the human law with a growing part of its common types changing places; no share is lost."""
    shares, common = made.world.law.shares.copy(), made.world.common
    moved = np.sort(rng.permutation(common)[: max(2, round(len(common) * min(1.0, made.strength * (generation - made.onset + 1))))])
    shares[moved] = shares[np.roll(moved, 1)]
    return shares


def _sharpened(made: Recipe, generation: int, rng: np.random.Generator) -> Shares:
    shares = made.world.law.shares ** (1 / made.temperature)
    return np.asarray(shares / shares.sum())


def _tilted(made: Recipe, generation: int, rng: np.random.Generator) -> Shares:
    """Return the human law with its head so tilted that the effective number of common types falls; the tail stays."""
    return concentrated(made.world.law, 2, 1 - 0.5 * made.strength).shares


def _renewed(made: Recipe, generation: int, rng: np.random.Generator) -> Shares:
    """Return the human law in which a part of the rare types has given its shares to new ones."""
    shares, rare = made.world.law.shares.copy(), np.flatnonzero(made.world.law.rare)
    gone = rng.permutation(rare)[: min(2_000, round(len(rare) * 0.6 * made.strength))]
    shares[len(shares) - len(gone) :] = shares[gone]
    shares[gone] = 0.0
    return shares


def _merged(made: Recipe, generation: int, rng: np.random.Generator) -> Shares:
    """Return the human law in which more and more rare types have given their shares to other rare types, as synonyms do."""
    shares, rare = made.world.law.shares.copy(), np.flatnonzero(made.world.law.rare)
    order = rng.permutation(rare)
    lost = min(0.9, 0.6 * made.strength * (generation - made.onset + 1))
    gone, heirs = order[: round(len(order) * lost)], order[round(len(order) * lost) :]
    np.add.at(shares, rng.choice(heirs, len(gone)), shares[gone])
    shares[gone] = 0.0
    return shares


_CHANGES: dict[str, Callable[[Recipe, int, np.random.Generator], Shares]] = {
    "healthy": _unchanged,
    "overfitted": _unchanged,
    "drift of common words": _drifted,
    "sharpened once": _sharpened,
    "sharpened head": _tilted,
    "new subjects": _renewed,
    "rare words merged": _merged,
}


def nats_lost(made: Recipe, written: list[Shares]) -> list[float]:
    """Return by how much each generation's model is worse on human text than the first's, in nats per token.

    A model gives human text its own law, smoothed; an overfitted one is worse by what is planted, and more in each generation.
    Sharpening once is a matter of writing alone and changes no model.
    """
    if made.kind.startswith("sharpened"):
        return [0.0] * len(written)
    human, held = made.world.law.shares, made.world.law.shares > 0
    loss = [-(human[held] * np.log((1 - SMOOTHED) * each[held] + SMOOTHED / len(each))).sum() for each in written]
    planted = [0.0] * len(written)
    if made.kind == "overfitted":
        planted = [0.2 * made.strength * max(0, generation - made.onset + 1) for generation in range(1, len(written) + 1)]
    return [float(each - loss[0] + more) for each, more in zip(loss, planted, strict=True)]
