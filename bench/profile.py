"""Profiling against peers: the same corpora, CPU-seconds, the median of interleaved rounds.

    python -m bench.profile [--write] [--rounds 3] [--once c6] [--corpora c3 c4 c5 c6] [--only NAME …]

Every measurement is a child process on one thread. A peer that is not installed is left out, and said to be.
"""

import argparse
import json
import math
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from bench import corpora
from bench.workloads import WORKLOADS, version

TABLE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"
ONE_THREAD = dict.fromkeys(("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "ARROW_NUM_THREADS", "NUMBA_NUM_THREADS"), "1")
FEWEST_FOR_GROWTH = 10_000  # below, a call's fixed cost is most of its time
_POLL_SECONDS = 0.05


class Row(NamedTuple):
    """One contender on one corpus: medians over the rounds, peaks over all of them."""

    contender: str
    version: str
    corpus: str
    cpu: float
    megabytes: float
    peak: float
    spilled: float
    types: tuple[int, ...] = ()

    @property
    def rate(self) -> float:
        """Return megabytes of text per CPU-second."""
        return self.megabytes / self.cpu

    @property
    def per_document(self) -> float:
        """Return CPU-microseconds per document."""
        return 1e6 * self.cpu / corpora.SIZES[self.corpus]


def run(name: str, path: Path) -> dict[str, Any]:
    """Measure one contender once, in a child process that has its own temporary folder."""
    with tempfile.TemporaryDirectory() as folder, _largest(Path(folder)) as spilled:
        environment = os.environ | ONE_THREAD | {"TMPDIR": folder}
        command = [sys.executable, "-m", "bench.workloads", name, str(path)]
        child = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, check=True, text=True)
    return json.loads(child.stdout.splitlines()[-1]) | {"spilled": float(spilled[0])}


@contextmanager
def _largest(folder: Path) -> Iterator[list[int]]:
    """Watch a folder; the yielded list holds the most bytes it has held."""
    most, done = [0], threading.Event()

    def watch() -> None:
        while not done.wait(_POLL_SECONDS):
            most[0] = max(most[0], _bytes_in(folder))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield most
    finally:
        done.set()
        watcher.join()


def _bytes_in(folder: Path) -> int:
    total = 0
    for parent, _, files in os.walk(folder):
        for name in files:
            try:
                total += os.stat(os.path.join(parent, name)).st_size
            except FileNotFoundError:  # removed between the listing and the look
                continue
    return total


def compare(names: Sequence[str], corpus: str, rounds: int) -> list[Row]:
    """Measure contenders on one corpus in interleaved rounds, so that a busy moment falls on all of them."""
    path = corpora.build(corpus)
    megabytes = corpora.text_bytes(path) / 1e6
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
    for _ in range(rounds):
        for name in names:
            runs[name].append(run(name, path))
    return [_row(name, corpus, megabytes, measured) for name, measured in runs.items()]


def _row(name: str, corpus: str, megabytes: float, measured: list[dict[str, Any]]) -> Row:
    cpu = statistics.median(one["cpu"] for one in measured)
    peak, spilled = (max(one[key] for one in measured) for key in ("peak", "spilled"))
    return Row(name, version(name) or "", corpus, cpu, megabytes, peak, spilled, tuple(measured[0]["types"]))


def slope(rows: Sequence[Row], contender: str) -> float | None:
    """Return the exponent b of CPU-seconds ~ documents^b between a contender's smallest and largest corpus; 1 is linear."""
    mine = [row for row in rows if row.contender == contender and corpora.SIZES[row.corpus] >= FEWEST_FOR_GROWTH]
    mine.sort(key=lambda row: corpora.SIZES[row.corpus])
    if len(mine) < 2:
        return None
    small, large = mine[0], mine[-1]
    return math.log(large.cpu / small.cpu) / math.log(corpora.SIZES[large.corpus] / corpora.SIZES[small.corpus])


INTRODUCTION = """# Benchmarks

Written by `python -m bench.profile --write`: median CPU-seconds of {rounds} interleaved rounds{once}, one thread, after a
warm-up on a hundred documents. Python {python}, {system}. Corpora: human sentences resampled, one word in ten redrawn
(`bench/corpora.py`). Compare within a table; another machine gives other seconds.

| contender | version | corpus | CPU-s | MB per CPU-s | µs per document | peak memory, MB | spilled, MB |
|---|---|---|---:|---:|---:|---:|---:|"""


def ratios(rows: Sequence[Row]) -> list[str]:
    """Return, for each corpus, how many times the CPU-seconds of longtail each other contender takes on the same text."""
    lines = []
    for corpus in dict.fromkeys(row.corpus for row in rows):
        cpu = {row.contender: row.cpu for row in rows if row.corpus == corpus}
        for mine in (name for name in cpu if name.startswith("longtail")):
            others = {name: seconds / cpu[mine] for name, seconds in cpu.items() if not name.startswith("longtail")}
            found = ", ".join(f"`{name}` {times:.2g}" for name, times in others.items())
            if found:
                lines.append(f"- {corpus}, `{mine}` = 1: {found}")
    return lines


class Bar(NamedTuple):
    """A bound on how two contenders compare on one text: CPU-seconds of the other per CPU-second of ours, at least so many."""

    words: str
    mine: str
    other: str
    least: float


BARS = (
    Bar("words 1..4, 2^14 types of longer ones: {0:.2g} times the throughput of `wc -w`", "longtail_types_uncompressed_4", "wc_words", 0.5),
    Bar("words 1..4, 2^18 types of longer ones: {0:.2g} times the throughput of `wc -w`", "longtail_uncompressed_4", "wc_words", 0.5),
    Bar("words 1..4, 2^14 types of longer ones: {0:.2g} times polars' approximate counts", "longtail_types_4", "polars_approximate_4", 2),
    Bar("words 1..4, 2^18 types of longer ones: {0:.2g} times polars' approximate counts", "longtail_profile_4", "polars_approximate_4", 2),
    Bar("words 1..4, exact: {0:.2g} times polars' exact counts", "longtail_exact_4", "polars_ngrams_4", 3),
    Bar("words 1..3, exact: {0:.2g} times polars' exact counts", "longtail_exact", "polars_ngrams", 3),
    Bar(
        "words 1..3 by default, from zstd Parquet: {1:.2g} times the CPU-seconds of reading the text",
        "longtail_profile",
        "pyarrow_read",
        1 / 4.5,
    ),
)
MOST_GROWTH, MOST_MEGABYTES = 1.05, 500


def bars(rows: Sequence[Row]) -> list[str]:
    """Return one line for each bound and corpus: what was measured, the bound, and whether it is kept."""
    lines = []
    cpu = {(row.contender, row.corpus): row.cpu for row in rows}
    for bar in BARS:
        for corpus in dict.fromkeys(row.corpus for row in rows):
            mine, other = cpu.get((bar.mine, corpus)), cpu.get((bar.other, corpus))
            if mine is not None and other is not None:
                bound = f"at least {bar.least:g}" if bar.least >= 0.5 else f"at most {1 / bar.least:g}"
                lines.append(f"- {corpus}: {bar.words.format(other / mine, mine / other)} ({bound}: {_kept(other / mine >= bar.least)})")
    for name in ("longtail_profile", "longtail_profile_4", "longtail_types_4", "longtail_exact", "longtail_exact_4"):
        grown = slope(rows, name)
        if grown is not None:
            lines.append(f"- `{name}`: CPU-seconds grow with exponent {grown:.2f} (at most {MOST_GROWTH}: {_kept(grown <= MOST_GROWTH)})")
    for row in rows:
        if row.contender == "longtail_profile" and row.corpus == "c6":
            kept = _kept(row.peak <= 1e6 * MOST_MEGABYTES)
            lines.append(f"- c6: `longtail_profile` takes {row.peak / 1e6:.0f} MB at most (at most {MOST_MEGABYTES}: {kept})")
    return lines


APPROXIMATE = {"longtail_types_4": "longtail_exact_4", "polars_approximate_4": "polars_ngrams_4"}


def errors(rows: Sequence[Row]) -> list[str]:
    """Return one line for each corpus and contender that estimates numbers of types: by how much, against exact ones of the same words."""
    types = {(row.contender, row.corpus): row.types for row in rows if row.types}
    lines = []
    for (name, corpus), found in types.items():
        if exact := types.get((APPROXIMATE.get(name, ""), corpus)):
            told = ", ".join(f"{estimate / true - 1:+.2%}" for estimate, true in zip(found, exact, strict=True))
            lines.append(f"- {corpus}, `{name}`: {told}")
    return lines


def _kept(is_kept: bool) -> str:
    return "kept" if is_kept else "missed"


def page(rows: Sequence[Row], rounds: int, missing: Sequence[str], once: Sequence[str] = ()) -> str:
    """Return the results as a Markdown page."""
    system = f"{platform.system()} {platform.machine()}"
    once_told = f" ({', '.join(once)}: one)" if once else ""
    lines = [INTRODUCTION.format(rounds=rounds, once=once_told, python=platform.python_version(), system=system), *map(_cells, rows)]
    lines += ["", "| contender | growth of CPU-seconds with documents from 10^4 on (1 is linear) |", "|---|---:|"]
    slopes = {name: slope(rows, name) for name in dict.fromkeys(row.contender for row in rows)}
    lines += [f"| `{name}` | {value:.2f} |" for name, value in slopes.items() if value is not None]
    lines += ["", "Bounds:", "", *bars(rows)]
    if told := errors(rows):
        lines += ["", "Errors of approximate numbers of types of words, pairs, triples and fours, against exact counts:", "", *told]
    lines += ["", "CPU-seconds relative to ours on the same corpus, above 1 where the other takes longer:", "", *ratios(rows)]
    lines += ["", "What each contender does:", ""]
    lines += [f"- `{name}`: {WORKLOADS[name][0].__doc__}" for name in slopes]
    lines += ["", f"Not installed here, so not measured: {', '.join(missing)}."] if missing else []
    return "\n".join(lines) + "\n"


def _cells(row: Row) -> str:
    numbers = (f"{row.cpu:.3g}", f"{row.rate:.3g}", f"{row.per_document:.3g}", f"{row.peak / 1e6:.0f}", f"{row.spilled / 1e6:.0f}")
    return "| " + " | ".join((f"`{row.contender}`", row.version, row.corpus, *numbers)) + " |"


def main() -> None:
    """Measure and print; write the page with --write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help=f"write docs/{TABLE.name} too")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--once", nargs="+", choices=sorted(corpora.SIZES), default=[], help="corpora that one round must do for")
    parser.add_argument("--corpora", nargs="+", choices=sorted(corpora.SIZES), default=["c3", "c4", "c5", "c6"])
    parser.add_argument("--only", nargs="+", choices=sorted(WORKLOADS), default=list(WORKLOADS))
    options = parser.parse_args()
    here = [name for name in options.only if version(name)]
    rows: list[Row] = []
    for corpus in options.corpora:
        fitting = [name for name in here if corpora.SIZES[corpus] <= corpora.SIZES[WORKLOADS[name][2]]]
        rows += compare(fitting, corpus, 1 if corpus in options.once else options.rounds)
    once = [corpus for corpus in options.once if corpus in options.corpora]
    written = page(rows, options.rounds, [name for name in options.only if name not in here], once)
    print(written)
    if options.write:
        TABLE.write_text(written, encoding="utf-8")


if __name__ == "__main__":
    main()
