"""How long an audit of a store takes as the store grows.

    python -m bench.rag_audit

A third of the documents restate an earlier one; seconds are of one processor, the store and its log read already.
"""

import time

import numpy as np

from longtail.auditing.retrieval import retrieval_of
from longtail.readers.stores import Item, Log, Query, Store

SIZES = (1_000, 10_000, 30_000, 100_000)
WORDS, TYPES, AGAIN = 40, 50_000, 1 / 3
HEAD = "| documents | questions | seconds | documents a second |\n|---|---|---|---|"


def made(documents: int, seed: int = 0) -> tuple[Store, Log]:
    """Return a store of texts whose words are drawn as words are used, and a log with a question for each tenth of them."""
    rng = np.random.default_rng(seed)
    words = [f"w{at}" for at in range(TYPES)]
    drawn = np.minimum(rng.zipf(1.2, (documents, WORDS)), TYPES) - 1
    texts: list[str] = []
    for row, is_again in zip(drawn, rng.random(documents) < AGAIN, strict=True):
        texts.append(texts[int(rng.integers(len(texts)))] if is_again and texts else " ".join(words[at] for at in row))
    items = tuple(Item(id=str(at), text=text, time=float(at)) for at, text in enumerate(texts))
    queries = tuple(
        Query(question=f"question {at}", answer=texts[at], retrieved=(str(at), str(at // 2)), time=at - 0.5)
        for at in range(1, documents, 10)
    )
    return Store(path="store", kind="json", items=items), Log(path="log", queries=queries)


def main() -> None:
    """Print the table."""
    retrieval_of(*made(100))  # compiles
    print(HEAD)
    for documents in SIZES:
        store, log = made(documents)
        begun = time.process_time()
        retrieval_of(store, log)
        seconds = time.process_time() - begun
        print(f"| {documents:,} | {len(log.queries):,} | {seconds:.1f} | {documents / seconds:,.0f} |")


if __name__ == "__main__":
    main()
