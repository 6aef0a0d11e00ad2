"""What a ledger says of the documents of a data set, batch by batch."""

from collections import Counter
from collections.abc import Callable, Iterable

import pyarrow as pa

from longtail.rules import Known
from longtail.rules.mix import UNKNOWN
from longtail.summaries.stated import origins_in

EXAMPLES = 20

LookUp = Callable[[list[str]], Iterable[pa.RecordBatch]]
"""From ids to batches of `lt_id` and `lt_origin`: those that the ledger has, each once."""


def known_of(batches: Iterable[pa.RecordBatch], look_up: LookUp) -> Known:
    """Return how the origins that documents state agree with those that a ledger has.

    Args:
        batches: The documents, with `lt_id`, and `lt_origin` where they state one; a document without an id is not looked up.
        look_up: The ledger.
    """
    pairs: Counter[tuple[str, str]] = Counter()
    differing: set[str] = set()
    for batch in batches:
        if "lt_id" not in batch.schema.names:
            continue
        ids, stated = batch.column("lt_id").to_pylist(), origins_in(batch).to_pylist()
        recorded = _recorded(look_up(sorted({each for each in ids if each is not None})))
        for each, here in zip(ids, stated, strict=True):
            there = recorded.get(each)
            if there is not None:
                pairs[there, here] += 1
                if there != here and there not in UNKNOWN:
                    differing.add(each)
        differing = set(sorted(differing)[:EXAMPLES])
    return Known(dict(sorted(pairs.items())), tuple(sorted(differing)))


def _recorded(batches: Iterable[pa.RecordBatch]) -> dict[str, str]:
    found: dict[str, str] = {}
    for batch in batches:
        found.update(zip(batch.column("lt_id").to_pylist(), origins_in(batch).to_pylist(), strict=True))
    return found
