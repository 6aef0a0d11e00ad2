"""Where a store that is written back to should lie: SQLite, DuckDB or LanceDB, in the same run; and what the gate takes for one answer.

    python -m bench.rag [--write] [--documents 100000] [--only sqlite duckdb lancedb gate]

Each measurement is a child process on one thread; CPU-seconds count all threads of it. DuckDB searches words with an extension that
is downloaded when it is first asked for, so it is measured without. What is not installed is left out.
"""

import argparse
import json
import os
import platform
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module, metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from bench.profile import ONE_THREAD
from bench.tables import table

PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks-rag.md"
CONTENDERS = ("sqlite", "duckdb", "lancedb")
SINGLE, SEARCHES, WRITERS, APPENDS, DIMENSIONS = 200, 50, 4, 10, 128
ANSWERS = 500
_SENTENCE = re.compile(r"(?<=[.!?])\s")

Row = dict[str, Any]


def texts(many: int, seed: int = 0) -> list[str]:
    """Return documents: two paragraphs of real prose each, and a number."""
    from longtail.lab.corpus import stdlib_prose

    prose, rng = stdlib_prose(), np.random.default_rng(seed)
    drawn = rng.integers(len(prose), size=(many, 2))
    return [f"{prose[one]} {prose[other]} Note {at}." for at, (one, other) in enumerate(drawn)]


def vectors(many: int, seed: int = 0) -> np.ndarray:
    """Return random vectors of length 1."""
    found = np.random.default_rng(seed).standard_normal((many, DIMENSIONS)).astype(np.float32)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


class Sqlite:
    """The store as it is shipped."""

    def __init__(self, folder: Path) -> None:
        from longtail.rag import Quota, Store

        self._given: dict[str, np.ndarray] = {}
        self.store = Store(folder / "store.db", quota=Quota(1.0), encode=lambda texts: [self._given[text] for text in texts])

    def add(self, documents: list[str], rows: np.ndarray) -> None:
        """Add documents with their vectors."""
        self._given = dict(zip(documents, rows, strict=True))
        self.store.extend([(text, {"lt_origin": "human"}) for text in documents])

    def close(self) -> None:
        """Close the file."""
        self.store.close()

    def words(self, question: str) -> int:
        """Search by words."""
        return len(self.store.search(question, 5, by="words"))

    def near(self, vector: np.ndarray) -> int:
        """Search by a vector."""
        self._given = {"question": vector}
        return len(self.store.search("question", 5, by="vectors"))


class Duck:
    """A table of DuckDB, opened anew for each append, since it lets one process write at a time."""

    def __init__(self, folder: Path) -> None:
        self._path = str(folder / "store.duckdb")
        with self._open() as opened:
            opened.execute(f"CREATE TABLE IF NOT EXISTS documents (id VARCHAR, text VARCHAR, origin VARCHAR, vector FLOAT[{DIMENSIONS}])")

    def _open(self) -> Any:
        return import_module("duckdb").connect(self._path, config={"threads": 1})

    def add(self, documents: list[str], rows: np.ndarray) -> None:
        """Add documents with their vectors."""
        held = arrow_table(documents, rows)
        with self._open() as opened:
            opened.register("held", held)
            opened.execute("INSERT INTO documents SELECT * FROM held")

    def close(self) -> None:
        """Do nothing: it is closed after each call."""

    def near(self, vector: np.ndarray) -> int:
        """Search by a vector."""
        asked = f"SELECT id FROM documents ORDER BY array_cosine_similarity(vector, ?::FLOAT[{DIMENSIONS}]) DESC LIMIT 5"
        with self._open() as opened:
            return len(opened.execute(asked, [vector.tolist()]).fetchall())


class Lance:
    """A table of LanceDB."""

    def __init__(self, folder: Path) -> None:
        self._base = import_module("lancedb").connect(str(folder / "lance"))
        self._indexed = False
        self._table = self._base.create_table("documents", schema=arrow_table(["x"], vectors(1)).schema, exist_ok=True)

    def add(self, documents: list[str], rows: np.ndarray) -> None:
        """Add documents with their vectors."""
        self._table.add(arrow_table(documents, rows))

    def close(self) -> None:
        """Do nothing: each append is on the disk."""

    def words(self, question: str) -> int:
        """Search by words; the index is built when it is first asked."""
        if not self._indexed:
            self._table.create_fts_index("text", replace=True)
            self._indexed = True
        return len(self._table.search(re.sub(r"\W+", " ", question), query_type="fts").limit(5).to_list())

    def near(self, vector: np.ndarray) -> int:
        """Search by a vector."""
        return len(self._table.search(vector).metric("cosine").limit(5).to_list())


def arrow_table(documents: list[str], rows: np.ndarray) -> Any:
    """Return documents as an Arrow table."""
    import pyarrow as pa

    held = pa.FixedSizeListArray.from_arrays(pa.array(rows.ravel()), DIMENSIONS)
    ids = [f"{at}" for at in range(len(documents))]
    return pa.table({"id": ids, "text": documents, "origin": ["human"] * len(documents), "vector": held})


KINDS: dict[str, Callable[[Path], Any]] = {"sqlite": Sqlite, "duckdb": Duck, "lancedb": Lance}


def child(name: str, folder: Path, many: int) -> Row:
    """Measure one contender."""
    before = cpu()
    import_module({"sqlite": "longtail.rag.store"}.get(name, name))
    row: Row = {"store": name, "import, CPU-s": cpu() - before}
    store, documents, rows = KINDS[name](folder), texts(many + SINGLE), vectors(many + SINGLE)
    row["add all at once, documents per CPU-s"] = many / spent(lambda: store.add(documents[:many], rows[:many]))
    single = spent(lambda: [store.add([documents[at]], rows[at : at + 1]) for at in range(many, many + SINGLE)])
    row["add one, CPU-ms"] = 1e3 * single / SINGLE
    asked = [" ".join(document.split()[:8]) for document in documents[:SEARCHES]]
    if hasattr(store, "words"):
        row["first search by words, CPU-s"] = spent(lambda: store.words(asked[0]))
        row["search by words, CPU-ms"] = 1e3 * spent(lambda: [store.words(each) for each in asked]) / SEARCHES
    store.near(rows[0])
    row["search by vectors, CPU-ms"] = 1e3 * spent(lambda: [store.near(each) for each in rows[:SEARCHES]]) / SEARCHES
    store.close()
    row["bytes a document"] = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / (many + SINGLE)
    row["peak memory, MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return row


def writer(name: str, folder: Path, number: int) -> Row:
    """Append as one of several processes, opening the store anew each time, without a second try."""
    failed = 0
    for at in range(APPENDS):
        try:
            KINDS[name](folder).add([f"writer {number}, text {at}"], vectors(1, 100 * number + at))
        except Exception:
            failed += 1
    return {"failed": failed}


def gate_times(many: int, folder: Path) -> Row:
    """Measure the gate on answers that are two sentences of a stored document, five documents of which were retrieved."""
    from longtail.rag import Gate, Quota, Store

    documents, rng, spans = texts(many), np.random.default_rng(1), []
    with Store(folder / "store.db", quota=Quota(1.0)) as store:
        store.extend([(text, {"lt_origin": "human"}) for text in documents])
        gate = Gate(store)
        for at in rng.integers(many, size=ANSWERS):
            answer = " ".join(_SENTENCE.split(documents[at])[:2])
            hits = store.search(answer, 5)
            spans.append(1e3 * spent(partial(gate.check, answer, hits, [hits[0].document.id])))
    p50, p90, p99 = np.percentile(spans[20:], [50, 90, 99])
    return {"documents in the store": many, "answers": ANSWERS - 20, "p50, CPU-ms": p50, "p90, CPU-ms": p90, "p99, CPU-ms": p99}


def cpu() -> float:
    """Return the CPU-seconds of this process."""
    return time.process_time()


def spent(work: Callable[[], object]) -> float:
    """Return the CPU-seconds that a piece of work takes."""
    before = cpu()
    work()
    return cpu() - before


def run(*arguments: str) -> subprocess.Popen[str]:
    """Start this module as a child on one thread."""
    command = [sys.executable, "-m", "bench.rag", "--child", *arguments]
    return subprocess.Popen(command, env=os.environ | ONE_THREAD, stdout=subprocess.PIPE, text=True)


def answered(process: subprocess.Popen[str]) -> Row:
    """Return what a child measured."""
    out = process.communicate()[0]
    if process.returncode:
        raise RuntimeError(f"a measurement failed: {process.args}")
    found: Row = json.loads(out.splitlines()[-1])
    return found


def measured(names: list[str], many: int) -> Iterator[tuple[str, Row]]:
    """Yield the table and the row of each measurement."""
    for name in (each for each in CONTENDERS if each in names):
        if name != "sqlite" and find_spec(name) is None:
            continue
        with tempfile.TemporaryDirectory() as folder:
            row = answered(run(name, folder, str(many)))
        with tempfile.TemporaryDirectory() as folder:
            writing = [run(f"writer:{name}", folder, str(number)) for number in range(WRITERS)]
            row["failed appends"] = f"{sum(answered(each)['failed'] for each in writing)} of {WRITERS * APPENDS}"
        yield "stores", row
    for size in (many // 50, many) if "gate" in names else ():
        with tempfile.TemporaryDirectory() as folder:
            yield "gate", answered(run("gate", folder, str(size)))


def page(rows: list[tuple[str, Row]], many: int) -> str:
    """Return the page."""
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in ("duckdb", "lancedb") if find_spec(name))
    stores, gate = ([row for kind, row in rows if kind == wanted] for wanted in ("stores", "gate"))
    heads = [head for head in dict.fromkeys(head for row in stores for head in row) if head != "store"]
    turned = [{"": head, **{row["store"]: row.get(head, "not without a download") for row in stores}} for head in heads]
    return f"""# Benchmarks of the store and its gate

Written by `python -m bench.rag --write`: Python {platform.python_version()}, SQLite {import_module("sqlite3").sqlite_version}, {versions},
{os.cpu_count()} cores shared with other work, so CPU time is given and not time on the clock. Documents are two paragraphs of
Python's documentation.

## Where the store lies

{many:,} documents, vectors of {DIMENSIONS} numbers, one thread. SQLite is the store as it is shipped, with provenance, quota and
log, where the others are bare tables. Failed appends: {WRITERS} processes, each opening the store for each of its {APPENDS}
appends, without a second try.

{table(turned)}

## The gate on one answer

Answers of two sentences, five documents retrieved, the rules as verifier; with the comparison with the store and the entry in the log.

{table(gate)}
"""


def main() -> None:
    """Measure and print; write the page with --write."""
    if "--child" in sys.argv:
        name, folder, many = sys.argv[sys.argv.index("--child") + 1 :]
        kind, _, of = name.partition(":")
        found = writer(of, Path(folder), int(many)) if of else None
        found = found or (gate_times(int(many), Path(folder)) if kind == "gate" else child(kind, Path(folder), int(many)))
        print(json.dumps(found))
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help=f"write docs/{PAGE.name} too")
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--only", nargs="+", choices=[*CONTENDERS, "gate"], default=[*CONTENDERS, "gate"])
    given = parser.parse_args()
    text = page(list(measured(given.only, given.documents)), given.documents)
    print(text)
    if given.write:
        PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
