"""Small data sets made by chance, and candidates beside a reference."""

import numpy as np
import pyarrow as pa

from longtail.auditing.inputs import Inputs
from longtail.metrics.comparison import reference_pairing
from longtail.metrics.pairing import Settings
from longtail.readers.scores import scores_of
from longtail.summaries.reference import Reference

WORDS = [f"word{i}" for i in range(400)]


def prose(n, seed, kinds=400):
    rng = np.random.default_rng(seed)
    often = 1 / np.arange(1, kinds + 1)
    return [" ".join(rng.choice(WORDS[:kinds], 80, p=often / often.sum())) + f" number{seed}x{i}" for i in range(n)]


def table(n, seed):
    rng = np.random.default_rng(seed)
    return pa.table({"kind": rng.choice(list("abcd"), n), "size": rng.normal(0, 1, n), "emb": list(rng.normal(size=(n, 3)).astype("f4"))})


def against(candidate, reference):
    """Inputs of a candidate and a reference, and who is compared with whom."""
    held_out = Reference(reference)
    return Inputs(candidate, held_out, None, None), reference_pairing(candidate, held_out, Settings(permutations=199))


def scored(seed, shift=0.0, own=False, **columns):
    """Scores of one model on 400 documents, and of 200 of its own where `own`; more columns of the held-out ones as given."""
    rng = np.random.default_rng(seed)
    ids, nll = [f"d{i}" for i in range(400)], 3 + np.random.default_rng(9).gamma(2, 1, 400) + rng.normal(0, 0.05, 400) + shift
    rows = {"lt_id": ids, "nll": nll * 50, "tokens": [50] * 400, "correct": (nll < 6).astype(float)} | columns
    if own:
        rows = {name: [*values, *values[:200]] for name, values in rows.items()}
        rows["lt_id"][400:] = [f"own{i}" for i in range(200)]
        rows["split"] = ["heldout"] * 400 + ["own"] * 200
    return scores_of(rows)


def names(outcomes):
    return {outcome.metric for outcome in outcomes}
