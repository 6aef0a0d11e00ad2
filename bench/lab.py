"""The lab against loops: replicate-generations per CPU-second, one thread, in the same run.

    python -m bench.lab [--write] [--rounds 3]

The plain loop simulates one replicate after the other with NumPy, a training set at a time. The faithful loop draws one
sample at a time, each by a call of NumPy, as `sample_from_distribution` does in the code that is published with
arXiv:2412.17646 (github.com/berserank/rate-of-model-collapse). Where a loop can be written in a faster way, that is shown too.
"""

import argparse
import bisect
import itertools
import platform
import random
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy

from bench.tables import table
from longtail.lab.run import run, simulate
from longtail.lab.settings import Settings

PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks-lab.md"
GENERATIONS = 50
SAMPLES, TYPES, DRAWS, DIM = 100, 1000, 5000, 10
SHORT = 10


class Contender(NamedTuple):
    """Something timed: `call` simulates so many replicates; `goal` is the ratio that the lab is to reach over it."""

    family: str
    name: str
    call: Callable[[int], object]
    replicates: int
    goal: float | None = None
    generations: int = GENERATIONS


def gaussian_plain(replicates: int) -> None:
    """One replicate after the other, a training set at a time."""
    rng = numpy.random.default_rng(0)
    for _ in range(replicates):
        mean, sd = 0.0, 1.0
        for _ in range(GENERATIONS):
            rows = rng.normal(mean, sd, SAMPLES)
            mean, sd = rows.mean(), rows.std(ddof=1)


def gaussian_faithful(replicates: int) -> None:
    """One sample at a time, each by a call of NumPy."""
    rng = numpy.random.default_rng(0)
    for _ in range(replicates):
        mean, sd = 0.0, 1.0
        for _ in range(GENERATIONS):
            rows = [rng.normal(mean, sd) for _ in range(SAMPLES)]
            mean, sd = numpy.mean(rows), numpy.std(rows, ddof=1)


def gaussian_python(replicates: int) -> None:
    """One sample at a time, without NumPy."""
    chance = random.Random(0)
    for _ in range(replicates):
        mean, sd = 0.0, 1.0
        for _ in range(GENERATIONS):
            rows = [chance.gauss(mean, sd) for _ in range(SAMPLES)]
            mean = sum(rows) / SAMPLES
            sd = (sum((row - mean) ** 2 for row in rows) / (SAMPLES - 1)) ** 0.5


def harmonic() -> numpy.ndarray:
    """Return the law over types."""
    weights = 1 / numpy.arange(1, TYPES + 1)
    return weights / weights.sum()


def categorical_plain(replicates: int) -> None:
    """One replicate after the other, draws by `Generator.choice`, then counted."""
    rng = numpy.random.default_rng(0)
    for _ in range(replicates):
        law = harmonic()
        for _ in range(GENERATIONS):
            law = numpy.bincount(rng.choice(TYPES, size=DRAWS, p=law), minlength=TYPES) / DRAWS


def categorical_counts(replicates: int) -> None:
    """One replicate after the other, counts by `Generator.multinomial`."""
    rng = numpy.random.default_rng(0)
    for _ in range(replicates):
        law = harmonic()
        for _ in range(GENERATIONS):
            law = rng.multinomial(DRAWS, law) / DRAWS


def categorical_faithful(replicates: int) -> None:
    """One draw at a time, each by a call of NumPy, for a tenth of the generations."""
    rng = numpy.random.default_rng(0)
    types = numpy.arange(TYPES)
    for _ in range(replicates):
        law = harmonic()
        for _ in range(GENERATIONS // SHORT):
            counts = numpy.zeros(TYPES)
            for _ in range(DRAWS):
                counts[rng.choice(types, p=law)] += 1
            law = counts / DRAWS


def categorical_python(replicates: int) -> None:
    """One draw at a time by bisection, without NumPy."""
    chance = random.Random(0)
    for _ in range(replicates):
        law = harmonic().tolist()
        for _ in range(GENERATIONS):
            ceiling = list(itertools.accumulate(law))
            counts = [0] * TYPES
            for _ in range(DRAWS):
                counts[min(bisect.bisect(ceiling, chance.random() * ceiling[-1]), TYPES - 1)] += 1
            law = [count / DRAWS for count in counts]


def regression_plain(replicates: int) -> None:
    """One replicate after the other, least squares by `lstsq`."""
    rng = numpy.random.default_rng(0)
    for _ in range(replicates):
        weights = numpy.zeros(DIM)
        for _ in range(GENERATIONS):
            inputs = rng.standard_normal((SAMPLES, DIM))
            labels = inputs @ weights + rng.standard_normal(SAMPLES)
            weights = numpy.linalg.lstsq(inputs, labels, rcond=None)[0]


def regression_faithful(replicates: int) -> None:
    """One row at a time, each added to the normal equations."""
    rng = numpy.random.default_rng(0)
    for _ in range(replicates):
        weights = numpy.zeros(DIM)
        for _ in range(GENERATIONS):
            gram, moment = numpy.zeros((DIM, DIM)), numpy.zeros(DIM)
            for _ in range(SAMPLES):
                row = rng.standard_normal(DIM)
                label = row @ weights + rng.standard_normal()
                gram += numpy.outer(row, row)
                moment += row * label
            weights = numpy.linalg.solve(gram, moment)


def lab(series: tuple[str, ...], **given: object) -> Callable[[int], object]:
    """Return a run of the lab that measures some series."""
    return lambda replicates: simulate(Settings(generations=GENERATIONS, replicates=replicates, **given), frozenset(series))


GAUSSIAN = {"family": "gaussian", "samples": SAMPLES, "options": {"ddof": 1}}
CATEGORICAL = {"family": "categorical", "samples": DRAWS, "options": {"types": TYPES, "law": "harmonic"}}
REGRESSION = {"family": "linear_regression", "samples": SAMPLES, "options": {"dim": DIM}}

CONTENDERS = (
    Contender("gaussian", "lab", lab(("mean_square", "variance"), **GAUSSIAN), 200_000),
    Contender(
        "gaussian", "lab, all series, summed up", lambda n: run(Settings(generations=GENERATIONS, replicates=n, **GAUSSIAN)), 100_000
    ),
    Contender("gaussian", "plain loop", gaussian_plain, 1_000, 100),
    Contender("gaussian", "faithful loop", gaussian_faithful, 20, 1000),
    Contender("gaussian", "faithful loop without NumPy", gaussian_python, 60),
    Contender("categorical", "lab", lab(("support",), **CATEGORICAL), 600),
    Contender("categorical", "plain loop, choice", categorical_plain, 60, 3),
    Contender("categorical", "plain loop, multinomial", categorical_counts, 300),
    Contender("categorical", "faithful loop", categorical_faithful, 1, 100, GENERATIONS // SHORT),
    Contender("categorical", "faithful loop without NumPy", categorical_python, 4),
    Contender("regression", "lab", lab(("error",), **REGRESSION), 100_000),
    Contender("regression", "plain loop", regression_plain, 200, 7),
    Contender("regression", "faithful loop", regression_faithful, 6, 100),
)


def measured(rounds: int) -> list[dict[str, object]]:
    """Return a row for each contender: medians over interleaved rounds."""
    times: dict[Contender, list[float]] = {each: [] for each in CONTENDERS}
    for contender in CONTENDERS:
        contender.call(min(contender.replicates, 2))
    for _ in range(rounds):
        for contender in CONTENDERS:
            begun = time.process_time()
            contender.call(contender.replicates)
            times[contender].append(contender.replicates * contender.generations / (time.process_time() - begun))
    rates = {(each.family, each.name): statistics.median(found) for each, found in times.items()}
    return [_row(each, rates[each.family, each.name], rates[each.family, "lab"]) for each in CONTENDERS]


def _row(contender: Contender, rate: float, ours: float) -> dict[str, object]:
    ratio = ours / rate
    return {
        "family": contender.family,
        "contender": contender.name,
        "replicate-generations per CPU-second": f"{rate:,.0f}",
        "lab, times as fast": f"{ratio:,.1f}",
        "goal": "" if contender.goal is None else f"{contender.goal:g}",
        "holds": None if contender.goal is None else ratio >= contender.goal,
    }


def main() -> None:
    """Measure and print; write the page with --write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", action="store_true", help=f"write docs/{PAGE.name} too")
    options = parser.parse_args()
    told = table(measured(options.rounds))
    print(told)
    if options.write:
        PAGE.write_text(
            HEAD.format(rounds=options.rounds, python=platform.python_version(), numpy=numpy.__version__) + told + "\n", encoding="utf-8"
        )


HEAD = f"""# Benchmarks of the lab

Written by `python -m bench.lab --write`: medians of {{rounds}} interleaved rounds, one thread, Python {{python}}, NumPy {{numpy}}.
{GENERATIONS} generations of replacement: one Gaussian of {SAMPLES} samples; {TYPES:,} types and {DRAWS:,} draws; linear regression on
{SAMPLES} rows in {DIM} dimensions with new inputs in each generation. The lab simulates sufficient statistics where their law is known.
Categorical counts are the exception: it draws the same binomials as `Generator.multinomial` does, and is no faster than a loop
around that.

"""


if __name__ == "__main__":
    main()
