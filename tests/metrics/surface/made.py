"""Documents of a known law and of a few moulds."""

import numpy as np

from longtail.metrics.surface import Excerpts


def prose(documents, seed=0, types=400, length=80):
    """Documents of a Zipf law."""
    rng = np.random.default_rng(seed)
    law = 1 / np.arange(1, types + 1)
    return [" ".join(f"w{word}" for word in rng.choice(types, length, p=law / law.sum())) for _ in range(documents)]


def excerpts(texts, seed=0):
    return Excerpts(tuple(texts), np.random.default_rng(seed).permutation(4096)[: len(texts)].astype(np.uint16))


def collapsed(texts, moulds=3, words=40):
    """The documents with their first words replaced by one of a few beginnings, one word of them changed."""
    rng, made = np.random.default_rng(1), []
    for number, text in enumerate(texts):
        head = texts[number % moulds].split()[:words]
        head[rng.integers(20, words)] = f"n{number}"
        made.append(" ".join(head + text.split()[words:]))
    return made
