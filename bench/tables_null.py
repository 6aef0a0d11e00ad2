"""What monitors and this library say of tables in which rare values were deleted, and of tables in which nothing was.

- categories: fifty, twenty of them at 0.1 %. All twenty are deleted, or none is.
- numbers: Student's t of 4 degrees of freedom, both tails cut at 1 %, or not.

Scores at a threshold of 0.1 are those of the full samples by the formulas of Evidently 0.7.23 (`psi`, `jensenshannon`, and
`wasserstein` over the reference's deviation); the other columns are our decisions and p-values on the same draws.

Run `python -m bench.tables_null`; `--write PAGE` puts the tables between the markers in PAGE that bear their names.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
from scipy.spatial.distance import jensenshannon
from scipy.stats import ks_2samp, wasserstein_distance
from scipy.stats import t as student

from bench.tables import Row, table, told, write
from longtail.metrics.comparison import Comparison, reference_pairing
from longtail.metrics.endpoint import Endpoint
from longtail.metrics.family import decide_family
from longtail.metrics.pairing import Settings
from longtail.metrics.tabular.classes import class_endpoints, tail_endpoints
from longtail.metrics.tabular.exceedance import exceedance_endpoints
from longtail.metrics.tabular.readouts import column_readouts
from longtail.records import Estimate, NotMeasured
from longtail.summaries.frequencies import Frequencies
from longtail.summaries.profile import Profile
from longtail.summaries.reference import Reference
from longtail.summaries.values import ValueSample
from longtail.views import categories, numbers
from longtail.views.batch import Texts, marks_of, texts_in
from longtail.views.keys import half_of

ALPHA, TAIL_FAMILY, THRESHOLD = 0.05, 0.04, 0.1
FREEDOM = 4
LAW = np.array([0.98 / 30] * 30 + [0.001] * 20)
CATEGORY, NUMBER = "category:kind", "number:size"
CASES = ((500, 5000), (500, 500), (2000, 2000), (2000, 10000), (5000, 10000), (20000, 40000))

Drawn = np.ndarray


def profiled(count: int, tag: str) -> tuple[Profile, Texts]:
    """Return the profile of as many distinct rows, and the rows."""
    batch = pa.record_batch({"text": pa.array([f"{tag} {at}" for at in range(count)], pa.string())})
    made = Profile(("words_1",))
    made.add(batch)
    return made, texts_in(batch, 0)


def decided(found: Sequence[Endpoint | NotMeasured]) -> list[Estimate]:
    """Return the estimates of the endpoints that exist, decided together at the level of the tail family and the default margin."""
    endpoints = [each for each in found if isinstance(each, Endpoint)]
    return decide_family(endpoints, TAIL_FAMILY) if endpoints else []


def lost(estimates: list[Estimate], metric: str) -> bool:
    """Tell whether any estimate of a metric is decided a loss."""
    return any(each.metric == metric and each.decision in ("shrunk", "watch") for each in estimates)


def of_categories(here: Drawn, there: Drawn, tag: str) -> dict[str, float]:
    """Return scores, decisions and p-values of one pair of category columns."""
    profiles = []
    for side, drawn in (("c", here), ("r", there)):
        made, texts = profiled(len(drawn), f"{tag}{side}")
        counts = Frequencies(CATEGORY, categories.VERSION, 0)
        counts.add(categories.category(marks_of(pa.array([f"k{at}" for at in drawn], pa.string())), texts, 0))
        made.frequencies[CATEGORY] = counts
        profiles.append(made)
    comparison = compared(profiles[0], profiles[1], CATEGORY)
    outcomes = decided([*tail_endpoints(comparison), *class_endpoints(comparison, ALPHA)])
    reads = {each.metric: each for each in column_readouts(comparison) if isinstance(each, Estimate)}
    shares = [np.bincount(drawn, minlength=len(LAW)) / len(drawn) for drawn in (there, here)]
    score = evidently_psi(shares[0], shares[1])
    return {
        "PSI": score,
        "PSI >= .1": score >= THRESHOLD,
        "JS >= .1": float(jensenshannon(*shares)) >= THRESHOLD,
        "tail types lost (LT301)": lost(outcomes, "tail_types_retained"),
        "tail mass lost (LT301)": lost(outcomes, "tail_mass_retained"),
        "a class lost (LT308)": lost(outcomes, "class_share"),
        **{f"{name} p <= .05": reads[name].p is not None and reads[name].p <= ALPHA for name in ("psi", "tvd", "js")},
        "PSI expected": reads["psi"].expected or 0.0,
    }


def of_numbers(here: Drawn, there: Drawn, tag: str) -> dict[str, float]:
    """Return scores, decisions and p-values of one pair of columns of numbers."""
    made, read = [], []
    for side, drawn in (("c", here), ("r", there)):
        profile, texts = profiled(len(drawn), f"{tag}{side}")
        made.append(profile)
        read.append(numbers.numbers_of(marks_of(pa.array([repr(float(value)) for value in drawn], pa.string())), texts))
    edges = numbers.fit_edges("size", read[1].values[half_of(read[1].texts.cells.astype(np.uint16)) == 0])
    samples = ValueSample("size", 0), ValueSample("size", 0)
    for profile, found, sample in zip(made, read, samples, strict=True):
        profile.frequencies[NUMBER] = Frequencies(NUMBER, edges.version, 0)
        profile.frequencies[NUMBER].add(numbers.numbers(found, edges))
        sample.add(found)
    comparison = compared(made[0], made[1], NUMBER)
    outcomes = decided(exceedance_endpoints(comparison, edges))
    reads = {each.metric: each for each in column_readouts(comparison, *samples, edges) if isinstance(each, Estimate)}
    low, high = np.quantile(there, [numbers.LOW, numbers.HIGH])
    return {
        "W1 / sd": float(wasserstein_distance(there, here) / np.std(there)),
        "scipy KS p": float(ks_2samp(there, here).pvalue),
        "share beyond": float(((here < low) | (here > high)).mean()),
        "exceedance lost": lost(outcomes, "exceedance"),
        **{f"{name} p <= .05": reads[name].p is not None and reads[name].p <= ALPHA for name in ("psi", "ks", "wasserstein_1")},
    }


def compared(candidate: Profile, reference: Profile, view: str) -> Comparison:
    """Return one view of a candidate against the measuring half of a reference, at the relabellings of an audit."""
    return Comparison(reference_pairing(candidate, Reference(reference), Settings(permutations=999)), view)


def evidently_psi(reference: Drawn, current: Drawn) -> float:
    """Return PSI of shares with an empty bin given 1e-4, or a millionth of the smallest share where that is not above 1e-4."""
    filled = []
    for shares in (reference, current):
        least = shares[shares > 0].min()
        filled.append(np.where(shares == 0, least / 1e6 if least <= 1e-4 else 1e-4, shares))
    return float(((filled[0] - filled[1]) * np.log(filled[0] / filled[1])).sum())


def categories_drawn(rng: np.random.Generator, count: int, is_cut: bool) -> Drawn:
    """Return category numbers, without the twenty rare ones where they were deleted."""
    law = np.where(np.arange(len(LAW)) < 30, LAW, 0.0) if is_cut else LAW
    return rng.choice(len(LAW), count, p=law / law.sum())


def numbers_drawn(rng: np.random.Generator, count: int, is_cut: bool) -> Drawn:
    """Return numbers of heavy tails, without the lowest and the highest 1 % of the law where both tails were cut."""
    return np.asarray(student.ppf(rng.uniform(0.01, 0.99, count) if is_cut else rng.uniform(size=count), FREEDOM))


MEASURED: dict[str, tuple[Callable[..., dict[str, float]], Callable[..., Drawn]]] = {
    "categories": (of_categories, categories_drawn),
    "numbers": (of_numbers, numbers_drawn),
}


def rows(name: str, repetitions: int) -> Iterator[Row]:
    """Yield the means over repetitions for each size, with nothing deleted and with all of it."""
    measure, draw = MEASURED[name]
    for is_cut in (False, True):
        for count, reference in CASES:
            found = []
            for at in range(max(20, repetitions * 2000 // max(2000, count))):
                rng = np.random.default_rng([at, count, reference, is_cut])
                found.append(measure(draw(rng, count, is_cut), draw(rng, reference, False), f"{at}:"))
            means = {head: float(np.mean([each[head] for each in found])) for head in found[0]}
            yield {"deleted": is_cut, "rows": count, "reference": reference, "runs": len(found), **means}


def main() -> None:
    """Measure, print, and write where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repetitions", type=int, default=400, help="runs of each row of up to 2,000 rows; fewer of longer ones")
    parser.add_argument("--only", nargs="+", choices=MEASURED, default=list(MEASURED))
    parser.add_argument("--write", type=Path, metavar="PAGE")
    asked = parser.parse_args()
    for name in asked.only:
        made = told(name, rows(name, asked.repetitions))
        sys.stdout.write(f"{table(made)}\n\n")
        if asked.write is not None:
            write(f"tables-{name}", made, asked.write)


if __name__ == "__main__":
    main()
