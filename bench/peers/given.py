"""Inputs of contenders, the same in every environment: documents from a corpus, features and columns from a seed."""

import os
import re
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

DOCUMENTS = "LONGTAIL_BENCH_DOCUMENTS"
"""Environment variable with the path of the Parquet file of documents, of which a size is the head."""
WIDTH, CLUSTERS, SEED = 384, 50, 20_240_229
CATEGORIES = 1000
_WORD = re.compile(r"[a-z0-9]+")

Features = npt.NDArray[np.float32]


class Columns(NamedTuple):
    """One category column and one numeric column of a reference and of a candidate."""

    reference: list[str]
    candidate: list[str]
    numbers: npt.NDArray[np.float64]
    others: npt.NDArray[np.float64]


def path_of(documents: int) -> Path:
    """Return a Parquet file that holds so many documents and no more."""
    import pyarrow.parquet as pq

    whole = Path(os.environ[DOCUMENTS])
    path = whole.with_name(f"head-{documents}.parquet")
    if not path.exists():
        rows, parts = documents, []
        for batch in pq.ParquetFile(whole).iter_batches(min(documents, 10_000), columns=["text"]):
            parts.append(batch.slice(0, rows))
            rows -= len(parts[-1])
            if rows <= 0:
                break
        _write(parts, path)
    return path


def _write(parts: list[Any], path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    partial = path.with_suffix(f".{os.getpid()}.partial")
    texts = pa.Table.from_batches(parts).column(0)
    pq.write_table(pa.table({"lt_id": [str(at) for at in range(len(texts))], "text": texts}), partial, compression="zstd")
    partial.rename(path)


def texts(documents: int) -> list[str]:
    """Return documents as texts, lower case, words with one space between them, so that all peers find the same words."""
    import pyarrow.parquet as pq

    column = pq.read_table(path_of(documents), columns=["text"], use_threads=False).column(0)
    return [" ".join(_WORD.findall(text.lower())) for text in column.to_pylist()]


def words(documents: int) -> list[list[str]]:
    """Return documents as lists of words."""
    return [text.split(" ") for text in texts(documents)]


def features(rows: int, width: int = WIDTH) -> tuple[Features, Features]:
    """Return two samples of features of one clustered law, shape (rows, width) each."""
    rng = np.random.default_rng(SEED)
    centres = rng.standard_normal((CLUSTERS, width), np.float32)
    made = [centres[rng.integers(0, CLUSTERS, rows)] + rng.standard_normal((rows, width), np.float32) for _ in range(2)]
    return made[0], made[1]


def columns(rows: int) -> Columns:
    """Return a column of a thousand categories by Zipf's law and one of log-normal numbers, of two samples."""
    rng = np.random.default_rng(SEED)
    shares = 1 / np.arange(1, CATEGORIES + 1)
    names = _names()
    one, other = (
        rng.choice(CATEGORIES, rows, p=weights / weights.sum()) for weights in (shares, shares * (1 + 0.2 * np.cos(np.arange(CATEGORIES))))
    )
    return Columns([names[at] for at in one], [names[at] for at in other], rng.lognormal(0, 1, rows), rng.lognormal(0.05, 1, rows))


@cache
def _names() -> tuple[str, ...]:
    return tuple(f"category {at}" for at in range(CATEGORIES))
