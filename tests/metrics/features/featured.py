"""Documents with feature vectors of a known law, and comparisons of them."""

import numpy as np
import pyarrow as pa

from longtail.metrics.comparison import reference_pairing
from longtail.metrics.pairing import Pairing, Settings
from longtail.summaries.profile import Profile
from longtail.summaries.reference import Reference
from longtail.summaries.vectors import Vectors, VectorSample
from longtail.views.batch import texts_in, texts_of

CENTRES = np.random.default_rng(99).normal(size=(12, 16)) * 1.5


def mixture(count, seed, *, spread=1.0, modes=12, cluster=1):
    """Rows of a mixture of Gaussians in 16 columns; runs of `cluster` rows share part of their noise."""
    rng = np.random.default_rng(seed)
    shared = np.repeat(rng.normal(size=(-(-count // cluster), 16)), cluster, axis=0)[:count] if cluster > 1 else 0.0
    noise = rng.normal(size=(count, 16))
    noise = noise if cluster == 1 else (shared + noise) / np.sqrt(2)
    return (spread * (CENTRES[rng.integers(0, modes, count)] + noise)).astype(np.float32)


def texts(count, prefix):
    return texts_of(pa.array([f"{prefix} {number}" for number in range(count)], pa.string()), 0)


def sampled(values, prefix, size=2048, column="emb"):
    """The sample of vectors of documents that differ by their number."""
    made = VectorSample(column, values.shape[1], 0, size)
    made.add(values, texts(len(values), prefix))
    return made


def vectors(values, prefix, half=None) -> Vectors:
    return sampled(values, prefix).rows(half)


def featured(values, prefix, size=2048, cluster=1):
    """A profile of documents with vectors; runs of `cluster` documents answer one prompt, and so share their cell."""
    made = Profile(["words_1"], 0)
    columns = {"text": [f"{prefix} document {number}" for number in range(len(values))]}
    if cluster > 1:
        columns["prompt"] = [f"{prefix} prompt {number // cluster}" for number in range(len(values))]
    batch = pa.record_batch({name: pa.array(found, pa.string()) for name, found in columns.items()})
    made.add(batch)
    sample = VectorSample("emb", values.shape[1], 0, size)
    sample.add(values, texts_in(batch, 0))
    made.vectors = {"emb": sample}
    return made


def paired(candidate, reference, permutations=199, seed=0) -> Pairing:
    return reference_pairing(candidate, Reference(reference), Settings(permutations=permutations, seed=seed))
