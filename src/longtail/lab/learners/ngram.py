"""An n-gram model by plain maximum likelihood, unrolled into a Markov chain in numpy.

A state is a context: the last `order - 1` words, padded with start signs. Each distinct n-gram is one edge from its
context to the next one, so writing needs no look-up of contexts: draw an edge, write its word, go where it leads.
There is no smoothing and no back-off, so given a context the next-word law of a model trained on samples has the law
it was sampled from as its expectation. For order 1 this is multinomial resampling: a type's share is a martingale.
"""

from collections.abc import Sequence
from itertools import chain
from typing import Self

import msgspec
import numpy
from numpy.typing import NDArray

from longtail.errors import ConfigError, UsageError

Ids = NDArray[numpy.int64]
END, START, FIRST_WORD = 0, 1, 2


class Chain(msgspec.Struct, frozen=True, kw_only=True):
    """A fitted model: edges sorted by state and word.

    `words` names word ids from `FIRST_WORD` on; `first[s]:first[s + 1]` are the edges of state `s`; `emits`, `leads_to`
    and `counts` hold the word id, the next state (-1 after the end) and the occurrences of each edge; `ceiling[e]`
    is the summed weight of the edges before `e`.
    """

    words: tuple[str, ...]
    first: Ids
    emits: Ids
    leads_to: Ids
    counts: Ids
    ceiling: NDArray[numpy.float64]
    start: int


class NGram:
    """A model of whitespace words that sees `order - 1` words back and learns where documents end.

    Args:
        order: Length of the n-grams in words; 1 ignores all context.
        temperature: 1 writes with the learnt frequencies; T takes p^(1/T), renormalised in each context.
        max_words: A document that has not ended by then is cut there, silently.

    Raises:
        ConfigError: A setting is out of range.
    """

    def __init__(self, order: int = 3, temperature: float = 1.0, *, max_words: int = 400) -> None:
        for name, value in {"order": order, "max_words": max_words}.items():
            if value < 1:
                raise ConfigError(f"{name} is {value!r}; take a whole number from 1 up")
        if not 0 < temperature < float("inf"):
            raise ConfigError(f"temperature is {temperature!r}; take a number above 0")
        self.order = order
        self.temperature = temperature
        self.max_words = max_words
        self._chain: Chain | None = None

    def fit(self, documents: Sequence[str]) -> Self:
        """Count the n-grams of `documents`; their order does not matter, and what was learnt before is forgotten.

        Raises:
            UsageError: There are no documents.
        """
        if not documents:
            raise UsageError("an n-gram model was given 0 documents to learn from; pass at least one")
        words, tokens = _encode(documents, self.order - 1)
        self._chain = _build(words, tokens, self.order, self.temperature)
        return self

    def sample(self, n: int, rng: numpy.random.Generator) -> list[str]:
        """Write `n` documents of at most `max_words` words each, joined by single spaces.

        Raises:
            UsageError: Nothing was learnt yet, or `n` is negative.
        """
        if n < 0:
            raise UsageError(f"{n} documents were asked for; ask for 0 or more")
        owners, ids = _walk(self._fitted(), n, self.max_words, rng)
        return _decode(self._fitted().words, owners, ids, n)

    def law(self) -> dict[tuple[str, ...], dict[str, float]]:
        """Return the next-word law of each context, with "" for the end and for padding before the first word.

        The laws hold the temperature and sum to 1.

        Raises:
            UsageError: Nothing was learnt yet.
        """
        fitted = self._fitted()
        names = ("", "", *fitted.words)
        contexts: dict[int, tuple[str, ...]] = {fitted.start: ("",) * (self.order - 1)}
        weights = numpy.diff(fitted.ceiling)
        laws: dict[tuple[str, ...], dict[str, float]] = {}
        frontier = [fitted.start]
        while frontier:
            state = frontier.pop()
            edges = range(fitted.first[state], fitted.first[state + 1])
            total = float(weights[edges.start : edges.stop].sum())
            laws[contexts[state]] = {names[fitted.emits[e]]: float(weights[e]) / total for e in edges}
            for e in edges:
                follower = int(fitted.leads_to[e])
                if follower >= 0 and follower not in contexts:
                    contexts[follower] = (*contexts[state], names[fitted.emits[e]])[1:]
                    frontier.append(follower)
        return laws

    def _fitted(self) -> Chain:
        if self._chain is None:
            raise UsageError("the n-gram model has learnt nothing yet; call fit(documents) first")
        return self._chain


def _encode(documents: Sequence[str], padding: int) -> tuple[tuple[str, ...], Ids]:
    """Return the vocabulary in sorted order and all documents in one row, each as start signs, words, end sign."""
    split = [document.split() for document in documents]
    words = tuple(sorted(set(chain.from_iterable(split))))
    ids = {word: position for position, word in enumerate(words, FIRST_WORD)}
    lead = [START] * padding
    rows = (chain(lead, map(ids.__getitem__, document), (END,)) for document in split)
    return words, numpy.fromiter(chain.from_iterable(rows), dtype=numpy.int64)


def _build(words: tuple[str, ...], tokens: Ids, order: int, temperature: float) -> Chain:
    places = numpy.flatnonzero(tokens != START)
    states = numpy.zeros(len(places), dtype=numpy.int64)
    for lag in range(order - 1, 0, -1):
        _, states = numpy.unique(states * (len(words) + FIRST_WORD) + tokens[places - lag], return_inverse=True)
    written = tokens[places]
    _, where, counts = numpy.unique(states * (len(words) + FIRST_WORD) + written, return_index=True, return_counts=True)
    after = numpy.append(states[1:], -1)
    first = numpy.searchsorted(states[where], numpy.arange(states.max() + 2))
    return Chain(
        words=words,
        first=first,
        emits=written[where],
        leads_to=numpy.where(written[where] == END, -1, after[where]),
        counts=counts,
        ceiling=numpy.concatenate(([0.0], numpy.cumsum(_weights(counts, first, temperature)))),
        start=int(states[0]),
    )


def _weights(counts: Ids, first: Ids, temperature: float) -> NDArray[numpy.float64]:
    """Return the counts themselves at temperature 1 (their sums are then exact), else (count / row maximum)^(1/T)."""
    if temperature == 1:
        return counts.astype(numpy.float64)
    highest = numpy.repeat(numpy.maximum.reduceat(counts, first[:-1]), numpy.diff(first))
    weights: NDArray[numpy.float64] = (counts / highest) ** (1 / temperature)
    return weights


def _walk(fitted: Chain, n: int, max_words: int, rng: numpy.random.Generator) -> tuple[Ids, Ids]:
    """Let `n` walkers go one word at a time, all together; return who wrote each word, and the word id, in step order."""
    walkers = numpy.arange(n)
    states = numpy.full(n, fitted.start)
    owners, ids = [walkers[:0]], [walkers[:0]]
    for _ in range(max_words):
        low, high = fitted.first[states], fitted.first[states + 1]
        floor = fitted.ceiling[low]
        target = floor + rng.random(len(states)) * (fitted.ceiling[high] - floor)
        edges = numpy.clip(numpy.searchsorted(fitted.ceiling, target, side="right") - 1, low, high - 1)
        going = fitted.leads_to[edges] >= 0
        walkers, edges = walkers[going], edges[going]
        states = fitted.leads_to[edges]
        owners.append(walkers)
        ids.append(fitted.emits[edges])
        if not len(walkers):
            break
    return numpy.concatenate(owners), numpy.concatenate(ids)


def _decode(words: tuple[str, ...], owners: Ids, ids: Ids, n: int) -> list[str]:
    by_document = ids[numpy.argsort(owners, kind="stable")] - FIRST_WORD
    ends = numpy.concatenate(([0], numpy.cumsum(numpy.bincount(owners, minlength=n))))
    spelled = [words[i] for i in by_document.tolist()]
    return [" ".join(spelled[low:high]) for low, high in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True)]
