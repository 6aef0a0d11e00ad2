"""What is timed: one function per contender, each from a Parquet file to counts.

Run as a child process, `python -m bench.workloads NAME PATH`: prints the CPU-seconds of the work and the peak memory as
JSON. Importing the library and one run on a hundred documents, where code is compiled, come before the clock starts.
"""

import importlib.metadata
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

ORDERS = (1, 2, 3)
KILOBYTE = 1024  # the unit of ru_maxrss on Linux
Work = Callable[[Path], object]


def longtail_profile(path: Path) -> object:
    """Profile word 1- to 3-grams with the defaults."""
    import longtail

    return longtail.profile(str(path), views=("words_1", "words_2", "words_3"))


def longtail_exact(path: Path) -> object:
    """Profile word 1- to 3-grams, keeping every count of every order."""
    import longtail

    return longtail.profile(str(path), views=("words_1", "words_2", "words_3"), exact=True)


def pyarrow_read(path: Path) -> object:
    """Read the text and do nothing with it: the floor."""
    return pq.read_table(path, columns=["text"])


def polars_words(path: Path) -> object:
    """Count words exactly: lower case, split at spaces, group."""
    words = _polars_words(path)
    return words.group_by("word").len().collect(engine="streaming")


def polars_ngrams(path: Path) -> object:
    """Count word 1- to 3-grams exactly, by 64-bit hashes shifted within the document."""
    import polars as pl

    keyed = _polars_words(path).select("document", key_1=pl.col("word").hash()).collect()
    counts = []
    for order in ORDERS:
        if order > 1:
            longer = pl.col(f"key_{order - 1}").shift(1) * 0x9E3779B97F4A7C15 ^ pl.col("key_1")
            inside = pl.col("document") == pl.col("document").shift(order - 1)
            keyed = keyed.select("document", "key_1", pl.when(inside).then(longer).alias(f"key_{order}"))
        counts.append(keyed.lazy().drop_nulls(f"key_{order}").group_by(f"key_{order}").len().collect(engine="streaming"))
    return counts


def nltk_distinct(path: Path) -> object:
    """Compute distinct-1 to distinct-3 with nltk's tokeniser, n-grams and frequency tables."""
    from nltk import FreqDist
    from nltk.tokenize import wordpunct_tokenize
    from nltk.util import ngrams

    tables = {order: FreqDist() for order in ORDERS}
    for text in pq.read_table(path, columns=["text"]).column(0).to_pylist():
        words = wordpunct_tokenize(text.lower())
        for order, table in tables.items():
            table.update(ngrams(words, order))
    return {order: len(table) / table.N() for order, table in tables.items()}


def datatrove_words(path: Path) -> object:
    """Run datatrove's word statistics, summary and histogram."""
    from datatrove.data import Document
    from datatrove.pipeline.stats import WordStats

    texts = pq.read_table(path, columns=["text"]).column(0).to_pylist()
    with tempfile.TemporaryDirectory() as folder:
        block = WordStats(folder, groups_to_compute=["summary", "histogram"])
        return sum(1 for _ in block.run(Document(text=text, id=str(i)) for i, text in enumerate(texts)))


def _polars_words(path: Path) -> Any:
    import polars as pl

    split = pl.col("text").str.to_lowercase().str.split(" ").alias("word")
    return pl.scan_parquet(path).with_row_index("document").select("document", split).explode("word")


#: Contender → the work, the package whose version is shown, and the longest corpus it is given.
WORKLOADS: dict[str, tuple[Work, str, str]] = {
    "longtail_profile": (longtail_profile, "longtail", "c6"),
    "longtail_exact": (longtail_exact, "longtail", "c6"),
    "pyarrow_read": (pyarrow_read, "pyarrow", "c6"),
    "polars_words": (polars_words, "polars", "c6"),
    "polars_ngrams": (polars_ngrams, "polars", "c6"),
    "nltk_distinct": (nltk_distinct, "nltk", "c4"),
    "datatrove_words": (datatrove_words, "datatrove", "c3"),
}


def version(name: str) -> str | None:
    """Return the installed version of a contender's package, or None where it is not installed."""
    try:
        return importlib.metadata.version(WORKLOADS[name][1])
    except importlib.metadata.PackageNotFoundError:
        return None


def measure(name: str, path: Path) -> dict[str, float]:
    """Run a contender once, warm, and return its CPU-seconds, wall-seconds and peak resident bytes."""
    work = WORKLOADS[name][0]
    with tempfile.TemporaryDirectory() as folder:
        warm = Path(folder) / "warm.parquet"
        pq.write_table(_head(path, 100), warm)
        work(warm)
    cpu, wall = _cpu_seconds(), time.perf_counter()
    work(path)
    cpu, wall = _cpu_seconds() - cpu, time.perf_counter() - wall
    return {"cpu": cpu, "wall": wall, "peak": float(max(usage.ru_maxrss for usage in _usage()) * KILOBYTE)}


def _usage() -> tuple[resource.struct_rusage, resource.struct_rusage]:
    """Return what this process and its finished children have used."""
    return resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)


def _cpu_seconds() -> float:
    return sum(usage.ru_utime + usage.ru_stime for usage in _usage())


def _head(path: Path, rows: int) -> pa.Table:
    return pa.Table.from_batches([next(pq.ParquetFile(path).iter_batches(rows, columns=["text"]))])


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], Path(sys.argv[2]))))
