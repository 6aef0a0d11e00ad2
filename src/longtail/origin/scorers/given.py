"""Scores by a function of one's own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from longtail.errors import UsageError
from longtail.origin.reference import Floats
from longtail.origin.scorers.card import ScorerCard

SOURCE = "given by the user"


@dataclass(frozen=True)
class Given:
    """A function from texts to scores that learns nothing from the reference.

    Attributes:
        function: Takes texts and returns an array of shape (documents,) or (documents, K), higher = more like a machine origin,
            NaN where a text cannot be scored.
        stated: What has to be known of it; its name alone where left out.
    """

    function: Callable[[Sequence[str]], Any]
    stated: ScorerCard | None = None

    @property
    def card(self) -> ScorerCard:
        """What has to be known of the function."""
        name = getattr(self.function, "__qualname__", type(self.function).__name__)
        return self.stated or ScorerCard(name, "not stated", SOURCE)

    def scores(self, texts: Sequence[str]) -> Floats:
        """Return what the function returns, shape (documents, K).

        Raises:
            UsageError: It is not a row of finite numbers or NaN for each text.
        """
        return checked(self.function(texts), len(texts), f"the scorer {self.card.name}")


def checked(values: Any, documents: int, name: str) -> Floats:
    """Return scores as an array of shape (documents, K).

    Raises:
        UsageError: They are no numbers, infinite, or of another shape.
    """
    try:
        array = np.array([np.nan if value is None else value for value in values], dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise UsageError(
            f"{name} returned {type(values).__name__} that is not all numbers ({error}); return one score for each text"
        ) from None
    array = array[:, None] if array.ndim == 1 else array
    if array.ndim != 2 or len(array) != documents or not array.shape[1]:
        raise UsageError(f"{name} returned scores of shape {array.shape} for {documents} texts; return one row for each text")
    infinite = np.flatnonzero(np.isinf(array).any(1))
    if len(infinite):
        raise UsageError(
            f"{name} returned an infinite score for text {infinite[0] + 1}; return a finite number, or NaN where it cannot tell"
        )
    return array
