"""What a lab generation is made of: something that learns from documents and writes new ones."""

from collections.abc import Sequence
from typing import Protocol, Self

import numpy


class Learner(Protocol):
    """A model of documents: `fit` learns from scratch, `sample` writes.

    A learner holds its settings from its construction on; `fit` forgets what was learnt before. All chance comes
    from the generator that `sample` is handed, so that the same documents and seed give the same output.
    """

    def fit(self, documents: Sequence[str]) -> Self:
        """Learn from `documents` alone and return the learner itself.

        Raises:
            UsageError: There is nothing to learn from.
        """
        ...

    def sample(self, n: int, rng: numpy.random.Generator) -> list[str]:
        """Write `n` documents, independent of each other given what was learnt.

        Raises:
            UsageError: Nothing was learnt yet, or `n` is negative.
        """
        ...
