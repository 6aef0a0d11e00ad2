"""A full audit of a million documents on two cores: `python -m bench.peers.audit [--write] [--documents 1000000]`.

Half of the documents are the reference and half are judged. Counted are words 1 to 3, near duplicates and the regions of vectors, which
a few of the documents have; HD-D, MTLD and the other measures of text are made of the sampled documents. Documents are counted by as many
threads as there are cores (`--workers`); linear algebra runs on one, as the command has it. A small audit goes before, outside the clock:
the first use of a version compiles, once. Beside the whole, words alone; one at a time.
"""

import argparse
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from bench import corpora
from bench.peers import given
from bench.tables import Row, write

PAGE = Path(__file__).resolve().parents[2] / "docs" / "benchmarks-metrics.md"
NAME = "audit"
CORES, VECTORS, BATCH = 2, 2_000, 10_000
LONGEST, FAILING = 45.0, 2
WARMING = 1_000, 100
"""Documents of the audit that goes before, and how many of them have a vector."""
WORDS = "words_1,words_2,words_3"
VIEWS = f"{WORDS},near_duplicates,regions:vector"
_THREADS = ("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "ARROW_NUM_THREADS", "NUMBA_NUM_THREADS")


def files(documents: int, vectors: int = VECTORS) -> tuple[Path, Path]:
    """Return the Parquet files of the reference and of what is judged, made where they do not exist.

    Args:
        documents: Documents of both together.
        vectors: Documents of both together that have a vector of 384 numbers.
    """
    folder = corpora.cache_dir()
    corpus = corpora.build(min((name for name, size in corpora.SIZES.items() if size >= documents), key=corpora.SIZES.__getitem__))
    half = documents // 2
    paths = [folder / f"audit-{documents}-{vectors}-{part}.parquet" for part in ("reference", "judged")]
    for at, path in enumerate(paths):
        if not path.exists():
            _write(path, corpus, at * half, half, vectors // 2)
    return paths[0], paths[1]


def _write(path: Path, corpus: Path, first: int, documents: int, vectors: int) -> None:
    schema = pa.schema([("text", pa.string()), ("vector", pa.list_(pa.float32()))])
    values = iter(given.features(2 * vectors)[0][vectors * (first > 0) :][:vectors].tolist())
    partial, step = path.with_suffix(f".{os.getpid()}.partial"), max(1, documents // vectors)
    with pq.ParquetWriter(partial, schema, compression="zstd") as writer:
        for start, texts in _texts(corpus, first, documents):
            held = [next(values, None) if (start + at) % step == 0 else None for at in range(len(texts))]
            writer.write_table(pa.table({"text": texts, "vector": pa.array(held, schema.field("vector").type)}))
    partial.rename(path)


def _texts(corpus: Path, first: int, documents: int) -> Iterator[tuple[int, pa.Array]]:
    seen = 0
    for batch in pq.ParquetFile(corpus).iter_batches(BATCH, columns=["text"]):
        low, high = max(first - seen, 0), min(first + documents - seen, len(batch))
        if low < high:
            yield seen + low - first, batch.column(0).slice(low, high - low)
        seen += len(batch)


def audited(reference: Path, judged: Path, views: str = VIEWS, cores: int = CORES) -> Row:
    """Run one audit in a process of its own and return what it took.

    Raises:
        RuntimeError: The audit could not be made; says what it wrote last.
    """
    command = [
        str(Path(sys.executable).with_name("longtail")),
        "audit",
        str(judged),
        "--reference",
        str(reference),
        "--view",
        views,
        "--workers",
        str(cores),
        "--json",
        "--quiet",
    ]
    environment = os.environ | dict.fromkeys(_THREADS, str(cores)) | {"OPENBLAS_NUM_THREADS": "1"}
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    child = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    wall, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    if child.returncode >= FAILING or child.returncode < 0:
        raise RuntimeError(child.stderr.strip().splitlines()[-1] if child.stderr.strip() else f"ended with {child.returncode}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"counted": views, "cores": cores, "wall, s": wall, "CPU-s": cpu, "peak, MB": round(after.ru_maxrss / 1e3)}


def main() -> None:
    """Run the audit and print what it took; put it into the page with --write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help=f"put it into docs/{PAGE.name}")
    parser.add_argument("--documents", type=int, default=1_000_000)
    options = parser.parse_args()
    audited(*files(*WARMING))
    reference, judged = files(options.documents)
    made = [audited(reference, judged, views) | {"documents": f"{options.documents:,}"} for views in (WORDS, VIEWS)]
    for row in made:
        row["holds"] = row["wall, s"] <= LONGEST if row["counted"] == VIEWS and options.documents == 1_000_000 else None
        print(row)
    if options.write:
        write(NAME, made, PAGE)


if __name__ == "__main__":
    main()
