"""What is timed: one function per contender, each from a Parquet file to counts.

Run as a child process, `python -m bench.workloads NAME PATH`: prints the CPU-seconds of the work and the peak memory as
JSON. Importing the library and one run on a hundred documents, where code is compiled, come before the clock starts.
"""

import importlib.metadata
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

ORDERS = (1, 2, 3)
LONGER_ORDERS = (1, 2, 3, 4)
FEW_TYPES = 1 << 14
_BATCH = 8_192  # documents, as many as are read from Parquet at a time
KILOBYTE = 1024  # the unit of ru_maxrss on Linux
Work = Callable[[Path], object]


def longtail_profile(path: Path) -> object:
    """Profile word 1- to 3-grams with the defaults: words exactly, longer n-grams by a sample of 2**18 types of each order."""
    return _profile(path, ORDERS)


def longtail_exact(path: Path) -> object:
    """Profile word 1- to 3-grams, keeping every count of every order, and number the distinct types of each."""
    return _distinct(_profile(path, ORDERS, exact=True))


def longtail_profile_4(path: Path) -> object:
    """Profile word 1- to 4-grams with the defaults: words exactly, longer n-grams by a sample of 2**18 types of each order."""
    return _profile(path, LONGER_ORDERS)


def longtail_exact_4(path: Path) -> object:
    """Profile word 1- to 4-grams, keeping every count of every order, and number the distinct types of each."""
    return _distinct(_profile(path, LONGER_ORDERS, exact=True))


def longtail_types_4(path: Path) -> object:
    """Number types of word 1- to 4-grams, keeping 2**14 of each longer order: standard error .8 %, as of 2**14 HyperLogLog registers."""
    return _types(_profile(path, LONGER_ORDERS, types=FEW_TYPES))


def longtail_types_uncompressed_4(path: Path) -> object:
    """Do as `longtail_types_4`, of the same text in an uncompressed Arrow file, as `wc` has it."""
    return _types(_profile(_arrow(path), LONGER_ORDERS, types=FEW_TYPES))


def longtail_uncompressed_4(path: Path) -> object:
    """Do as `longtail_profile_4`, of the same text in an uncompressed Arrow file, written out before the clock starts: as `wc` has it."""
    return _profile(_arrow(path), LONGER_ORDERS)


def wc_words(path: Path) -> object:
    """Count words with `wc -w` (LC_ALL=C.UTF-8) of the same text, one document a line, written out before the clock starts."""
    return subprocess.run(["wc", "-w", str(_lines(path))], env=os.environ | {"LC_ALL": "C.UTF-8"}, check=True, capture_output=True)


def pyarrow_read(path: Path) -> object:
    """Read the text and do nothing with it: the floor."""
    return pq.read_table(path, columns=["text"])


def polars_words(path: Path) -> object:
    """Count words exactly: lower case, split at spaces, group."""
    words = _polars_words(path)
    return words.group_by("word").len().collect(engine="streaming")


def polars_ngrams(path: Path) -> object:
    """Count word 1- to 3-grams exactly, by 64-bit hashes shifted within the document, grouped."""
    return [keys.group_by("key").len().collect(engine="streaming").height for keys in _polars_keys(path, ORDERS)]


def polars_ngrams_4(path: Path) -> object:
    """Count word 1- to 4-grams exactly, by 64-bit hashes shifted within the document, grouped."""
    return [keys.group_by("key").len().collect(engine="streaming").height for keys in _polars_keys(path, LONGER_ORDERS)]


def polars_approximate_4(path: Path) -> object:
    """Estimate the number of distinct word 1- to 4-grams: `approx_n_unique` of 64-bit hashes shifted within the document."""
    import polars as pl

    return [keys.select(pl.col("key").approx_n_unique()).collect().item() for keys in _polars_keys(path, LONGER_ORDERS)]


def duckdb_words(path: Path) -> object:
    """Count words exactly in one thread: lower case, split at spaces, group."""
    import duckdb

    words = f"select unnest(string_split(lower(text), ' ')) as word from read_parquet('{path}')"
    with duckdb.connect(config={"threads": 1}) as connection:
        return connection.execute(f"select count(*) from (select word, count(*) from ({words}) group by word)").fetchone()


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


def _profile(path: Path, orders: tuple[int, ...], **settings: Any) -> Any:
    import longtail

    return longtail.profile(str(path), views=tuple(f"words_{order}" for order in orders), **settings)


def _types(profile: Any) -> list[int]:
    found = [profile.frequencies[view] for view in profile.views]
    return [round(len(frequencies.types()) / frequencies.sampling_share) for frequencies in found]


def _distinct(profile: Any) -> list[int]:
    from longtail.summaries.frequencies import number_of_types

    return [sum(number_of_types(chunk.keys) for chunk in profile.frequencies[view].chunks()) for view in profile.views]


def _polars_keys(path: Path, orders: tuple[int, ...]) -> Iterator[Any]:
    """Yield for each order a lazy frame of one column, `key`: the hashes of its n-grams."""
    import polars as pl

    keyed = _polars_words(path).select("document", key_1=pl.col("word").hash()).collect()
    for order in orders:
        if order > 1:
            longer = pl.col(f"key_{order - 1}").shift(1) * 0x9E3779B97F4A7C15 ^ pl.col("key_1")
            inside = pl.col("document") == pl.col("document").shift(order - 1)
            keyed = keyed.select("document", "key_1", pl.when(inside).then(longer).alias(f"key_{order}"))
        yield keyed.lazy().select(key=f"key_{order}").drop_nulls()


def _lines(path: Path) -> Path:
    """Return a file with one document a line, beside the corpus; written where it is missing."""
    target = path.with_suffix(".txt")
    if not target.exists():
        partial = target.with_suffix(f".{os.getpid()}.partial")
        with partial.open("w", encoding="utf-8") as file:
            for batch in pq.ParquetFile(path).iter_batches(columns=["text"]):
                file.writelines(f"{text}\n" for text in batch.column(0).to_pylist())
        partial.rename(target)
    return target


def _arrow(path: Path) -> Path:
    """Return an uncompressed Arrow file of a corpus, beside it; written where it is missing."""
    target = path.with_suffix(".arrow")
    if not target.exists():
        partial = target.with_suffix(f".{os.getpid()}.partial")
        with pa.OSFile(str(partial), "wb") as file, pa.ipc.new_file(file, pa.schema([("text", pa.string())])) as writer:
            for batch in pq.ParquetFile(path).iter_batches(_BATCH, columns=["text"]):
                writer.write_batch(batch)
        partial.rename(target)
    return target


def _polars_words(path: Path) -> Any:
    import polars as pl

    split = pl.col("text").str.to_lowercase().str.split(" ").alias("word")
    return pl.scan_parquet(path).with_row_index("document").select("document", split).explode("word")


#: Contender → the work, the package whose version is shown, and the longest corpus it is given.
WORKLOADS: dict[str, tuple[Work, str, str]] = {
    "longtail_profile": (longtail_profile, "longtail", "c6"),
    "longtail_exact": (longtail_exact, "longtail", "c6"),
    "longtail_profile_4": (longtail_profile_4, "longtail", "c6"),
    "longtail_exact_4": (longtail_exact_4, "longtail", "c6"),
    "longtail_types_4": (longtail_types_4, "longtail", "c6"),
    "longtail_types_uncompressed_4": (longtail_types_uncompressed_4, "longtail", "c6"),
    "longtail_uncompressed_4": (longtail_uncompressed_4, "longtail", "c6"),
    "wc_words": (wc_words, "coreutils", "c6"),
    "pyarrow_read": (pyarrow_read, "pyarrow", "c6"),
    "polars_words": (polars_words, "polars", "c6"),
    "polars_ngrams": (polars_ngrams, "polars", "c5"),
    "polars_ngrams_4": (polars_ngrams_4, "polars", "c6"),
    "polars_approximate_4": (polars_approximate_4, "polars", "c6"),
    "duckdb_words": (duckdb_words, "duckdb", "c5"),
    "nltk_distinct": (nltk_distinct, "nltk", "c4"),
    "datatrove_words": (datatrove_words, "datatrove", "c3"),
}


def version(name: str) -> str | None:
    """Return the installed version of a contender's package or program, or None where it is not installed."""
    package = WORKLOADS[name][1]
    if package == "coreutils":
        return _coreutils()
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def _coreutils() -> str | None:
    if shutil.which("wc") is None:
        return None
    told = subprocess.run(["wc", "--version"], capture_output=True, text=True, check=False).stdout.split("\n")[0]
    return told.rsplit(" ", 1)[-1] or None


def measure(name: str, path: Path) -> dict[str, Any]:
    """Run a contender once, warm; return its CPU-seconds, wall-seconds, peak resident bytes, and the numbers of types that it finds."""
    work = WORKLOADS[name][0]
    with tempfile.TemporaryDirectory() as folder:
        warm = Path(folder) / "warm.parquet"
        pq.write_table(_head(path, 100), warm)
        work(warm)
    _prepare(name, path)
    cpu, wall = _cpu_seconds(), time.perf_counter()
    made = work(path)
    cpu, wall = _cpu_seconds() - cpu, time.perf_counter() - wall
    types = made if isinstance(made, list) else []
    return {"cpu": cpu, "wall": wall, "peak": float(max(_own_peak(), _usage()[1].ru_maxrss) * KILOBYTE), "types": types}


def _own_peak() -> int:
    """Return the kilobytes that this process held at most; `ru_maxrss` begins with what the parent held when it was forked."""
    status = Path("/proc/self/status")
    if not status.exists():
        return _usage()[0].ru_maxrss
    return next(int(line.split()[1]) for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM:"))


def _prepare(name: str, path: Path) -> None:
    """Do beforehand what a hundred documents do not call for: load the compiled merge of type samples, write the text for `wc`."""
    if name == "wc_words":
        _lines(path)
    elif "uncompressed" in name:
        _arrow(path)
    if name.startswith("longtail"):
        import numpy as np

        from longtail.summaries.runs import counted, merged

        keys = np.arange(4, dtype=np.uint64)
        merged(counted(keys[:2].copy(), keys[:0].copy()), counted(keys[1:].copy(), keys[:0].copy()))


def _usage() -> tuple[resource.struct_rusage, resource.struct_rusage]:
    """Return what this process and its finished children have used."""
    return resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)


def _cpu_seconds() -> float:
    return sum(usage.ru_utime + usage.ru_stime for usage in _usage())


def _head(path: Path, rows: int) -> pa.Table:
    return pa.Table.from_batches([next(pq.ParquetFile(path).iter_batches(rows, columns=["text"]))])


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], Path(sys.argv[2]))))
