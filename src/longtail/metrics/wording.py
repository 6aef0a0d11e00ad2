"""The words of sampled documents in their order, hashed as the views hash them."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from longtail.stats.ngrams import Sample
from longtail.summaries.sample import Entry
from longtail.views.batch import composed
from longtail.views.keys import CELL_BITS, Keys, purpose_key


def words_of(entries: Sequence[Entry], seed: int) -> Sample:
    """Return the words of the documents of a sample, one document after another."""
    from longtail.views._kernels import split_words  # compiles
    from longtail.views._unicode import tables

    data, bounds = composed(pa.array([entry.text for entry in entries], pa.string()))
    classes, folded = tables()
    key, room = np.uint64(purpose_key(seed, "type")), int(np.diff(bounds).max(initial=0)) + 1
    hashes, spans = np.empty(room, np.uint64), np.empty((room, 2), np.int64)
    found: list[Keys] = []
    for start, stop in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        found.append(hashes[: split_words(data, start, stop, classes, folded, key, hashes, spans)].copy())
    lengths = [len(each) for each in found]
    return Sample(np.concatenate(found) if found else hashes[:0], np.repeat(np.arange(len(found)), lengths))


def types_of(sample: Sample) -> Keys:
    """Return the type of each word, as `Frequencies` of words_1 have it, shape (words,)."""
    return sample.words >> np.uint64(CELL_BITS)
