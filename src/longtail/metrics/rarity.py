"""How rare the words of each document are: its tokens by decile of mass, chosen on other documents than its own.

Types are ordered by their count in the half of the documents that chooses, and cut into ten deciles of its mass: 1 holds
the commonest, 10 the rarest. Types of one count go in whole, into the rarer decile, so that a decile may stay empty. What
the choosing half never saw is rarer still and stands apart.
"""

from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from longtail.errors import UsageError
from longtail.summaries.frequencies import ALL_TYPES
from longtail.summaries.profile import Profile
from longtail.summaries.reference import Choosing, Reference, tokens_of_half
from longtail.summaries.rows import type_counts
from longtail.views import words as word_view
from longtail.views.batch import Texts, marks_of, texts_of
from longtail.views.keys import CELLS, Cells, Keys, cells_of, half_of, types_of

DECILES: Final = 10
UNSEEN: Final = DECILES
STRATA: Final = DECILES + 1
RAREST: Final = DECILES - 1
COMMON: Final = DECILES // 2
"""Deciles 1 to 5, the commoner half of the mass."""
WORDS: Final = "words_1"

Codes = npt.NDArray[np.uint8]
Totals = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Deciles:
    """Types by rarity, as one half of the documents has them.

    Attributes:
        types: Types of the choosing half, ascending, shape (types,).
        codes: Decile of each less one, shape (types,).
        mass: Share of the choosing half's tokens in each stratum, 0 for `UNSEEN`, shape (`STRATA`,).
    """

    types: Keys
    codes: Codes
    mass: npt.NDArray[np.float64]

    def of(self, types: Keys) -> Codes:
        """Return the stratum of each given type, `UNSEEN` where the choosing half never saw it, shape (n,)."""
        if not len(self.types):
            return np.full(len(types), UNSEEN, np.uint8)
        at = np.minimum(np.searchsorted(self.types, types), len(self.types) - 1)
        return np.where(self.types[at] == types, self.codes[at], np.uint8(UNSEEN)).astype(np.uint8)


def deciles(types: Keys, tokens: Totals, total: int) -> Deciles:
    """Return the deciles of types by count: the k rarest hold all counts up to the smallest whose cumulative mass reaches k/10.

    Args:
        types: Types of the choosing half, ascending, shape (types,).
        tokens: Their counts, shape (types,).
        total: All tokens of the choosing half.
    """
    counts, place, held = np.unique(tokens, return_inverse=True, return_counts=True)
    cumulative = np.cumsum(counts * held) / max(total, 1)
    last = np.searchsorted(cumulative, np.arange(1, DECILES) / DECILES)
    codes = (RAREST - (np.arange(len(counts))[:, None] > last).sum(axis=1)).astype(np.uint8)[place]
    return Deciles(types, codes, np.bincount(codes, weights=tokens, minlength=STRATA) / max(total, 1))


Chosen = dict[int, Deciles]
"""Deciles by the half of the documents that they measure."""


def chosen(before: Profile, view: str = WORDS) -> Chosen:
    """Return the deciles that measure each half, chosen by the other; of a large data set only for the second, as `Reference` does."""
    return {measurer.half: _chosen(chooser, view) for chooser, measurer in Reference(before).folds()}


def by_cell(profile: Profile, view: str, measured: Chosen) -> Totals:
    """Return the tokens of a profile by cell and stratum, zero where a half only chooses, shape (`CELLS`, `STRATA`)."""
    run = profile.frequencies[view].run()
    cells = cells_of(run.keys)
    half, counts = half_of(cells), np.zeros(CELLS * STRATA)
    for which, found in measured.items():
        here = half == which
        places = cells[here].astype(np.int64) * STRATA + found.of(types_of(run.keys[here]))
        counts += np.bincount(places, weights=run.tokens[here], minlength=CELLS * STRATA)
    return counts.astype(np.int64).reshape(CELLS, STRATA)


class Measured(NamedTuple):
    """Documents by the rarity of their words.

    Attributes:
        tokens: Tokens by document and stratum, zero where a document only chooses, shape (documents, `STRATA`).
        cells: Cell of each document, shape (documents,).
    """

    tokens: Totals
    cells: Cells


class Rarity:
    """Rarity of single words as the documents before a filter have it.

    Args:
        before: Profile of the documents before the filter.

    Raises:
        UsageError: It does not count single words.
    """

    def __init__(self, before: Profile) -> None:
        if WORDS not in before.views:
            raise UsageError(f"a profile of {', '.join(before.views)} tells no rare words; count the view {WORDS} too")
        self.before, self.chosen = before, chosen(before)

    def of(self, texts: pa.Array, prompts: pa.Array | None = None) -> Measured:
        """Return the tokens of each document by stratum.

        Args:
            texts: Documents of the profile; null has no words.
            prompts: Their prompts where the profile was given them, since the prompt then decides on the half.
        """
        made = _texts(texts, self.before.seed, prompts)
        parts = [self._counted(made, start) for start in range(0, len(made), CELLS)]
        tokens = np.concatenate(parts) if parts else np.zeros((0, STRATA), np.int64)
        return Measured(tokens, made.cells.astype(np.uint16))

    def _counted(self, texts: Texts, start: int) -> Totals:
        """Return tokens by stratum of up to `CELLS` documents, each in a cell of its own while it is counted."""
        part = slice(start, min(start + CELLS, len(texts)))
        own = np.arange(part.stop - start, dtype=np.uint64)
        offsets = texts.offsets[start : part.stop + 1]
        apart = replace(texts, offsets=offsets, content=texts.content[part], cells=own, prompts=None, ids=None)
        found = word_view.words(apart, [1], [ALL_TYPES], self.before.seed)[0]
        keys = np.sort(np.concatenate([found.first, found.again]))
        owner = cells_of(keys).astype(np.int64)
        half, counts = half_of(texts.cells[part].astype(np.uint16))[owner], np.zeros(len(own) * STRATA, np.int64)
        for which, deciles_ in self.chosen.items():
            here = half == which
            counts += np.bincount(owner[here] * STRATA + deciles_.of(types_of(keys[here])), minlength=len(counts))
        return counts.reshape(-1, STRATA)


def _chosen(chooser: Choosing, view: str) -> Deciles:
    types, tokens, _ = type_counts(chooser.profile.frequencies[view], chooser.half, ALL_TYPES)
    return deciles(types, tokens, tokens_of_half(chooser.profile, view, chooser.half))


def _texts(texts: pa.Array, seed: int, prompts: pa.Array | None) -> Texts:
    column, beside = _strings(texts), None if prompts is None else marks_of(_strings(prompts))
    return texts_of(column.fill_null("") if column.null_count else column, seed, prompts=beside)


def _strings(given: pa.Array) -> pa.StringArray:
    flat = given.combine_chunks() if isinstance(given, pa.ChunkedArray) else given
    return flat if pa.types.is_string(flat.type) else flat.cast(pa.string())
