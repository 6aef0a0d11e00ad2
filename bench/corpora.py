"""Corpora of three sizes for benchmarks: sentences of human prose, resampled, one word in ten redrawn.

Resampling sentences keeps real n-grams; redrawing words from the unigram law keeps new n-grams appearing however
large the corpus is, so that counting them never becomes cheaper than on real text. The corpora are nested: the first
ten thousand documents are the same in all three.
"""

import ast
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

SIZES = {"c3": 10**3, "c4": 10**4, "c5": 10**5, "c6": 10**6}
WORDS_PER_DOCUMENT = 105
REDRAWN = 0.10
SEED = 20_240_229
CHUNK = 10_000  # documents per row group; each has its own random stream, which nests the corpora
HUMAN = Path(__file__).resolve().parents[2] / "shared" / "data" / "human"
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_FEWEST_WORDS = 4  # shorter pieces are headings and numbering


def cache_dir() -> Path:
    """Return the folder that holds the corpora, outside the repository."""
    return Path(os.environ.get("LONGTAIL_BENCH_DIR", Path(tempfile.gettempdir()) / "longtail-bench"))


def build(name: str, cache: Path | None = None) -> Path:
    """Return the path of corpus `name`, writing it first where it does not exist."""
    folder = cache or cache_dir()
    path = folder / f"{name}.parquet"
    if path.exists():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(f".{os.getpid()}.partial")
    with pq.ParquetWriter(partial, pa.schema([("text", pa.string())]), compression="zstd") as writer:
        for texts in _chunks(SIZES[name]):
            writer.write_table(pa.table({"text": texts}))
    partial.rename(path)
    return path


def text_bytes(path: Path) -> int:
    """Return the number of UTF-8 bytes of text in a corpus, before compression."""
    batches = pq.ParquetFile(path).iter_batches(columns=["text"])
    return sum(int(pc.sum(pc.binary_length(batch.column(0))).as_py()) for batch in batches)


def _chunks(documents: int) -> Iterator[pa.Array]:
    vocabulary, tokens, starts = _sentences()
    for chunk, first in enumerate(range(0, documents, CHUNK)):
        rng = np.random.default_rng([SEED, chunk])
        yield _documents(vocabulary, tokens, starts, rng).slice(0, min(CHUNK, documents - first))


def _sentences() -> tuple[pa.Array, np.ndarray, np.ndarray]:
    """Return the vocabulary, the word numbers of all sentences end to end, and where each sentence starts."""
    split = [words for text in _human_texts() for s in _SENTENCE.split(text) if len(words := s.split()) >= _FEWEST_WORDS]
    flat = pa.array([word for words in split for word in words]).dictionary_encode()
    starts = np.concatenate([[0], np.cumsum([len(words) for words in split])])
    return flat.dictionary, flat.indices.to_numpy(), starts


def _documents(vocabulary: pa.Array, tokens: np.ndarray, starts: np.ndarray, rng: np.random.Generator) -> pa.Array:
    lengths = np.diff(starts)
    drawn = rng.integers(0, len(lengths), int(1.1 * CHUNK * WORDS_PER_DOCUMENT / lengths.mean()))
    ends = np.cumsum(lengths[drawn])
    begins = ends - lengths[drawn]
    positions = np.arange(ends[-1]) + np.repeat(starts[drawn] - begins, lengths[drawn])
    words = tokens[positions]
    redrawn = rng.random(len(words)) < REDRAWN
    words[redrawn] = rng.choice(tokens, int(redrawn.sum()))
    _, firsts = np.unique(begins // WORDS_PER_DOCUMENT, return_index=True)
    offsets = pa.array(np.append(begins[firsts], ends[-1]).astype(np.int32))
    return pc.binary_join(pa.ListArray.from_arrays(offsets, vocabulary.take(pa.array(words))), " ")


def _human_texts() -> list[str]:
    files = sorted(HUMAN.glob("*.parquet"))
    if files:
        return [str(text) for file in files for text in pq.read_table(file, columns=["text"]).column(0).to_pylist()]
    return _standard_library_texts()


@cache
def _standard_library_texts() -> list[str]:
    """Return the language reference and the docstrings of Python's own library: human prose that is always at hand."""
    from pydoc_data.topics import topics

    modules = sorted(Path(os.__file__).parent.glob("*.py"))
    return [*topics.values(), *(doc for module in modules for doc in _docstrings(module))]


def _docstrings(module: Path) -> Iterator[str]:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and (doc := ast.get_docstring(node)):
            yield doc


if __name__ == "__main__":
    for wanted in sys.argv[1:] or ["c4"]:
        print(build(wanted))
