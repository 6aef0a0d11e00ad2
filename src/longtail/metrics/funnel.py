"""What each stage of several took of the rare: one pass over the documents gives the line of every stage."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from longtail.errors import UsageError
from longtail.metrics.rarity import STRATA, WORDS, Measured, Rarity
from longtail.metrics.retention import FEWEST, Retention, Tables, absent, retained
from longtail.views.keys import CELLS

Passed = npt.NDArray[np.integer]


class Funnel:
    """Documents by the number of stages that they passed.

    Args:
        rarity: Rarity of words, fitted on the profile of what came in.
        stages: Number of stages.
    """

    def __init__(self, rarity: Rarity, stages: int) -> None:
        self.rarity, self.stages = rarity, stages
        self._tokens = np.zeros((stages + 1, CELLS, STRATA), np.int64)
        self._holding = np.zeros((stages + 1, STRATA), np.int64)
        self._documents = np.zeros((stages + 1, CELLS), np.int64)

    def add(self, texts: pa.Array, passed: Passed, prompts: pa.Array | None = None) -> None:
        """Take in documents.

        Args:
            texts: Documents that are in the profile, each once.
            passed: How many stages kept each, from the first on, between 0 and `stages`, shape (documents,).
            prompts: Their prompts where the profile was given them.

        Raises:
            UsageError: The numbers do not fit the documents or the stages.
        """
        if len(passed) != len(texts):
            raise UsageError(f"{len(passed)} numbers of stages passed for {len(texts)} documents; give one for each")
        if len(passed) and not 0 <= int(passed.min()) <= int(passed.max()) <= self.stages:
            raise UsageError(f"stages passed from {passed.min()} to {passed.max()}, and there are {self.stages}")
        self._count(self.rarity.of(texts, prompts), passed.astype(np.int64))

    def _count(self, found: Measured, passed: npt.NDArray[np.int64]) -> None:
        places = passed * CELLS + found.cells
        np.add.at(self._tokens.reshape(-1, STRATA), places, found.tokens)
        np.add.at(self._holding, passed, found.tokens > 0)
        self._documents += np.bincount(places, minlength=self._documents.size).reshape(self._documents.shape)

    def stage(self, number: int) -> Retention:
        """Return what stage `number`, from 1 on, left of what reached it."""
        return self._between(number - 1, number)

    def whole(self) -> Retention:
        """Return what all stages together left of what came in."""
        return self._between(0, self.stages)

    def _between(self, first: int, last: int) -> Retention:
        documents = (int(self._documents[first:].sum()), int(self._documents[last:].sum()))
        refusal = self._refusal(documents[0])
        if refusal:
            return absent(documents, WORDS, refusal)
        sides = [np.asarray(part[level:].sum(axis=0)) for part in (self._tokens, self._holding) for level in (first, last)]
        return retained(Tables(sides[0], sides[1], sides[2], sides[3]), documents, self.rarity.chosen)

    def _refusal(self, documents: int) -> str:
        if (self._documents.sum(axis=0) > self.rarity.before.frequencies[WORDS].documents).any():
            return "documents are not those that were profiled, or have other prompts, so that some would measure what they chose"
        if documents < FEWEST:
            return f"{documents:,} documents before the filter, and {FEWEST} are needed"
        return ""
