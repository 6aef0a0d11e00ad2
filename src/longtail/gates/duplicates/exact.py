"""Exact duplicates: documents with the text of one that is kept."""

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import xxhash

from longtail.errors import ConfigError
from longtail.gates.batch import Batch
from longtail.gates.catalogue import GATES
from longtail.gates.duplicates.judge import I32, DuplicateJudge, Flags, Found
from longtail.gates.duplicates.options import options
from longtail.gates.duplicates.room import Room
from longtail.gates.duplicates.seen import Seen, all_seen
from longtail.gates.verdicts import Verdicts
from longtail.summaries.normal import normal

Digests = npt.NDArray[Any]

DIGEST = np.dtype([("high", ">u8"), ("low", ">u8")])
_NONE = bytes(DIGEST.itemsize)
_LIMIT = 2**28


@GATES.add("exact_duplicates", judges="documents", source="own definition")
class ExactDuplicates:
    """Remove a document whose text one that is kept has too, up to Unicode form NFC and white space around it.

    One of each is kept: of a text that `against` holds none, else the first human document, else the first. Its id is the
    matched id, the score is 1. Texts are compared by 128 bits of a hash (XXH3), which two of 10^9 different texts share with a
    probability of 2e-21; memory is 16 bytes a document for them, about 60 with what is sorted, and the ids beyond 256 MB lie
    in a temporary file.

    A document that answers a prompt is compared with it: the same answer to another prompt is no copy.

    Args:
        normalised: Disregard case and spacing too.
        against: Files of data sets that documents are compared with too, and that never lose one.
        text_column: Column of the text in `against`; recognised where it is None.
        most_removed: Share of the documents above which the run stops, of 100 or more.

    Raises:
        ConfigError: A setting is out of range.
    """

    def __init__(
        self,
        *,
        normalised: bool = False,
        against: Sequence[str] = (),
        text_column: str | None = None,
        most_removed: float = 0.9,
    ) -> None:
        if not isinstance(normalised, bool):
            raise ConfigError(f"normalised is {normalised!r}; write true or false")
        self._options = options("exact_duplicates", against, text_column, most_removed)
        self._form = normal if normalised else _bare

    def __call__(self, batch: Batch) -> Verdicts:
        """Judge documents that are a whole data set by themselves."""
        return self.over(lambda: [batch])(batch) if len(batch) else Verdicts.keep(0)

    def over(self, batches: Callable[[], Iterable[Batch]]) -> DuplicateJudge:
        """Return the gate for a data set; `facts` of what is returned counts what was found.

        Raises:
            ConfigError: An implausible share of the documents would be removed.
            ReadError: A data set of `against` cannot be read.
        """
        with Room(_LIMIT) as room:
            seen, digests = Seen(room), bytearray()

            def take(batch: Batch) -> Flags:
                found = [self._digest(text) for text in batch.wholes.to_pylist()]
                digests.extend(b"".join(found))
                return np.array([each is not _NONE for each in found], np.bool_)

            all_seen(batches, self._options, take, seen)
            order, fixed = seen.ranked()
            found = _resolved(np.frombuffer(digests, DIGEST)[order], fixed)
            return seen.judge(found, order, self._options, "no text")

    def _digest(self, text: str | None) -> bytes:
        form = self._form(text) if text else ""
        return xxhash.xxh3_128_digest(form.encode()) if form else _NONE


def _bare(text: str) -> str:
    return text.strip() if text.isascii() else unicodedata.normalize("NFC", text).strip()


def _resolved(digests: Digests, fixed: Flags) -> Found:
    """Return the first of each digest for all that come after it; none for what is never removed."""
    order = np.lexsort((digests["low"], digests["high"]))  # stable, so that the first of equals comes first
    same = np.append(False, digests[order][1:] == digests[order][:-1])[: len(order)]
    starts = np.maximum.accumulate(np.where(same, 0, np.arange(len(order)))) if len(order) else order
    partners: I32 = np.full(len(order), -1, np.int32)
    partners[order[same]] = order[starts[same]]
    partners[fixed] = -1
    return Found(partners, np.ones(len(order), np.float32), fixed, {})
