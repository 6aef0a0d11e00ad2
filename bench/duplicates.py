"""Near duplicates against peers: what is found of planted copies, documents per CPU-second, and memory at a million documents.

    python -m bench.duplicates [--write] [--rounds 3] [--only planted speed signatures large]

Every measurement is a child process on one thread, in interleaved rounds; medians. A peer that is not installed is left out.
"""

import argparse
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bench import corpora
from bench.duplicate_peers import CONTENDERS, THRESHOLD, WORD, Removed, version
from bench.profile import ONE_THREAD
from bench.tables import table

PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks-gates.md"
WORDS, ORIGINALS, COPIES = 100, 8_000, 500
UNLIKE = 0.3  # originals more alike than this are left out, so that what is planted is all there is to find
SEED = 7
MINE = "longtail, 16 x 8"
FINDERS = (MINE, "longtail, 32 x 4", "rensa", "rensa, bulk", "datasketch", "datatrove")
FAST = (MINE, "longtail, 32 x 4", "rensa", "rensa, bulk", "pyarrow, reading")
LARGE = ("longtail, streamed", "longtail, 64 MB")
SIGNERS = ("longtail signatures", "Daft signatures")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")

Row = dict[str, Any]
Edit = Callable[[list[str], list[str], np.random.Generator], str]


def documents() -> list[list[str]]:
    """Return real prose as documents of about a hundred words, each a list of whole sentences, none like another."""
    found: list[list[str]] = []
    holders: dict[str, list[int]] = {}
    for sentences in _pieces():
        mine = shingles_of(" ".join(sentences))
        shared: dict[int, int] = {}
        for holder in (holder for shingle in mine for holder in holders.get(shingle, ())):
            shared[holder] = shared.get(holder, 0) + 1
        if any(count > UNLIKE * len(mine) for count in shared.values()):
            continue
        for shingle in mine:
            holders.setdefault(shingle, []).append(len(found))
        found.append(sentences)
        if len(found) == ORIGINALS:
            break
    return found


def _pieces() -> Iterator[list[str]]:
    held: list[str] = []
    for text in corpora._human_texts():
        for sentence in _SENTENCE.split(" ".join(text.split())):
            held.append(sentence)
            if sum(len(each.split()) for each in held) >= WORDS:
                yield held
                held = []


def shingles_of(text: str) -> set[str]:
    """Return the runs of five words of a text."""
    words = WORD.findall(text.lower())
    return {" ".join(words[at : at + 5]) for at in range(max(len(words) - 4, 1))}


def words_changed(sentences: list[str], other: list[str], rng: np.random.Generator) -> str:
    """Replace two words by words of another document."""
    words, drawn = " ".join(sentences).split(), " ".join(other).split()
    for at in rng.choice(len(words), 2, replace=False):
        words[at] = drawn[rng.integers(len(drawn))]
    return " ".join(words)


def sentence_dropped(sentences: list[str], other: list[str], rng: np.random.Generator) -> str:
    """Drop the shortest sentence; of a single one the last ten words."""
    if len(sentences) == 1:
        return " ".join(sentences[0].split()[:-10])
    least = min(range(len(sentences)), key=lambda at: len(sentences[at]))
    return " ".join(sentence for at, sentence in enumerate(sentences) if at != least)


def sentence_added(sentences: list[str], other: list[str], rng: np.random.Generator) -> str:
    """Add the last twelve words of another document at the end."""
    return f"{' '.join(sentences)} {' '.join(' '.join(other).split()[-12:])}"


def recased(sentences: list[str], other: list[str], rng: np.random.Generator) -> str:
    """Write all in capitals, and dashes for commas and stops."""
    return re.sub(r"[.,;:]+(?=\s|$)", " -", " ".join(sentences)).upper()


EDITS: tuple[Edit, ...] = (words_changed, sentence_dropped, sentence_added, recased)


def plant(folder: Path) -> tuple[Path, pa.Table]:
    """Write real prose with edited copies behind it in random order; return the file and what was planted."""
    rng, originals = np.random.default_rng(SEED), documents()
    rows = [("", 1.0, " ".join(sentences)) for sentences in originals]
    for edit in EDITS:
        for at in rng.choice(len(originals), COPIES, replace=False):
            text = edit(originals[at], originals[rng.integers(len(originals))], rng)
            one, other = shingles_of(" ".join(originals[at])), shingles_of(text)
            rows.append((edit.__name__.replace("_", " "), len(one & other) / len(one | other), text))
    order = np.concatenate([np.arange(len(originals)), len(originals) + rng.permutation(len(rows) - len(originals))])
    return _written(folder / "planted.parquet", [rows[at][2] for at in order]), pa.table(
        {"edit": [rows[at][0] for at in order], "similarity": [rows[at][1] for at in order]}
    )


def _written(path: Path, texts: Sequence[str]) -> Path:
    ids = [f"{at:032x}" for at in range(len(texts))]
    pq.write_table(pa.table({"lt_id": ids, "text": texts}), path, compression="zstd", row_group_size=corpora.CHUNK)
    return path


def corpus(name: str, folder: Path) -> Path:
    """Write a corpus of resampled sentences in normal form, and return its file."""
    source, target = pq.ParquetFile(corpora.build(name)), folder / f"normal-{name}.parquet"
    schema, first = pa.schema([("lt_id", pa.string()), ("text", pa.string())]), 0
    with pq.ParquetWriter(target, schema, compression="zstd") as writer:
        for batch in source.iter_batches(corpora.CHUNK):
            texts = [" ".join(WORD.findall(text.lower())) for text in batch.column(0).to_pylist()]
            writer.write_table(pa.table({"lt_id": [f"{at:032x}" for at in range(first, first + len(texts))], "text": texts}, schema))
            first += len(texts)
    return target


def run(name: str, path: Path) -> tuple[dict[str, float], Removed]:
    """Measure one contender once, in a child process that has its own temporary folder."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "removed.npy"
        environment = os.environ | ONE_THREAD | {"TMPDIR": folder, "RAYON_NUM_THREADS": "1", "DAFT_PROGRESS_BAR": "0"}
        command = [sys.executable, "-m", "bench.duplicate_peers", name, str(path), str(out)]
        done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"{name} failed on {path}: {done.stderr[-2000:]}")
        measured: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
        return measured, np.load(out)


def compare(names: Sequence[str], path: Path, rounds: int) -> tuple[list[Row], dict[str, Removed]]:
    """Measure contenders on one file in interleaved rounds; return rows, and what each removed."""
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in names}
    removed: dict[str, Removed] = {}
    for _ in range(rounds):
        for name in names:
            measured, removed[name] = run(name, path)
            runs[name].append(measured)
            sys.stderr.write(f"{path.stem}: {name} {measured}\n")
    many = pq.read_metadata(path).num_rows
    cpu = {name: statistics.median(one["cpu"] for one in measured) for name, measured in runs.items()}
    rows = [
        {
            "contender": name,
            "version": version(name),
            "documents": f"{many:,}",
            "documents per CPU-second": f"{many / cpu[name]:,.0f}",
            "CPU-seconds": round(cpu[name], 3),
            "CPU-seconds, ours = 1": round(cpu[name] / cpu[names[0]], 1),
            "wall, s": round(statistics.median(one["wall"] for one in runs[name]), 2),
            "peak memory, MB": round(max(one["peak"] for one in runs[name]) / 1e6),
        }
        for name in names
    ]
    return rows, removed


def scored(removed: dict[str, Removed], planted: pa.Table) -> list[Row]:
    """Return what each contender found of what was planted, and how far it decided as we do."""
    edits, similar = np.array(planted.column("edit").to_pylist()), planted.column("similarity").to_numpy()
    copies, mine = edits != "", removed[MINE]
    return [
        {
            "contender": name,
            "recall": float(found[copies].mean()),
            f"recall where J >= {THRESHOLD}": float(found[copies & (similar >= THRESHOLD)].mean()),
            "precision": float(copies[found].mean()),
            **{edit: float(found[edits == edit].mean()) for edit in sorted({*edits} - {""})},
            "decisions as ours": float((found == mine).mean()),
            "removed by both, of either": float((found & mine).sum() / (found | mine).sum()),
        }
        for name, found in removed.items()
    ]


def similarities(planted: pa.Table) -> list[Row]:
    """Return how alike the planted copies are to their originals."""
    edits, similar = np.array(planted.column("edit").to_pylist()), planted.column("similarity").to_numpy()
    rows = []
    for edit in sorted({*edits} - {""}):
        held = similar[edits == edit]
        low, middle, high = np.quantile(held, [0.05, 0.5, 0.95])
        rows.append({"edit": edit, "copies": len(held), "J, 5 %": low, "median": middle, "95 %": high})
    return rows


def page(parts: dict[str, list[list[Row]]], rounds: int, missing: Sequence[str]) -> str:
    """Return the results as a Markdown page."""
    about = "\n".join(f"- `{name}`: {(each.work.__doc__ or '').strip().partition(chr(10))[0]}" for name, each in CONTENDERS.items())
    text = f"""# Benchmarks of the gates

Written by `python -m bench.duplicates --write`: medians of {rounds} interleaved rounds, one thread, each a child process that is warm
and repeats what takes less than a second. Python
{platform.python_version()}, {platform.system()} {platform.machine()}, {os.cpu_count()} cores.
All contenders have 128 functions, shingles of five words (the same sets but for datatrove, which also changes numbers and
accents), 16 bands of 8 where not said otherwise, and the threshold {THRESHOLD} where a similarity is estimated. The clock runs from the
file to a decision for each document. Compare within a table; another machine gives other seconds, and so does a busy one: the
load was {os.getloadavg()[2]:.1f} over the last quarter of an hour.

{about}
"""
    for name, tables in parts.items():
        text += f"\n## {HEADS[name][0]}\n\n{HEADS[name][1]}\n" + "".join(f"\n{table(rows)}\n" for rows in tables)
    return text + (f"\nNot installed here, so not measured: {', '.join(missing)}.\n" if missing else "")


HEADS = {
    "planted": (
        "Planted copies in real prose",
        f"""{ORIGINALS:,} documents of about {WORDS} words, none sharing more than {UNLIKE:.0%} of its shingles with another, and behind
them {COPIES} copies of each kind of edit in random order. A copy that is removed counts as found, an original that is removed as an
error. Texts are raw: we find words as Unicode has them, the peers by a regular expression that gives the same ones here.""",
    ),
    "speed": (
        "Speed on more documents",
        """Sentences of human prose resampled, one word in ten redrawn (`bench/corpora.py`), handed over in normal form, so that peers
only split at spaces, which favours them; ours finds words and folds case all the same. Nothing is to be removed.""",
    ),
    "signatures": ("Signatures alone", "The same documents; ours are 128 bytes each, Daft's 512."),
    "large": (
        "A million documents",
        "Made in the same way. Peak memory is that of the whole process, with Python, the compiler and what is mapped of temporary files.",
    ),
}


def measured(only: Sequence[str], rounds: int, here: Callable[[Sequence[str]], list[str]]) -> dict[str, list[list[Row]]]:
    """Measure what was asked for."""
    parts: dict[str, list[list[Row]]] = {}
    with tempfile.TemporaryDirectory() as base:
        folder = Path(base)
        if "planted" in only:
            path, planted = plant(folder)
            rows, removed = compare(here(FINDERS), path, rounds)
            parts["planted"] = [similarities(planted), scored(removed, planted), rows]
        if "speed" in only or "signatures" in only:
            path = corpus("c5", folder)
            chosen = {"speed": FAST, "signatures": SIGNERS}
            parts |= {name: [compare(here(names), path, rounds)[0]] for name, names in chosen.items() if name in only}
        if "large" in only:
            parts["large"] = [compare(here(LARGE), corpus("c6", folder), 1)[0]]
    return parts


def main() -> None:
    """Measure and print; write the page with --write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help=f"write docs/{PAGE.name} too")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="+", choices=list(HEADS), default=list(HEADS))
    given = parser.parse_args()
    missing = [name for name in CONTENDERS if not version(name)]
    text = page(measured(given.only, given.rounds, lambda names: [name for name in names if name not in missing]), given.rounds, missing)
    print(text)
    if given.write:
        PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
