"""A reference from the documents themselves, although some of them are damaged: those that fit worst are left out of it."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import xxhash

from longtail.gates.batch import Batch
from longtail.gates.triage.axes import axes, order_signs
from longtail.gates.triage.likeness import Likeness, learn, order_of
from longtail.gates.triage.signs import SIGNS

Flags = npt.NDArray[np.bool_]
Positions = npt.NDArray[np.int64]

SOUND = 0.5
"""Validity from which a document may be part of the reference."""
MOST_DOCUMENTS, MOST_CHARACTERS = 50_000, 10_000
"""Documents that the reference is made from, drawn by a hash of their ids, and characters from the beginning of each."""


@dataclass(frozen=True)
class Own:
    """A reference that documents make for themselves.

    Attributes:
        likeness: What the documents that are part of it are like.
        members: Their positions, sorted.
    """

    likeness: Likeness
    members: Positions

    def has(self, batch: Batch) -> Flags:
        """Return which documents are part of it, shape (documents,)."""
        return np.isin(batch.positions, self.members)


def own_reference(batches: Iterable[Batch]) -> Own:
    """Learn from documents of which fewer than half are damaged; they are read once.

    Concentration steps (Rousseeuw and Van Driessen 1999, for least trimmed squares): learn from all that need no reference
    to look sound; then from that half of them whose letters are in the best order; then, twice, from all that are sound by that.

    Args:
        batches: The documents.
    """
    texts, positions = drawn(batches)
    sound = axes(texts, None).validity >= SOUND
    first = _learned(texts, sound)
    gains = order_of(texts, first, sound).letter_gain
    chosen = sound & (gains >= (np.median(gains[sound]) if sound.any() else 0.0))
    for _ in range(2):
        signs = order_signs(order_of(texts, _learned(texts, chosen), chosen))
        chosen = sound & np.all([SIGNS[name].damage(values) <= 1 - SOUND for name, values in signs.items()], axis=0)
    return Own(_learned(texts, chosen), np.sort(positions[chosen]))


def drawn(batches: Iterable[Batch]) -> tuple[pa.Array, Positions]:
    """Return the beginnings of at most 50,000 documents and their positions; which ones does not depend on their order.

    Args:
        batches: The documents.
    """
    texts, positions, ranks = [pa.array([], pa.large_string())], [np.zeros(0, np.int64)], [np.zeros(0, np.uint64)]
    for batch in batches:
        texts.append(pc.utf8_slice_codeunits(batch.texts.cast(pa.large_string()).fill_null(""), 0, MOST_CHARACTERS))
        positions.append(batch.positions)
        ranks.append(np.array([xxhash.xxh3_64_intdigest(str(name).encode()) for name in batch.ids.to_pylist()], np.uint64))
        if sum(map(len, ranks)) > 2 * MOST_DOCUMENTS:
            texts, positions, ranks = _lowest(texts, positions, ranks)
    texts, positions, _ = _lowest(texts, positions, ranks)
    return texts[0], positions[0]


def _lowest(
    texts: list[pa.Array], positions: list[Positions], ranks: list[npt.NDArray[np.uint64]]
) -> tuple[list[pa.Array], list[Positions], list[npt.NDArray[np.uint64]]]:
    every = np.concatenate(ranks)
    at = np.sort(np.argsort(every, kind="stable")[:MOST_DOCUMENTS])
    return [pa.concat_arrays(texts).take(pa.array(at))], [np.concatenate(positions)[at]], [every[at]]


def _learned(texts: pa.Array, chosen: Flags) -> Likeness:
    part = texts.filter(pa.array(chosen))
    return learn(lambda: [part])
