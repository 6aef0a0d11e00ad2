"""Threads that count the batches of one reading into one profile.

Batches are read, and judged valid or not, in the calling thread, so that what a user hands in is called there alone and in order.
What is in a batch is found by one of the threads, and taken into a summary by one at a time: what a summary comes to does not
depend on the order of its batches, nor on what was found in between. One profile for all needs no merge, and no more memory.
"""

from collections import deque
from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock

import pyarrow as pa

from longtail.summaries.profile import Profile

_AHEAD = 2
"""Batches for each thread that are read and not yet counted, at most."""


def count(batches: Iterable[pa.RecordBatch], made: Profile, workers: int) -> None:
    """Take batches into a profile.

    An error ends the reading and all threads; that of the earliest batch is raised.

    Args:
        batches: As a reader gives them.
        made: The profile.
        workers: Threads; with one, the calling thread counts.
    """
    if workers == 1:
        for batch in batches:
            made.add(batch)
        return
    locks = {id(summary): Lock() for summary in made.summaries()}
    pending: deque[Future[None]] = deque()
    pool = ThreadPoolExecutor(workers, "longtail-count")
    try:
        for batch in batches:
            if len(pending) == _AHEAD * workers:
                pending.popleft().result()
            pending.append(pool.submit(_take, made.valid_in(batch), made, locks))
        for each in pending:
            each.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _take(batch: pa.RecordBatch, made: Profile, locks: Mapping[int, Lock]) -> None:
    for summary, take in made.found_in(batch):
        with locks[id(summary)]:
            take()
