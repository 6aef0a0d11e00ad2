"""The tail of human words, and what becomes of it."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from longtail.policies.mixing.gathering import Sources
from longtail.policies.mixing.texts import VIEW, Mask, Numbers, WordCounts, passages
from longtail.readers import read
from longtail.records import Record
from longtail.summaries.files import SUFFIX, load
from longtail.summaries.frequencies import ALL_TYPES
from longtail.summaries.rows import type_counts
from longtail.summaries.strata import TAIL, choose
from longtail.views.keys import Keys

TAU = 0.1
"""Share of the mass of human words that is called their tail."""


@dataclass(frozen=True)
class Tail:
    """The rarest words of human rows, the last tenth of their mass.

    Attributes:
        types: The types, ascending, shape (types,).
        mass: Share of all words of those rows that they are.
    """

    types: Keys
    mass: float

    def holds(self, types: Keys) -> Mask:
        """Return which types are among them, shape (k,)."""
        if not len(self.types):
            return np.zeros(len(types), np.bool_)
        at = np.minimum(np.searchsorted(self.types, types), len(self.types) - 1)
        return np.asarray(self.types[at] == types)


class TailImpact(Record, frozen=True):
    """What becomes of the tail of the human words.

    Args:
        types: Types in the tail.
        kept: How many of them the training set holds.
        human_mass: Share of all words of the human rows that lies on them.
        mass: The same of the training set.
        all_mass: The same of all rows that are in a pool.
    """

    types: int
    kept: int
    human_mass: float
    mass: float | None
    all_mass: float | None


def tail_of(types: Keys, tokens: Numbers) -> Tail:
    """Return the tail of counted words."""
    total = int(tokens.sum())
    strata = choose(types, tokens, total, TAU)
    return Tail(strata.types[strata.codes == TAIL], strata.realised_tau)


def reference_tail(reference: str, text_column: str | None) -> Tail:
    """Return the tail of a reference: a data set, or a profile.

    Raises:
        ReadError: It cannot be read.
    """
    if reference.endswith(SUFFIX):
        types, tokens, _ = type_counts(load(reference).frequencies[VIEW], None, ALL_TYPES)
        return tail_of(types, tokens)
    counter = WordCounts()
    for batch in read(reference, text_column=text_column, texts_only=True).batches():
        counter.add(batch.column("text"))
    return tail_of(*counter.types())


def human_tail(sources: Sources, human: Mask) -> Tail:
    """Return the tail of the human rows, marked in `human`, shape (rows,)."""
    counter = WordCounts()
    for passage in passages(sources, human, "counting human words"):
        counter.add(passage.texts)
    return tail_of(*counter.types())


def impact(sources: Sources, human: Mask, pooled: Mask, taken: Mask) -> TailImpact | None:
    """Return what becomes of the tail of the human words, None where there are none.

    Args:
        sources: The data.
        human: Human rows, shape (rows,).
        pooled: Rows that are in a pool, shape (rows,).
        taken: Rows of the training set, shape (rows,).
    """
    counters = {name: WordCounts() for name in ("human", "pooled", "taken")}
    masks = {"human": human, "pooled": pooled, "taken": taken}
    for passage in passages(sources, pooled, "counting words"):
        for name, mask in masks.items():
            counters[name].add(passage.texts.filter(pa.array(mask[passage.rows])))
    tail = tail_of(*counters["human"].types())
    if not len(tail.types):
        return None
    types, tokens = counters["taken"].types()
    kept = int(tail.holds(types).sum())
    masses = [_mass(tail, *counters[name].types()) for name in ("taken", "pooled")]
    return TailImpact(types=len(tail.types), kept=kept, human_mass=tail.mass, mass=masses[0], all_mass=masses[1])


def _mass(tail: Tail, types: Keys, tokens: Numbers) -> float | None:
    total = int(tokens.sum())
    return float(tokens[tail.holds(types)].sum() / total) if total else None
