"""Draws of mixtures at known shares, and what the estimate, and the published one, make of them."""

import gzip
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from longtail.lab.corpus import stdlib_prose
from longtail.origin import checks as held
from longtail.origin.instrument import Instrument, Read
from longtail.origin.parting import rates_of
from longtail.origin.quantifiers.occurrence_mle import as_published
from longtail.origin.reference import Reference
from longtail.origin.result import Measured
from longtail.origin.scorers.occurrence import Occurrence
from longtail.origin.settings import Settings
from longtail.origin.station import Station

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
FILES = ("pubmed_gpt-4", "pubmed_gpt-3.5-turbo", "pubmed_davinci", "squad_gpt2-xl", "squad_gpt-neox-20b")
SHARES = (0.0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0)
SIZES = (100, 300, 1000)
PUBLISHED_DRAWS = 100
OLD = 400


@dataclass(frozen=True)
class Draw:
    """One target at a known share, and what was made of it."""

    reference: str
    target: str
    share: float
    size: int
    truth: float
    estimate: float
    low: float
    high: float
    status: str
    failing: tuple[str, ...]
    methods: dict[str, float]
    published: float | None = None
    published_covers: bool | None = None

    @property
    def error(self) -> float:
        """Return the estimate less the share of the draw itself."""
        return self.estimate - self.truth


def pairs(name: str) -> list[dict[str, str]]:
    """Return the pairs of a file."""
    with gzip.open(DATA / "human_vs_model" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def old_human() -> dict[str, list[str]]:
    """Return human texts of other domains from before there were chat models, cut to 120 words."""
    import pyarrow.parquet as pq

    rng = np.random.default_rng(7)
    speeches = _cut(pq.read_table(DATA / "human" / "sotu.parquet").column("text").to_pylist())
    books = [text for text in pq.read_table(DATA / "human" / "prose.parquet").column("text").to_pylist() if len(text.split()) >= 40]
    found = {"speeches": speeches, "books": books, "documentation": _cut([" ".join(stdlib_prose())])}
    return {name: [texts[at] for at in rng.choice(len(texts), OLD, replace=False)] for name, texts in found.items()}


def _cut(texts: Sequence[str], words: int = 120) -> list[str]:
    found = []
    for text in texts:
        cut = text.split()
        found += [" ".join(cut[at : at + words]) for at in range(0, len(cut) - words // 2, words)]
    return found


class Bench:
    """A reference of half the pairs of a file, and what is left of them."""

    def __init__(self, name: str, seed: int, replicates: int) -> None:
        self.name, self.rng = name, np.random.default_rng(seed)
        rows = pairs(name)
        order = self.rng.permutation(len(rows))
        self.learnt, self.left = order[: len(rows) // 2], order[len(rows) // 2 :]
        known = [rows[at] for at in self.learnt]
        groups = [[row["pair"] for row in known]] * 2
        self.reference = Reference.of([row["human"] for row in known], [row["model"] for row in known], groups)
        self.instrument = Instrument(self.reference, Settings(closed=True, replicates=replicates, seed=seed))
        rates = rates_of(self.instrument.log_ratios, self.reference.labels, self.reference.origins, 0.95)
        sizes = dict(zip(("human", "machine"), map(int, self.reference.counts()), strict=True))
        shared = (held.reference_size(sizes), held.separation(rates), held.generators(closed=True, unseen={}))
        self.station = Station(self.instrument, shared, rates)

    def targets(self, names: Sequence[str], old: dict[str, list[str]]) -> Iterator[tuple[str, list[str], list[str]]]:
        """Yield human and machine texts of other files, or of this one, that no reference text was made from."""
        for name in names:
            if name in old:
                yield name, old[name], []
                continue
            rows = pairs(name)
            chosen = self.left if name.split("_")[0] == self.name.split("_")[0] else np.arange(len(rows))
            yield name, [rows[at]["human"] for at in chosen], [rows[at]["model"] for at in chosen]

    def draws(self, name: str, human: list[str], machine: list[str], cells: Sequence[tuple[float, int]], *, beside: bool) -> Iterator[Draw]:
        """Yield a draw, with replacement, for each share and size."""
        pool = self.instrument.read(human + machine)
        sentences = Occurrence()(self.reference.texts, self.reference.labels).sentence_scores(human + machine) if beside else None
        for share, size in cells:
            made = self.rng.random(size) < (share if machine else 0.0)
            rows = np.where(made, len(human) + self.rng.integers(0, max(len(machine), 1), size), self.rng.integers(0, len(human), size))
            yield self._draw(name, share, pool, rows, float(made.mean()), sentences)

    def _draw(self, name: str, share: float, pool: Read, rows: Any, truth: float, sentences: Any) -> Draw:
        part = pool.take(rows)
        told, _ = self.station.measured(part, rows, "", "")
        estimate, low, high = _numbers(told)
        if told.status == "refused":
            estimate = float(np.nansum(self.instrument.shares(part)))
        failing = tuple(check.name for check in told.checks if not check.passed)
        draw = Draw(self.name, name, share, len(rows), truth, estimate, low, high, told.status, failing, told.methods)
        if sentences is None:
            return draw
        chosen = np.concatenate([np.flatnonzero(sentences.documents == row) for row in rows])
        found = as_published(sentences.scores[chosen, 0], draws=PUBLISHED_DRAWS, seed=1)
        return Draw(**{**draw.__dict__, "published": found.share, "published_covers": found.low <= truth <= found.high})


def _numbers(told: Measured) -> tuple[float, float, float]:
    share, low, high = (float("nan") if each is None else each for each in (told.machine.share, told.machine.low, told.machine.high))
    return share, low, high
