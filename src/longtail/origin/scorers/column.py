"""Scores that stand beside the documents already, in a column."""

from collections.abc import Sequence
from typing import Any

from longtail.errors import UsageError
from longtail.origin.reference import Floats
from longtail.origin.scorers.card import ScorerCard
from longtail.origin.scorers.given import checked


class Column:
    """The scores of one column, for the documents it stands beside and no others.

    Args:
        name: Of the column.
        values: Scores, None or NaN where a document has none, shape (documents,) or (documents, K); higher = more like a machine
            origin.

    Raises:
        UsageError: A value is no number or infinite.
    """

    card: ScorerCard

    def __init__(self, name: str, values: Sequence[Any]) -> None:
        self.values = checked(values, len(values), f"column {name!r}")
        self.card = ScorerCard(name, "not stated", "a column of the data")

    def scores(self, texts: Sequence[str]) -> Floats:
        """Return the column, shape (documents, K); the texts are not read.

        Raises:
            UsageError: There are more or fewer texts than values.
        """
        if len(texts) != len(self.values):
            raise UsageError(
                f"column {self.card.name!r} has {len(self.values)} scores for {len(texts)} documents; give the column of these documents"
            )
        return self.values
