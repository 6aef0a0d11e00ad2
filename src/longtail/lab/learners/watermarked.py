"""An n-gram model that writes with a watermark: the same chain, its next-word laws tilted towards the green list of a key.

The words of the chain are whitespace words; the tokens that a watermark is scored in are those of `Words`, without case and
punctuation. So a word of the chain holds any number of tokens: its colour is that of its first one, a word without tokens has none,
and the tokens after the first are scored but were never chosen. Where a document ends has no colour and keeps its probability, so
marked documents are as long as others.
"""

from typing import NamedTuple, Self

import numpy
from numpy.typing import NDArray

from longtail.errors import ConfigError
from longtail.lab.learners.ngram import END, FIRST_WORD, Chain, Ids, NGram
from longtail.origin.watermarks import Key, Words, prf

Weights = NDArray[numpy.float64]

WALKERS = 256
"""Documents that are written together, so that the edges they may take fit into memory."""


class Spelt(NamedTuple):
    """The tokens of the words of a chain, by word id.

    `first` is the first token, shape (W,); `sizes` how many there are, shape (W,); `last[w]` the last of them, as
    many as a key's context of c holds, then zeros, shape (W, c).
    """

    first: Ids
    sizes: Ids
    last: Ids


class Watermarked(NGram):
    """An n-gram model that samples with the watermark of a key; it learns as `NGram` does.

    Args:
        key: A key for the tokenizer `Words`.
        order: Length of the n-grams in words.
        temperature: The law that is tilted is p^(1/T); the favour of a green token is `key.delta` at any temperature.
        max_words: A document that has not ended by then is cut there, silently.

    Raises:
        ConfigError: A setting is out of range, or the key is for another tokenizer.
    """

    def __init__(self, key: Key, order: int = 3, temperature: float = 1.0, *, max_words: int = 400) -> None:
        super().__init__(order, temperature, max_words=max_words)
        if key.tokenizer != Words.sha256:
            wanted = f"an n-gram model needs one for Words, {Words.sha256}"
            raise ConfigError(f"key {key.key_id} is for the tokenizer {key.tokenizer[:16]}…; {wanted}")
        self.key = key

    @classmethod
    def of(cls, model: NGram, key: Key) -> Self:
        """Return a model that has learnt what `model` has, and writes with the watermark of a key."""
        made = cls(key, model.order, model.temperature, max_words=model.max_words)
        made._chain = model._fitted()
        return made

    def sample(self, n: int, rng: numpy.random.Generator) -> list[str]:
        """Write `n` documents of at most `max_words` words each, joined by single spaces.

        Raises:
            UsageError: Nothing was learnt yet, or `n` is negative.
        """
        if n < 1:
            return super().sample(n, rng)
        chain, written = self._fitted(), list[str]()
        spelt = spell(chain.words, self.key.context)
        for start in range(0, n, WALKERS):
            steps = self._walk(chain, spelt, min(WALKERS, n - start), rng)
            rows = zip(*(step.tolist() for step in steps), strict=True)
            written += (" ".join(chain.words[word - FIRST_WORD] for word in row if word != END) for row in rows)
        return written

    def _walk(self, chain: Chain, spelt: Spelt, n: int, rng: numpy.random.Generator) -> list[Ids]:
        """Return the word ids that `n` walkers write in each step, `END` once they have ended."""
        states, seen = numpy.full(n, chain.start), numpy.zeros(n, dtype=numpy.int64)
        tokens = numpy.zeros((n, self.key.context), dtype=numpy.int64)
        going, steps = numpy.arange(n), list[Ids]()
        for _ in range(self.max_words):
            edges = self._step(chain, spelt, states, tokens, seen, rng)
            on = chain.leads_to[edges] >= 0
            going, edges = going[on], edges[on]
            written = numpy.full(n, END)
            written[going] = chain.emits[edges]
            steps.append(written)
            if not len(going):
                break
            states = chain.leads_to[edges]
            tokens, seen = _pushed(spelt, chain.emits[edges] - FIRST_WORD, tokens[on], seen[on])
        return steps

    def _step(self, chain: Chain, spelt: Spelt, states: Ids, tokens: Ids, seen: Ids, rng: numpy.random.Generator) -> Ids:
        """Draw an edge for each walker, shape (walkers,)."""
        low, wide = chain.first[states], chain.first[states + 1] - chain.first[states]
        starts = numpy.cumsum(wide) - wide
        owners = numpy.repeat(numpy.arange(len(states)), wide)
        edges = numpy.arange(len(owners)) + numpy.repeat(low - starts, wide)
        weights = chain.ceiling[edges + 1] - chain.ceiling[edges]
        words = chain.emits[edges] - FIRST_WORD
        coloured = (words >= 0) & (spelt.sizes[words] > 0) & (seen >= self.key.context)[owners]
        values = prf.draws(self.key.words, prf.state(self.key.words, tokens)[owners], spelt.first[words])
        green = coloured & (values < prf.threshold(self.key.gamma))
        tilted = favoured(weights, green, words < 0, starts, self.key.delta)
        sums = numpy.cumsum(tilted)
        floor = sums[starts] - tilted[starts]
        target = floor + rng.random(len(states)) * (sums[starts + wide - 1] - floor)
        at = numpy.clip(numpy.searchsorted(sums, target, side="right"), starts, starts + wide - 1)
        return numpy.asarray(edges[at])


def favoured(weights: Weights, green: NDArray[numpy.bool_], fixed: NDArray[numpy.bool_], starts: Ids, delta: float) -> Weights:
    """Return next-word laws, one after another, with green words raised by exp(delta).

    Each law keeps its sum and the weight of its fixed words.

    Args:
        weights: Weights of candidate words, shape (candidates,).
        green: Which of them are green, shape (candidates,).
        fixed: Which of them keep their weight, shape (candidates,).
        starts: Where each law begins, ascending from 0, shape (laws,); none is empty.
        delta: In nats.
    """
    free = numpy.where(fixed, 0.0, weights)
    raised = numpy.where(green, numpy.exp(delta), 1.0) * free
    before, after = numpy.add.reduceat(free, starts), numpy.add.reduceat(raised, starts)
    scale = numpy.divide(before, after, out=numpy.ones_like(after), where=after > 0)
    wide = numpy.diff(numpy.append(starts, len(weights)))
    return numpy.where(fixed, weights, raised * numpy.repeat(scale, wide))


def spell(words: tuple[str, ...], context: int) -> Spelt:
    """Return the tokens of words, as a watermark with that context needs them."""
    rows = Words().encode(words)
    sizes = numpy.array([len(row) for row in rows], dtype=numpy.int64)
    first = numpy.array([row[0] if len(row) else 0 for row in rows], dtype=numpy.int64)
    last = numpy.zeros((len(rows), context), dtype=numpy.int64)
    for at, row in enumerate(rows):
        last[at, : min(len(row), context)] = row[-context:]
    return Spelt(first, sizes, last)


def _pushed(spelt: Spelt, words: Ids, tokens: Ids, seen: Ids) -> tuple[Ids, Ids]:
    """Return the last tokens of walkers and how many they have written, after one word each."""
    context = tokens.shape[1]
    new = numpy.minimum(spelt.sizes[words], context)
    both = numpy.concatenate([tokens, spelt.last[words]], axis=1)
    return numpy.take_along_axis(both, new[:, None] + numpy.arange(context), axis=1), seen + spelt.sizes[words]
