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
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from longtail.lab.corpus import stdlib_prose
from longtail.metrics.comparison import Settings, against_reference
from longtail.metrics.endpoint import Endpoint, decide_family
from longtail.metrics.tails import mass_endpoint, types_endpoint
from longtail.records import Estimate
from longtail.summaries.profile import Profile
from longtail.summaries.reference import Reference
from longtail.views.words import spans

ALPHA, MARGIN, LOSS = 0.05, 0.90, 0.70
RARE_COUNT = 400
FILLER = "the"
PROSE = Path(__file__).resolve().parents[2] / "shared" / "data" / "human" / "prose.parquet"
PAGE = Path(__file__).resolve().parents[1] / "docs" / "calibration.md"

Words = tuple[str, ...]


@dataclass(frozen=True)
class Case:
    """Sizes of one row: documents of the reference (half of them measure) and of the candidate."""

    corpus: str
    reference: int
    candidate: int

    @property
    def ratio(self) -> str:
        """Return candidate to measuring half, in words."""
        measured = self.reference / 2
        return f"{self.candidate / measured:.3g}:1" if self.candidate >= measured else f"1:{measured / self.candidate:.3g}"


CASES = {
    "prose": [Case("prose", 3000, n) for n in (1500, 300, 7500)] + [Case("prose", 1500, n) for n in (750, 150, 3750)],
    "pydoc": [Case("pydoc", 2400, n) for n in (1200, 240, 4500)] + [Case("pydoc", 1200, n) for n in (600, 120, 3000)],
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


def audited(case: Case, kept: float, repetition: int) -> list[Estimate]:
    """Return the decided tail family of one random split."""
    documents = corpus(case.corpus)
    order = np.random.default_rng([repetition, case.reference, case.candidate]).permutation(len(documents))
    reference = [documents[i] for i in order[: case.reference]]
    candidate = [documents[i] for i in order[case.reference : case.reference + case.candidate]]
    candidate = thinned(candidate, rare(case.corpus), kept, repetition)
    comparison = against_reference(
        profiled(candidate, repetition), Reference(profiled(reference, repetition)), "words_1", Settings(seed=repetition)
    )
    endpoints = [mass_endpoint(comparison), types_endpoint(comparison)]
    assert all(isinstance(endpoint, Endpoint) for endpoint in endpoints), endpoints
    return decide_family([endpoint for endpoint in endpoints if isinstance(endpoint, Endpoint)], ALPHA, MARGIN)


def asked(case: Case, nulls: list[list[Estimate]], endpoint: int) -> Case:
    """Return the sizes at which the null audits said that a 30 % loss would be found.

    The reference grows with the candidate where more is asked for; it is not made smaller where less is.
    """
    needed = float(np.median([estimates[endpoint].documents_needed or case.candidate for estimates in nulls]))
    scale = needed / case.candidate
    return Case(case.corpus, round(case.reference * max(scale, 1)), round(case.candidate * scale))


def measure(case: Case, repetitions: int, run: Callable[..., Iterator[list[Estimate]]] = map) -> list[dict[str, object]]:
    """Return one row per endpoint with the three measurements."""
    nulls = list(run(partial(audited, case, 1.0), range(repetitions)))
    margins = list(run(partial(audited, case, MARGIN), range(repetitions)))
    rows = []
    for endpoint, name in enumerate(("T1 tail mass", "T2 tail types")):
        sized = asked(case, nulls, endpoint)
        losses = list(run(partial(audited, sized, LOSS), range(repetitions)))
        p = np.array([estimates[endpoint].p for estimates in nulls], dtype=float)
        rows.append(
            {
                "corpus": case.corpus,
                "documents": f"{case.candidate} / {case.reference}",
                "ratio": case.ratio,
                "endpoint": name,
                "p ≤ .05": share(p <= ALPHA),
                "p ≥ .95": share(p >= 1 - ALPHA),
                "mean ratio": f"{np.mean([estimates[endpoint].value for estimates in nulls]):.3f}",
                "shrunk at 1": share([estimates[endpoint].decision == "shrunk" for estimates in nulls]),
                "shrunk at .9": share([estimates[endpoint].decision == "shrunk" for estimates in margins]),
                "kept at .9": share([estimates[endpoint].low > MARGIN for estimates in margins]),
                "asked": f"{sized.candidate} / {sized.reference}",
                "shrunk at .7": share([estimates[endpoint].decision == "shrunk" for estimates in losses]),
            }
        )
    return rows


def share(hits: object) -> str:
    """Return the mean of booleans to three digits."""
    return f"{np.mean(np.asarray(hits, dtype=float)):.3f}"


def table(rows: list[dict[str, object]]) -> str:
    """Return rows as a Markdown table."""
    heads = list(rows[0])
    lines = [" | ".join(heads), " | ".join("---" for _ in heads), *(" | ".join(str(row[head]) for head in heads) for row in rows)]
    return "\n".join(f"| {line} |" for line in lines)


def main() -> None:
    """Measure the cases of the corpora that are there, and print or write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repetitions", type=int, default=200)
    parser.add_argument("--corpora", nargs="*", default=[name for name in CASES if name != "prose" or PROSE.exists()])
    parser.add_argument("--write", action="store_true", help="put the table into docs/calibration.md")
    chosen = parser.parse_args()
    rows = []
    with ProcessPoolExecutor() as pool:
        for case in (case for name in chosen.corpora for case in CASES[name]):
            rows += measure(case, chosen.repetitions, partial(pool.map, chunksize=5))
            sys.stderr.write(f"{rows[-2]}\n{rows[-1]}\n")
    text = table(rows)
    if chosen.write:
        before, _, rest = PAGE.read_text(encoding="utf-8").partition("<!-- table -->\n")
        after = rest.partition("<!-- /table -->")[2]
        PAGE.write_text(f"{before}<!-- table -->\n{text}\n<!-- /table -->{after}", encoding="utf-8")
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main()
