"""Novelty: how much of a document's wording no stored document has."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from longtail.gates.batch import Batch
from longtail.gates.catalogue import GATES
from longtail.gates.settings import choice, names, number
from longtail.gates.text.characters import buffers, kinds
from longtail.gates.verdicts import REJECT, REVIEW, Verdicts

Hashes = npt.NDArray[np.uint64]

ORDER = 5
"""Words of a run, as in the signatures that near duplicates are found by."""
THRESHOLD = 0.2
MOST_HOLDERS = 64
"""Stored documents of one run that are looked at for the nearest, the first ones: a phrase that many have tells little of any."""
_DECISIONS = {"review": REVIEW, "reject": REJECT}


@GATES.add("novelty", judges="documents", source="containment of shingles, Broder 1997, On the resemblance and containment of documents")
class Novelty:
    """Find documents that restate a store: almost every run of five words in them stands in some stored document.

    This is containment, not similarity, so that a short restatement of a long text is found; the runs may come from several
    stored documents, and the one that holds most of them is named. Punctuation and the case
    of ASCII letters do not matter.

    What it cannot say: that what is new is right, or worth having. An error is always new, a paraphrase too, and a faithful
    answer is not; so novelty is never a reason to accept, and a gate that keeps the most novel selects for errors. A document of
    fewer than five words is kept: too short to tell.

    Memory: 12 bytes for each different run of each stored document.

    Args:
        against: The store, as paths.
        threshold: Least share of the runs that must be new.
        restated: What happens to a document below it: "review" or "reject".

    Raises:
        ConfigError: A setting is out of range, or no store is named.
        ReadError: The store cannot be read.
    """

    def __init__(self, *, against: str | Sequence[str], threshold: float = THRESHOLD, restated: str = "reject") -> None:
        paths = names("novelty", "against", against)
        self.threshold = number("novelty", "threshold", threshold, 0, 1, above=True)
        self._decision = _DECISIONS[choice("novelty", "restated", restated, _DECISIONS)]
        self._runs, self._holders, self._ids = _stored(paths)

    def __call__(self, batch: Batch) -> Verdicts:
        """Judge documents by the share of their runs that are new."""
        from longtail.gates.text._containment import nearest

        runs, offsets = _runs(batch.texts)
        new, best = np.full(len(batch), np.nan), np.full(len(batch), -1, np.int64)
        nearest(runs, offsets, self._runs, self._holders, MOST_HOLDERS, new, best)
        missing = ~batch.texts.is_valid().to_numpy(zero_copy_only=False)
        restating = new < self.threshold
        matched = [None if at < 0 else self._ids[at].as_py() for at in best]
        reasons = [
            "no text" if gone else f"{share:.0%} of its wording is new, at least {self.threshold:.0%}: restates {name}" if found else ""
            for gone, found, share, name in zip(missing, restating, new, matched, strict=True)
        ]
        decision = np.where(missing, REJECT, self._decision).astype(np.uint8)
        decisions = np.where(restating | missing, decision, 0).astype(np.uint8)
        return Verdicts(decisions, new, reasons, matched)


def _runs(texts: pa.Array) -> tuple[Hashes, npt.NDArray[np.int64]]:
    """Return the different runs of each document, sorted, and their bounds."""
    from longtail.gates.text._containment import runs_of

    data, offsets = buffers(texts)
    out, bounds = np.empty(int(offsets[-1] - offsets[0]) // 2 + 2 * len(texts) + 1, np.uint64), np.zeros(len(texts) + 1, np.int64)
    runs_of(data, offsets, kinds(), ORDER, out, bounds)
    return out[: bounds[-1]], bounds


def _stored(paths: list[str]) -> tuple[Hashes, npt.NDArray[np.uint32], pa.Array]:
    """Return the runs of stored documents, sorted, who holds each, and the ids of the documents."""
    from longtail.readers import read

    runs, holders, ids, many = [np.zeros(0, np.uint64)], [np.zeros(0, np.uint32)], [pa.array([], pa.string())], 0
    for batch in read(paths, texts_only=True).batches():
        found, bounds = _runs(batch.column("text"))
        runs.append(found)
        holders.append(np.repeat(np.arange(many, many + batch.num_rows, dtype=np.uint32), np.diff(bounds)))
        ids.append(_ids(batch))
        many += batch.num_rows
    joined, of = np.concatenate(runs), np.concatenate(holders)
    order = np.argsort(joined, kind="stable")
    return joined[order], of[order], pa.concat_arrays(ids)


def _ids(batch: pa.RecordBatch) -> pa.Array:
    """Return the ids of stored documents: as stated, else that of a document that is nothing but its text."""
    from longtail.ledger.columns import identity

    stated = batch.column("lt_id").to_pylist() if "lt_id" in batch.schema.names else [None] * batch.num_rows
    texts = batch.column("text").to_pylist()
    return pa.array([name or identity({"text": text}) for name, text in zip(stated, texts, strict=True)], pa.string())
