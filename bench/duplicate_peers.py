"""What is timed against duplicates: one function per contender, from a Parquet file to which documents are removed.

Run as a child process, `python -m bench.duplicate_peers NAME PATH OUT`: prints CPU-seconds, wall-seconds and peak memory as JSON
and writes the decisions to OUT. Before the clock starts come imports and a run on a hundred documents and a near copy of each,
where code is compiled.

All have 128 functions and runs of five words; where there are bands, 16 of 8; where similarity is estimated, the threshold of
`THRESHOLD`. Shingles are the same sets for all: a file whose name begins with "normal" holds lower-case words with one space
between them, so that to split at spaces is enough; of any other, peers find words by a regular expression.
"""

import importlib.metadata
import json
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from bench.workloads import KILOBYTE, _usage

THRESHOLD, ORDER, FUNCTIONS, BANDS, BAND = 0.7, 5, 128, 16, 8
SEED = 1
ENOUGH, MOST_RUNS = 1.0, 9  # CPU-seconds; a short run is repeated, since clocks and caches say little of one
WORD = re.compile(r"\w+(?:['’]\w+)*")
Removed = npt.NDArray[np.bool_]


def texts_of(path: Path) -> pa.ChunkedArray:
    """Return the texts of a file; ids are read too, since whoever removes documents has to say which."""
    return pq.read_table(path, columns=["lt_id", "text"], use_threads=False).column(1)


def words_in(path: Path) -> Callable[[str], list[str]]:
    """Return what splits the texts of a file into words."""
    return str.split if path.name.startswith("normal") else _words


def _words(text: str) -> list[str]:
    return WORD.findall(text.lower())


def shingles(words: list[str]) -> list[str]:
    """Return the runs of five words, in the fastest way that plain Python has; fewer words are one run."""
    return list(map(" ".join, zip(words, words[1:], words[2:], words[3:], words[4:], strict=False))) or [" ".join(words)]


def longtail(path: Path, rows: int = BAND) -> Removed:
    """The gate `near_duplicates`, 16 bands of 8; estimates decide, one of each group is kept."""
    table = pq.read_table(path, columns=["lt_id", "text"], use_threads=False)
    held = list(_numbered(table.to_batches(8192)))
    judge = _gate(rows).over(lambda: held)
    return np.concatenate([judge(batch).decisions == 2 for batch in held])


def longtail_default(path: Path) -> Removed:
    """The same with the default bands, 32 of 4."""
    return longtail(path, rows=4)


def longtail_streamed(path: Path, megabytes: float = 1024) -> Removed:
    """The default bands; the file is read twice, batch after batch, and no text stays in memory."""

    def batches() -> Iterator[Any]:
        yield from _numbered(pq.ParquetFile(path).iter_batches(8192, columns=["lt_id", "text"], use_threads=False))

    judge = _gate(4, megabytes).over(batches)
    return np.concatenate([judge(batch).decisions == 2 for batch in batches()])


def longtail_little_memory(path: Path) -> Removed:
    """The same within `memory_mb` = 64: signatures and ids lie in temporary files."""
    return longtail_streamed(path, 64)


def _gate(rows: int, megabytes: float = 1024) -> Any:
    from longtail.gates.duplicates.near import NearDuplicates

    return NearDuplicates(threshold=THRESHOLD, order=ORDER, rows=rows, memory_mb=megabytes)


def _numbered(batches: Iterable[pa.RecordBatch]) -> Iterator[Any]:
    from longtail.gates import Batch

    first = 0
    for batch in batches:
        yield Batch(batch.column(0), batch.column(1), None, np.arange(first, first + len(batch)))
        first += len(batch)


def longtail_signatures(path: Path) -> Removed:
    """Our signatures alone."""
    from longtail.summaries.minhash import Settings, signatures

    texts = pq.read_table(path, columns=["text"], use_threads=False).column(0)
    made = signatures(texts, Settings(order=ORDER))
    return np.zeros(len(made), np.bool_)


def daft_signatures(path: Path) -> Removed:
    """Daft's `minhash` expression, xxhash3_64: signatures alone."""
    import daft

    frame = daft.read_parquet(str(path)).select(
        daft.functions.minhash(daft.col("text"), num_hashes=FUNCTIONS, ngram_size=ORDER, seed=SEED, hash_function="xxhash3_64")
    )
    return np.zeros(len(frame.to_arrow()), np.bool_)


def rensa_bulk(path: Path) -> Removed:
    """Signatures by `RMinHash.from_token_sets`, then `RMinHashLSH` in order; estimates decide, one of each group is kept."""
    import rensa

    split = words_in(path)
    made = rensa.RMinHash.from_token_sets([shingles(split(text)) for text in texts_of(path).to_pylist()], FUNCTIONS, SEED)
    index, removed = rensa.RMinHashLSH(THRESHOLD, FUNCTIONS, BANDS), np.zeros(len(made), np.bool_)
    for at, mine in enumerate(made):
        removed[at] = any(mine.jaccard(made[other]) >= THRESHOLD for other in index.query(mine))
        if not removed[at]:
            index.insert(at, mine)
    return removed


def rensa_each(path: Path) -> Removed:
    """A `RMinHash` for each document, as its documentation shows; else the same."""
    import rensa

    texts, split = texts_of(path).to_pylist(), words_in(path)
    index, removed, kept = rensa.RMinHashLSH(THRESHOLD, FUNCTIONS, BANDS), np.zeros(len(texts), np.bool_), {}
    for at, text in enumerate(texts):
        mine = rensa.RMinHash(FUNCTIONS, SEED)
        mine.update(shingles(split(text)))
        removed[at] = any(mine.jaccard(kept[other]) >= THRESHOLD for other in index.query(mine))
        if not removed[at]:
            kept[at] = mine
            index.insert(at, mine)
    return removed


def datasketch(path: Path) -> Removed:
    """`MinHash.update_batch`, then `MinHashLSH` in order; estimates decide, one of each group is kept."""
    from datasketch import MinHash, MinHashLSH

    texts, split = texts_of(path).to_pylist(), words_in(path)
    index, removed, kept = MinHashLSH(num_perm=FUNCTIONS, params=(BANDS, BAND)), np.zeros(len(texts), np.bool_), {}
    for at, text in enumerate(texts):
        mine = MinHash(num_perm=FUNCTIONS, seed=SEED)
        mine.update_batch([shingle.encode() for shingle in shingles(split(text))])
        removed[at] = any(mine.jaccard(kept[other]) >= THRESHOLD for other in index.query(mine))
        if not removed[at]:
            kept[at] = mine
            index.insert(at, mine)
    return removed


def datatrove(path: Path) -> Removed:
    """Its four stages, one process, words further normalised its own way; what shares a bucket is a cluster, of which one is kept.

    Its own hash function does not take text in current versions of xxhash, so it is handed bytes.
    """
    import xxhash
    from datatrove.data import Document
    from datatrove.pipeline.dedup import MinhashDedupBuckets, MinhashDedupCluster, MinhashDedupFilter, MinhashDedupSignature
    from datatrove.pipeline.dedup.minhash import MinhashConfig
    from datatrove.utils.word_tokenizers import WhitespaceTokenizer
    from loguru import logger

    logger.remove()
    config = MinhashConfig(n_grams=ORDER, num_buckets=BANDS, hashes_per_bucket=BAND)
    texts, split = texts_of(path).to_pylist(), words_in(path)
    documents = [Document(text=text if split is str.split else " ".join(split(text)), id=str(at)) for at, text in enumerate(texts)]
    with tempfile.TemporaryDirectory() as folder:
        signing = MinhashDedupSignature(f"{folder}/signatures", config=config, language=WhitespaceTokenizer())
        signing._hash_func = lambda shingle: xxhash.xxh64_intdigest(shingle.encode())
        signing.run(documents)
        for bucket in range(BANDS):
            MinhashDedupBuckets(f"{folder}/signatures", f"{folder}/buckets", config=config).run(None, bucket, BANDS)
        MinhashDedupCluster(f"{folder}/buckets", f"{folder}/remove", config=config).run(None, 0, 1)
        kept = {int(document.id) for document in MinhashDedupFilter(f"{folder}/remove").run(iter(documents))}
    return np.array([at not in kept for at in range(len(documents))])


def pyarrow_read(path: Path) -> Removed:
    """Reading the file and nothing else: the floor, which all contain."""
    return np.zeros(len(texts_of(path)), np.bool_)


class Contender(NamedTuple):
    """A function that is timed, and the package whose version is shown."""

    work: Callable[[Path], Removed]
    package: str
    signs: bool = False


CONTENDERS = {
    "longtail, 16 x 8": Contender(longtail, "longtail"),
    "longtail, 32 x 4": Contender(longtail_default, "longtail"),
    "longtail, streamed": Contender(longtail_streamed, "longtail"),
    "longtail, 64 MB": Contender(longtail_little_memory, "longtail"),
    "rensa, bulk": Contender(rensa_bulk, "rensa"),
    "rensa": Contender(rensa_each, "rensa"),
    "datasketch": Contender(datasketch, "datasketch"),
    "datatrove": Contender(datatrove, "datatrove"),
    "longtail signatures": Contender(longtail_signatures, "longtail", True),
    "Daft signatures": Contender(daft_signatures, "daft", True),
    "pyarrow, reading": Contender(pyarrow_read, "pyarrow"),
}


def version(name: str) -> str | None:
    """Return the installed version of a contender's package, None where it is not installed."""
    try:
        return importlib.metadata.version(CONTENDERS[name].package)
    except importlib.metadata.PackageNotFoundError:
        return None


def measure(name: str, path: Path, out: Path) -> dict[str, float]:
    """Run a contender, warm, until a second has passed; write its decisions, and return median seconds and peak resident bytes."""
    work = CONTENDERS[name].work
    with tempfile.TemporaryDirectory() as folder:
        warm = Path(folder) / path.name
        head = pq.ParquetFile(path).read_row_group(0).slice(0, 100).to_pydict()
        again = {"lt_id": [f"near {at}" for at in range(100)], "text": [f"{text} again" for text in head["text"]]}
        pq.write_table(pa.table({name: head[name] + again[name] for name in ("lt_id", "text")}), warm)
        work(warm)
    runs = []
    while sum(cpu for cpu, _ in runs) < ENOUGH and len(runs) < MOST_RUNS:
        cpu, wall = cpu_seconds(), time.perf_counter()
        removed = work(path)
        runs.append((cpu_seconds() - cpu, time.perf_counter() - wall))
    np.save(out, removed)
    return {"cpu": statistics.median(cpu for cpu, _ in runs), "wall": statistics.median(wall for _, wall in runs), "peak": peak_bytes()}


def peak_bytes() -> float:
    """Return the most that this process has held in memory, as Linux says; `ru_maxrss` would begin with what the parent held."""
    held = re.search(r"VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_text())
    return float(held[1]) * KILOBYTE if held else float("nan")


def cpu_seconds() -> float:
    """Return the CPU-seconds of this process and of its children that have ended."""
    return sum(usage.ru_utime + usage.ru_stime for usage in _usage())


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))))
