"""Contenders for near duplicates of a whole data set; those of the gate are in `bench.duplicates`."""

from collections.abc import Callable
from pathlib import Path

from bench.peers import given
from bench.peers.contender import Contender, Family


def ours(path: Path) -> float:
    """Share of documents that share a band with an earlier one, with its interval (`summaries.bands`, `metrics.near`)."""
    import pyarrow.parquet as pq

    from longtail.metrics.near import near_duplicate_share
    from longtail.records import Estimate
    from longtail.summaries.bands import Bands
    from longtail.views.batch import texts_of

    held = Bands()
    for batch in pq.ParquetFile(path).iter_batches(8192, columns=["text"], use_threads=False):
        held.add(texts_of(batch.column(0), 0))
    found = near_duplicate_share(held)
    return found.value if isinstance(found, Estimate) else float("nan")


def _of_the_gate(name: str) -> Callable[[Path], float]:
    def run(path: Path) -> float:
        from bench import duplicate_peers

        return float(getattr(duplicate_peers, name)(path).mean())

    return run


def rensa(path: Path) -> float:
    """Run `RMinHash.from_token_sets`, then `RMinHashLSH`; the share of documents alike to an earlier one by estimate."""
    return _of_the_gate("rensa_bulk")(path)


def datasketch(path: Path) -> float:
    """Run `MinHash.update_batch`, then `MinHashLSH`; the share of documents alike to an earlier one by estimate."""
    return _of_the_gate("datasketch")(path)


def datatrove(path: Path) -> float:
    """Run its four stages; the share of documents that its clusters drop."""
    return _of_the_gate("datatrove")(path)


FAMILIES = (
    Family("near duplicates, 16 bands of 8", given.path_of, "documents", (1_000, 10_000, 100_000), (
        Contender("longtail", "longtail", ours), Contender("rensa", "rensa", rensa, within=None),
        Contender("datasketch", "datasketch", datasketch, within=None), Contender("datatrove", "datatrove", datatrove, within=None),
    )),
)  # fmt: skip
