"""Near duplicates: documents that share most of their wording with one that is kept."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import xxhash

from longtail.errors import ConfigError
from longtail.gates.batch import Batch
from longtail.gates.catalogue import GATES
from longtail.gates.duplicates.judge import DuplicateJudge, Flags
from longtail.gates.duplicates.options import memory_of, options
from longtail.gates.duplicates.room import Room, Rows
from longtail.gates.duplicates.seen import Seen, all_seen
from longtail.gates.verdicts import Verdicts
from longtail.summaries.normal import normal

if TYPE_CHECKING:
    from longtail.summaries.minhash import Settings

Values = npt.NDArray[np.uint8]

THRESHOLD = 0.8
"""Least similarity of near duplicates (Lee et al. 2022, "Deduplicating training data makes language models better")."""

ROWS = (4, 8)
FEWEST_CAUGHT = 0.5


@GATES.add("near_duplicates", judges="documents", source="Broder 1997; Indyk & Motwani 1998; Li & König 2010")
class NearDuplicates:
    """Remove a document that is near one that is kept: MinHash of runs of words, found by banding.

    Documents are taken in order: those of `against`, then human ones, then the others, each in the order of their positions.
    A document is removed if and only if its estimated similarity to one that was kept before it reaches the threshold and the
    two share a band; the matched id is that of the most similar one, the earliest of equals, and the score is the
    similarity. A document with the very signature of an earlier one shares its lot and its partner. What the similarity is of,
    and how exact the estimate is, `summaries.minhash` says; a text without words is compared as a whole, up to case and spacing.

    A document that answers a prompt is compared with it: the same answer to another prompt is no copy.

    What can be missed: a pair that shares no band (`summaries.minhash.caught`; with 4 rows 4e-8 of pairs at .8, 2e-4 at .7; with
    8 rows 5 % and 39 %), and, where more than 256 kept documents share a band, pairs with the later ones of these.

    Memory: beside 60 bytes a document and the ids of those kept that others are like, `memory_mb`; signatures, ids and tables
    that do not fit lie in temporary files. The result does not depend on it, nor on batches.

    Args:
        threshold: Least estimated Jaccard similarity.
        order: Words of a shingle.
        rows: Rows of a band, 4 (32 bands, catches all) or 8 (16 bands, faster).
        against: Files of data sets that documents are compared with too, and that never lose one.
        text_column: Column of the text in `against`; recognised where it is None.
        most_removed: Share of the documents above which the run stops, of 100 or more.
        memory_mb: Megabytes for signatures and tables.

    Raises:
        ConfigError: A setting is out of range.
    """

    def __init__(
        self,
        *,
        threshold: float = THRESHOLD,
        order: int = 5,
        rows: int = 4,
        against: Sequence[str] = (),
        text_column: str | None = None,
        most_removed: float = 0.9,
        memory_mb: float = 1024,
    ) -> None:
        self._options = options("near_duplicates", against, text_column, most_removed)
        self._memory = memory_of(memory_mb)
        if rows not in ROWS:
            raise ConfigError(f"rows is {rows}; a band has 4 rows (32 bands) or 8 (16 bands)")
        if order < 1 or order != int(order):
            raise ConfigError(f"order is {order}; a shingle has at least 1 word")
        if not 0 < threshold <= 1:
            raise ConfigError(f"threshold is {threshold}; a similarity to look for lies above 0 and is at most 1")
        share = 1 - (1 - threshold**rows) ** (128 // rows)
        if share < FEWEST_CAUGHT:
            fix = "take rows = 4 or a higher threshold" if rows > ROWS[0] else "take a higher threshold"
            raise ConfigError(f"threshold is {threshold} with {rows} rows a band, which finds {share:.0%} of pairs so similar; {fix}")
        self.threshold, self.order, self.rows = threshold, order, rows

    def __call__(self, batch: Batch) -> Verdicts:
        """Judge documents that are a whole data set by themselves."""
        return self.over(lambda: [batch])(batch) if len(batch) else Verdicts.keep(0)

    def over(self, batches: Callable[[], Iterable[Batch]]) -> DuplicateJudge:
        """Return the gate for a data set; `facts` of what is returned counts what was found.

        Raises:
            ConfigError: An implausible share of the documents would be removed.
            ReadError: A data set of `against` cannot be read.
        """
        from longtail.gates.duplicates.linking import resolved  # compiles
        from longtail.summaries.minhash import Settings, matches_needed

        method = Settings(order=self.order)
        with Room(self._memory // 4) as room:
            seen, signed = Seen(room), Rows(room)

            def take(batch: Batch) -> Flags:
                values, given = _signed(batch.wholes, method)
                signed.add(values)
                return given

            all_seen(batches, self._options, take, seen)
            order, fixed = seen.ranked()
            found = resolved(signed.array(), order, fixed, matches_needed(self.threshold), self.rows, room)
            return seen.judge(found, order, self._options, "no text")


def _signed(texts: pa.Array, method: "Settings") -> tuple[Values, Flags]:
    """Return signatures, shape (documents, 128), and which documents have one; without words it is of the text as a whole."""
    from longtail.summaries.minhash import signatures

    made = signatures(texts, method)
    values, given = made.values, made.given
    for at in np.flatnonzero(~given).tolist():
        whole = normal(texts[at].as_py() or "")
        if whole:
            drawn = b"".join(xxhash.xxh3_128_digest(f"{part}:{whole}".encode()) for part in range(8))
            values[at] = np.frombuffer(drawn, np.uint8)
            given[at] = True
    return values, given
