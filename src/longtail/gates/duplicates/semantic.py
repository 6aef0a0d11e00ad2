"""Semantic duplicates: documents that say the same as one that is kept, by the angle of their vectors."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import numpy.typing as npt

from longtail.errors import ConfigError
from longtail.gates.batch import Batch
from longtail.gates.catalogue import GATES
from longtail.gates.duplicates.encoder import Encode, Vectors, encoder, vectors_of
from longtail.gates.duplicates.judge import I32, DuplicateJudge, Flags, Found
from longtail.gates.duplicates.options import memory_of, options
from longtail.gates.duplicates.room import Room, Rows
from longtail.gates.duplicates.seen import Seen, all_seen
from longtail.gates.verdicts import Verdicts

Floats = npt.NDArray[np.float32]

THRESHOLD = 0.95
"""Least cosine, of the order that Abbas et al. 2023 (SemDeDup, arXiv:2303.09540) use; see the caveat on the class."""

_BLOCK = 1024  # documents that are compared at once
_WIDE = 8192  # kept documents that they are compared with at once
_FLOAT = 4


@GATES.add("semantic_duplicates", judges="documents", source="Abbas et al. 2023, arXiv:2303.09540")
class SemanticDuplicates:
    """Remove a document whose vector points almost where that of a kept one points: exact cosine, no index.

    Documents are taken in order: those of `against`, then human ones, then the others, each in the order of their positions.
    A document is removed if and only if its cosine to one that was kept before it reaches the threshold; the matched id is
    that of the most similar one, the score is the cosine. One that has no vector (null, not finite, all zeros, of another length
    than the first) is rejected as such.

    No threshold fits all models: a cosine of .95 is a paraphrase to one and anything on the same subject to another. What is
    removed so is near in *sense*, and rare things said in an unusual way are what a model places worst: look at what was
    matched before relying on it, and set the threshold by that.

    Time grows with documents x kept documents x dimensions. Memory: beside 60 bytes a document, the vectors (4 bytes a
    dimension) up to half of `memory_mb`, in a temporary file beyond it, those of kept documents likewise, and 50 MB for a block.

    A document that answers a prompt is compared with it: the same answer to another prompt is no copy.

    Args:
        threshold: Least cosine.
        column: The column that holds a vector for each document.
        model: Folder of a model of sentence-transformers, which makes vectors of the texts; needs the extra `embed`.
        encode: Makes vectors of texts, shape (texts, dimensions).
        against: Files of data sets that documents are compared with too, and that never lose one.
        text_column: Column of the text in `against`; recognised where it is None.
        most_removed: Share of the documents above which the run stops, of 100 or more.
        memory_mb: Megabytes for vectors.

    Raises:
        ConfigError: A setting is out of range, or not exactly one of `column`, `model` and `encode` is given.
        MissingExtra: A model is named and sentence-transformers is not installed.
    """

    def __init__(
        self,
        *,
        threshold: float = THRESHOLD,
        column: str | None = None,
        model: str | None = None,
        encode: Encode | None = None,
        against: Sequence[str] = (),
        text_column: str | None = None,
        most_removed: float = 0.9,
        memory_mb: float = 1024,
    ) -> None:
        self._options = options("semantic_duplicates", against, text_column, most_removed)
        self._memory = memory_of(memory_mb)
        if not 0 < threshold <= 1:
            raise ConfigError(f"threshold is {threshold}; a cosine to look for lies above 0 and is at most 1")
        if sum(given is not None for given in (column, model, encode)) != 1:
            raise ConfigError("give one of column (vectors that are there), model (a folder) and encode (a function)")
        self.threshold, self.column = threshold, column
        self._encode = encode if model is None else encoder(model)

    def __call__(self, batch: Batch) -> Verdicts:
        """Judge documents that are a whole data set by themselves."""
        return self.over(lambda: [batch])(batch) if len(batch) else Verdicts.keep(0)

    def over(self, batches: Callable[[], Iterable[Batch]]) -> DuplicateJudge:
        """Return the gate for a data set; `facts` of what is returned counts what was found.

        Raises:
            ConfigError: An implausible share of the documents would be removed, or vectors are none.
            ReadError: A data set of `against` cannot be read.
        """
        with Room(self._memory // 2) as room:
            seen, held = Seen(room), Rows(room)
            width = 0

            def take(batch: Batch) -> Flags:
                nonlocal width
                vectors = self._vectors(batch)
                width = width or next((len(each) for each in vectors if each is not None), 0)
                fit = np.array([each is not None and len(each) == width for each in vectors], np.bool_)
                rows = [each for each, is_fit in zip(vectors, fit, strict=True) if is_fit and each is not None]
                if rows:
                    held.add(np.stack(rows))
                return fit

            all_seen(batches, self._options, take, seen, *([self.column] if self.column else []))
            order, fixed = seen.ranked()
            places = np.argsort(np.argsort(order)).astype(np.int32)  # vectors are held only of documents that have one
            found = _resolved(held.array(), places, fixed, self.threshold, room)
            return seen.judge(found, order, self._options, self._unfit)

    @property
    def _unfit(self) -> str:
        return "no text" if self.column is None else f"no fit vector in column {self.column!r}"

    def _vectors(self, batch: Batch) -> list[Vectors | None]:
        if self._encode is None:
            return vectors_of(batch.values(self.column or ""))
        return _encoded(self._encode, batch.wholes.to_pylist())


def _encoded(encode: Encode, texts: list[str | None]) -> list[Vectors | None]:
    """Return the vectors of the texts, None where there is no text.

    Raises:
        ConfigError: What makes them returned something else.
    """
    given = {at: text for at, text in enumerate(texts) if text and not text.isspace()}
    found: list[Vectors | None] = [None] * len(texts)
    if given:
        made = np.asarray(encode(list(given.values())))
        if made.ndim != 2 or len(made) != len(given):
            raise ConfigError(
                f"encode returned the shape {made.shape} for {len(given)} texts; return one vector for each, (texts, dimensions)"
            )
        for at, vector in zip(given, vectors_of(made), strict=True):
            found[at] = vector
    return found


def _resolved(vectors: Floats, places: I32, fixed: Flags, threshold: float, room: Room) -> Found:
    """Return which documents are removed, and because of whom, in the order of priority.

    Args:
        vectors: Of length 1, shape (ranks, dimensions).
        places: Row of each rank in them.
        fixed: Which are never removed, shape (ranks,).
        threshold: Least cosine.
        room: Where the vectors of kept documents lie.
    """
    many = len(places)
    partners, scores = np.full(many, -1, np.int32), np.full(many, -1.0, np.float32)
    kept, numbers, count = room.empty((many, vectors.shape[1]), np.float32), np.empty(many, np.int32), 0
    for start in range(0, many, _BLOCK):
        block = np.ascontiguousarray(vectors[places[start : start + _BLOCK]])
        nearest, cosines = _nearest(block, kept[:count])
        inner = block @ block.T
        for at in range(len(block)):
            rank = start + at
            if not fixed[rank] and cosines[at] >= threshold:
                partners[rank], scores[rank] = numbers[nearest[at]], min(cosines[at], 1.0)
                continue
            kept[count], numbers[count] = block[at], rank
            better = inner[at, at + 1 :] > cosines[at + 1 :]
            nearest[at + 1 :][better], cosines[at + 1 :][better] = count, inner[at, at + 1 :][better]
            count += 1
    return Found(partners, scores, fixed, {})


def _nearest(block: Floats, kept: Floats) -> tuple[npt.NDArray[np.int64], Floats]:
    """Return, for each vector of a block, the kept one that is nearest, the first of equals, and the cosine."""
    nearest, cosines = np.zeros(len(block), np.int64), np.full(len(block), -2.0, np.float32)
    for start in range(0, len(kept), _WIDE):
        found = block @ kept[start : start + _WIDE].T
        at = found.argmax(axis=1)
        most = found[np.arange(len(block)), at]
        better = most > cosines
        nearest[better], cosines[better] = at[better] + start, most[better]
    return nearest, cosines
