"""What audits say of lineages whose laws are known: how often trend and onset err, what they find, and how long it takes.

- null: all generations have one law. A trend is as rare as its level says, in both directions, with and without controls.
- walk: each generation has the shares that the last one's documents happened to have. No expected share moves.
- steady: eight small losses. No step is seen, the end is below the margin, and the trend says so (`documents` are few).
- onset: a loss begins at a known generation and grows. An earlier onset is seldom claimed.
- neutral: resampling alone. The loss that it foretells is the loss observed.
- wall: seconds of an audit of ten generations of ten thousand documents from their profiles.

Run `python -m bench.lineages` for the table, with `--write` to put it into docs/calibration.md.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from scipy.stats import kendalltau

from bench.audits import ALPHA, Plan, share, stream
from bench.corpora import build
from bench.synthetic import Documents, Law, Shares, drawn, profiled, zipf
from bench.tables import Row, arguments, held, table, told, write
from longtail.auditing.families import TAIL_SHARE_OF_ALPHA
from longtail.auditing.inputs import Inputs
from longtail.auditing.lineage import measure_lineage
from longtail.auditing.options import Options
from longtail.lab.corpus import stdlib_prose
from longtail.metrics.lineage import TREND_METRICS, Ordered
from longtail.metrics.pairing import WORDS, Settings
from longtail.records import Estimate, LineageRecord
from longtail.summaries.files import save
from longtail.summaries.profile import Profile
from longtail.summaries.profiling import profile
from longtail.summaries.reference import Reference

LENGTHS = (3, 5, 10)
REFERENCE = 2_000
QUIET = ("ok", "inconclusive")
MOST_SECONDS = 20.0


@dataclass(frozen=True)
class Judged:
    """What an audit said of a lineage, and what it decided about the last generation's tail, by metric."""

    record: LineageRecord
    last: dict[str, str | None]


@dataclass(frozen=True)
class Trended:
    """The p-value of each trend, which of them were called a loss, and the p-value of Mann-Kendall on the same numbers."""

    p: dict[str, float]
    falling: frozenset[str]
    ranks: dict[str, float]


def judged(generations: Sequence[Profile], reference: Profile, controls: Sequence[Profile] = ()) -> Judged:
    """Return what an audit at the usual level says of generations in order, with a control for each after the first or none."""
    held, first, later = Reference(reference), generations[0], generations[1:]
    given: Sequence[Profile | None] = controls or [None] * len(later)
    inputs = [Inputs(each, held, first, None, control=control) for each, control in zip(later, given, strict=True)]
    found = measure_lineage(inputs, Options(views=(WORDS,)), ALPHA, None)
    tail = [outcome for outcome in found.measured[-1].tail if isinstance(outcome, Estimate)]
    return Judged(found.record, {estimate.metric: estimate.decision for estimate in tail})


def trended(generations: Sequence[Profile], reference: Profile, controls: Sequence[Profile] = ()) -> Trended:
    """Return the trends of generations in order, and those that ranks of one number for each generation would give."""
    ordered = Ordered(generations, controls, Reference(reference).whole, WORDS, Settings(seed=reference.seed))
    trends = ordered.trends(ALPHA)
    ranks = {name: ordered.logs[name][: len(generations), 0] for name in TREND_METRICS}
    return Trended(
        {each.metric: each.p for each in trends},
        frozenset(each.metric for each in trends if each.direction == "loss"),
        {name: float(kendalltau(np.arange(len(values)), values, alternative="less").pvalue) for name, values in ranks.items()},
    )


# ---------------------------------------------------------------------------------------------------------------- laws


def worn(law: Law, kept: float, chances: Shares) -> Law:
    """Return the law without those rare types whose chance, shape (types,), is above `kept`; common ones take up their mass.

    With the same chances a smaller `kept` loses the same types and more, as generations do.
    """
    shares = np.where(law.rare & (chances > kept), 0.0, law.shares)
    common = ~law.rare
    shares[common] *= (1 - shares[law.rare].sum()) / shares[common].sum()
    return replace(law, shares=shares)


def learned(law: Law, documents: Documents) -> Law:
    """Return the law whose shares are those of documents: what a model that copies them draws from."""
    counts = np.bincount(documents.types, minlength=len(law.shares))
    return replace(law, shares=counts / counts.sum())


def copied(law: Law, generations: int, documents: int, rng: np.random.Generator) -> list[Documents]:
    """Return generations of documents, each drawn from the shares of the one before, the first from `law`."""
    made = [drawn(law, documents, rng)]
    while len(made) < generations:
        made.append(drawn(learned(law, made[-1]), documents, rng))
    return made


def losing(law: Law, kept: Sequence[float], documents: int, rng: np.random.Generator) -> list[Documents]:
    """Return a generation of documents for each share of the rare types that is kept."""
    chances = rng.random(len(law.shares))
    return [drawn(worn(law, share_kept, chances), documents, rng) for share_kept in kept]


def of_all(documents: Sequence[Documents], seed: int) -> list[Profile]:
    """Return the profiles of several data sets."""
    return [profiled(each, seed) for each in documents]


# --------------------------------------------------------------------------------------------------------- measurements


def unchanged(generations: int, documents: int, controls: str, repetition: int) -> Trended:
    """Return the trends of one lineage that has lost nothing beside its controls: "none", or "each" its own.

    With a control for each both have lost the same, more in every generation, as fine-tuning alone may do.
    """
    rng = stream(repetition, generations, documents, len(controls))
    law, seed = zipf(), repetition
    reference = profiled(drawn(law, REFERENCE, rng), seed)
    if controls == "each":
        kept = [0.95**generation for generation in range(generations)]
        chances = rng.random(len(law.shares))
        pair = [of_all([drawn(worn(law, each, chances), documents, rng) for each in kept], seed) for _ in range(2)]
        return trended(pair[0], reference, pair[1])
    profiles = of_all(losing(law, [1.0] * generations, documents, rng), seed)
    return trended(profiles, reference)


def null(plan: Plan, lengths: Sequence[int] = LENGTHS, documents: int = 500) -> Iterator[Row]:
    """Yield how often trends of unchanged lineages have small and large p-values, and how often any is called a loss."""
    for controls in ("none", "each"):
        for generations in lengths:
            found = plan.each(partial(unchanged, generations, documents, controls))
            row = _rows(f"one law, controls: {controls}", generations, documents)
            for metric in TREND_METRICS:
                small, large = share(each.p[metric] <= ALPHA for each in found), share(each.p[metric] >= 1 - ALPHA for each in found)
                yield row(f"{metric}: p ≤ {ALPHA}", small, _band(plan), plan.within(small, ALPHA))
                yield row(f"{metric}: p ≥ {1 - ALPHA}", large, _band(plan), plan.within(large, ALPHA))
            alarmed = share(bool(each.falling) for each in found)
            yield row("any trend called a loss", alarmed, f"≤ {plan.bands(ALPHA)[1]:.3f}", plan.at_most(alarmed, ALPHA))


def wandering(generations: int, documents: int, repetition: int) -> tuple[Trended, bool]:
    """Return the trends of a lineage that copies itself, and whether its tail mass ended below the margin of the first."""
    rng = stream(repetition, generations, documents, 7)
    reference = profiled(drawn(zipf(), REFERENCE, rng), repetition)
    profiles = of_all(copied(zipf(), generations, documents, rng), repetition)
    last = judged([profiles[0], profiles[-1]], reference).last
    return trended(profiles, reference), last["tail_mass_retained"] == "shrunk"


def walk(plan: Plan, lengths: Sequence[int] = (4, 8), documents: int = 500) -> Iterator[Row]:
    """Yield how often tail mass, which no copying moves on average, is said to fall, by ranks and by the contrast."""
    metric = "tail_mass_retained"
    for generations in lengths:
        found = plan.each(partial(wandering, generations, documents))
        row = _rows("random walk", generations, documents)
        yield row(f"{metric}: Mann-Kendall p ≤ {ALPHA}", share(each.ranks[metric] <= ALPHA for each, _ in found))
        yield row(f"{metric}: contrast p ≤ {ALPHA}", share(each.p[metric] <= ALPHA for each, _ in found))
        yield row(f"{metric}: contrast p ≤ {ALPHA} and the last shrunk", share(each.p[metric] <= ALPHA and lost for each, lost in found))


def declining(kept: float, documents: int, repetition: int) -> Judged:
    """Return what is said of nine generations, each of which keeps a share of the rare types of the one before."""
    rng = stream(repetition, documents, round(1000 * kept))
    reference = profiled(drawn(zipf(), REFERENCE, rng), repetition)
    return judged(of_all(losing(zipf(), [kept**step for step in range(9)], documents, rng), repetition), reference)


def steady(plan: Plan, kept: float = 0.96, documents: int = 110) -> Iterator[Row]:
    """Yield how often eight small losses are unseen step by step, and seen by the end and by the trend."""
    found = plan.each(partial(declining, kept, documents))
    quiet = [all(step.decision in QUIET for step in each.record.steps) for each in found]
    ended = ["shrunk" in each.last.values() for each in found]
    fell = [any(trend.direction == "loss" for trend in each.record.trend) for each in found]
    row = _rows(f"each keeps {kept:.0%} of the rare types", 9, documents)
    yield row("one step of eight seen", share(step.decision not in QUIET for each in found for step in each.record.steps))
    yield row("all eight steps within noise", share(quiet))
    yield row("last generation shrunk", share(ended))
    yield row("trend called a loss", share(fell), "≥ 0.8", plan.at_least(share(fell), 0.8))
    yield row("all three: steps unseen, end shrunk, trend a loss", share(map(all, zip(quiet, ended, fell, strict=True))))


def beginning(generations: int, onset: int, documents: int, repetition: int) -> Judged:
    """Return what is said of a lineage of one law up to the onset, from which each generation keeps less; 0 is no onset."""
    rng = stream(repetition, generations, onset, documents)
    kept = [0.85 ** max(0, generation - onset + 1) if onset else 1.0 for generation in range(1, generations + 1)]
    reference = profiled(drawn(zipf(), REFERENCE, rng), repetition)
    return judged(of_all(losing(zipf(), kept, documents, rng), repetition), reference)


def onset(plan: Plan, begins: Sequence[int] = (0, 3, 5), generations: int = 6, documents: int = 500) -> Iterator[Row]:
    """Yield how often an onset is claimed before the true one, or where there is none, and how late it is stated."""
    level = TAIL_SHARE_OF_ALPHA * ALPHA
    for true in begins:
        stated = [each.record.onset for each in plan.each(partial(beginning, generations, true, documents))]
        row = _rows(f"loss from generation {true} on" if true else "no loss", generations, documents)
        claimed = [each for each in stated if each is not None]
        early = share(each is not None and (not true or each < true) for each in stated)
        yield row("onset stated too early" if true else "onset stated", early, f"≤ {plan.bands(level)[1]:.3f}", plan.at_most(early, level))
        if true:
            yield row("onset stated", len(claimed) / len(stated))
            yield row("generations stated late, on average", float(np.mean(claimed)) - true if claimed else None)


def resampling(law: Law, generations: int, documents: int, repetition: int) -> list[float]:
    """Return observed over foretold loss of tail types in each generation after the first of a lineage that copies itself."""
    rng = stream(repetition, generations, documents)
    reference = profiled(drawn(law, REFERENCE, rng), repetition)
    found = judged(of_all(copied(law, generations, documents, rng), repetition), reference)
    return [each.excess for each in found.record.neutral if each.excess is not None]


def neutral(plan: Plan, generations: int = 4, documents: int = 1000) -> Iterator[Row]:
    """Yield the mean of observed over foretold loss, of independent tokens and of tokens that cluster in documents."""
    for name, law in (("independent tokens", zipf(icc=0.0, bursts=0.0)), ("clustered tokens", zipf())):
        excess = np.array(plan.each(partial(resampling, law, generations, documents)))
        row = _rows(f"resampling alone, {name}", generations, documents)
        for generation, values in enumerate(excess.T, start=2):
            mean, band = float(values.mean()), 0.02 + 3 * float(values.std(ddof=1) / np.sqrt(len(values)))
            bound = (f"1 ± {band:.3f}", abs(mean - 1) <= band) if law.icc == 0 else ()
            yield row(f"observed / foretold loss, generation {generation}", mean, *bound)


def wall(plan: Plan, generations: int = 10, corpus: str = "c5") -> Iterator[Row]:
    """Yield seconds of the audit of ten stored profiles of ten thousand documents each; repetitions change nothing."""
    with tempfile.TemporaryDirectory() as folder:
        paths = stored(Path(folder), generations, pq.ParquetFile(build(corpus)))
        seconds, cpu = timed(["audit", "--lineage", *paths[1:], "--reference", paths[0], "--json", "--exit-zero"])
    row = _rows("prose, from profiles", generations, 10_000)
    yield row(f"seconds on {os.cpu_count()} cores", seconds, f"≤ {MOST_SECONDS:g}", seconds <= MOST_SECONDS)
    yield row("CPU-seconds", cpu)


def stored(folder: Path, generations: int, corpus: pq.ParquetFile) -> list[str]:
    """Return the paths of a reference's profile and of one for each part of a corpus, written into a folder."""
    tables = [pa.table({"text": stdlib_prose()}), *(corpus.read_row_group(part) for part in range(generations))]
    paths = [str(folder / f"{number}.ltp") for number in range(len(tables))]
    for documents, path in zip(tables, paths, strict=True):
        save(profile(documents), path)
    return paths


def timed(arguments: list[str]) -> tuple[float, float]:
    """Return the seconds and the CPU-seconds of a command of longtail."""
    command = [sys.executable, "-c", "from longtail.cli import main; main()", *arguments]
    began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.perf_counter() - began, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _rows(lineage: str, generations: int, documents: int) -> Callable[..., Row]:
    """Return what makes a row of such lineages: what was measured, found, allowed, and whether it holds where that is asked."""

    def row(what: str, found: float | None, allowed: str = "", holds: bool | None = None) -> Row:
        return {
            "lineage": lineage, "generations": generations, "documents": documents, "what": what, "found": found, "allowed": allowed,
            "holds": holds,
        }  # fmt: skip

    return row


def _band(plan: Plan) -> str:
    low, high = plan.bands(ALPHA)
    return f"{low:.3f} … {high:.3f}"


# --------------------------------------------------------------------------------------------------------------- output

MEASUREMENTS: dict[str, Callable[..., Iterator[Row]]] = {
    "null": null, "walk": walk, "steady": steady, "onset": onset, "neutral": neutral, "wall": wall,
}  # fmt: skip
REPETITIONS = {"null": 1000, "walk": 300, "steady": 100, "onset": 200, "neutral": 40, "wall": 1}


def main() -> None:
    """Make the measurements asked for and print or write their table."""
    chosen = arguments(__doc__, list(MEASUREMENTS))
    rows: list[Row] = []
    with ProcessPoolExecutor(2) as pool:
        for name in chosen.only:
            plan = Plan(chosen.repetitions or REPETITIONS[name], partial(pool.map, chunksize=5))
            rows += told(name, MEASUREMENTS[name](plan))
    if chosen.write:
        write("lineages", rows)
    sys.stdout.write(f"{table(rows)}\n{held(rows)}")


if __name__ == "__main__":
    main()
