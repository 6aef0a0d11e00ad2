"""How often the likeliest next word is the right one where the right one is rare, by the law of an interpolated n-gram model.

A word that followed a context is likelier than without it, and among all others the order is that of the context one word
shorter; so the likeliest word of a context is one that followed it, or the likeliest one of the shorter context.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import numpy

from longtail.lab.learner import Floats
from longtail.stats.interpolated import KEPT, Ids, Interpolated


class Likeliest(NamedTuple):
    """The likeliest word after each context of so many words, and its probability, shapes (contexts,).

    `contexts` are codes, ascending; what the uniform law over all words adds to every probability is left out.
    """

    contexts: Ids
    words: Ids
    chances: Floats


def covered(documents: Sequence[str], rare: Collection[str]) -> float:
    """Return the share of rare words that stand in some documents."""
    found = {word for document in documents for word in document.split()}
    return sum(word in found for word in rare) / len(rare)


def rare_guessed(
    documents: Sequence[str], held_out: Sequence[str], rare: Collection[str], order: int, vocabulary: Mapping[str, int]
) -> float:
    """Return the share of the places of held-out text with a rare word at which that word is the likeliest one.

    Of several equally likely words the first in alphabetical order is taken.

    Args:
        documents: What the law is learnt from; from nothing nothing is guessed.
        held_out: Text that nothing learnt from, with one rare word or more.
        rare: The rare words.
        order: Longest n-gram.
        vocabulary: Number of each word of documents and held-out text, from `numbered`.
    """
    if not documents:
        return 0.0
    model = Interpolated.learnt(documents, order, vocabulary)
    asked = Interpolated.learnt(held_out, order, vocabulary).tables[-1]
    wanted = numpy.isin(asked.grams % model.base, [vocabulary[word] for word in rare])
    grams, counts = asked.grams[wanted], asked.counts[wanted]
    right = guessed(likeliest(model), grams // model.base, model.base) == grams % model.base
    return float(counts[right].sum() / counts.sum())


def likeliest(model: Interpolated) -> list[Likeliest]:
    """Return the likeliest words after contexts of 0 words and up."""
    found: list[Likeliest] = []
    grams, chances = numpy.zeros(0, numpy.int64), numpy.zeros(0)
    for length, table in enumerate(model.tables):
        owner = numpy.searchsorted(table.contexts, table.grams // model.base)
        shorter = chances[numpy.searchsorted(grams, table.grams % model.base**length)] if length else numpy.zeros(len(table.grams))
        grams, chances = table.grams, KEPT * table.counts / table.seen[owner] + (1 - KEPT) * shorter
        own = _best(table.contexts, grams % model.base, chances, owner)
        found.append(_better(own, found[-1], model.base ** (length - 1)) if length else own)
    return found


def guessed(best: Sequence[Likeliest], contexts: Ids, base: int) -> Ids:
    """Return the likeliest word after each context; one that was never seen is taken for the one that is a word shorter."""
    words = numpy.full(len(contexts), best[0].words[0])
    for length, each in enumerate(best):
        shortened = contexts % base**length
        at = _places(each.contexts, shortened)
        seen = each.contexts[at] == shortened
        words[seen] = each.words[at[seen]]
    return words


def _best(contexts: Ids, words: Ids, chances: Floats, owner: Ids) -> Likeliest:
    """Return the likeliest of the words that followed each context; words ascend within a context."""
    order = numpy.lexsort((words, -chances, owner))
    first = order[numpy.searchsorted(owner[order], numpy.arange(len(contexts)))]
    return Likeliest(contexts, words[first], chances[first])


def _better(own: Likeliest, shorter: Likeliest, base: int) -> Likeliest:
    """Return the likelier of each context's own word and that of the context one word shorter."""
    at = _places(shorter.contexts, own.contexts % base)
    words, chances = shorter.words[at], (1 - KEPT) * shorter.chances[at]
    better = (chances > own.chances) | ((chances == own.chances) & (words < own.words))
    return Likeliest(own.contexts, numpy.where(better, words, own.words), numpy.where(better, chances, own.chances))


def _places(keys: Ids, asked: Ids) -> Ids:
    return numpy.minimum(numpy.searchsorted(keys, asked), len(keys) - 1)
