"""Human text as laws over types in which documents cluster, and how many of their documents hold each type.

Two ways to cluster, both with an intra-class correlation of about .05: the share of rare types varies by document (`bench.synthetic`),
or each document is about one of eight topics, whose types it uses more than others. Neither moves a type's expected share.
"""

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

from bench.synthetic import BURSTS, ICC, Documents, Law, Shares, drawn, lengths_of, zipf

SPARE = 2_000
"""Types that no human uses, for text that no human wrote and for subjects that are new."""
TOPICS = 8
_DRAWS = 4_000
_GRID = np.concatenate([[0.0], np.geomspace(1e-9, 1.0, 200)])

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class World:
    """A family of human text.

    Attributes:
        name: Of the family.
        law: Shares of the types, `SPARE` unused ones at the end, and which of them are rare.
        topic: Topic of each type, shape (types,); None where the share of rare types varies by document instead.
    """

    name: str
    law: Law
    topic: Numbers | None = None

    def documents(self, shares: Shares, count: int, rng: np.random.Generator) -> Documents:
        """Return documents of the family in which types have other shares, shape (types,)."""
        law = replace(self.law, shares=shares)
        if self.topic is None:
            return drawn(law, count, rng)
        weights, laws = self._by_topic(shares)
        return _merged([drawn(replace(law, shares=each, icc=0.0), int(number), rng) for number, each in _counts(weights, laws, count, rng)])

    def presence(self, shares: Shares) -> Shares:
        """Return the chance that a document holds each type, shape (types,).

        A document of M tokens that repeat none of its own holds a type of share x with chance 1 - E (1 - x)^M.
        """
        if self.topic is not None:
            weights, laws = self._by_topic(shares)
            return np.asarray(sum(weight * _held(each, np.ones(_DRAWS)) for weight, each in zip(weights, laws, strict=True)))
        tail, mass = self.law.tail, float(shares[self.law.tail].sum())
        if not 0 < mass < 1:
            return _held(shares, np.ones(_DRAWS))
        weight = (1 - ICC) / ICC
        rare = np.random.default_rng(5).beta(mass * weight, (1 - mass) * weight, _DRAWS)
        return np.where(tail, _held(shares / mass, rare), _held(np.where(tail, 0.0, shares) / (1 - mass), 1 - rare))

    def _by_topic(self, shares: Shares) -> tuple[Shares, list[Shares]]:
        """Return the weight of each topic and its law; their mean is the law, and sqrt(ICC) of a topic's tokens are on its own types."""
        own = np.sqrt(ICC)
        joint = [shares * ((1 - own) / TOPICS + own * (self.topic == topic)) for topic in range(TOPICS)]
        weights = np.array([each.sum() for each in joint])
        return weights, [each / weight for each, weight in zip(joint, weights, strict=True)]

    @cached_property
    def common(self) -> Numbers:
        """Return the types of the commoner half of the mass, in order of rank."""
        return np.flatnonzero((np.cumsum(self.law.shares) <= 0.5) & (self.law.shares > 0))


@lru_cache
def worlds() -> tuple[World, ...]:
    """Return all families."""
    many, few = _padded(zipf(8_000)), _padded(zipf(2_500))
    topic = np.random.default_rng(8).integers(0, TOPICS, len(many.shares))
    return (World("8,000 types, rare ones by document", many), World("8,000 types in 8 topics", many, topic), World("2,500 types", few))


def _padded(law: Law) -> Law:
    unused = np.zeros(SPARE)
    shares, tail, rare = (np.concatenate([each, unused.astype(each.dtype)]) for each in (law.shares, law.tail, law.rare))
    return replace(law, shares=shares, tail=tail, rare=rare)


def _held(shares: Shares, part: Shares) -> Shares:
    """Return the chance of each type of the given shares inside a part of the tokens, its size varying by document."""
    rng = np.random.default_rng(4)
    tokens = 1 + rng.binomial(lengths_of(_DRAWS, rng) - 1, 1 - BURSTS)
    chance = np.array([1 - np.mean((1 - part * x) ** tokens) for x in _GRID])
    return np.asarray(np.interp(shares, _GRID, chance))


def _counts(weights: Shares, laws: list[Shares], count: int, rng: np.random.Generator) -> list[tuple[int, Shares]]:
    return [pair for pair in zip(rng.multinomial(count, weights / weights.sum()), laws, strict=True) if pair[0]]


def _merged(parts: list[Documents]) -> Documents:
    types, lengths, content = (np.concatenate([getattr(part, name) for part in parts]) for name in ("types", "lengths", "content"))
    return Documents(types, lengths, content, None)
