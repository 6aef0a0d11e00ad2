"""Small data sets, and what is in them by brute force over their keys."""

from collections import defaultdict

import numpy as np
import pyarrow as pa

from longtail.summaries.frequencies import ALL_TYPES, Frequencies
from longtail.summaries.profile import Profile
from longtail.views.batch import texts_of
from longtail.views.keys import BINS, cells_of, types_of
from longtail.views.words import words


def documents(count, seed=0, vocabulary=60, longest=12):
    """Documents of words w0, w1, …, the early ones common."""
    rng = np.random.default_rng(seed)
    weights = 1 / np.arange(1, vocabulary + 1)
    lengths = rng.integers(0, longest, count)
    return [" ".join(f"w{at}" for at in rng.choice(vocabulary, length, p=weights / weights.sum())) for length in lengths]


def texts(found, seed=0):
    return texts_of(pa.array(found, pa.string()), seed)


def batched(found, **columns):
    """A batch as readers give it."""
    return pa.record_batch({name: pa.array(values, pa.string()) for name, values in {"text": found, **columns}.items()})


def batch_of(found, order=1, theta=ALL_TYPES, seed=0):
    return words(texts(found, seed), [order], [theta], seed)[0]


def counted(found, capacity=None, parts=1, order=1, seed=0):
    """The frequencies of documents, added in parts."""
    made = Frequencies(f"words_{order}", "v", seed, capacity)
    for part in range(parts):
        made.add(batch_of(found[part::parts], order, seed=seed))
    return made


def profiled(found, seed=0, **settings):
    made = Profile(seed=seed, **settings)
    made.add(batched(found))
    return made


def table(found, order=1, seed=0):
    """Tokens and documents of each (type, cell), document by document."""
    rows = defaultdict(lambda: [0, 0])
    for text in found:
        batch = batch_of([text], order, seed=seed)
        for keys, column in ((batch.first, 1), (batch.first, 0), (batch.again, 0)):
            for kind, cell in zip(types_of(keys).tolist(), cells_of(keys).tolist(), strict=True):
                rows[kind, cell][column] += 1
    return dict(rows)


def rows_of(run):
    """A run as a dict of (type, cell) to [tokens, documents]."""
    pairs = zip(types_of(run.keys).tolist(), cells_of(run.keys).tolist(), strict=True)
    return dict(zip(pairs, map(list, zip(run.tokens.tolist(), run.documents.tolist(), strict=True)), strict=True))


def bin_number(cell):
    return cell % BINS
