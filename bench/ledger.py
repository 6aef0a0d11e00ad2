"""The ledger against plain Parquet files read by DuckDB, and what tags cost a Hugging Face pipeline, in the same run.

    python -m bench.ledger [--write] [--rounds 3] [--rows 1000000]

Plain Parquet is a file for each append, zstd, written to a draft and renamed: no versions, no seal, no view in which
statements are taken together. Delta alone is the same append by `deltalake` without the ledger around it.
"""

import argparse
import itertools
import os
import platform
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import datasets
import deltalake
import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import tokenizers

from bench.tables import table
from longtail.ledger import Tags, tag
from longtail.ledger.adding import add_data
from longtail.ledger.store import Ledger, verify
from longtail.ledger.store.place import Place
from longtail.records import Origin

PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks-ledger.md"
APPENDS, SMALL_APPENDS, SMALL, KNOWN = 20, 200, 10, 100_000
DOCUMENTS = 100_000
PUBLISHED = "1.3-4.0 %"


def facts(rows: int, seed: int = 0) -> pa.Table:
    """Return provenance as it is in practice: random ids, a few models and sources, some missing."""
    rng = np.random.default_rng(seed)
    origins = rng.choice(["human", "synthetic", "model_edited", "unknown"], rows, p=[0.5, 0.35, 0.1, 0.05])
    made = origins != "human"
    return pa.table(
        {
            "lt_id": [rng.bytes(16).hex() for _ in range(rows)],
            "lt_origin": origins,
            "lt_evidence": np.where(made, "asserted", "signed"),
            "lt_source": rng.choice([f"https://example.org/{at}" for at in range(200)], rows),
            "lt_model": pa.array(np.where(made, rng.choice(["a@1", "b@2", "c@3"], rows), None)),
            "lt_depth": pa.array(np.where(made, rng.integers(1, 4, rows), 0), pa.int16()),
            "lt_decoding": pa.array(np.where(made, '{"temperature":0.8,"top_p":0.95}', None)),
        }
    )


@contextmanager
def folder() -> Iterator[str]:
    """Yield an empty folder for a measurement."""
    made = tempfile.mkdtemp(prefix="bench-ledger-")
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def timed(call: Callable[[], object]) -> float:
    """Return the CPU-seconds of a call, all threads together."""
    before = time.process_time()
    call()
    return time.process_time() - before


def size(path: str) -> int:
    """Return the bytes of all files in a folder."""
    return sum(os.path.getsize(os.path.join(at, name)) for at, _, names in os.walk(path) for name in names)


def parts(rows: pa.Table, count: int) -> list[pa.Table]:
    """Return a table cut in equal parts."""
    each = rows.num_rows // count
    return [rows.slice(at * each, each) for at in range(count)]


def to_ledger(base: str, pieces: list[pa.Table]) -> None:
    """Append pieces to a ledger, a commit each."""
    with Ledger.create(base) as ledger:
        for at, piece in enumerate(pieces):
            ledger.add(piece, f"d{at}")
            ledger.flush()


def to_delta(base: str, pieces: list[pa.Table]) -> None:
    """Append pieces to a Delta table, a commit each."""
    deltalake.DeltaTable.create(base, pieces[0].schema)
    held = deltalake.DeltaTable(base)
    for piece in pieces:
        deltalake.write_deltalake(held, piece, mode="append", writer_properties=deltalake.WriterProperties(compression="ZSTD"))


def to_parquet(base: str, pieces: list[pa.Table]) -> None:
    """Write a file for each piece, to a draft that is renamed."""
    for at, piece in enumerate(pieces):
        pq.write_table(piece, f"{base}/{at}.tmp", compression="zstd")
        os.replace(f"{base}/{at}.tmp", f"{base}/{at}.parquet")


WRITERS: dict[str, Callable[[str, list[pa.Table]], None]] = {"ledger": to_ledger, "Delta alone": to_delta, "Parquet files": to_parquet}


def appends(rows: pa.Table, rounds: int) -> list[dict[str, Any]]:
    """Return CPU-seconds and bytes of many rows in few appends and of few rows in many, for each writer."""
    cases = {f"{rows.num_rows:,} rows in {APPENDS} appends": parts(rows, APPENDS)}
    cases[f"{SMALL_APPENDS} appends of {SMALL} rows"] = parts(rows.slice(0, SMALL * SMALL_APPENDS), SMALL_APPENDS)
    found = []
    for what, pieces in cases.items():
        seconds: dict[str, list[float]] = {name: [] for name in WRITERS}
        held: dict[str, int] = {}
        for _ in range(rounds):
            for name, write in WRITERS.items():
                with folder() as base:
                    seconds[name].append(timed(partial(write, base, pieces)))
                    held[name] = size(base)
        least = statistics.median(seconds["Parquet files"])
        number = sum(piece.num_rows for piece in pieces)
        found += [
            {
                "what": what,
                "with": name,
                "CPU-seconds": round(statistics.median(seconds[name]), 2),
                "times Parquet files": round(statistics.median(seconds[name]) / least, 1),
                "bytes a row": round(held[name] / number, 1),
            }
            for name in WRITERS
        ]
    return found


def questions(rows: pa.Table, rounds: int) -> list[dict[str, Any]]:
    """Return milliseconds of the same questions, asked of the ledger and of DuckDB over Parquet files."""
    one, known = rows["lt_id"][rows.num_rows // 2].as_py(), rows["lt_id"].slice(0, KNOWN).to_pylist()
    with folder() as base:
        os.mkdir(f"{base}/parquet")
        to_ledger(f"{base}/ledger", parts(rows, APPENDS))
        to_parquet(f"{base}/parquet", parts(rows, APPENDS))
        files = f"read_parquet('{base}/parquet/*.parquet')"
        plain = duckdb.connect()
        plain.register("known", pa.table({"lt_id": known}))
        asked: dict[str, Callable[[], int]] = {
            "one id": lambda: len(plain.sql(f"SELECT * FROM {files} WHERE lt_id = '{one}'").fetchall()),
            f"{KNOWN:,} ids": lambda: plain.sql(f"SELECT * FROM {files} WHERE lt_id IN (FROM known)").to_arrow_table().num_rows,
            "origin by depth": lambda: len(plain.sql(f"SELECT lt_origin, lt_depth, count(*) FROM {files} GROUP BY ALL").fetchall()),
        }
        found = [(what, "Parquet files", milliseconds(call, rounds)) for what, call in asked.items()]
        with Ledger.open(f"{base}/ledger") as ledger:
            for state in ("ledger", "ledger, compacted"):
                if state != "ledger":
                    ledger.compact()
                found += [(what, state, milliseconds(call, rounds)) for what, call in of_ledger(ledger, one, known).items()]
        found.append(("verify all rows", "ledger, compacted", milliseconds(lambda: verify(Place(f"{base}/ledger")), 1)))
    return [
        {"question": what, "asked of": name, "milliseconds": round(value, 1)} for what, name, value in sorted(found, key=lambda row: row[0])
    ]


def of_ledger(ledger: Ledger, one: str, known: list[str]) -> dict[str, Callable[[], int]]:
    """Return the questions as the ledger is asked them: of the current view, but for the plain count."""
    grouped = "SELECT lt_origin, lt_depth, count(*) FROM {} GROUP BY ALL"
    return {
        "one id": lambda: sum(batch.num_rows for batch in ledger.current([one])),
        f"{KNOWN:,} ids": lambda: sum(batch.num_rows for batch in ledger.current(known)),
        "origin by depth": lambda: sum(batch.num_rows for batch in ledger.query(lambda tables: grouped.format(tables["rows"]), "rows")),
    }


def milliseconds(call: Callable[[], object], rounds: int) -> float:
    """Return the median wall time of a call after one that warms up."""
    seconds = []
    for _ in range(rounds + 1):
        before = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - before)
    return 1000 * statistics.median(seconds[1:] or seconds)


def counted(document: dict[str, Any]) -> dict[str, Any]:
    """Return what a cheap pipeline computes of one document."""
    pieces = document["text"].lower().split()
    return {"words": len(pieces), "distinct": len(set(pieces))}


def tokenizer(texts: list[str]) -> tokenizers.Tokenizer:
    """Return a byte-level BPE of 8,000 pieces, trained on some texts."""
    made = tokenizers.ByteLevelBPETokenizer()
    made.train_from_iterator(texts[:5000], vocab_size=8000, show_progress=False)
    return made


def pipeline(source: str, target: str, call: Callable[[Any], Any], batched: bool) -> None:
    """Load, map, filter, shuffle and save a data set of Hugging Face."""
    found = datasets.load_dataset("parquet", data_files=source, split="train", cache_dir=f"{target}-cache")
    found = found.map(call, batched=batched, keep_in_memory=True)
    found = found.filter(lambda texts: [len(text) > 100 for text in texts], input_columns="text", batched=True, keep_in_memory=True)
    found.shuffle(seed=0).save_to_disk(target)


def pipelines(rounds: int) -> list[dict[str, Any]]:
    """Return what provenance adds to the CPU-seconds of two Hugging Face pipelines."""
    datasets.disable_progress_bars()
    rng = np.random.default_rng(0)
    vocabulary = np.array([f"word{at}" for at in range(5000)])
    texts = [" ".join(vocabulary[rng.integers(0, 5000, rng.integers(15, 120))]) for _ in range(DOCUMENTS)]
    pieces = tokenizer(texts)
    work: dict[str, tuple[Callable[[Any], Any], bool]] = {
        "tokenise, in batches": (lambda batch: {"tokens": [one.ids for one in pieces.encode_batch(batch["text"])]}, True),
        "count words, one by one": (counted, False),
    }
    seconds: dict[tuple[str, str], list[float]] = {}
    with folder() as base:
        pq.write_table(pa.table({"text": texts}), f"{base}/no tags.parquet")
        beside = timed(
            lambda: tag(f"{base}/no tags.parquet", f"{base}/all columns.parquet", Tags(origin=Origin.SYNTHETIC, model="m@1", depth=1))
        )
        pq.write_table(pq.read_table(f"{base}/all columns.parquet", columns=["text", "lt_id"]), f"{base}/lt_id alone.parquet")
        kept = timed(lambda: to_new(f"{base}/ledger", f"{base}/all columns.parquet"))
        for at, what, carried in itertools.product(range(rounds), work, ("no tags", "lt_id alone", "all columns")):
            call = partial(pipeline, f"{base}/{carried}.parquet", f"{base}/{what} {carried} {at}", *work[what])
            seconds.setdefault((what, carried), []).append(timed(call))
    medians = {key: statistics.median(found) for key, found in seconds.items()}
    return [
        {"pipeline": what, "carries": carried, "CPU-seconds": round(value, 2), "overhead": f"{value / medians[what, 'no tags'] - 1:.1%}"}
        for (what, carried), value in medians.items()
    ] + [
        {"pipeline": name, "carries": "", "CPU-seconds": round(value, 2), "overhead": ""}
        for name, value in (("longtail tag", beside), ("longtail ledger add", kept))
    ]


def to_new(base: str, data: str) -> None:
    """Add a data set to a new ledger."""
    with Ledger.create(base) as ledger:
        add_data(ledger, [data], "d")


def page(rows: int, rounds: int) -> str:
    """Measure everything and return the page."""
    held = facts(rows)
    return f"""# Benchmarks of the ledger

Written by `python -m bench.ledger --write`: medians of {rounds} interleaved rounds, Python {platform.python_version()}, deltalake
{deltalake.__version__}, DuckDB {duckdb.__version__}, pyarrow {pa.__version__}, datasets {datasets.__version__}, {os.cpu_count()} cores.
CPU-seconds count all threads.

## Appends

The ledger writes facts in Delta tables, and for each row its id and eight bytes of a digest, by which `ledger verify` names a
row that was altered or is missing. Plain files can tell neither.

{table(appends(held, rounds))}

## Questions

Of the ledger the current view is asked, in which all statements about a document are taken together; files just hold rows.

{table(questions(held, rounds))}

## A Hugging Face pipeline

{DOCUMENTS:,} documents of 15 to 120 words: load Parquet, `map`, `filter`, `shuffle`, `save_to_disk`. `map` writes every column
again, so what is carried along costs; where a ledger holds the rest, `lt_id` alone is enough, and `longtail ledger show` or
`longtail mix --ledger` find the rest by it. The nearest published overhead, of authors and licences in place of origins, is
{PUBLISHED} (arXiv:2607.13037), of pipelines that are not these.

{table(pipelines(rounds))}
"""


def main() -> None:
    """Measure, print, and write the page if asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks-ledger.md")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rows", type=int, default=1_000_000)
    given = parser.parse_args()
    text = page(given.rows, given.rounds)
    print(text)
    if given.write:
        PAGE.write_text(text)


if __name__ == "__main__":
    main()
