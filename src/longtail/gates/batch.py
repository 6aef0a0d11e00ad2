"""Documents as a gate sees them: their ids, their texts, and any other column by its name."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from longtail.errors import UsageError
from longtail.ledger.columns import content_of, identity
from longtail.readers.beside import whole_in
from longtail.readers.columns import MISSING, find, text_in
from longtail.readers.quarantine import Unfit

Positions = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


class Batch:
    """Documents that are judged together.

    Args:
        ids: Shape (documents,).
        texts: What a model wrote or is to learn to write, null where there is none, shape (documents,).
        values: Returns the values of a column or dotted path, None where a document has none, shape (documents,).
        positions: Number of each document in its data set, shape (documents,); by default from 0 on. A gate that has seen a
            whole data set knows its documents by them.
        judged: Which documents are judged, shape (documents,); by default all. The others are there to be compared with.
        wholes: The texts with what they answer, null where that is nothing, shape (documents,).
    """

    def __init__(
        self,
        ids: pa.Array,
        texts: pa.Array,
        values: Callable[[str], Sequence[Any]] | None = None,
        positions: Positions | None = None,
        judged: Flags | None = None,
        wholes: pa.Array | None = None,
    ) -> None:
        self.ids, self.texts = ids, texts
        self._wholes = wholes
        self.positions = np.arange(len(ids)) if positions is None else positions
        self.judged = np.ones(len(ids), np.bool_) if judged is None else judged
        self._values = values
        self._known: dict[str, Sequence[Any]] = {}

    @classmethod
    def of(cls, documents: Iterable[str | Mapping[str, Any]], text_column: str | None = None) -> Self:
        """Return a batch of texts or records.

        Raises:
            UsageError: One is neither a text nor a record, or has no content.
        """
        records = [{"text": each} if isinstance(each, str) else each for each in documents]
        ids = [_id(at, record, text_column) for at, record in enumerate(records)]
        texts = pa.array([text_in(record, text_column) for record in records], pa.string())
        wholes = pa.array([whole_in(record, text_column) for record in records], pa.string())
        return cls(pa.array(ids, pa.string()), texts, lambda name: [_found(record, name) for record in records], wholes=wholes)

    def __len__(self) -> int:
        """Return the number of documents."""
        return len(self.ids)

    @property
    def wholes(self) -> pa.Array:
        """Return the texts with what they answer before them, null where there is no text, shape (documents,)."""
        return self.texts if self._wholes is None else pc.coalesce(self._wholes, self.texts)

    def values(self, name: str) -> Sequence[Any]:
        """Return the values of a column or dotted path, None where a document has none."""
        if name not in self._known:
            self._known[name] = [None] * len(self) if self._values is None else self._values(name)
        return self._known[name]

    def take(self, at: npt.NDArray[np.integer[Any]] | Sequence[int]) -> "Batch":
        """Return some of the documents."""
        chosen = np.asarray(at, dtype=np.int64)
        places = pa.array(chosen)

        def values(name: str) -> list[Any]:
            column = self.values(name)
            return [column[index] for index in chosen]

        wholes = None if self._wholes is None else self._wholes.take(places)
        return Batch(self.ids.take(places), self.texts.take(places), values, self.positions[chosen], self.judged[chosen], wholes)

    def judging(self, judged: Flags) -> "Batch":
        """Return the same documents, of which some are judged and the others there to be compared with."""
        return Batch(self.ids, self.texts, self.values, self.positions, judged, self._wholes)


def _id(at: int, record: object, text_column: str | None) -> str:
    if not isinstance(record, Mapping):
        raise UsageError(f"document {at} is a {type(record).__name__}; hand over a text or a record with its columns")
    given = record.get("lt_id")
    if isinstance(given, str) and given:
        return given
    try:
        return identity(content_of(record, text_column))
    except Unfit as unfit:
        raise UsageError(f"document {at} has no content: {unfit}; name its column with text_column") from None


def _found(record: Mapping[str, Any], name: str) -> Any:
    value = find(record, name)
    return None if value is MISSING else value
