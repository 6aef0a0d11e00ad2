"""Clustered text of a known law, and comparisons of it."""

from functools import lru_cache

import numpy as np
import pyarrow as pa

from longtail.metrics import RATIOS
from longtail.metrics.comparison import Comparison, Settings, against_reference
from longtail.summaries.frequencies import Frequencies
from longtail.summaries.profile import Profile
from longtail.summaries.reference import Reference

VOCABULARY = 3000
TOKENS = 60
REPEATS = 0.2


@lru_cache
def law(temperature=1.0):
    """Shares of the types: Zipf with a blunt head, sharpened by a temperature below 1."""
    shares = (1 / (np.arange(VOCABULARY) + 10)) ** (1 / temperature)
    return shares / shares.sum()


def clustered(count, seed, temperature=1.0, kept=None):
    """Documents of `TOKENS` type numbers; a fifth of the tokens repeat an earlier one of their document.

    `kept` marks the types that may occur; the others are drawn anew among the 50 commonest.
    """
    rng = np.random.default_rng(seed)
    drawn = rng.choice(VOCABULARY, (count, TOKENS), p=law(temperature))
    if kept is not None:
        drawn = np.where(kept[drawn], drawn, rng.choice(50, drawn.shape))
    repeated = rng.random(drawn.shape) < REPEATS
    earlier = rng.integers(0, np.maximum(np.arange(TOKENS), 1), drawn.shape)
    return np.where(repeated, np.take_along_axis(drawn, earlier, axis=1), drawn)


def written(numbers):
    return [" ".join(f"w{number}" for number in document) for document in numbers]


def profiled(numbers, seed=0, capacity=None, views=("words_1",), prompts=None, by=None):
    """The profile of documents of type numbers, or of texts; `by` holds the values of columns by name."""
    made = Profile(views, seed, by=tuple(by or ()))
    if capacity is not None:
        for name in views:
            made.frequencies[name] = Frequencies(name, made.frequencies[name].version, seed, capacity)
    texts = written(numbers) if isinstance(numbers, np.ndarray) else list(numbers)
    columns = (
        {"text": texts} | ({} if prompts is None else {"prompt": prompts}) | {f"by:{name}": values for name, values in (by or {}).items()}
    )
    made.add(pa.record_batch({name: pa.array(values, pa.string()) for name, values in columns.items()}))
    return made


def compared(candidate, reference, permutations=199, seed=0, tau=0.1) -> Comparison:
    sides = [side if isinstance(side, Profile) else profiled(side) for side in (candidate, reference)]
    return against_reference(sides[0], Reference(sides[1]), "words_1", Settings(permutations=permutations, seed=seed, tau=tau))


def ratio(name, comparison):
    """What a metric of two samples says."""
    return RATIOS[name].member(comparison)
