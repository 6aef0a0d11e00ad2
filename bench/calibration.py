"""Error rates of tail mass and tail types retained, measured on real clustered text.

Three measurements together, each on random splits of one corpus:

- null: nothing lost. The p-value must be at most alpha in about alpha of the splits, in both directions.
- margin: a tenth of all rare types is gone, so the true ratio is the margin. SHRUNK and OK must both be rare.
- loss: three tenths are gone, at the number of documents that a null audit asked for. SHRUNK must be common.

Run `python -m bench.calibration --write` for the table in docs/calibration.md.
"""

import argparse
import sys
import zlib
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache, partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bench.audits import ALPHA, Case, Plan, asked, share, tail_of
from bench.tables import table, write
from longtail.lab.corpus import stdlib_prose
from longtail.records import Estimate
from longtail.summaries.profile import Profile
from longtail.views.words import spans

MARGIN, LOSS = 0.90, 0.70
ENDPOINTS = {"tail_mass_retained": "T1 tail mass", "tail_types_retained": "T2 tail types"}
RARE_COUNT = 400
FILLER = "the"
PROSE = Path(__file__).resolve().parents[2] / "shared" / "data" / "human" / "prose.parquet"

Words = tuple[str, ...]


CASES = {
    "prose": [Case(n, 3000) for n in (1500, 300, 7500)] + [Case(n, 1500) for n in (750, 150, 3750)],
    "pydoc": [Case(n, 2400) for n in (1200, 240, 4500)] + [Case(n, 1200) for n in (600, 120, 3000)],
}


@lru_cache
def corpus(name: str) -> list[Words]:
    """Return the documents of a corpus as words, each document once."""
    texts = pq.read_table(PROSE)["text"].to_pylist() if name == "prose" else stdlib_prose()
    return list(dict.fromkeys(tuple(word.lower() for _, word in spans(text, 0)) for text in texts))


@lru_cache
def rare(name: str) -> frozenset[str]:
    """Return the types that can be in a tail: those seen at most `RARE_COUNT` times in the whole corpus."""
    counts = Counter(word for document in corpus(name) for word in document)
    return frozenset(word for word, count in counts.items() if count <= RARE_COUNT)


def thinned(documents: list[Words], types: frozenset[str], kept: float, seed: int) -> list[Words]:
    """Replace every token of a random share 1 - kept of the given types by a common word; lengths stay as they are."""
    if kept == 1:
        return documents
    limit = int(kept * 2**32)
    gone = {word for word in types if zlib.crc32(f"{seed}:{word}".encode()) >= limit}
    return [tuple(FILLER if word in gone else word for word in document) for document in documents]


def profiled(documents: list[Words], seed: int) -> Profile:
    """Return the profile of documents given as words."""
    made = Profile(("words_1",), seed)
    made.add(pa.record_batch({"text": pa.array([" ".join(document) for document in documents], pa.string())}))
    return made


def split(name: str, case: Case, kept: float, repetition: int) -> dict[str, Estimate]:
    """Return the estimates of the tail family of one random split of a corpus, by metric."""
    return tail_of(*halves(name, case, kept, repetition))


def halves(name: str, case: Case, kept: float, repetition: int) -> tuple[Profile, Profile]:
    """Return a candidate that has lost a share of its rare types, and a reference, from one random split of a corpus."""
    documents = corpus(name)
    order = np.random.default_rng([repetition, case.reference, case.candidate]).permutation(len(documents))
    reference = [documents[i] for i in order[: case.reference]]
    candidate = [documents[i] for i in order[case.reference : case.reference + case.candidate]]
    candidate = thinned(candidate, rare(name), kept, repetition)
    return profiled(candidate, repetition), profiled(reference, repetition)


def wanted(name: str, case: Case, repetition: int) -> dict[str, int | None]:
    """Return the documents asked for by an audit of one random split without a loss, by metric."""
    return asked(*halves(name, case, 1.0, repetition))


def measure(name: str, case: Case, plan: Plan) -> list[dict[str, object]]:
    """Return one row per endpoint with the three measurements; the third at the median of the documents asked for."""
    nulls = plan.each(partial(split, name, case, 1.0))
    margins = plan.each(partial(split, name, case, MARGIN))
    needed = plan.part(4).each(partial(wanted, name, case))
    rows = []
    for metric, label in ENDPOINTS.items():
        sized = case.grown(float(np.median([documents[metric] for documents in needed])) / case.candidate)
        losses = plan.each(partial(split, name, sized, LOSS))
        p = np.array([estimates[metric].p for estimates in nulls], dtype=float)
        low, high = share(p <= ALPHA), share(p >= 1 - ALPHA)
        false, shrunk = (share(each[metric].decision == "shrunk" for each in found) for found in (nulls, margins))
        kept = share(each[metric].low > MARGIN for each in margins)
        lost = share(each[metric].decision == "shrunk" for each in losses)
        holds = plan.within(low, ALPHA) and plan.within(high, ALPHA) and plan.at_least(lost, 0.8)
        rows.append(
            {
                "corpus": name, "documents": str(case), "ratio": case.ratio, "splits": len(p), "endpoint": label,
                "p ≤ .05": low, "p ≥ .95": high, "mean ratio": float(np.mean([estimates[metric].value for estimates in nulls])),
                "shrunk at 1": false, "shrunk at .9": shrunk, "kept at .9": kept, "asked": str(sized), "shrunk at .7": lost,
                "holds": holds and all(plan.at_most(rate, ALPHA) for rate in (false, shrunk, kept)),
            }
        )  # fmt: skip
    return rows


def main() -> None:
    """Measure the cases of the corpora that are there, and print or write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repetitions", type=int, default=200)
    parser.add_argument("--corpora", nargs="*", default=[name for name in CASES if name != "prose" or PROSE.exists()])
    parser.add_argument("--write", action="store_true", help="put the table into docs/calibration.md")
    chosen = parser.parse_args()
    rows = []
    with ProcessPoolExecutor(2) as pool:
        plan = Plan(chosen.repetitions, partial(pool.map, chunksize=5))
        for name in chosen.corpora:
            for case in CASES[name]:
                rows += measure(name, case, plan)
                sys.stderr.write(f"{rows[-2]}\n{rows[-1]}\n")
    if chosen.write:
        write("table", rows)
    sys.stdout.write(table(rows) + "\n")


if __name__ == "__main__":
    main()
